"""Where a rule that moves a value should let go, and where it can: for lint alone.

A battery's voltage says little of its charge until it is all but full or empty. So a threshold some volts
away may never come: the charger stops below it, or the battery's own protection cuts off above it.
"""

from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_ranges import FALLING, physical
from luxagent.core.policy.lint_ways import Part
from luxagent.core.policy.words import quantity
from luxagent.core.values.units import Unit

_LEAST_STEP = {Unit.W: 200.0, Unit.A: 5.0}
_STEP = {"soc_pct": 15.0, "cell_max_mv": 10.0, "cell_min_mv": 10.0}
_A_48_V_BANK = (40.0, 64.0)
_SURE_VOLTS = (48.0, 55.2)
_SURE_MV = (3000.0, 3450.0)
"""What a bank of 16 cells, and a cell, of lithium iron phosphate passes on its way to empty, and to full."""


def step(metric: str, at: float) -> float:
    """How far beyond a value to let go, so that it takes again only after a while."""
    if metric == "battery_voltage_v":
        return round(abs(at) / 50, 1)  # about 1 V of a 48 V bank
    if metric in _STEP:
        return _STEP[metric]
    return max(abs(at) / 5, _LEAST_STEP.get(METRICS_BY_KEY[metric].unit, 0.0))


def beyond(metric: str, at: float, *, up: bool) -> float:
    """A value to let go at, above or below the one at which a rule takes."""
    ends = physical(metric)
    found = at + step(metric, at) if up else at - step(metric, at)
    return min(max(round(found, 3), ends.low), ends.high)


def too_far(part: Part) -> str:
    """The value at which a part lets go, where a battery may never get there; empty where it does."""
    asked = part.ranged
    if asked is None or not isinstance(part.leaf, c.Compare) or part.leaf.metric != asked.subject:
        return ""
    metric, falling = asked.subject, (part.leaf.op in FALLING) is part.holds
    at = asked.stays.high if falling else asked.stays.low
    if metric == "battery_voltage_v" and _A_48_V_BANK[0] <= at <= _A_48_V_BANK[1]:
        low, high = _SURE_VOLTS
    elif metric in ("cell_max_mv", "cell_min_mv"):
        low, high = _SURE_MV
    else:
        return ""
    return quantity(metric, at) if (at > high if falling else at < low) else ""
