"""What a condition comes to while every reading helps it: clocks, tariff, flags and timers remain.

Unlike `optimistic`, which forgets every timer, this keeps the tree's shape, so that a `for` of half an hour
inside a window is over half an hour after the window began. `forecast` judges it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from luxagent.core.facts.metrics import TARIFF_METRICS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.naming import slot_name
from luxagent.core.policy.optimistic import NEVER


def best_case(condition: Condition, *, helping: bool = True) -> Condition:
    """The tree with each leaf that hangs on readings at what helps the whole: true, false under a `not`."""
    match condition:
        case c.All(parts):
            return c.All(tuple(best_case(part, helping=helping) for part in parts))
        case c.AnyOf(parts):
            return c.AnyOf(tuple(best_case(part, helping=helping) for part in parts))
        case c.Not(part):
            return c.Not(best_case(part, helping=not helping))
        case c.Held(part):
            return replace(condition, part=best_case(part, helping=helping))
        case _ if hangs_on_readings(condition):
            return c.Always() if helping else NEVER
        case _:
            return condition


def hangs_on_readings(condition: Condition) -> bool:
    """Whether any part asks what a device reports; clocks, days, sun, tariff, price and flags do not."""
    match condition:
        case c.All(parts) | c.AnyOf(parts):
            return any(map(hangs_on_readings, parts))
        case c.Not(part) | c.Held(part):
            return hangs_on_readings(part)
        case c.Compare(metric, _, bound, until):
            bounds = (bound, until)
        case c.Between(metric, low, high):
            bounds = (low, high)
        case _:
            return isinstance(condition, c.WordIs | c.FaultIs)
    names = (metric, *(bound.metric for bound in bounds if bound is not None and bound.metric is not None))
    return not all(name in TARIFF_METRICS for name in names)


@dataclass(frozen=True, slots=True)
class Slot:
    """One timer or latch: its name in the file's tree, its name in the best case, and a timer's length."""

    name: str
    best: str
    seconds: float | None


def slots(condition: Condition, best: Condition, owner: str, path: tuple[int, ...] = ()) -> Iterator[Slot]:
    """Every timer and latch that the best case still has. The two trees have the same shape."""
    match condition, best:
        case (c.All(parts), c.All(others)) | (c.AnyOf(parts), c.AnyOf(others)):
            for n, (part, other) in enumerate(zip(parts, others, strict=True)):
                yield from slots(part, other, owner, (*path, n))
        case (c.Not(part), c.Not(other)):
            yield from slots(part, other, owner, (*path, 0))
        case (c.Held(part, seconds), c.Held(other)):
            if seconds > 0:
                yield Slot(slot_name(owner, path, condition), slot_name(owner, path, best), seconds)
            yield from slots(part, other, owner, (*path, 0))
        case _:
            if condition == best and _latches(condition):
                name = slot_name(owner, path, condition)
                yield Slot(name, name, None)


def _latches(condition: Condition) -> bool:
    if isinstance(condition, c.Compare):
        return condition.until is not None
    return isinstance(condition, c.Between) and condition.margin > 0
