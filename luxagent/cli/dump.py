"""What a bug report needs and no more: versions, the file's shape, the state, the last of the journal.

Of the file only known keys are shown, secrets never, the place to a degree, comments not at all; serials,
names, account and plants have aliases throughout.
"""

import os
import platform
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from luxagent import __version__
from luxagent.cli.disguise import SERIAL, Disguise
from luxagent.cli.health import PLANTS_KEY, health
from luxagent.cli.render.values import Json
from luxagent.config import load
from luxagent.config.load import Config
from luxagent.config.nodes import LARGEST_BYTES, Items, Misplaced, Node, Scalar, Table, parse
from luxagent.core.journal import lines
from luxagent.errors import StateUnusable
from luxagent.portal.options import REGIONS
from luxagent.store.journal import journal
from luxagent.store.snapshot import Snapshot

LAST_LINES = 200
LIBRARIES = ("requests", "urllib3", "msgspec", "PyYAML", "croniter", "astral", "apprise", "click")

SHOWN = frozenset(
    {
        *("version", "dry_run", "interval", "on_stop", "portal", "site", "names", "flags", "tariff"),
        *("limits", "guards", "baseline", "rules", "alerts", "web", "keep"),
    }
)
"""Of the top; what is missing here is left out by name."""
SHOWN_OF_PORTAL = frozenset({"region", "url", "wire", "plants", "settle", "server_time", "scaling"})
SHOWN_OF_WEB = frozenset({"listen"})
LEFT_OUT = "(left out)"


def dump(
    path: Path, config: Config | None, folder: Path, environ: dict[str, str], within_s: float, now: datetime
) -> dict[str, Json]:
    """Everything, disguised. Nothing is asked of the portal and nothing is written."""
    status, rows = _snapshot(folder), _journal(folder)
    disguise, tree = _disguise(config, status), _file(path)
    disguise.alias("plant", *_plants(tree, status, rows))
    names = tree.get("names") if isinstance(tree, dict) else None
    if isinstance(names, dict):  # also where the file is too broken for a Config
        disguise.alias("serial", *map(str, names.values()))
        disguise.alias("name", *names)
    disguise.alias("plant", *_before_devices([status, rows], names if isinstance(names, dict) else ()))
    found: dict[str, Json] = {
        "at": now.isoformat(),
        "luxagent": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libraries": {name: _version(name) for name in LIBRARIES},
        "systemd": bool(environ.get("INVOCATION_ID")),
        "file": tree,
        "findings": [str(finding) for finding in load.check(path, environ=environ)],
        "health": health(folder, within_s, now).as_json(),
        "state": _sizes(folder),
        "status": status,
        "journal": rows,
    }
    return {name: disguise.json(value) for name, value in found.items()}


def _disguise(config: Config | None, status: Json) -> Disguise:
    disguise = Disguise(REGIONS.values())
    if isinstance(status, dict):
        for device in status.get("devices", ()):
            disguise.alias("serial", str(device.get("serial", "")))
    if config is not None:
        disguise.alias("serial", *config.names.values())
        disguise.alias("name", *config.names)
        disguise.alias("account", config.portal.username)
    with suppress(OSError, KeyError, RuntimeError):
        disguise.alias("home", str(Path.home()))
    disguise.alias("host", platform.node())
    return disguise


def _plants(tree: Json, status: Json, rows: Json) -> Iterator[str]:
    """The plants' names: as the file has them, and as the portal has them, in front of each unit's name."""
    portal = tree.get("portal") if isinstance(tree, dict) else None
    written = portal.get("plants") if isinstance(portal, dict) else None
    yield from (str(one) for one in (written if isinstance(written, list) else [written]) if one)
    told = status.get(PLANTS_KEY) if isinstance(status, dict) else None
    yield from (str(one) for one in told) if isinstance(told, list) else ()
    found = [*_members(status, "devices", "unit"), *_members(status, "units", "unit")]
    found += (
        [str(row.get("serial")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )
    for unit in found:
        plant = unit.rpartition("/")[0]
        if not SERIAL.fullmatch(plant):  # a battery is named after its inverter: 44300E0585/Battery_ID_02
            yield plant


def _before_devices(value: Json, names: Iterable[str]) -> Iterator[str]:
    """What stands before a device at the beginning of a text, as "Plant, garage: …" of an alert."""
    devices = "|".join([SERIAL.pattern, *(rf"{re.escape(name)}(?!\w)" for name in names)])
    pattern = re.compile(rf"([^,:]{{1,80}}(?:, [^,:]{{1,80}})?), (?:{devices})")
    yield from (found[1] for text in _texts(value) if (found := pattern.match(text)))


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _members(status: Json, rows: str, name: str) -> list[str]:
    found = status.get(rows) if isinstance(status, dict) else None
    return [str(row.get(name, "")) for row in found or () if isinstance(row, dict)]


def _file(path: Path) -> Json:
    """The tree of the file with what may be shown; the reason where it is no tree."""
    try:
        with path.open("rb") as file:
            root, _faults = parse(file.read(LARGEST_BYTES + 1))
    except (OSError, Misplaced) as error:
        return f"cannot be shown: {type(error).__name__}"
    if not isinstance(root, Table):
        return "is not a mapping"
    return {key: _shown(key, entry.node) for key, entry in root.entries.items()}


def _shown(key: str, node: Node) -> Json:
    if key not in SHOWN:
        return LEFT_OUT
    if key in ("portal", "web") and isinstance(node, Table):
        allowed = SHOWN_OF_PORTAL if key == "portal" else SHOWN_OF_WEB
        return {name: _plain(one.node) if name in allowed else LEFT_OUT for name, one in node.entries.items()}
    if key == "site" and isinstance(node, Table):
        return {
            name: _plain(one.node) if name == "timezone" else _degree(one.node)
            for name, one in node.entries.items()
        }
    return _plain(node)


def _plain(node: Node) -> Json:
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Items):
        return [_plain(one) for one in node.items]
    return {key: _plain(entry.node) for key, entry in node.entries.items()}


def _degree(node: Node) -> Json:
    """A place to within a hundred kilometres."""
    try:
        return round(float(node.text)) if isinstance(node, Scalar) else LEFT_OUT
    except (ValueError, OverflowError):
        return LEFT_OUT


def _snapshot(folder: Path) -> Json:
    snapshot = Snapshot(folder)
    return snapshot.read() or ("cannot be read" if snapshot.load() else None)


def _sizes(folder: Path) -> Json:
    """The files of the state folder, in bytes."""
    found: dict[str, Json] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                found[entry.name] = entry.stat().st_size if entry.is_file() else "folder"
    except OSError as error:
        return f"cannot be looked at: {error.strerror}"
    return found


def _journal(folder: Path) -> Json:
    try:
        last = deque(lines(entry.event for entry in journal(folder)), maxlen=LAST_LINES)
    except StateUnusable:
        return "cannot be read"
    return [line.as_json() for line in last]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
