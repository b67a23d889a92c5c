"""Lint about the site: a place that its time zone is far from, and a zone that never has summer time.

Both are easy to write and to overlook, and every sunset, tariff and window of the file hangs on them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from luxagent.core.policy.lint_remarks import Remark, Sort, Study
from luxagent.core.values.sun import Place

_POLE_DEG = 90
_JANUARY, _JULY = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
_FURTHEST_H = 3.5
"""From a zone's clock to the sun's: 3 h in the west of China is the most that is lived with."""
_TROPICS_DEG = 10
_SWAPPED_H, _AT_HOME_H = 2.0, 0.9
"""Hours between the zone's winter clock and the sun of two swapped numbers, as they stand and put right. The
far ends of Patagonia, 1.96 h away, come nearest to looking swapped and being right."""
_NOBODYS = ("UTC", "Etc/UTC")
_FIXED = {"EST": "America/New_York", "MST": "America/Denver, or America/Phoenix where there is none"}
"""Zones of these names never change their clocks; the cities that most people who write them live by."""


def far_place(about: Study) -> Iterator[Remark]:
    """Coordinates on the other side of the Earth from the zone: mostly a minus that is missing.

    UTC is nobody's zone: whoever names it keeps their clocks so on purpose.
    """
    place, zone = about.ruleset.site.place, about.ruleset.site.zone
    if place is None or str(zone) in _NOBODYS:
        return
    winter_h, summer_h = _offset_h(zone, _JANUARY), _offset_h(zone, _JULY)
    if _is_swapped(place, winter_h, summer_h):
        yield Remark(
            Sort.FAR_PLACE,
            ("site", "latitude"),
            f"latitude {place.latitude:g} and longitude {place.longitude:g} look swapped: "
            f"the other way round they are where the clocks of {zone} are",
            f"latitude: {place.longitude:g}, longitude: {place.latitude:g}",
        )
        return
    if _apart_h(place.longitude, winter_h, summer_h) > _FURTHEST_H:
        side = "west of Greenwich is negative" if place.longitude > 0 else "east of Greenwich is positive"
        mended = _apart_h(-place.longitude, winter_h, summer_h) <= _FURTHEST_H
        yield Remark(
            Sort.FAR_PLACE,
            ("site", "longitude"),
            f"the sun at longitude {place.longitude:g} is hours away from the clocks of {zone}",
            f"{side}: longitude: {-place.longitude:g}" if mended else "mend the longitude, or the zone",
        )
    north = summer_h > winter_h
    if winter_h != summer_h and abs(place.latitude) > _TROPICS_DEG and (place.latitude > 0) is not north:
        half = "northern" if north else "southern"
        yield Remark(
            Sort.FAR_PLACE,
            ("site", "latitude"),
            f"{zone} has its summer time in the {half} summer, and latitude {place.latitude:g} is not there",
            f"{'north' if north else 'south'} of the equator is {'positive' if north else 'negative'}: "
            f"latitude: {-place.latitude:g}",
        )


def _is_swapped(place: Place, winter_h: float, summer_h: float) -> bool:
    """Whether the zone would fit well if the two numbers stood in each other's place, and fits badly now."""
    standard_h = min(winter_h, summer_h)
    if abs(place.longitude) > _POLE_DEG or _apart_h(place.longitude, standard_h) <= _SWAPPED_H:
        return False
    other_half = winter_h != summer_h and (place.longitude > 0) is not (summer_h > winter_h)
    return not other_half and _apart_h(place.latitude, standard_h) <= _AT_HOME_H


def fixed_zone(about: Study) -> Iterator[Remark]:
    """A zone by the name of an offset: its clocks never change, while those of the house probably do."""
    name = str(about.ruleset.site.zone)
    if name in _FIXED:
        yield Remark(
            Sort.FIXED_ZONE,
            ("site", "timezone"),
            f"{name} never has summer time",
            f"name a city of your zone, like {_FIXED[name]}",
        )
    elif name.startswith("Etc/GMT") and name[7:].strip("+-0"):
        hours = _offset_h(about.ruleset.site.zone, _JANUARY)
        yield Remark(
            Sort.FIXED_ZONE,
            ("site", "timezone"),
            f"{name} is UTC{hours:+g}, with its sign turned round, and never has summer time",
            "name a city of your zone, like America/Phoenix",
        )


def _offset_h(zone: tzinfo, at: datetime) -> float:
    return (at.astimezone(zone).utcoffset() or timedelta()).total_seconds() / 3600


def _apart_h(longitude: float, *offsets_h: float) -> float:
    """Hours between the sun's clock and the nearer one of the zone's, round the date line."""
    apart = [abs(longitude / 15 - offset) % 24 for offset in offsets_h]
    return min(min(one, 24 - one) for one in apart)
