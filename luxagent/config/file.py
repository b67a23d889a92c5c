"""The whole file: its top-level keys, the order in which they are read, and the Config they make.

Sections that declare names (devices, flags, tariff periods, channels, guards, limits) are read before those
that use them, whatever their order in the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from luxagent.config.alerts import ALERTS, AlertsSection
from luxagent.config.conditions import condition_schemas
from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, Finding, Level
from luxagent.config.guards import GUARDS, SITE
from luxagent.config.keep import KEEP, KeepSection
from luxagent.config.kinds import NAME, PATH, SERIAL, SWITCH, duration, from_text, words
from luxagent.config.limits import LIMITS
from luxagent.config.lint import warn_of
from luxagent.config.nodes import Node, Scalar, Table
from luxagent.config.notify import CHANNELS, HEARTBEAT, WEB, Channel, WebSection
from luxagent.config.portal import SECTION as PORTAL_SECTION
from luxagent.config.portal import PortalSection, is_loopback
from luxagent.config.portal import build as build_portal
from luxagent.config.rules import RULES
from luxagent.config.schemas import pattern
from luxagent.config.secrets import SecretText
from luxagent.config.sets import BASELINE_SETS
from luxagent.config.shape import Fields, Key, Kind, Section, list_of, mapping_of, section
from luxagent.config.tariff import TARIFF
from luxagent.core.policy.rules import Ruleset
from luxagent.core.values.units import format_duration

T = TypeVar("T")

DEFAULT_INTERVAL_S = 120.0
SHORTEST_INTERVAL_S = 60.0
SHORTEST_LOOPBACK_S = 30.0
"""The built-in portal may be asked more often than somebody else's."""
LONGEST_INTERVAL_S = 3600.0


class OnStop(StrEnum):
    """What becomes of owned settings when the service stops."""

    KEEP = "keep"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Config:
    """A file without errors."""

    path: Path
    ruleset: Ruleset
    portal: PortalSection
    interval_s: float = DEFAULT_INTERVAL_S
    on_stop: OnStop = OnStop.KEEP
    state: Path | None = None
    """The state folder, absolute; None where the file leaves it to the environment."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The owner's names for serials."""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    heartbeat: SecretText | None = None
    web: WebSection | None = None
    keep: KeepSection = field(default_factory=KeepSection)
    warnings: tuple[Finding, ...] = ()
    """What `check` warns of, `not-yet` among it."""


def _declaring(kind: Kind[T], attribute: str) -> Kind[T]:
    """The same kind, whose value the sections below can look up as `known.<attribute>`."""

    def read(node: Node, context: Context) -> T:
        found = kind.read(node, context)
        setattr(context.known, attribute, found)
        return found

    return Kind(read, kind.schema)


NAMES_KIND = mapping_of(NAME, SERIAL, "names")
FLAGS_KIND = list_of(NAME, "flags")


def _version(written: str) -> int:
    if written.strip() != "1":
        raise Fault("this luxagent reads version 1 of the file", "version: 1")
    return 1


VERSION = Key(
    "version",
    from_text(_version, {"anyOf": [{"const": 1}, pattern("1")]}),
    "The version of the file's grammar: 1.",
    required=True,
)
DRY_RUN = Key("dry_run", SWITCH, "Decide, guard and report, but never write. On unless switched off.")
INTERVAL = Key(
    "interval", duration(SHORTEST_LOOPBACK_S, LONGEST_INTERVAL_S), "From tick to tick. Absent is 2 min."
)
ON_STOP = Key(
    "on_stop", words("keep", "restore"), "`restore` goes home when the service stops; absent is keep."
)
STATE = Key("state", PATH, "The folder of the journal and of what is owned.")
PORTAL = Key(
    "portal", section(PORTAL_SECTION, build_portal), "The portal and the account on it.", required=True
)
SITE_KEY = Key("site", SITE, "Where the plant stands.", required=True)
NAMES = Key("names", _declaring(NAMES_KIND, "devices"), "Names for serial numbers, used by `devices`.")
FLAGS = Key(
    "flags", _declaring(FLAGS_KIND, "flags"), "Modes switched by hand: luxagent flag storm on --for 48 h."
)
TARIFF_KEY = Key("tariff", TARIFF, "What a kWh costs and earns, by the clock.")
GUARDS_KEY = Key("guards", _declaring(GUARDS, "guards"), "The numbers of the guards that hold writes back.")
LIMITS_KEY = Key("limits", _declaring(LIMITS, "limits"), "Above all rules: nothing outside is ever written.")
BASELINE = Key("baseline", BASELINE_SETS, "What holds where no rule wants a setting.")
RULES_KEY = Key("rules", RULES, "Read from top to bottom; for each setting the highest that holds decides.")
ALERTS_KEY = Key("alerts", ALERTS, "When people should know.")
NOTIFY = Key("notify", CHANNELS, "Ways to people, by name.")
HEARTBEAT_KEY = Key(
    "heartbeat", HEARTBEAT, "An address asked after every good tick, and …/fail after a bad one."
)
WEB_KEY = Key("web", WEB, "The optional health page.")
KEEP_KEY = Key("keep", KEEP, "How long the state folder remembers.")

