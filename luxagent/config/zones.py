"""Time zones by the names that people give them.

A house's zone is a city's name, `America/Phoenix`: only that knows when clocks are put forward. For an
abbreviation a city is offered, never another abbreviation, which is somebody else's time.
"""

import re
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from luxagent.config.findings import Code, Fault, quote

_CITIES = {
    "PST PDT PT PACIFIC": "America/Los_Angeles", "MDT MT MOUNTAIN": "America/Denver",
    "CDT CT CENTRAL": "America/Chicago", "EDT ET EASTERN": "America/New_York",
    "AKST AKDT": "America/Anchorage", "NST NDT": "America/St_Johns", "BRT": "America/Sao_Paulo",
    "BST": "Europe/London", "CEST MEZ MESZ": "Europe/Berlin", "EEST": "Europe/Athens",
    "WEST": "Europe/Lisbon", "TRT": "Europe/Istanbul", "MSK": "Europe/Moscow",
    "AEST AEDT": "Australia/Sydney", "ACST ACDT": "Australia/Adelaide", "AWST": "Australia/Perth",
    "NZST NZDT": "Pacific/Auckland",
    "SAST": "Africa/Johannesburg", "CAT": "Africa/Harare", "EAT": "Africa/Nairobi", "WAT": "Africa/Lagos",
    "PKT": "Asia/Karachi", "PHT": "Asia/Manila", "SGT": "Asia/Singapore", "ICT": "Asia/Bangkok",
    "WIB": "Asia/Jakarta", "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "HKT": "Asia/Hong_Kong",
}  # fmt: skip
_SEVERAL = {
    "IST": "Asia/Kolkata", "CST": "America/Chicago", "AST": "America/Halifax", "GST": "Asia/Dubai",
    "SST": "Pacific/Pago_Pago", "AMT": "America/Manaus", "ECT": "America/Guayaquil",
}  # fmt: skip
"""Abbreviations of which more than one part of the world is fond, and one city each."""
_CITY_OF = {short: city for shorts, city in _CITIES.items() for short in shorts.split()}
_SUFFIX = re.compile(r"\s+(?:(?:standard|daylight)\s+)?time$", re.IGNORECASE)
_SHORT = re.compile(r"[A-Z]{1,5}|[A-Za-z]{0,3}\s*[+-]\s*\d.*")
_CLOSE = 0.75


def zone(written: str) -> ZoneInfo:
    """A zone by its name. Raises Fault."""
    try:
        return ZoneInfo(written.strip())
    except (KeyError, ValueError, OSError):  # KeyError: not found; OSError: a folder of zones, like "America"
        raise unknown_zone(written) from None


def unknown_zone(written: str) -> Fault:
    """The fault of a name that is no zone's, with the city that was probably meant."""
    return Fault(f"there is no time zone {quote(written)}", _hint(written), Code.UNKNOWN_NAME)


def _hint(written: str) -> str:
    short = _SUFFIX.sub("", written.strip()).upper()
    if short in _SEVERAL:
        return f"several are called that; name a city, Area/City, like {_SEVERAL[short]}"
    found = _CITY_OF.get(short) or _near(written.strip())
    return f"did you mean {found!r}?" if found else "name a city, Area/City, like America/Phoenix"


def _near(written: str) -> str:
    """A zone of a similar name or city; an abbreviation or an offset is similar to none."""
    if _SHORT.fullmatch(written):
        return ""
    flat = written.lower().replace(" ", "_")
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    if any(name.lower().startswith(f"{flat}/") for name in names):
        return ""  # a part of the world, not a city in it
    # Of two names for one city the longer is the older.
    cities = {name.rpartition("/")[2].lower(): name for name in sorted(names, key=len, reverse=True)}
    known = {name.lower(): name for name in names} if "/" in flat else cities
    close = get_close_matches(flat, known, n=1, cutoff=_CLOSE)
    return known[close[0]] if close else ""
