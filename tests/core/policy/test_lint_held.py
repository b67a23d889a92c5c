"""What lint calls always held, the guards do hold; and what they let through, it does not."""

import pytest

from luxagent.core.facts.settings import SettingValue
from luxagent.core.plant.device import Device
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Bound, Compare, Condition, Op
from luxagent.core.policy.lint import Sort, lint
from tests.core.builders import changes_of, inverter, plant, policy, rule, ruleset, soc_below, tick

BASELINE: dict[str, SettingValue] = {"discharge_floor": 20.0, "charge_limit": 90.0, "ac_charge": False,
                                     "eps": True}  # fmt: skip
DOWN, UP = c.WordIs("grid", "down"), c.WordIs("grid", "up")
OLD = Compare("data_age_s", Op.ABOVE, Bound(1200.0))
NO_GRID = inverter(values={"grid": "down", "soc_pct": 20.0}, settings={"charge_limit": 90.0})
AWAY = inverter(values={"online": False}, online=False)
STALE = inverter(values={"data_age_s": 1500.0}, settings={"ac_charge": True, "charge_limit": 90.0})
UPDATING = inverter(values={"firmware": "updating"}, updating=True)


def told(when: Condition, sets: dict[str, SettingValue], hold_s: float = 0) -> bool:
    found = lint(ruleset(rule("A", when, hold_s=hold_s, **sets), baseline=BASELINE), keeps_on_stop=False)
    return any(remark.sort is Sort.ALWAYS_HELD for remark in found)


@pytest.mark.parametrize(
    ("when", "sets", "there"),
    [
        (DOWN, {"discharge_floor": 50.0}, NO_GRID),
        (c.Not(UP), {"ac_charge": True}, NO_GRID),
        (c.All((soc_below(30, 50), DOWN)), {"quick_charge": 1800.0}, NO_GRID),
        (c.AnyOf((DOWN, c.WordIs("online", "no"))), {"eps": False}, NO_GRID),
        (c.WordIs("online", "no"), {"charge_limit": 80.0}, AWAY),
        (c.WordIs("firmware", "updating"), {"charge_limit": 80.0}, UPDATING),
        (OLD, {"charge_limit": 80.0}, STALE),
        (OLD, {"ac_charge": True}, STALE),
    ],
)
def test_what_is_told_is_not_written_while_the_rule_holds(
    when: Condition, sets: dict[str, SettingValue], there: Device
) -> None:
    assert told(when, sets)
    decision, _ = tick(policy(rule("A", when, **sets), baseline=BASELINE), plant(there))
    assert not {name for name, _ in changes_of(decision)} & set(sets)


@pytest.mark.parametrize(
    ("when", "sets", "there"),
    [
        (DOWN, {"discharge_floor": 10.0}, NO_GRID),
        (DOWN, {"charge_limit": 100.0}, NO_GRID),
        (c.AnyOf((DOWN, soc_below(60))), {"discharge_floor": 50.0}, inverter()),
        (UP, {"discharge_floor": 50.0}, inverter()),
        (Compare("data_age_s", Op.ABOVE, Bound(600.0)), {"charge_limit": 80.0},
         inverter(values={"data_age_s": 700.0})),
        (c.Not(c.WordIs("firmware", "updating")), {"charge_limit": 80.0},
         inverter(values={"firmware": "current"})),
    ],
)  # fmt: skip
def test_what_may_be_written_is_not_told(
    when: Condition, sets: dict[str, SettingValue], there: Device
) -> None:
    assert not told(when, sets)
    decision, _ = tick(policy(rule("A", when, **sets), baseline=BASELINE), plant(there))
    assert {name for name, _ in changes_of(decision)} >= set(sets)


def test_to_end_a_charge_by_old_data_is_going_home_and_is_not_told() -> None:
    assert not told(OLD, {"ac_charge": False})
    assert not told(OLD, {"charge_limit": 90.0})


def test_a_rule_that_holds_on_once_the_moment_is_over_is_not_told() -> None:
    assert not told(DOWN, {"discharge_floor": 50.0}, hold_s=3600)


def test_a_floor_below_what_another_rule_may_have_set_is_not_told() -> None:
    rules = (rule("A", DOWN, discharge_floor=50.0), rule("B", soc_below(90), discharge_floor=60.0))
    found = lint(ruleset(*rules, baseline=BASELINE), keeps_on_stop=False)
    assert Sort.ALWAYS_HELD not in {remark.sort for remark in found}
