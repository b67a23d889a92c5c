"""An inverter that is not listed for a while: what was counting for it does not count on."""

from dataclasses import replace

import pytest

from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import Held
from luxagent.core.policy.rules import Scope
from tests.core.builders import after, changes_of, inverter, plant, policy, rule, soc_below, tick

AWAY = "5271004299"


@pytest.mark.parametrize(("away_min", "counts"), [(4, True), (200, False)])
def test_a_for_timer_stands_still_and_starts_anew_after_more_than_stale_after(
    away_min: int, counts: bool
) -> None:
    low = Held(soc_below(60), 3600)
    rules = policy(replace(rule("Low", low, charge_limit=90.0), scope=Scope.INVERTER))
    here, away = inverter(values={"soc_pct": 90.0}), inverter(AWAY, values={"soc_pct": 50.0})
    memory, minute = Memory(), 0
    for minute in range(0, 56, 2):
        _, memory = tick(rules, plant(here, away), memory, after(minute))
    for minute in range(56, 56 + away_min, 2):
        _, memory = tick(rules, plant(here), memory, after(minute))
    back, taken = minute + 2, None
    for minute in range(back, back + 70, 2):
        decision, memory = tick(rules, plant(here, away), memory, after(minute))
        if changes_of(decision) and taken is None:
            taken = minute - back
    assert taken is not None
    assert taken < 10 if counts else taken == 60
