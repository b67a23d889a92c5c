"""What the portal's naive time stamps mean: UTC on every portal seen so far; another may say local time.

With `server_time: auto` the offset is found in quarter hours, and only from stamps that advance: a stamp that
moved between two polls is the time of an upload that has just come, so it must be recent. Three such stamps
in a row have to agree before anything but what holds now is believed. Until then a reading whose age looks
wrong is unknown, which holds every write.
"""

import logging
from datetime import datetime, timedelta

from luxagent.portal.options import stamp_offset

QUARTER = timedelta(minutes=15)
AHEAD = timedelta(minutes=2)
"""How far a stamp may be in the future: clocks differ."""
LONGEST_GAP = timedelta(minutes=30)
"""Between two polls that far apart nobody knows when the newer upload came."""
AGREE = 3
EARLIEST, LATEST = timedelta(hours=-12), timedelta(hours=14)

_log = logging.getLogger("luxagent.portal")


class Stamps:
    """The offset in force, and what speaks for another one."""

    def __init__(self, server_time: str) -> None:
        self._auto = server_time == "auto"
        self.offset = stamp_offset(server_time)
        """What the portal's stamps are ahead of UTC."""
        self._last: dict[str, tuple[datetime, datetime]] = {}
        self._other: timedelta | None = None
        self._times = 0

    def saw(self, serial: str, stamp: datetime, now: datetime) -> bool:
        """A device's newest stamp, read as if it were UTC. True when the offset has just changed."""
        last = self._last.get(serial)
        self._last[serial] = (stamp, now)
        advanced = last is not None and stamp > last[0] and timedelta() < now - last[1] <= LONGEST_GAP
        if not self._auto or not advanced:
            return False
        found = _fitting(stamp - now)
        if found is None or found == self.offset:
            self._other, self._times = None, 0
            return False
        self._times = self._times + 1 if found == self._other else 1
        self._other = found
        if self._times < AGREE:
            return False
        _log.info("the portal's time stamps are %s ahead of UTC, as they advance", _hours(found))
        self.offset, self._other, self._times = found, None, 0
        return True


def _fitting(ahead: timedelta) -> timedelta | None:
    """The offset that makes a stamp `ahead` of now recent: at most two minutes early, 13 minutes late."""
    found = -((AHEAD - ahead) // QUARTER) * QUARTER
    return found if EARLIEST <= found <= LATEST else None


def _hours(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
