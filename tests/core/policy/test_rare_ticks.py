"""A file whose `interval` is longer than its `stale_after`: rules with `for` take all the same."""

from dataclasses import replace

from luxagent.core.events import Ticked
from luxagent.core.fold import fold
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import Held
from tests.core.builders import after, changes_of, inverter, plant, policy, rule, soc_below, tick

FILL = rule("Fill", Held(soc_below(60), 1800.0), charge_limit=80.0)


def taken(interval_min: int) -> list[bool]:
    """Whether the rule wants to write, at each of four ticks."""
    rules = policy(FILL, interval_s=interval_min * 60.0)
    memory, found = Memory(), []
    for number in range(4):
        at = after(interval_min * number)
        inv = inverter()
        fresh = replace(inv, reading=replace(inv.reading, uploaded_at=at))
        decision, memory = tick(rules, plant(fresh), memory, at)
        memory = fold(memory, Ticked(at))
        found.append(bool(changes_of(decision)))
    return found


def test_a_rule_with_a_for_takes_at_the_first_tick_after_its_time() -> None:
    assert taken(20) == [False, False, True, True]
    assert taken(60) == [False, True, True, True]
