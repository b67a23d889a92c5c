"""What a condition could be at best, whatever the readings say: clocks, tariff and flags remain.

`hold` asks it: readings cannot end a rule sooner, the end of a window can. `plan` asks it when a rule can
hold at all. The result remembers nothing, so judging it moves no timer and no latch.
"""

from luxagent.core.facts.metrics import TARIFF_METRICS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Bound, Condition, Op

NEVER = c.Not(c.Always())


def optimistic(condition: Condition, *, helping: bool = True) -> Condition:
    """The tree with each leaf that hangs on readings, or on what is remembered, at what helps it hold.

    That is true, and false under a `not` (`helping` is False there). A `for` that could be over counts as
    over. A price compared with a latch counts as latched the way that helps.
    """
    best: Condition = c.Always() if helping else NEVER
    match condition:
        case c.All(parts):
            kept = tuple(p for p in (optimistic(part, helping=helping) for part in parts) if p != c.Always())
            return NEVER if NEVER in kept else c.All(kept) if kept else c.Always()
        case c.AnyOf(parts):
            kept = tuple(p for p in (optimistic(part, helping=helping) for part in parts) if p != NEVER)
            return c.Always() if c.Always() in kept else c.AnyOf(kept) if kept else NEVER
        case c.Not(part):
            inner = optimistic(part, helping=not helping)
            return inner.part if isinstance(inner, c.Not) else c.Not(inner)
        case c.Held(part, seconds):
            return optimistic(part, helping=helping) if helping or seconds <= 0 else NEVER
        case c.Compare(metric, _, bound):
            return _compare(condition, helping) if _clock_only(metric, bound, condition.until) else best
        case c.Between(metric, low, high):
            return _between(condition, helping) if _clock_only(metric, low, high) else best
        case c.WordIs() | c.FaultIs():
            return best
        case _:
            return condition


def _clock_only(metric: str, *bounds: Bound | None) -> bool:
    names = [metric, *(b.metric for b in bounds if b is not None and b.metric is not None)]
    return all(name in TARIFF_METRICS for name in names)


def _compare(node: c.Compare, helping: bool) -> Condition:
    if node.until is None:
        return node
    take = c.Compare(node.metric, node.op, node.bound)
    stay = c.Compare(node.metric, Op.BELOW if node.op in (Op.BELOW, Op.AT_MOST) else Op.ABOVE, node.until)
    return c.AnyOf((take, stay)) if helping else take


def _between(node: c.Between, helping: bool) -> Condition:
    wide = node.margin if helping else 0.0
    low, high = node.low, node.high
    return c.Between(
        node.metric, Bound(low.constant - wide, low.metric), Bound(high.constant + wide, high.metric)
    )
