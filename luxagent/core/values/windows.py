"""Spans of the local day: "22:00 to 06:00", "sunset - 30 min to 23:00".

A window is a level, not an event: it asks whether the wall clock is inside. So a span that does not exist
on the spring day does not happen, and one that happens twice in autumn holds twice. Its start belongs to
it, its end does not.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from luxagent.core.values.moment import Moment
from luxagent.core.values.sun import SunDay, SunEvent

DAY_MIN = 1440
_ONE_DAY = timedelta(1)
LONGEST_MIXED_MIN = 18 * 60
"""A window between a clock time and the sun never runs over midnight for longer than this: see `span`."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A clock time (minutes after midnight, 1440 is 24:00) or a sun event with an offset in minutes."""

    minute: int = 0
    event: SunEvent | None = None
    offset_min: int = 0

    def on(self, sun: SunDay | None) -> int | None:
        """Minutes after that day's midnight; None where the sun event does not happen."""
        if self.event is None:
            return self.minute
        found = sun.minutes[self.event] if sun is not None else None
        return None if found is None else found + self.offset_min

    def __str__(self) -> str:
        if self.event is None:
            return f"{self.minute // 60:02d}:{self.minute % 60:02d}"
        if self.offset_min == 0:
            return self.event.value
        return f"{self.event.value} {'+' if self.offset_min > 0 else '-'} {abs(self.offset_min)} min"


@dataclass(frozen=True, slots=True)
class Window:
    """From one edge to the next; over midnight where the end is not after the start."""

    start: Edge
    end: Edge

    @property
    def needs_sun(self) -> bool:
        return self.start.event is not None or self.end.event is not None

    @property
    def is_mixed(self) -> bool:
        """Whether one edge is a clock time and the other the sun's."""
        return (self.start.event is None) is not (self.end.event is None)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


def span(window: Window, sun: SunDay | None, sun_next: SunDay | None) -> tuple[int, int] | None:
    """The window that begins on a day, as minutes after that day's midnight: (1320, 1800) is 22:00 to 06:00.

    `sun` is that day's, `sun_next` the following day's. None where it does not happen: an event is missing,
    or the sun has moved one edge past the other ("sunset to 21:00" where the sun sets at 21:40,
    "sunrise + 3 h to sunset - 3 h" on a day of five hours).
    """
    start, end = window.start.on(sun), window.end.on(sun)
    if start is None:
        return None
    if end is not None and end > start:
        return start, end
    after = window.end.on(sun_next)
    if after is None or after + DAY_MIN <= start or _have_crossed(window, sun):
        return None
    if window.is_mixed and after + DAY_MIN - start > LONGEST_MIXED_MIN:
        return None
    return start, after + DAY_MIN


def _have_crossed(window: Window, sun: SunDay | None) -> bool:
    """Of a window whose end is not after its start: whether its two events are in order that day, and only
    their offsets have carried one past the other."""
    first, last = window.start.event, window.end.event
    if sun is None or first is None or last is None:
        return False
    before, after = sun.minutes[first], sun.minutes[last]
    return before is not None and after is not None and before < after


def opened(window: Window, moment: Moment) -> date | None:
    """The day on which the window that holds this moment began, today or yesterday; None outside of it.

    That is the day of the wall clock at its start, also where an offset carries a sun edge over midnight.
    """
    minute = moment.minute
    if window.start.event is None and window.end.event is None:
        start, end = window.start.minute, window.end.minute
        if start < end:
            return moment.day if start <= minute < end else None
        if minute >= start:
            return moment.day
        return moment.day - _ONE_DAY if minute < end else None
    # Of the day after only a start before its own midnight matters; its sun does for the day after that.
    for shift, sun, sun_next in (
        (0, moment.sun, moment.sun_after),
        (-1, moment.sun_before, moment.sun),
        (1, moment.sun_after, moment.sun_after),
    ):
        found = span(window, sun, sun_next)
        if found is not None and found[0] <= minute - shift * DAY_MIN < found[1]:
            return moment.day + timedelta(shift + found[0] // DAY_MIN)
    return None
