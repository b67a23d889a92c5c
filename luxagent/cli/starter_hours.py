"""Dear and cheap hours against each other, for `init`: which of them must stand first in the tariff.

The first period that matches counts, so hours that lie within others must stand above them. The sun is taken
as of an equinox: near enough to tell which of two spans lies within the other.
"""

from luxagent.config.times import window
from luxagent.core.values.sun import SunEvent
from luxagent.core.values.windows import DAY_MIN, Edge

_EQUINOX = {
    SunEvent.DAWN: 330, SunEvent.SUNRISE: 360, SunEvent.NOON: 720, SunEvent.SUNSET: 1080, SunEvent.DUSK: 1110,
}  # fmt: skip


def within(inner: str, outer: str) -> bool:
    """Whether a span of the day, as people write it, lies within another one. Raises Fault."""
    return _minutes(inner) <= _minutes(outer)


def asks_the_sun(written: str) -> bool:
    """Whether the site must have a place for it. Raises Fault."""
    return window(written).needs_sun


def _minutes(written: str) -> frozenset[int]:
    found = window(written)
    start, end = _minute(found.start), _minute(found.end)
    length = (end - start) % DAY_MIN or DAY_MIN
    return frozenset((start + n) % DAY_MIN for n in range(length))


def _minute(edge: Edge) -> int:
    return edge.minute if edge.event is None else _EQUINOX[edge.event] + edge.offset_min
