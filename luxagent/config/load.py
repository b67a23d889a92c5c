"""The public face of `config`: find the file, check it, load it, and its JSON Schema.

Called by the verbs of `cli`. The environment and the working folder are arguments.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from luxagent.config import file as grammar
from luxagent.config import mending
from luxagent.config.context import Context
from luxagent.config.excerpt import Source
from luxagent.config.file import Config, OnStop
from luxagent.config.findings import START, Code, Fault, Finding, Level
from luxagent.config.nodes import LARGEST_BYTES, Node
from luxagent.config.places import Places
from luxagent.config.secrets import Vault
from luxagent.errors import BadFile

__all__ = [
    "Code", "Config", "Examined", "Finding", "Level", "OnStop",
    "check", "examine", "find", "json_schema", "load", "read", "state_folder",
]  # fmt: skip

VARIABLE = "LUXAGENT_CONFIG"
FILE_NAME = "rules.yaml"
SYSTEM_FILE = Path("/etc/luxagent/rules.yaml")
_READABLE_BY_OTHERS = 0o044
_INDEPENDENT = frozenset({"rules", "alerts", "baseline", "heartbeat", "web", "interval", "state"})
"""Sections that no other one needs in order to be read: without a part of these the rest can be checked."""


class Examined:
    """A file that was read, and a pen for what is found out about it elsewhere: at the portal."""

    def __init__(self, context: Context, root: Node | None, config: Config | None) -> None:
        self._context = context
        self._places = None if root is None else Places(root)
        self.config = None if any(one.severity is Level.ERROR for one in context.findings) else config
        """The file as core values; None where it has an error of its own."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All so far, in the order of the file's lines."""
        return _sorted(self._context)

    def note(self, where: tuple[str, ...], level: Level, code: Code, message: str, hint: str = "") -> None:
        """One more, at the name that these keys lead to: ("rules", "Fill up", "set", "eps")."""
        place = START if self._places is None else self._places.of(where, at_key=True)
        if level is Level.ERROR:
            self._context.error(place, Fault(message, hint, code))
        else:
            self._context.warn(place, code, message, hint)


def find(explicit: str | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The file to use: the one named, else the first that exists. Raises BadFile saying where it looked."""
    if explicit is not None:
        return cwd / explicit
    named = environ.get(VARIABLE)
    if named:
        return cwd / named
    home = environ.get("HOME")
    user = environ.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else "")
    places = [cwd / FILE_NAME, *([Path(user, "luxagent", FILE_NAME)] if user else []), SYSTEM_FILE]
    for place in places:
        if place.is_file():
            return place
    looked = ", ".join(str(place) for place in places)
    raise BadFile(f"There is no rules file: looked for {looked}. Name one with --config or ${VARIABLE}.")


def load(path: Path, *, environ: Mapping[str, str], resolve_secrets: bool) -> Config:
    """The file as core values. Raises BadFile with every finding where there is an error among them."""
    context, _, config = _read(path, environ, resolve=resolve_secrets)
    findings = _sorted(context)
    errors = [finding for finding in findings if finding.severity is Level.ERROR]
    if errors or config is None:
        others = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BadFile(f"{errors[0]}{others}", findings)
    return config


def state_folder(path: Path, *, environ: Mapping[str, str]) -> Path | None:
    """What `state:` says, in a broken file too; None where it says nothing or cannot be read so far."""
    try:
        with path.open("rb") as file:
            found = mending.read(file.read(LARGEST_BYTES + 1))
    except (OSError, ValueError):
        return None
    return grammar.stated_folder(found.root, path, environ.get("HOME"))


def check(path: Path, *, environ: Mapping[str, str]) -> tuple[Finding, ...]:
    """All that is wrong with a file or worth a warning, in the order of its lines."""
    return read(path, environ=environ)[0]


def read(path: Path, *, environ: Mapping[str, str]) -> tuple[tuple[Finding, ...], Config | None]:
    """The same with the file as core values; None where there is an error."""
    examined = examine(path, environ=environ)
    return examined.findings, examined.config


def examine(path: Path, *, environ: Mapping[str, str]) -> Examined:
    """The same, to which more can be added."""
    return Examined(*_read(path, environ, resolve=True))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the file, for editors."""
    return grammar.json_schema()


def _read(
    path: Path, environ: Mapping[str, str], *, resolve: bool
) -> tuple[Context, Node | None, Config | None]:
    context = Context(str(path), Vault(environ), resolve)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
        context.exposed = bool(path.stat().st_mode & _READABLE_BY_OTHERS)
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "that is not a path"
        context.error(START, Fault(f"cannot read the file: {words}", "", Code.UNREADABLE))
        return context, None, None
    if len(data) <= LARGEST_BYTES:  # of a larger file nothing is shown: it is refused unread
        context.source = Source(data.decode("utf-8-sig", "replace"))
    found = mending.read(data)
    for misplaced in found.faults:
        context.error(misplaced.place, misplaced.fault)
    if found.root is None or not mending.is_whole_but_for(found, _INDEPENDENT):
        return context, found.root, None
    return context, found.root, grammar.read_file(found.root, path, environ.get("HOME"), context)


def _sorted(context: Context) -> tuple[Finding, ...]:
    return tuple(sorted(context.findings, key=lambda finding: (finding.line, finding.column)))
