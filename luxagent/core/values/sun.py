"""Sun times of one place and one day, and the sun's height, behind a face of our own.

The only module that imports astral. Three traps are closed here: astral raises a plain ValueError where
the sun does not rise or set (here that event is None, which means "does not happen that day"), it answers
the wrong local day unless it is given the site's own zone (here it always is), and it loses an event that
passes midnight in UTC.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

import astral
import astral.sun


class SunEvent(StrEnum):
    """A moment of the day that the sun makes; the words are those of the file."""

    DAWN = "dawn"
    SUNRISE = "sunrise"
    NOON = "solar noon"
    SUNSET = "sunset"
    DUSK = "dusk"


@dataclass(frozen=True, slots=True)
class Place:
    """A point on Earth: degrees north (-90 to 90) and degrees east (-180 to 180)."""

    latitude: float
    longitude: float


class Polar(StrEnum):
    """Why a day has neither sunrise nor sunset."""

    DAY = "polar day"
    NIGHT = "polar night"


@dataclass(frozen=True, slots=True)
class SunDay:
    """Each event of one local day as local minutes after midnight; None where it does not happen."""

    day: date
    minutes: dict[SunEvent, int | None]
    polar: Polar | None = None
    """Set where the sun neither rises nor sets that day."""


_HORIZON_DEG = -0.833  # where astral lets the sun rise: half its disc, and refraction
_DRIFT_MIN = 15
"""More than any event moves from one day to the next, but for the last ones before a polar day."""
_FINDERS: dict[SunEvent, Callable[..., datetime]] = {
    SunEvent.DAWN: astral.sun.dawn,
    SunEvent.SUNRISE: astral.sun.sunrise,
    SunEvent.NOON: astral.sun.noon,
    SunEvent.SUNSET: astral.sun.sunset,
    SunEvent.DUSK: astral.sun.dusk,
}


def sun_day(place: Place, day: date, zone: tzinfo) -> SunDay:
    """The sun's events on a local date, at sea-level horizon, rounded to the minute."""
    observer = _observer(place)
    minutes = {event: _minute(find, observer, day, zone) for event, find in _FINDERS.items()}
    if minutes[SunEvent.SUNRISE] is not None or minutes[SunEvent.SUNSET] is not None:
        return SunDay(day, minutes)
    noon = datetime.combine(day, time(12), zone)
    high = astral.sun.elevation(observer, noon, with_refraction=False) > _HORIZON_DEG
    return SunDay(day, minutes, Polar.DAY if high else Polar.NIGHT)


def elevation_deg(place: Place, at: datetime) -> float:
    """The sun's height above the horizon in degrees at an aware instant; negative at night."""
    return float(astral.sun.elevation(_observer(place), at))


@lru_cache(maxsize=16)
def _observer(place: Place) -> astral.Observer:
    return astral.Observer(place.latitude, place.longitude)


def _minute(find: Callable[..., datetime], observer: astral.Observer, day: date, zone: tzinfo) -> int | None:
    found = _found(find, observer, day, zone) or _over_midnight_utc(find, observer, day, zone)
    return None if found is None else found.hour * 60 + found.minute + (found.second >= 30)


def _found(
    find: Callable[..., datetime], observer: astral.Observer, day: date, zone: tzinfo
) -> datetime | None:
    """The event of a local date, in its zone; None where astral finds none on it."""
    try:
        found = find(observer, date=day, tzinfo=zone).astimezone(zone)
    except ValueError:
        return None
    return found if found.date() == day else None


def _over_midnight_utc(
    find: Callable[..., datetime], observer: astral.Observer, day: date, zone: tzinfo
) -> datetime | None:
    """The event of the day on which it passes 00:00 UTC: astral tells it of the day beside.

    It counts the minutes of a UTC date round, so that a sunrise shortly before it becomes one at its end: in
    Karachi 28 May has sunrise at 05:00, 30 May at 04:59, and 29 May none. A day further it is that one's.
    """
    try:
        told = find(observer, date=day, tzinfo=UTC)
    except ValueError:  # it does not happen at all
        return None
    minute = told.hour * 60 + told.minute
    if min(minute, 1440 - minute) > _DRIFT_MIN:
        return None  # it has passed the zone's own midnight: this date has none
    beside = (told + timedelta(days) for days in (-1, 1))
    return next((at for one in beside if (at := one.astimezone(zone)).date() == day), None)
