"""What a person sets is above all rules and below the limits, and ends by itself."""

from datetime import timedelta

from luxagent.core.control.changes import Change
from luxagent.core.decide import decide_about
from luxagent.core.events import FlagSet, LeaseSet, Paused, Resumed
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.conditions import Always, FlagOn
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Limit
from tests.core.builders import (
    NOON,
    SERIAL,
    after,
    changes_of,
    inverter,
    plant,
    policy,
    reasons_of,
    rule,
    tick,
)
from tests.core.control.test_going_home import Loop


def leased(value: float, minutes: float | None = 60, serial: str | None = None) -> Memory:
    until = None if minutes is None else after(minutes)
    return fold_all(Memory(), [LeaseSet(NOON, "charge_limit", value, until, serial)])


def test_a_value_set_by_hand_is_above_every_rule() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0))
    decision, _ = tick(rules, plant(), leased(70.0))
    assert changes_of(decision) == [("charge_limit", 70.0)]
    assert decision.changes[0].want.rule == "set by hand"


def test_a_value_set_by_hand_is_below_the_limits() -> None:
    rules = policy(limits={"charge_limit": Limit(75, 100)})
    decision, _ = tick(rules, plant(), leased(70.0))
    assert reasons_of(decision, "charge_limit") == (Reason.LIMIT,)


def test_a_setting_no_rule_speaks_of_can_be_set_by_hand_too_and_goes_home_when_its_time_is_up() -> None:
    loop = Loop(policy(), charge_limit=97.0)
    loop.memory = fold_all(loop.memory, [LeaseSet(NOON, "charge_limit", 70.0, after(30))])
    loop.tick(50)
    loop.tick(50, 10)
    assert loop.sent == [("charge_limit", 70.0)]
    loop.tick(50, 11)
    loop.tick(50, 11)
    assert loop.sent == [("charge_limit", 70.0), ("charge_limit", 97.0)]
    assert loop.memory.leases == {}
    assert loop.memory.owned == {}


def test_one_inverter_can_be_set_by_itself() -> None:
    seen = plant(inverter("A1", unit="A"), inverter("A2", unit="A", primary=False))
    decision, _ = tick(policy(), seen, leased(70.0, serial="A2"))
    assert [change.want.serial for change in decision.changes] == ["A2"]


def test_a_quick_charge_by_hand_is_started_once() -> None:
    loop = Loop(policy(), quick_charge=False)
    loop.memory = fold_all(loop.memory, [LeaseSet(NOON, "quick_charge", 1800.0, after(120))])
    loop.tick(50)
    loop.settings["quick_charge"] = False
    loop.tick(50, 31)
    assert loop.sent == [("quick_charge", 1800.0)]


def test_a_pause_holds_takes_and_going_home_until_its_time_is_up() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0))
    memory = fold_all(Memory(), [Paused(NOON, after(30))])
    decision, memory = tick(rules, plant(), memory, after(29))
    assert reasons_of(decision, "charge_limit") == (Reason.PAUSED,)
    decision, memory = tick(rules, plant(), memory, after(30))
    assert changes_of(decision) == [("charge_limit", 80.0)]
    assert memory.pause is None


def test_a_pause_without_a_length_lasts_until_resume() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0))
    memory = fold_all(Memory(), [Paused(NOON)])
    assert tick(rules, plant(), memory, NOON + timedelta(days=9))[0].changes == []
    memory = fold_all(memory, [Resumed(after(1))])
    assert changes_of(tick(rules, plant(), memory, after(2))[0]) == [("charge_limit", 80.0)]


def test_a_flag_ends_by_itself() -> None:
    rules = policy(rule(when=FlagOn("storm"), charge_limit=80.0), flags=frozenset({"storm"}))
    memory = fold_all(Memory(), [FlagSet(NOON, "storm", on=True, until=after(10))])
    assert changes_of(tick(rules, plant(), memory, after(9))[0]) == [("charge_limit", 80.0)]
    decision, memory = tick(rules, plant(), memory, after(10))
    assert changes_of(decision) == []
    assert memory.flags == {}
    assert SERIAL not in memory.owned


def alone(rules: Policy, seen: Plant, setting: str, value: SettingValue) -> dict[str, Change]:
    """What a `set` does where no agent runs."""
    memory = fold_all(Memory(), [LeaseSet(NOON, setting, value)])
    decision = decide_about(setting)(rules.calendar.moment(NOON), seen, memory, rules)
    return {change.want.setting: change for change in decision.changes}


def test_where_no_agent_runs_what_must_be_in_place_before_a_switch_goes_with_it() -> None:
    rules = policy(baseline={"forced_discharge": False, "ac_charge_limit": 60.0, "export": False})
    seen = plant(inverter(settings={"forced_discharge": True, "ac_charge_limit": 90.0, "export": True}))
    found = alone(rules, seen, "ac_charge", value=True)
    assert found.keys() == {"ac_charge", "forced_discharge", "ac_charge_limit"}
    assert found["ac_charge"].stage > max(found["forced_discharge"].stage, found["ac_charge_limit"].stage)


def test_a_switch_that_goes_off_there_takes_no_limit_with_it() -> None:
    rules = policy(baseline={"ac_charge_limit": 60.0})
    seen = plant(inverter(settings={"ac_charge": True, "ac_charge_limit": 90.0}))
    assert alone(rules, seen, "ac_charge", value=False).keys() == {"ac_charge"}


def test_a_stop_that_would_lie_below_a_floor_takes_the_floor_with_it() -> None:
    rules = policy(baseline={"discharge_floor": 20.0})
    seen = plant(inverter(settings={"discharge_floor": 60.0}))
    assert alone(rules, seen, "charge_limit", 40.0).keys() == {"charge_limit", "discharge_floor"}
