"""From the wall clock back to instants, over the days on which the clocks change.

A wall time in the spring gap never happens, one in the repeated autumn hour happens twice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_STEP = timedelta(hours=6)
_SECOND = timedelta(seconds=1)


def instants(wall: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Each instant, in UTC, at which the clocks of a zone show this naive time: none, one or two."""
    found = []
    for fold in (0, 1):
        at = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if at not in found and at.astimezone(zone).replace(tzinfo=None) == wall:
            found.append(at)
    return tuple(found)


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """One instant for a naive time: the first of two passings; for a missing time, the end of its gap."""
    found = instants(wall, zone)
    if found:
        return found[0]
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    return next(clock_changes(zone, early, late + _SECOND), late)


def days_later(at: datetime, days: int, zone: tzinfo) -> datetime:
    """The instant at which the clocks of a zone show the same time some days later."""
    return instant(at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days), zone)


def clock_changes(zone: tzinfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every instant after `start` and before `end` at which the clocks are put forward or back, in UTC."""
    at = start.astimezone(UTC).replace(microsecond=0)
    while at < end:
        ahead = at + _STEP
        if _offset(at, zone) != _offset(ahead, zone):
            found = _change(at, ahead, zone)
            if start < found < end:
                yield found
        at = ahead


def midnights(first: date, last: date) -> Iterator[datetime]:
    """The naive midnights of all dates from the first to the last."""
    for number in range((last - first).days + 1):
        yield datetime.combine(first + timedelta(number), time())


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first instant of the new offset, to the second."""
    old = _offset(before, zone)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(at: datetime, zone: tzinfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
