"""Two rules that want what quarrels are told, unless they can never meet or a rule above settles it."""

from dataclasses import replace

import pytest

from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.lint import Sort, lint
from luxagent.core.policy.rules import Rule
from luxagent.core.values.windows import Edge, Window
from tests.core.builders import rule, ruleset, soc_below

EVENING = c.TimeIn((Window(Edge(1020), Edge(1260)),))
NIGHT = c.TimeIn((Window(Edge(1380), Edge(360)),))
LOW = soc_below(40, 60)
HIGH = c.Compare("soc_pct", c.Op.ABOVE, c.Bound(70))
SELL: dict[str, SettingValue] = {"forced_discharge": True}
CHARGE: dict[str, SettingValue] = {"ac_charge": True}
OFF: dict[str, SettingValue] = {"ac_charge": False, "forced_discharge": False}


def quarrels(*rules: Rule, baseline: dict[str, SettingValue] = OFF) -> list[str]:
    found = lint(ruleset(*rules, baseline=baseline), keeps_on_stop=False)
    return [remark.where[1] for remark in found if remark.sort is Sort.CONFLICT]


@pytest.mark.parametrize("length", [True, 3600.0])
def test_a_charge_and_a_discharge_that_may_meet_are_told_of_the_lower_rule(length: SettingValue) -> None:
    name = "ac_charge" if length is True else "quick_charge"
    assert quarrels(rule("Sell", EVENING, **SELL), rule("Fill", LOW, **{name: length})) == ["Fill"]


@pytest.mark.parametrize(
    ("sells", "fills"), [(EVENING, NIGHT), (HIGH, LOW), (c.FlagOn("x"), c.Not(c.FlagOn("x")))]
)
def test_what_can_never_meet_does_not_quarrel(sells: Condition, fills: Condition) -> None:
    assert quarrels(rule("Sell", sells, **SELL), rule("Fill", fills, **CHARGE)) == []


def test_the_upper_rule_settles_it_by_setting_the_other_one_too() -> None:
    assert quarrels(rule("Sell", EVENING, **SELL, ac_charge=False), rule("Fill", LOW, **CHARGE)) == []


def test_the_lower_rule_settles_nothing_by_what_the_upper_one_decides_anyway() -> None:
    assert quarrels(rule("Sell", EVENING, **SELL), rule("Fill", LOW, **CHARGE, forced_discharge=False)) == [
        "Fill"
    ]


@pytest.mark.parametrize("first", ["ac_charge", "forced_discharge"])
def test_a_rule_above_both_settles_it_where_it_holds_whenever_the_lower_one_does(first: str) -> None:
    guard = rule("Guard", soc_below(50, 70), **{first: False})
    assert quarrels(guard, rule("Sell", EVENING, **SELL), rule("Fill", soc_below(40, 45), **CHARGE)) == []
    guard = rule("Guard", soc_below(30, 35), **{first: False})
    assert quarrels(guard, rule("Sell", EVENING, **SELL), rule("Fill", soc_below(40, 45), **CHARGE)) == [
        "Fill"
    ]


def test_a_rule_between_them_settles_only_what_the_lower_one_sets() -> None:
    rules = rule("Sell", EVENING, **SELL), rule("Fill", LOW, **CHARGE)
    assert quarrels(rules[0], rule("Guard", LOW, ac_charge=False), rules[1]) == []
    assert quarrels(rules[0], rule("Guard", LOW, forced_discharge=False), rules[1]) == ["Fill"]


def test_a_floor_above_the_stop_of_another_rule_is_told_but_not_one_of_100_percent() -> None:
    home: dict[str, SettingValue] = {"discharge_floor": 20.0, "charge_limit": 95.0}
    stop = rule("Spare", EVENING, charge_limit=50.0)
    assert quarrels(rule("Keep", LOW, discharge_floor=80.0), stop, baseline=home) == ["Spare"]
    assert quarrels(rule("Hold", LOW, discharge_floor=100.0), stop, baseline=home) == []
    assert quarrels(rule("Keep", LOW, discharge_floor=50.0), stop, baseline=home) == []


def test_rules_for_different_inverters_never_meet() -> None:
    one = replace(rule("Sell", EVENING, **SELL), devices=frozenset({"A"}))
    other = replace(rule("Fill", LOW, **CHARGE), devices=frozenset({"B"}))
    assert quarrels(one, other) == []
