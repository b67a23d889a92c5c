"""The values that a comparison asks for, as a range: for lint alone."""

from dataclasses import dataclass

from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.policy.conditions import Between, Bound, Compare, Op

FALLING = (Op.BELOW, Op.AT_MOST)
_INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Range:
    """The values between two ends, each of which may or may not belong to it."""

    low: float = -_INFINITY
    high: float = _INFINITY
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def __and__(self, other: "Range") -> "Range":
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Range(low, high, low_open, not high_closed)

    def within(self, other: "Range") -> bool:
        return self & other == self


@dataclass(frozen=True, slots=True)
class Ranged:
    """A comparison: of what, where it takes, and where it stays once it has taken."""

    subject: str
    """A metric's key, or "one - other" where two are compared."""
    takes: Range
    stays: Range


def ranged(leaf: Compare | Between, *, holds: bool) -> Ranged | None:
    """The range of a comparison that must hold, or must not; None where it is not one range."""
    found = _between(leaf) if isinstance(leaf, Between) else _compare(leaf)
    if found is None or holds:
        return found
    takes, stays = _outside(found.stays), _outside(found.takes)
    return None if takes is None or stays is None else Ranged(found.subject, takes, stays)


def physical(subject: str) -> Range:
    """The values that a metric can have."""
    row = METRICS_BY_KEY.get(subject)
    return Range() if row is None else Range(row.low, row.high)


def _between(leaf: Between) -> Ranged | None:
    if leaf.low.metric is not None or leaf.high.metric is not None:
        return None
    low, high = leaf.low.constant, leaf.high.constant
    return Ranged(leaf.metric, Range(low, high), Range(low - leaf.margin, high + leaf.margin))


def _compare(leaf: Compare) -> Ranged | None:
    other, until = leaf.bound.metric, leaf.until
    if until is not None and until.metric != other:
        return None
    takes = _side(leaf.op, leaf.bound)
    subject = leaf.metric if other is None else f"{leaf.metric} - {other}"
    if until is None:
        return Ranged(subject, takes, takes)
    beyond = _side(Op.BELOW if leaf.op in FALLING else Op.ABOVE, until)
    return Ranged(subject, takes, beyond if takes.within(beyond) else takes)


def _side(op: Op, bound: Bound) -> Range:
    at = bound.constant
    if op in FALLING:
        return Range(high=at, high_open=op is Op.BELOW)
    return Range(low=at, low_open=op is Op.ABOVE)


def _outside(inside: Range) -> Range | None:
    if inside.low == -_INFINITY:
        return Range(low=inside.high, low_open=not inside.high_open)
    if inside.high == _INFINITY:
        return Range(high=inside.low, high_open=not inside.low_open)
    return None
