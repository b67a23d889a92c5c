"""Sun times of one place and one day, and the sun's height, behind a face of our own.

The only module that imports astral. Two traps are closed here: astral raises a plain ValueError where
the sun does not rise or set (here that event is None, which means "does not happen that day"), and it
answers the wrong local day unless it is given the site's own zone (here it always is).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
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
    try:
        found = find(observer, date=day, tzinfo=zone)
    except ValueError:
        return None
    found = found.astimezone(zone)
    if found.date() != day:
        return None
    return found.hour * 60 + found.minute + (found.second >= 30)
