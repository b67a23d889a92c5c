"""`guards` and `site`: the numbers of the guards, and where the plant stands."""

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault
from luxagent.config.kinds import SWITCH, ZONE, duration, from_text, number, quantity
from luxagent.config.shape import Fields, Key, Kind, Section, section
from luxagent.core.policy.rules import GuardRules, Site
from luxagent.core.values.sun import Place
from luxagent.core.values.units import Unit

_ENFORCE = -1.0
_DEFAULT = GuardRules()


def _override(written: str) -> float:
    return _ENFORCE if written.strip().lower() == "enforce" else quantity(written, Unit.S)


_STALE = Key(
    "stale_after", duration(60.0, 86400.0), "A reading older than this is unknown. Absent is 15 min."
)
_EVERY = Key(
    "same_setting_every",
    duration(0.0, 86400.0),
    "Least time between two takes of one setting of one inverter. Absent is 10 min.",
)
_PER_HOUR = Key(
    "writes_per_hour", number(1, 1000, whole=True), "Most writes per inverter in an hour. Absent is 12."
)
_PER_DAY = Key(
    "writes_per_day", number(1, 10_000, whole=True), "Most writes per inverter in a day. Absent is 60."
)
_OVERRIDE = Key(
    "on_override",
    from_text(_override, {"anyOf": [{"type": "string", "examples": ["2 h", "enforce"]}, {"const": 0}]}),
    "How long a setting that another hand changed is left alone, or `enforce`. Absent is 2 h.",
)
_POWER_CUT = Key("allow_power_cut", SWITCH, "Rules may set standby, eps off and discharge_current 0.")
_RAW = Key("allow_raw", SWITCH, "Rules may set raw parameters by the portal's own names.")
GUARDS_SECTION = Section(
    "guards", "guards", (_STALE, _EVERY, _PER_HOUR, _PER_DAY, _OVERRIDE, _POWER_CUT, _RAW)
)


def _guards(fields: Fields, _context: Context) -> GuardRules:
    override = fields.get_or(_OVERRIDE, _DEFAULT.on_override_s)
    return GuardRules(
        stale_after_s=fields.get_or(_STALE, _DEFAULT.stale_after_s),
        same_setting_every_s=fields.get_or(_EVERY, _DEFAULT.same_setting_every_s),
        writes_per_hour=int(fields.get_or(_PER_HOUR, _DEFAULT.writes_per_hour)),
        writes_per_day=int(fields.get_or(_PER_DAY, _DEFAULT.writes_per_day)),
        on_override_s=None if override == _ENFORCE else override,
        allow_power_cut=fields.get_or(_POWER_CUT, _DEFAULT.allow_power_cut),
        allow_raw=fields.get_or(_RAW, _DEFAULT.allow_raw),
    )


GUARDS: Kind[GuardRules] = section(GUARDS_SECTION, _guards)

_TIMEZONE = Key("timezone", ZONE, "The site's time zone: America/Phoenix.", required=True)
_LATITUDE = Key("latitude", number(-90, 90), "Degrees north; needed only if a rule uses the sun.")
_LONGITUDE = Key("longitude", number(-180, 180), "Degrees east; needed only if a rule uses the sun.")
SITE_SECTION = Section("site", "the site", (_TIMEZONE, _LATITUDE, _LONGITUDE))


def build_site(fields: Fields, context: Context) -> Site | None:
    """The site; None where its zone is missing or unknown, which has been told."""
    latitude, longitude = fields.get(_LATITUDE), fields.get(_LONGITUDE)
    given = {key.name for key in (_LATITUDE, _LONGITUDE)} & set(fields.nodes)
    if len(given) == 1:
        fault = Fault("a place needs both latitude and longitude", "", Code.MISSING_KEY)
        context.error(fields.place, fault)
    context.known.has_place = len(given) == 2
    zone = fields.get(_TIMEZONE)
    place = None if latitude is None or longitude is None else Place(latitude, longitude)
    return None if zone is None else Site(zone, place)


SITE: Kind[Site | None] = section(SITE_SECTION, build_site)
