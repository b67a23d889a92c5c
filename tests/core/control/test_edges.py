"""The loop wakes where the clock turns something, and not an interval later."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.control.edges import Edges
from luxagent.core.memory import Lease, Memory, Pause
from luxagent.core.policy import conditions as c
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import AlertRule, Rule, Ruleset, Site
from luxagent.core.values.days import Days
from luxagent.core.values.sun import Place, SunEvent, sun_day
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window

ZONE, PLACE = ZoneInfo("America/Phoenix"), Place(33.45, -112.07)
EVENING = datetime(2026, 6, 15, 21, 50, 30, tzinfo=ZONE).astimezone(UTC)
TEN = Window(Edge(22 * 60), Edge(23 * 60))


def of(when: c.Condition, *, alert: bool = False, tariff: Tariff | None = None) -> Policy:
    rules = () if alert else (Rule("One", when, {"ac_charge": True}),)
    alerts = (AlertRule("One", when),) if alert else ()
    return build(Ruleset(Site(ZONE, PLACE), rules=rules, alerts=alerts, tariff=tariff))


def next_s(policy: Policy, now: datetime, memory: Memory | None = None) -> float | None:
    return Edges().seconds_to_next(policy, memory or Memory(), now)


@pytest.mark.parametrize("alert", [False, True])
@pytest.mark.parametrize(
    "when",
    [
        c.TimeIn((TEN,)),
        c.CronIn("0 22 * * *", 60.0),
        c.Not(c.All((c.TimeIn((TEN,)), c.SunIs(up=True)))),
    ],
    ids=str,
)
def test_it_wakes_for_a_window_or_cron_of_a_rule_or_an_alert(when: c.Condition, *, alert: bool) -> None:
    assert next_s(of(when, alert=alert), EVENING) == 9.5 * 60


def test_it_wakes_at_midnight_for_days_and_at_the_tariffs_edges() -> None:
    assert next_s(of(c.DayIs(Days(weekdays=frozenset({5})))), EVENING) == (2 * 60 + 9.5) * 60
    tariff = Tariff((Period("dear", 0.3, windows=(TEN,)), Period("day", 0.1)))
    assert next_s(of(c.TariffIs(frozenset({"dear"})), tariff=tariff), EVENING) == 9.5 * 60


def test_it_wakes_when_the_sun_rises() -> None:
    rise = sun_day(PLACE, EVENING.astimezone(ZONE).date(), ZONE).minutes[SunEvent.SUNRISE]
    assert rise is not None
    before = datetime(2026, 6, 15, rise // 60, rise % 60, tzinfo=ZONE).astimezone(UTC) - timedelta(seconds=90)
    assert next_s(of(c.SunIs(up=True)), before) == 90


def test_it_wakes_when_the_time_of_what_a_person_said_is_over() -> None:
    soon = EVENING + timedelta(seconds=40)
    policy = of(c.TimeIn((TEN,)))
    for memory in (
        Memory(flags={"away": soon, "guests": None}),
        Memory(leases={"eps": {"": Lease(value=True, since=EVENING, until=soon)}}),
        Memory(pause=Pause(EVENING, soon)),
    ):
        assert next_s(policy, EVENING, memory) == 40
    assert next_s(policy, EVENING, Memory(flags={"away": EVENING})) == 9.5 * 60


def test_what_is_known_ahead_serves_every_tick_and_never_goes_stale() -> None:
    """A day of ticks with one of these finds what each tick alone would find, also after a clock set back."""
    policy = of(c.AnyOf((c.TimeIn((TEN,)), c.CronIn("*/7 * * * *", 60.0), c.SunIs(up=True))))
    kept, now = Edges(), EVENING
    for number in range(720):
        assert kept.seconds_to_next(policy, Memory(), now) == next_s(policy, now)
        now += timedelta(seconds=118) if number != 300 else -timedelta(hours=4)
    other = of(c.CronIn("1 * * * *", 60.0))
    assert kept.seconds_to_next(other, Memory(), now) == next_s(other, now)


def test_where_the_clock_turns_nothing_for_hours_the_interval_serves() -> None:
    assert next_s(of(c.TimeIn((Window(Edge(60), Edge(120)),))), EVENING.replace(hour=12)) is None
