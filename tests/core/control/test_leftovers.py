"""A rule that went from the file and came back begins as a new one, whatever it remembered."""

from luxagent.core.events import Ticked
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import Held
from luxagent.core.policy.policy import Policy
from tests.core.builders import after, inverter, plant, policy, rule, soc_below, tick

SEEN = plant(inverter(values={"soc_pct": 50.0}))
WITHOUT = policy(baseline={"ac_charge": False})


def ticked(rules: Policy, memory: Memory, minutes: float) -> tuple[Memory, bool]:
    """One tick, and whether the rule holds after it."""
    at = after(minutes)
    decision, memory = tick(rules, SEEN, memory, at)
    holds = any(change.want.rule == "Rule" for change in decision.changes)
    return fold_all(memory, [Ticked(at)]), holds


def test_its_for_begins_anew() -> None:
    rules = policy(rule(when=Held(soc_below(60), 600), ac_charge=True))
    memory, holds = ticked(rules, Memory(), 0)
    for minutes in range(2, 30, 2):
        memory, _ = ticked(WITHOUT, memory, minutes)
    assert memory.timers.get(SEEN.inverters[0].serial, {}) == {}
    memory, holds = ticked(rules, memory, 30)
    assert not holds
    memory, holds = ticked(rules, memory, 40)
    assert holds


def test_its_until_is_forgotten() -> None:
    rules = policy(rule(when=soc_below(60, until=78), ac_charge=True))
    memory, holds = ticked(rules, Memory(), 0)
    assert holds
    memory, _ = ticked(WITHOUT, memory, 2)
    between = plant(inverter(values={"soc_pct": 70.0}))
    decision, _ = tick(rules, between, memory, after(4))
    assert decision.changes == []


def test_what_the_file_still_has_is_kept() -> None:
    rules = policy(rule(when=Held(soc_below(60), 600), ac_charge=True))
    memory, _ = ticked(rules, Memory(), 0)
    same = policy(rule(when=Held(soc_below(60), 600), ac_charge=True), baseline={"charge_limit": 90.0})
    _, holds = ticked(same, memory, 10)
    assert holds
