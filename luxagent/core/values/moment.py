"""One instant with all zone work done: local minute of the day, weekday, date and that day's sun.

Made once a tick and passed down, so that rules never do zone arithmetic. A `Calendar` belongs to one site;
it works out the zone's offset once per quarter of an hour and the sun once per day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from luxagent.core.values.sun import Place, SunDay, sun_day

_SLOT_S = 900  # no zone changes its offset other than on a quarter of an hour
_KEPT_DAYS = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """What time it is at the site."""

    at: datetime
    """The instant, aware, in UTC."""
    minute: int
    """Minutes after local midnight by the wall clock, 0 to 1439."""
    weekday: int
    """0 is Monday."""
    day: date
    """Local date."""
    sun: SunDay | None = None
    """None where the site has no place."""
    sun_before: SunDay | None = None
    """The day before's: a window that began yesterday may still be open."""
    sun_after: SunDay | None = None


class Calendar:
    """Turns instants into moments of one site."""

    def __init__(self, zone: tzinfo, place: Place | None = None) -> None:
        self.zone = zone
        self.place = place
        self._slot = -1
        self._offset = timedelta()
        self._day: date | None = None
        self._suns: dict[date, SunDay] = {}
        self._three: tuple[SunDay | None, SunDay | None, SunDay | None] = (None, None, None)

    def moment(self, at: datetime) -> Moment:
        """The moment at an aware instant."""
        slot = int(at.timestamp()) // _SLOT_S
        if slot != self._slot:
            self._slot = slot
            self._offset = at.astimezone(self.zone).utcoffset() or timedelta()
        utc = at.astimezone(UTC)
        local = utc + self._offset
        day = local.date()
        if day != self._day:
            self._day = day
            self._three = (self._sun(day), self._sun(day - timedelta(1)), self._sun(day + timedelta(1)))
        return Moment(utc, local.hour * 60 + local.minute, local.weekday(), day, *self._three)

    def local(self, at: datetime) -> datetime:
        """An instant in site time, for people."""
        return at.astimezone(self.zone)

    def _sun(self, day: date) -> SunDay | None:
        if self.place is None:
            return None
        if day not in self._suns:
            while len(self._suns) >= _KEPT_DAYS:
                del self._suns[next(iter(self._suns))]
            self._suns[day] = sun_day(self.place, day, self.zone)
        return self._suns[day]
