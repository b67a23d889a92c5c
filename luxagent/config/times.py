"""Spans of the day as people write them: `22:00 to 06:00`, `22:00-06:00`, `sunset - 30 min to 23:00`."""

import re
from typing import Any

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, quote
from luxagent.config.kinds import from_text, quantity
from luxagent.config.meant import did_you_mean
from luxagent.config.nodes import Node
from luxagent.config.shape import Kind, one_or_many
from luxagent.core.values.sun import SunEvent
from luxagent.core.values.units import Unit
from luxagent.core.values.windows import DAY_MIN, Edge, Window

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_SPAN = re.compile(r"(.+?)\s+to\s+(.+)", re.IGNORECASE)
_SHORT_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})", re.ASCII)  # noqa: RUF001 - typed by phones
_SUN = re.compile(r"([a-z]+(?:\s+[a-z]+)?)\s*(?:([+-])\s*(.+))?", re.IGNORECASE)
_FURTHEST_MIN = 12 * 60
"""An offset from the sun beyond half a day names another day's event."""

_SAMPLE = "write it like 22:00 to 06:00"


def window(written: str) -> Window:
    """One span. Raises Fault."""
    flat = " ".join(written.split())
    match = _SHORT_SPAN.fullmatch(flat) or _SPAN.fullmatch(flat)
    if match is None:
        raise Fault(f"{quote(written)} is not a span of time", _SAMPLE)
    start, end = _edge(match[1], is_end=False), _edge(match[2], is_end=True)
    if start == end:
        raise Fault(f"{quote(written)} begins and ends at the same moment", "a whole day is 00:00 to 24:00")
    return Window(start, end)


def _edge(written: str, *, is_end: bool) -> Edge:
    clock = _CLOCK.fullmatch(written)
    if clock is None:
        return _sun_edge(written)
    hour, minute = int(clock[1]), int(clock[2])
    if hour * 60 + minute == DAY_MIN:
        if not is_end:
            raise Fault("24:00 may end a span, but none begins there", "write 00:00")
        return Edge(DAY_MIN)
    if hour > 23 or minute > 59:
        raise Fault(f"there is no {quote(written)} on a clock", "00:00 to 24:00", Code.RANGE)
    return Edge(hour * 60 + minute)


def _sun_edge(written: str) -> Edge:
    match = _SUN.fullmatch(written)
    if match is None:
        raise Fault(f"{quote(written)} is not a time", "like 16:30, sunset or sunrise + 1 h")
    events = {event.value: event for event in SunEvent}
    event = events.get(" ".join(match[1].lower().split()))
    if event is None:
        raise Fault(f"{quote(written)} is not a time", did_you_mean(match[1], events), Code.UNKNOWN_NAME)
    if match[3] is None:
        return Edge(event=event)
    minutes = quantity(match[3], Unit.S) / 60
    if minutes != int(minutes) or minutes > _FURTHEST_MIN:
        raise Fault(f"{quote(match[3])} does not do here", "whole minutes, at most 12 h", Code.RANGE)
    return Edge(event=event, offset_min=int(minutes) if match[2] == "+" else -int(minutes))


def clock_window(written: str) -> Window:
    """A span of the inverter's own clock, which knows no sun."""
    found = window(written)
    if found.needs_sun:
        raise Fault("the inverter's own windows know no sun", _SAMPLE)
    return found


def _placed_window(node: Node, context: Context) -> Window:
    found = _WINDOW.read(node, context)
    if found.needs_sun and not context.known.has_place:
        raise needs_place()
    return found


def needs_place() -> Fault:
    """The fault of asking for the sun where the file does not say where the plant stands."""
    return Fault(
        "the sun is asked for, but `site` has no place", "give site its latitude and longitude", Code.PLACE
    )


_SCHEMA: dict[str, Any] = {"type": "string", "examples": ["22:00 to 06:00", "sunset - 30 min to 23:00"]}
_WINDOW: Kind[Window] = from_text(window, _SCHEMA)
WINDOWS: Kind[tuple[Window, ...]] = one_or_many(Kind(_placed_window, _SCHEMA), "span of time")
CLOCK_WINDOW: Kind[Window] = from_text(clock_window, _SCHEMA)