# Those that declare names stand first: this is the order of reading, and of the schema.
FILE = Section(
    "",
    "the file",
    (
        *(VERSION, DRY_RUN, INTERVAL, ON_STOP, STATE, SITE_KEY, PORTAL, NAMES, FLAGS, TARIFF_KEY),
        *(LIMITS_KEY, GUARDS_KEY, NOTIFY, HEARTBEAT_KEY, WEB_KEY, KEEP_KEY, BASELINE, RULES_KEY, ALERTS_KEY),
    ),
)


def read_file(root: Node, path: Path, home: str | None, context: Context) -> Config | None:
    """The Config of a file's tree; None where it cannot be made. `context` then holds why."""
    if not isinstance(root, Table):
        context.error(root.place, Fault("the file is a mapping, like version: 1", "", Code.TYPE))
        return None
    fields = _read_in_order(root, context)
    portal, site = fields.get(PORTAL), fields.get(SITE_KEY)
    interval_s = fields.get_or(INTERVAL, DEFAULT_INTERVAL_S)
    if portal is not None and interval_s < SHORTEST_INTERVAL_S and not is_loopback(portal.url):
        message = f"{format_duration(interval_s)} is too often for a portal on the internet"
        context.error(fields.place_of(INTERVAL), Fault(message, "at least 1 min", Code.RANGE))
    if portal is None or site is None:
        return None
    alerts = fields.get_or(ALERTS_KEY, AlertsSection())
    ruleset = Ruleset(
        site=site,
        rules=fields.get_or(RULES_KEY, ()),
        alerts=alerts.rules,
        baseline=fields.get_or(BASELINE, {}),
        limits=context.known.limits,
        guards=context.known.guards,
        tariff=fields.get(TARIFF_KEY),
        flags=frozenset(context.known.flags),
        tunings=alerts.builtin,
        dry_run=fields.get_or(DRY_RUN, default=True),
        interval_s=interval_s,
    )
    on_stop = OnStop(fields.get_or(ON_STOP, "keep"))
    warn_of(ruleset, root, context, keeps_on_stop=on_stop is OnStop.KEEP)
    return Config(
        path=path,
        ruleset=ruleset,
        portal=portal,
        interval_s=interval_s,
        on_stop=on_stop,
        state=_state_folder(fields.get(STATE), path, home),
        names=context.known.devices,
        channels=fields.get_or(NOTIFY, {}),
        heartbeat=fields.get(HEARTBEAT_KEY),
        web=fields.get(WEB_KEY),
        keep=fields.get_or(KEEP_KEY, KeepSection()),
        warnings=tuple(one for one in context.findings if one.severity is not Level.INFO),
    )


def _read_in_order(root: Table, context: Context) -> Fields:
    order = {key.name: index for index, key in enumerate(FILE.keys)}
    entries = sorted(root.entries.items(), key=lambda item: order.get(item[0], len(order)))
    return FILE.read(Table(root.place, dict(entries)), context)


def stated_folder(root: Node | None, path: Path, home: str | None) -> Path | None:
    """What `state:` says in a file that need not be right otherwise; None where that cannot be told."""
    entry = root.entries.get(STATE.name) if isinstance(root, Table) else None
    node = None if entry is None else entry.node
    if not isinstance(node, Scalar) or node.is_null or not node.text or "$" in node.text:
        return None
    return _state_folder(Path(node.text), path, home)


def _state_folder(written: Path | None, path: Path, home: str | None) -> Path | None:
    """Beside the file unless absolute; ~ is the owner's home."""
    if written is None:
        return None
    if home and written.parts[:1] == ("~",):
        written = Path(home, *written.parts[1:])
    return path.absolute().parent / written


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "luxagent rules",
        "description": "What a Luxpower or EG4 inverter should do and when, and when people should know.",
        **FILE.schema(),
        "$defs": condition_schemas(),
    }
