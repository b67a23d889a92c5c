"""What each kind of condition answers, and that it does not know where it cannot."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.policy.conditions import (
    All,
    Always,
    AnyOf,
    Between,
    Bound,
    Compare,
    Condition,
    CronIn,
    DayIs,
    FaultIs,
    FlagOn,
    Not,
    Op,
    SunIs,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.leaves import Ground, sun_up
from luxagent.core.policy.scene import Scene
from luxagent.core.values.days import Days, YearlySpan
from luxagent.core.values.moment import Calendar
from luxagent.core.values.sun import Place, SunDay, SunEvent
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.tri import Tri
from luxagent.core.values.windows import Edge, Window
from tests.core.policy.scenes import GROUND, PEAK, ZONE, at, judged, scene, soc

NIGHT = Window(Edge(23 * 60 + 30), Edge(5 * 60 + 30))
NOTHING = Ground.of(ZONE)


@pytest.mark.parametrize(
    ("op", "value", "truth"),
    [
        (Op.BELOW, 29.9, True), (Op.BELOW, 30, False), (Op.AT_MOST, 30, True), (Op.AT_MOST, 30.1, False),
        (Op.ABOVE, 30.1, True), (Op.ABOVE, 30, False), (Op.AT_LEAST, 30, True), (Op.AT_LEAST, 29.9, False),
    ],
)  # fmt: skip
def test_a_metric_against_a_constant(op: Op, value: float, truth: bool) -> None:
    assert judged(soc(op, 30), scene(soc_pct=value)) is truth
    assert judged(Compare("price", op, Bound(30)), scene(), Ground.of(ZONE, price(value))) is truth


def price(value: float) -> Tariff:
    return Tariff((Period("all", value),))


def test_a_metric_that_is_missing_or_none_is_unknown() -> None:
    assert judged(soc(Op.BELOW, 30), scene()) is None
    assert judged(soc(Op.BELOW, 30), scene(soc_pct=None)) is None


@pytest.mark.parametrize(
    ("pv", "load", "truth"),
    [(2000.0, 1499.0, True), (2000.0, 1500.0, False), (None, 1500.0, None), (2000.0, None, None)],
)
def test_a_metric_against_another_and_a_constant(pv: float | None, load: float | None, truth: Tri) -> None:
    condition = Compare("pv_power_w", Op.ABOVE, Bound(500, "load_power_w"))
    assert judged(condition, scene(pv_power_w=pv, load_power_w=load)) is truth


@pytest.mark.parametrize(
    ("value", "truth"), [(19.9, False), (20, True), (90, True), (90.1, False), (None, None)]
)
def test_between_includes_both_ends(value: float | None, truth: Tri) -> None:
    assert judged(Between("soc_pct", Bound(20), Bound(90)), scene(soc_pct=value)) is truth


def test_between_with_one_bound_unknown_can_still_be_false() -> None:
    condition = Between("battery_power_w", Bound(0), Bound(0, "load_power_w"))
    assert judged(condition, scene(battery_power_w=-1.0)) is False
    assert judged(condition, scene(battery_power_w=1.0)) is None


def test_time_over_midnight_with_days_speaks_of_the_day_it_began() -> None:
    friday_night = TimeIn((NIGHT,), Days(weekdays=frozenset({4})))
    assert judged(friday_night, scene(at(5, 29, day=20))) is True  # Saturday morning
    assert judged(friday_night, scene(at(5, 29, day=19))) is False  # Friday morning
    assert judged(friday_night, scene(at(23, 30, day=19))) is True


def test_time_over_midnight_with_dates_speaks_of_the_day_it_began() -> None:
    new_year = TimeIn((NIGHT,), Days(dates=(YearlySpan((12, 31), (12, 31)),)))
    assert judged(new_year, scene(datetime(2027, 1, 1, 5, 0, tzinfo=ZONE))) is True
    assert judged(new_year, scene(datetime(2026, 12, 31, 5, 0, tzinfo=ZONE))) is False


def test_any_of_several_windows_will_do() -> None:
    both = TimeIn((PEAK, NIGHT))
    assert [judged(both, scene(at(hour))) for hour in (4, 12, 16, 22)] == [True, False, True, False]


def test_days_without_a_time_speak_of_today() -> None:
    assert judged(DayIs(Days(weekdays=frozenset({0}))), scene(at(0, 0, day=15))) is True
    assert judged(DayIs(Days(weekdays=frozenset({0}))), scene(at(0, 0, day=16))) is False


def test_a_holiday_is_the_tariffs() -> None:
    tariff = Tariff((), holidays=frozenset({date(2026, 6, 16)}))
    condition = DayIs(Days(weekdays=frozenset({6}), holiday=True))
    assert judged(condition, scene(at(9, day=16)), Ground.of(ZONE, tariff)) is True
    assert judged(condition, scene(at(9, day=17)), Ground.of(ZONE, tariff)) is False


def test_cron_is_a_window_from_each_firing() -> None:
    condition = CronIn("0 2 * * sun", 3 * 3600)
    assert judged(condition, scene(at(4, 59, day=21))) is True
    assert judged(condition, scene(at(5, 0, day=21))) is False


def test_prices_and_periods_follow_the_tariff() -> None:
    cheap = Compare("price", Op.AT_MOST, Bound(0.08))
    assert judged(cheap, scene(at(15, 59))) is True
    assert judged(cheap, scene(at(16))) is False
    assert judged(TariffIs(frozenset({"peak"})), scene(at(16))) is True
    assert judged(Compare("export_price", Op.ABOVE, Bound(0.02)), scene(at(16))) is True
    assert judged(Compare("export_price", Op.ABOVE, Bound(-0.2, "price")), scene(at(16))) is False


@pytest.mark.parametrize("condition", [Compare("price", Op.BELOW, Bound(1)), TariffIs(frozenset({"peak"}))])
def test_without_a_tariff_prices_are_unknown(condition: Condition) -> None:
    assert judged(condition, scene(), NOTHING) is None


def test_a_flag_is_never_unknown() -> None:
    assert judged(FlagOn("storm"), scene(flags=frozenset({"storm"}))) is True
    assert judged(FlagOn("storm"), scene()) is False


@pytest.mark.parametrize(
    ("fact", "word", "seen", "truth"),
    [
        ("status", "fault", frozenset({"fault", "charging"}), True),
        ("status", "fault", frozenset({"normal"}), False),
        ("status", "fault", None, None),
        ("grid", "down", "down", True),
        ("online", "yes", True, True),
        ("online", "no", True, False),
        ("online", "no", "no", True),
        ("quick_charge", "off", False, True),
        ("generator", "running", "idle", False),
        ("firmware", "update available", frozenset({"update available", "updating"}), True),
        ("smart_port1", "on", "off", False),
    ],
)
def test_words(fact: str, word: str, seen: Any, truth: Tri) -> None:  # noqa: ANN401
    assert judged(WordIs(fact, word), scene(**{fact: seen})) is truth


@pytest.mark.parametrize(
    ("codes", "seen", "truth"),
    [
        ((), {"E019"}, True), ((), set(), False), ((), None, None),
        (("E019", "W016"), {"W016"}, True), (("E019",), {"W016"}, False), (("E019",), None, None),
    ],
)  # fmt: skip
def test_faults(codes: tuple[str, ...], seen: set[str] | None, truth: Tri) -> None:
    found = None if seen is None else frozenset(seen)
    assert judged(FaultIs(frozenset(codes)), scene(faults=found)) is truth


def test_the_sun_is_up_from_sunrise_to_sunset() -> None:
    assert judged(SunIs(up=True), scene(at(12))) is True
    assert judged(SunIs(up=True), scene(at(2))) is False
    assert judged(SunIs(up=False), scene(at(22))) is True


@pytest.mark.parametrize(("month", "up"), [(6, True), (12, False)])
def test_a_polar_day_is_all_day_and_a_polar_night_all_night(month: int, up: bool) -> None:
    calendar = Calendar(ZoneInfo("Europe/Oslo"), Place(69.65, 18.96))
    for hour in range(24):
        moment = calendar.moment(datetime(2026, month, 21, hour, tzinfo=UTC))
        assert judged(SunIs(up=True), Scene("unit", moment, {})) is up


def test_without_a_place_the_sun_is_unknown() -> None:
    moment = Calendar(ZONE).moment(at(12))
    assert judged(SunIs(up=True), Scene("unit", moment, {})) is None


@pytest.mark.parametrize(
    ("rise", "fall", "up_at"),
    [(300, 1200, {300, 720}), (100, 20, {0, 100, 720, 1300}), (100, None, {100, 720, 1300}), (None, 20, {0})],
)
def test_far_north_the_sun_may_set_before_it_rises(
    rise: int | None, fall: int | None, up_at: set[int]
) -> None:
    day = SunDay(date(2026, 6, 1), {SunEvent.SUNRISE: rise, SunEvent.SUNSET: fall})
    assert {minute for minute in (0, 20, 100, 300, 720, 1300) if sun_up(day, minute)} >= up_at
    assert sun_up(day, 20) is (
        20 in up_at or (fall is not None and fall > 20 and rise is not None and rise <= 20)
    )


def test_always_holds() -> None:
    assert judged(Always(), scene()) is True
    assert judged(All(()), scene()) is True
    assert judged(AnyOf(()), scene()) is False
    assert judged(Not(Always()), scene()) is False


def test_a_value_of_the_wrong_kind_raises_for_the_caller_to_note() -> None:
    with pytest.raises(TypeError):
        judged(soc(Op.BELOW, 30), scene(soc_pct="full"), GROUND)
