"""What remains of a condition when no reading counts."""

import pytest

from luxagent.core.policy.conditions import (
    All,
    Always,
    AnyOf,
    Bound,
    Compare,
    Condition,
    FaultIs,
    FlagOn,
    Held,
    Not,
    Op,
    SunIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.optimistic import NEVER, optimistic
from tests.core.policy.scenes import PEAK, soc

TIME = TimeIn((PEAK,))
LOW = soc(Op.BELOW, 30, 60)
CHEAP = Compare("price", Op.BELOW, Bound(0.1))


@pytest.mark.parametrize(
    ("condition", "remains"),
    [
        (All((LOW, TIME)), All((TIME,))),
        (All((LOW, WordIs("grid", "up"))), Always()),
        (AnyOf((LOW, TIME)), Always()),
        (Not(LOW), Always()),
        (Not(All((LOW, TIME))), Always()),
        (Not(AnyOf((LOW, TIME))), Not(AnyOf((TIME,)))),
        (All((FaultIs(), FlagOn("storm"), SunIs(up=True))), All((FlagOn("storm"), SunIs(up=True)))),
        (Held(All((LOW, TIME)), 600), All((TIME,))),
        (Not(Held(TIME, 600)), Always()),
        (CHEAP, CHEAP),
        (Compare("price", Op.BELOW, Bound(0, "soc_pct")), Always()),
        (Compare("price", Op.BELOW, Bound(0.1), Bound(0.2)),
         AnyOf((CHEAP, Compare("price", Op.BELOW, Bound(0.2))))),
        (Not(Compare("price", Op.BELOW, Bound(0.1), Bound(0.2))), Not(CHEAP)),
        (All((NEVER, LOW)), NEVER),
    ],
)  # fmt: skip
def test_only_clocks_tariff_and_flags_remain(condition: Condition, remains: Condition) -> None:
    assert optimistic(condition) == remains
