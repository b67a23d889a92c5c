"""What the portal's naive time stamps mean: UTC on every portal seen so far; another may say local time.

With `server_time: auto` the offset is found among those that zones have, and only from uploads that have
just come. Until then a reading whose age looks wrong is unknown, which holds every write. One of two things
shows it:

- The stamp moved between two polls. A node of the portal that lags behind does that too, so three such
  stamps in a row have to agree.
- The device's own clock moved, says now in the site's zone, and fits the stamp to the minute once the other
  offset is taken for granted. Two such uploads in a row will do. Not where the stamps went back by little
  more than an hour or less: a node that lags and a clock left on the wrong side of summer time look so.

A node that always lags lets its stamps advance as well. By less than an hour it fits no zone; by more, the
device's own clock tells that the upload is as old as it looks.
"""

import logging
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from luxagent.portal.options import stamp_offset
from luxagent.portal.records import Report

QUARTER = timedelta(minutes=15)
AHEAD = timedelta(minutes=2)
"""How far a stamp may be in the future: clocks differ."""
LONGEST_GAP = timedelta(minutes=30)
"""Between two polls that far apart nobody knows when the newer upload came."""
AGREE, AGREE_WITH_CLOCK = 3, 2
LAG = timedelta(minutes=75)
"""Data this much older than they look may well be served by a node that lags behind."""
OFFSETS = frozenset(
    timedelta(minutes=minutes)
    for minutes in (
        *range(-12 * 60, 14 * 60 + 1, 60),
        *(-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825),
    )
)
"""What the zones of the world are ahead of UTC, in summer or in winter."""

_log = logging.getLogger("luxagent.portal")


class _Upload(NamedTuple):
    stamp: datetime
    seen_at: datetime
    own_clock: datetime | None


class Stamps:
    """The offset in force, and what speaks for another one."""

    def __init__(self, server_time: str) -> None:
        self._auto = server_time == "auto"
        self.offset = stamp_offset(server_time)
        """What the portal's stamps are ahead of UTC."""
        self.found = False
        """Whether that was found out, and not told."""
        self._last: dict[str, _Upload] = {}
        self._other: timedelta | None = None
        self._times = self._times_with_clock = 0

    def recall(self, ahead_min: object) -> None:
        """Take up what an earlier process found out. Raises ValueError or TypeError for what cannot be."""
        if not self._auto or ahead_min is None:
            return
        if not isinstance(ahead_min, int) or isinstance(ahead_min, bool):
            raise TypeError("an offset that is no number")
        offset = timedelta(minutes=ahead_min)
        if offset not in OFFSETS:
            raise ValueError("an offset that no zone has")
        self.offset, self.found = offset, True

    def saw(self, serial: str, stamp: datetime, now: datetime, own_clock: datetime | None = None) -> bool:
        """A device's newest stamp, read as if it were UTC. True when the offset has just changed.

        `own_clock` is what the device's clock showed at that upload, if it and our own can be relied on.
        """
        last, upload = self._last.get(serial), _Upload(stamp, now, own_clock)
        self._last[serial] = upload
        if not self._auto or last is None or now <= last.seen_at:
            return False
        found = _fitting(stamp - now)
        backed = found is not None and self._is_backed(upload, last, found)
        advanced = stamp > last.stamp and now - last.seen_at <= LONGEST_GAP
        if not backed and not advanced:
            return False
        if found is None or found == self.offset or self._is_refuted(upload):
            self._other, self._times, self._times_with_clock = None, 0, 0
            return False
        if found != self._other:
            self._other, self._times, self._times_with_clock = found, 0, 0
        self._times += 1
        self._times_with_clock += backed
        if self._times < AGREE and self._times_with_clock < AGREE_WITH_CLOCK:
            return False
        _log.info("the portal's time stamps are %s ahead of UTC, as they advance", _hours(found))
        self.offset, self.found = found, True
        self._other, self._times, self._times_with_clock = None, 0, 0
        return True

    def _is_backed(self, upload: _Upload, last: _Upload, found: timedelta) -> bool:
        """Whether the device's own clock says that this upload has just come, were the offset `found`."""
        if upload.own_clock is None or last.own_clock is None or upload.own_clock <= last.own_clock:
            return False
        if self._may_lag(found):
            return False
        return abs(upload.stamp - found - upload.own_clock) <= AHEAD

    def _is_refuted(self, upload: _Upload) -> bool:
        """Whether the device's own clock says that this upload is just as old as it looks."""
        if upload.own_clock is None:
            return False
        return abs(upload.stamp - self.offset - upload.own_clock) <= AHEAD

    def _may_lag(self, found: timedelta) -> bool:
        """Whether a node that lags behind would look like this offset."""
        return -LAG <= found - self.offset < timedelta()


def own_clock(report: Report, zone: tzinfo | None, near: datetime) -> datetime | None:
    """What the device's own clock showed at its upload, as an instant, if it runs in the site's zone.

    In the hour that comes twice in autumn, the reading that is nearer to another instant.
    """
    shown = report.device_clock
    if shown is None or zone is None:
        return None
    readings = [shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    return min(readings, key=lambda reading: abs((reading - near).total_seconds()))


def _fitting(ahead: timedelta) -> timedelta | None:
    """The offset of a zone that makes a stamp `ahead` of now recent: two minutes early to 13 minutes late."""
    found = -((AHEAD - ahead) // QUARTER) * QUARTER
    return found if found in OFFSETS else None


def _hours(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
