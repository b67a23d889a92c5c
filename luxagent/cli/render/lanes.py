"""Time as a row of cells: where on a wall-clock axis a span lies, and which character shows it.

Knows nothing of rules or colours; `plan_text` paints what this measures. A cell is cut in two halves, so that
a terminal of 80 columns shows quarters of an hour.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import IntEnum
from itertools import pairwise

from luxagent.core.values.wallclock import clock_changes

HALVES = 2
_HOUR = timedelta(hours=1)
_EVERY_H = 2
"""From one hour's label to the next."""


class Level(IntEnum):
    """What is known of a half cell."""

    NOTHING = 0
    MAYBE = 1
    """Readings decide."""
    SURE = 2


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of naive wall time, `per_hour` cells for each hour."""

    start: datetime
    hours: int
    per_hour: int

    @property
    def cells(self) -> int:
        return self.hours * self.per_hour

    @property
    def end(self) -> datetime:
        return self.start + self.hours * _HOUR

    def place(self, wall: datetime) -> float:
        """Where a wall time lies, in cells; outside of the axis it may be negative or beyond its end."""
        return (wall - self.start) / _HOUR * self.per_hour

    def hour_labels(self) -> str:
        """The hours' names, each at its own place: "12  14  16"."""
        row = [" "] * (self.cells + 2)
        for hour in range(self.start.hour % _EVERY_H, self.hours + 1, _EVERY_H):
            at = hour * self.per_hour
            row[at : at + 2] = f"{(self.start + hour * _HOUR).hour:02d}"
        return "".join(row)[: self.cells + 2].rstrip()


def axes(start: datetime, end: datetime, zone: tzinfo, per_hour: int) -> list[Axis]:
    """One axis from full hour to full hour for a day; else one for each date from midnight to midnight."""
    first, last = (_wall(at, zone) for at in (start, end))
    if last - first <= timedelta(days=1):
        begin = first.replace(minute=0, second=0, microsecond=0)
        return [Axis(begin, -((begin - last) // _HOUR), per_hour)]
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    days = -((midnight - last) // timedelta(days=1))
    return [Axis(midnight + timedelta(days=n), 24, per_hour) for n in range(days)]


def walls(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """A span of instants as stretches of wall time: one, or several where clocks change inside it."""
    cuts = [start, *clock_changes(zone, start, end), end]
    for one, two in pairwise(cuts):
        begin = _wall(one, zone)
        yield begin, begin + (two - one)


def fill(axis: Axis, stretches: Iterable[tuple[datetime, datetime, Level]]) -> list[Level]:
    """The level of each half cell; the surest wins, and a short stretch still shows."""
    halves = [Level.NOTHING] * (axis.cells * HALVES)
    for start, end, level in stretches:
        first = max(0, int(axis.place(start) * HALVES))
        last = min(len(halves), -int(-axis.place(end) * HALVES // 1)) if end > axis.start else 0
        for n in range(first, last):
            halves[n] = max(halves[n], level)
    return halves


_PLAIN = {Level.NOTHING: " ", Level.MAYBE: "-", Level.SURE: "#"}
_BLOCKS = {(True, True): "█", (True, False): "▌", (False, True): "▐"}


def cell(pair: Sequence[Level], *, plain: bool) -> tuple[str, Level]:
    """The character for two halves, and how sure it is."""
    level = max(pair)
    if plain or level is Level.NOTHING:
        return _PLAIN[level], level
    both = all(half is not Level.NOTHING for half in pair)
    if level is Level.MAYBE and both:
        return "▒", level
    return _BLOCKS[pair[0] is not Level.NOTHING, pair[1] is not Level.NOTHING], level


def _wall(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
