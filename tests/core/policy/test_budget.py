"""The worst day of a policy, worked out from the file alone: writes by the clock, writes by readings."""

import pytest

from luxagent.core.policy import conditions as c
from luxagent.core.policy.budget import ByFlag, Worst, worst_day
from luxagent.core.policy.conditions import Bound, Compare, Condition, Op
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window
from tests.core.builders import guards, rule, ruleset, soc_below

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


def test_a_tariff_period_begins_again_after_each_window_above_it() -> None:
    peak = Period("peak", 0.3, windows=(Window(Edge(960), Edge(1260)),))
    tariff = Tariff((peak, Period("rest", 0.1)))
    assert worst(c.TariffIs(frozenset({"peak"})), tariff=tariff).by_clock == 2
    assert worst(c.TariffIs(frozenset({"rest"})), tariff=tariff).by_clock == 4
    assert worst(Compare("price", Op.BELOW, Bound(0.2)), tariff=tariff).by_clock == 6


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
