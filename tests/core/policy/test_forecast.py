"""Which rule can hold when: the days ahead, told before they come."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.events import Latched, RuleTook, TimerSet
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.best_case import best_case, slots
from luxagent.core.policy.conditions import (
    All,
    AnyOf,
    Between,
    Bound,
    Compare,
    Condition,
    CronIn,
    FlagOn,
    Held,
    Not,
    Op,
    SunIs,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.forecast import forecast, next_span
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import Rule, Ruleset, Site
from luxagent.core.values.days import Days
from luxagent.core.values.sun import Place
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window
from tests.core.policy.scenes import TARIFF, soc

LA = ZoneInfo("America/Los_Angeles")
NIGHT = TimeIn((Window(Edge(23 * 60 + 30), Edge(5 * 60 + 30)),))
LOW = soc(Op.BELOW, 60, 78)


def policy(*rules: Rule, zone: ZoneInfo = LA, tariff: Tariff | None = TARIFF) -> Policy:
    return build(Ruleset(Site(zone, Place(34.05, -118.24)), rules, tariff=tariff))


def rule(when: Condition, name: str = "Rule", hold_s: float = 0) -> Rule:
    return Rule(name, when, {"charge_limit": 80.0}, hold_s=hold_s)


def told(
    when: Condition,
    start: str = "2026-06-15T12:00",
    days: int = 1,
    memory: Memory | None = None,
    hold_s: float = 0,
    tariff: Tariff | None = TARIFF,
) -> list[tuple[str, str, tuple[str, ...]]]:
    """The spans of one rule in Los Angeles, by the wall clock."""
    rules = policy(rule(when, hold_s=hold_s), tariff=tariff)
    spans = forecast(rules, memory or Memory(), rules.calendar.moment(at(start)), days)
    return [(wall(span.start), wall(span.end), span.depends_on) for span in spans]


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LA).astimezone(UTC)


def wall(instant: datetime) -> str:
    return f"{instant.astimezone(LA):%d %H:%M}"


def test_a_window_is_told_with_the_reading_it_hangs_on() -> None:
    assert told(All((NIGHT, LOW))) == [("15 23:30", "16 05:30", ("soc below 60 %",))]


def test_spans_are_cut_at_both_ends_of_the_time_asked_for() -> None:
    assert told(NIGHT, "2026-06-15T02:00") == [("15 02:00", "15 05:30", ()), ("15 23:30", "16 02:00", ())]


def test_a_day_is_a_day_of_the_wall_clock_also_when_clocks_change() -> None:
    rules = policy(rule(WordIs("grid", "up")))
    for start, hours in (("2026-03-07T12:00", 23), ("2026-10-31T12:00", 25), ("2026-06-15T12:00", 24)):
        (span,) = forecast(rules, Memory(), rules.calendar.moment(at(start)), 1)
        assert span.end - span.start == timedelta(hours=hours)


def test_a_window_in_the_spring_gap_does_not_happen_and_one_in_the_repeated_hour_happens_twice() -> None:
    hour = TimeIn((Window(Edge(130), Edge(170)),))
    assert told(hour, "2026-03-08T00:00") == []
    hour = TimeIn((Window(Edge(60), Edge(90)),))
    assert told(hour, "2026-11-01T00:00") == [("01 01:00", "01 01:30", ())] * 2


def test_spans_come_in_the_order_of_their_starts_then_of_the_file() -> None:
    late, early = TimeIn((Window(Edge(20 * 60), Edge(22 * 60)),)), TimeIn((Window(Edge(15 * 60), Edge(1)),))
    rules = policy(rule(late, "late"), rule(early, "second"), rule(early, "third"))
    spans = forecast(rules, Memory(), rules.calendar.moment(at("2026-06-15T12:00")), 1)
    assert [span.rule for span in spans] == ["second", "third", "late"]


def test_a_span_is_parted_where_what_it_hangs_on_changes() -> None:
    either = AnyOf((TimeIn((Window(Edge(13 * 60), Edge(14 * 60)),)), soc(Op.BELOW, 30)))
    needs = ("soc below 30 %",)
    assert told(either) == [
        ("15 12:00", "15 13:00", needs), ("15 13:00", "15 14:00", ()), ("15 14:00", "16 12:00", needs)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "needs"),
    [
        (AnyOf((soc(Op.BELOW, 30), WordIs("grid", "down"))), ("any of (soc below 30 %; grid down)",)),
        (Not(All((soc(Op.BELOW, 30, 40), WordIs("grid", "down")))), ("not (soc below 30 %, grid down)",)),
        (Not(Not(soc(Op.BELOW, 30))), ("soc below 30 %",)),
        (All((soc(Op.BELOW, 30), All((WordIs("grid", "up"), NIGHT)))), ("soc below 30 %", "grid up")),
        (Held(All((soc(Op.BELOW, 30), NIGHT)), 600), ("soc below 30 % for 10 min",)),
        (Held(soc(Op.BELOW, 30), 0), ("soc below 30 %",)),
        (Between("soc_pct", Bound(20), Bound(60), 5), ("soc between 20 % and 60 %",)),
        (Compare("price", Op.BELOW, Bound(0, "soc_pct")), ("price below soc",)),
        (Not(AnyOf((TimeIn((Window(Edge(1), Edge(2)),)), soc(Op.ABOVE, 60)))), ("not (soc above 60 %)",)),
    ],
)
def test_what_it_hangs_on_is_told_without_what_the_clock_has_settled(
    when: Condition, needs: tuple[str, ...]
) -> None:
    night = told(when, "2026-06-16T01:00")
    assert night[0][2] == needs


def test_a_for_begins_with_the_window_it_stands_beside() -> None:
    assert told(Held(All((NIGHT, LOW)), 1800)) == [("16 00:00", "16 05:30", ("soc below 60 % for 30 min",))]


def test_a_for_that_is_running_is_carried_on() -> None:
    when = Held(All((NIGHT, LOW)), 1800)
    start = at("2026-06-16T01:00")
    (slot,) = [slot.name for slot in slots(when, best_case(when), "Rule")]
    since = TimerSet(start - timedelta(minutes=1), "unit", slot, start - timedelta(minutes=20))
    memory = fold_all(Memory(), [since])
    assert told(when, "2026-06-16T01:00")[0][0] == "16 01:30"
    assert told(when, "2026-06-16T01:00", memory=memory)[0][0] == "16 01:10"


def test_of_two_units_the_sooner_one_counts() -> None:
    when = Held(All((NIGHT, LOW)), 1800)
    start = at("2026-06-16T01:00")
    (slot,) = [slot.name for slot in slots(when, best_case(when), "Rule")]
    running = [TimerSet(start, who, slot, start - timedelta(minutes=m)) for who, m in (("A", 5), ("B", 20))]
    span = told(when, "2026-06-16T01:00", memory=fold_all(Memory(), running))[0]
    assert span[:2] == ("16 01:10", "16 05:30")


TWO_PRICES = Tariff(
    (
        Period("peak", 0.3, windows=(Window(Edge(16 * 60), Edge(21 * 60)),)),
        Period("night", 0.05, windows=(Window(Edge(0), Edge(6 * 60)),)),
        Period("day", 0.1),
    )
)


def test_a_price_with_until_is_latched_as_the_tariff_goes() -> None:
    cheap = Compare("price", Op.BELOW, Bound(0.08), Bound(0.2))
    spans = told(cheap, days=2, tariff=TWO_PRICES)
    assert [span[:2] for span in spans] == [("16 00:00", "16 16:00"), ("17 00:00", "17 12:00")]


def test_a_price_that_was_latched_stays_latched() -> None:
    cheap = Compare("price", Op.BELOW, Bound(0.08), Bound(0.2))
    (slot,) = slots(cheap, cheap, "Rule")
    memory = fold_all(Memory(), [Latched(at("2026-06-15T00:00"), "unit", slot.name, on=True)])
    assert told(cheap, tariff=TWO_PRICES, memory=memory)[0][:2] == ("15 12:00", "15 16:00")


@pytest.mark.parametrize(
    ("flags", "spans"),
    [
        ({}, []),
        ({"storm": None}, [("15 12:00", "16 12:00", ("soc below 60 %",))]),
        ({"storm": at("2026-06-15T20:15")}, [("15 12:00", "15 20:15", ("soc below 60 %",))]),
        ({"storm": at("2026-06-15T11:00")}, []),
    ],
)
def test_a_flag_counts_as_long_as_it_is_on(
    flags: Mapping[str, datetime | None], spans: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert told(All((FlagOn("storm"), LOW)), memory=Memory(flags=flags)) == spans


def test_hold_carries_a_rule_over_what_readings_and_timers_end() -> None:
    early = All((NIGHT, Not(Held(NIGHT, 600))))
    assert told(early)[0][:2] == ("15 23:30", "15 23:40")
    assert told(early, hold_s=1800)[0][:2] == ("15 23:30", "16 00:00")


def test_hold_counts_from_when_the_rule_took() -> None:
    early = All((NIGHT, Not(Held(NIGHT, 600))))
    (slot,) = [slot.name for slot in slots(early, best_case(early), "Rule")]
    now = at("2026-06-16T00:05")
    events = [RuleTook(now - timedelta(minutes=20), "unit", "Rule", "")]
    memory = fold_all(Memory(), [*events, TimerSet(now, "unit", slot, now - timedelta(minutes=20))])
    (span,) = told(early, "2026-06-16T00:05", memory=memory, hold_s=1800)[:1]
    assert span[:2] == ("16 00:05", "16 00:15")


def test_sun_and_cron_and_tariff_and_days_are_exact() -> None:
    assert told(SunIs(up=True))[0] == ("15 12:00", "15 20:06", ())
    assert told(CronIn("0 2 * * *", 5400))[0] == ("16 02:00", "16 03:30", ())
    assert told(TariffIs(frozenset({"peak"})))[0] == ("15 16:00", "15 21:00", ())
    weekend = TimeIn(NIGHT.windows, Days(frozenset({6})))
    assert told(weekend) == []
    assert told(weekend, "2026-06-21T12:00")[0] == ("21 23:30", "22 05:30", ())


def test_what_the_clock_can_never_make_true_has_no_span() -> None:
    assert told(All((TimeIn((Window(Edge(60), Edge(120)),)), TimeIn((Window(Edge(180), Edge(240)),))))) == []


def test_the_next_span_is_found_without_working_out_the_rest() -> None:
    rules = policy(rule(All((CronIn("0 9 1 * *", 8 * 3600), LOW))))
    found = next_span(rules.rules[0], rules, Memory(), rules.calendar.moment(at("2026-06-15T12:00")), 366)
    assert found is not None
    assert wall(found.start) == "01 09:00"
    none = next_span(rules.rules[0], rules, Memory(), rules.calendar.moment(at("2026-06-15T12:00")), 7)
    assert none is None
