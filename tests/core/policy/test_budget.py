"""The worst day of a policy, worked out from the file alone: writes by the clock, writes by readings."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.policy import conditions as c
from luxagent.core.policy.budget import ByFlag, Worst, worst_day
from luxagent.core.policy.conditions import Bound, Compare, Condition, Op
from luxagent.core.policy.rules import Site
from luxagent.core.values.days import DateSpan, Days
from luxagent.core.values.moment import Calendar
from luxagent.core.values.sun import Place, SunEvent
from luxagent.core.values.tariff import Period, Tariff, period_at
from luxagent.core.values.windows import Edge, Window
from tests.core.builders import SITE, guards, rule, ruleset, soc_below

NIGHT = c.TimeIn((Window(Edge(22 * 60), Edge(4 * 60)),))
POWER = Compare("pv_power_w", Op.ABOVE, Bound(500.0))


def worst(when: Condition, hold_s: float = 0, **more: object) -> Worst:
    return worst_day(ruleset(rule(when=when, hold_s=hold_s, charge_limit=80.0), **more))


def test_a_window_takes_once_a_day_there_and_back() -> None:
    assert (worst(NIGHT).by_clock, worst(NIGHT).by_readings) == (2, 0)


def test_every_setting_of_a_rule_counts() -> None:
    found = worst_day(ruleset(rule(when=NIGHT, charge_limit=80.0, ac_charge=True, discharge_floor=30.0)))
    assert found.by_clock == 6


def test_a_rule_that_always_holds_is_written_at_most_when_it_begins() -> None:
    assert worst(c.Always()).asked == 0


@pytest.mark.parametrize(
    ("cron", "writes"),
    [("0 2 * * sun", 2), ("0 9 1 * *", 2), ("*/30 * * * *", 96), ("0,20 8-9 * * *", 8), ("0 0 30 2 *", 0)],
)
def test_cron_counts_the_firings_of_a_day_that_has_some(cron: str, writes: int) -> None:
    assert worst(c.CronIn(cron, 600.0)).by_clock == writes


def window(start_h: float, end_h: float) -> Window:
    return Window(Edge(round(start_h * 60)), Edge(round(end_h * 60)))


def price(bound: float, op: Op = Op.BELOW) -> Compare:
    return Compare("price", op, Bound(bound))


FIVE = Tariff(
    (
        Period("super", 0.05, windows=(window(2, 5),)),
        Period("cheap", 0.09, windows=(window(0, 2), window(5, 7), window(13, 16))),
        Period("mid", 0.2, windows=(window(7, 10), window(20, 22))),
        Period("peak", 0.4, windows=(window(16, 19),)),
        Period("rest", 0.15),
    )
)


@pytest.mark.parametrize(
    ("when", "takes"),
    [
        (price(0.06), 1),
        (price(0.1), 2),
        (price(0.16), 3),
        (price(0.3, Op.ABOVE), 1),
        (price(1), 0),
        (c.Not(price(0.16)), 3),
        (c.Between("price", Bound(0.1), Bound(0.3)), 2),
        (Compare("price", Op.BELOW, Bound(0.0, "soc_pct")), 10),
        (c.TariffIs(frozenset({"super"})), 1),
        (c.TariffIs(frozenset({"cheap"})), 3),
        (c.TariffIs(frozenset({"super", "cheap"})), 2),
        (c.TariffIs(frozenset({"rest"})), 3),
    ],
)
def test_a_rule_on_the_tariff_turns_only_where_its_own_truth_does(when: Condition, takes: int) -> None:
    assert worst(when, tariff=FIVE).by_clock == 2 * takes


def test_a_day_that_a_period_leaves_out_is_another_course_of_the_tariff() -> None:
    weekdays = Days(weekdays=frozenset(range(5)))
    once = DateSpan(date(2026, 3, 1), date(2026, 3, 1))
    periods = (
        Period("off", 0.0, days=Days(dates=(once,))),
        Period("a", 0.3, windows=(window(6, 9),), days=weekdays),
        Period("b", 0.3, windows=(window(20, 22),), days=Days(holiday=True)),
        Period("rest", 0.1),
    )
    assert worst(price(0.2, Op.ABOVE), tariff=Tariff(periods)).by_clock == 2
    holiday = Tariff(periods, holidays=frozenset({date(2027, 12, 24)}))  # a Friday
    assert worst(price(0.2, Op.ABOVE), tariff=holiday).by_clock == 4
    assert worst(price(0.05), tariff=holiday).by_clock == 2


def test_a_tariff_by_the_sun_is_counted_by_its_longest_days() -> None:
    site = Site(ZoneInfo("America/Phoenix"), Place(33.45, -112.07))
    light = Window(Edge(event=SunEvent.SUNRISE), Edge(event=SunEvent.SUNSET))
    tariff = Tariff((Period("early", 0.1, windows=(window(4, 5.5),)), Period("light", 0.1, windows=(light,)),
                     Period("rest", 0.3)))  # fmt: skip
    assert worst(price(0.2), tariff=tariff, site=site).by_clock == 4
    assert worst(price(0.2), tariff=tariff).by_clock == 2  # nobody knows where the sun is


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_day_of_a_random_tariff_has_more_turns_than_are_counted(data: st.DataObject) -> None:
    hours = st.integers(0, 23)
    spans = st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1])
    days = st.sampled_from(
        (
            Days(),
            Days(weekdays=frozenset({0, 1, 2, 3, 4})),
            Days(holiday=True),
            Days(months=frozenset({6, 7})),
        )
    )
    rows = data.draw(st.lists(st.tuples(st.lists(spans, min_size=1, max_size=2), days), max_size=4))
    periods = [Period(str(n), n, windows=tuple(window(*one) for one in own), days=when)
               for n, (own, when) in enumerate(rows)]  # fmt: skip
    tariff = Tariff((*periods, Period("rest", 9.0)), holidays=frozenset({date(2026, 7, 3)}))
    names = data.draw(st.sets(st.sampled_from([one.name for one in tariff.periods]), min_size=1))
    calendar, first = Calendar(SITE.zone), datetime(2026, 6, 27, 7, tzinfo=UTC)  # a Saturday's midnight
    most = 0
    for day in range(8):
        hourly = [calendar.moment(first + timedelta(days=day, hours=hour, minutes=-1 if hour == 0 else 0))
                  for hour in range(24)]  # fmt: skip
        hourly.insert(1, calendar.moment(first + timedelta(days=day)))
        seen = [one is not None and one.name in names for one in (period_at(tariff, at) for at in hourly)]
        most = max(most, sum(now and not before for before, now in pairwise(seen)))
    assert worst(c.TariffIs(frozenset(names)), tariff=tariff).by_clock >= 2 * most


def test_a_reading_turns_at_most_as_often_as_the_same_setting_may_be_written() -> None:
    assert worst(POWER).by_readings == 2 * 144
    assert worst(POWER, guards=guards(same_setting_every_s=3600)).by_readings == 2 * 24
    assert worst(POWER, guards=guards(same_setting_every_s=0)).by_readings == 2 * 360


def test_hold_and_for_slow_readings_down() -> None:
    assert worst(POWER, hold_s=3600).by_readings == 2 * 24
    assert worst(c.Held(POWER, 7200)).by_readings == 2 * 12


def test_hysteresis_on_the_soc_is_as_slow_as_a_battery() -> None:
    assert worst(soc_below(60, until=85)).by_readings == 2 * 24
    assert worst(soc_below(60)).by_readings == 2 * 144


def test_the_fastest_reading_sets_the_pace() -> None:
    assert worst(c.All((soc_below(60, until=85), POWER))).by_readings == 2 * 144


def test_readings_that_are_asked_in_a_window_only_have_less_time() -> None:
    assert worst(c.All((NIGHT, soc_below(60, until=85)))).by_readings == 2 * 6


def test_a_rule_that_waits_for_a_person_is_not_counted() -> None:
    assert worst(c.All((c.FlagOn("storm"), POWER))).asked == 0
    assert worst(c.All((c.FlagOn("storm"), POWER))).hasty == ()


@pytest.mark.parametrize(
    ("when", "while_on"),
    [
        (c.FlagOn("storm"), 0),
        (c.All((c.FlagOn("storm"), NIGHT)), 2),
        (c.All((c.FlagOn("storm"), POWER)), 2 * 144),
        (c.AnyOf((NIGHT, c.Not(c.FlagOn("storm")))), 0),
    ],
)
def test_what_a_flag_adds_is_told_for_each_time_it_is_switched_and_while_it_is_on(
    when: Condition, while_on: int
) -> None:
    assert worst(when).by_flags == (ByFlag("storm", 1, while_on),)


def test_what_is_written_is_never_more_than_the_guards_allow() -> None:
    found = worst(POWER)
    assert (found.asked, found.writes) == (288, 60)


def test_a_power_that_nothing_slows_down_is_hasty_and_a_slow_or_damped_one_is_not() -> None:
    assert [one.rule.name for one in worst(POWER).hasty] == ["Rule"]
    damped = Compare("pv_power_w", Op.ABOVE, Bound(500.0), Bound(300.0))
    for calm in (damped, soc_below(60), c.WordIs("grid", "down"), c.Held(POWER, 60)):
        assert worst(calm).hasty == ()
    assert worst(POWER, hold_s=60).hasty == ()
    assert worst(POWER, guards=guards(writes_per_day=500)).hasty == ()
