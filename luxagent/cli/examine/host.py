"""`doctor` on this computer: the rules file, the secrets it names, room on the disk."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from luxagent.cli.examine.access import mode_text, nearest, owner, readers, writers
from luxagent.cli.examine.line import Line, failure, ok, warning
from luxagent.config.findings import Code, Finding
from luxagent.config.load import Config
from luxagent.config.secrets import SecretText
from luxagent.errors import BadFile
from luxagent.store import place

SCARCE_BYTES, TIGHT_BYTES = 20 << 20, 200 << 20
"""Below the first the ledger may soon have no room; the second is some ten years of it."""


def broken_file(error: BadFile) -> Line:
    """A file that cannot be used."""
    codes = {finding.code for finding in error.findings if isinstance(finding, Finding)}
    if Code.UNREADABLE in codes:
        return failure(
            "file", f"{error}.", "It has to be a text file that this user may read (chmod, chown)."
        )
    return failure("file", str(error), "`luxagent check` tells all that is wrong with it.")


def file(config: Config) -> Iterator[Line]:
    """The rules file: who can change it, who can read it, what `check` warns of."""
    path = config.path
    try:
        changing, reading, mode = writers(path), readers(path), mode_text(path)
    except OSError as error:  # moved away since it was read
        yield failure("file", f"{path} cannot be looked at: {error.strerror}.")
        return
    if changing:
        words = f"{path} ({mode}) can be changed by {changing}, and with it what your inverter does."
        yield failure("file", words, f"chmod go-w {path}")
    else:
        who = f"{owner(path)} alone can change it"
        also = f", {reading} can read it" if reading else " or read it"
        yield ok("file", f"{path} ({mode}): {who}{also}.")
        if not reading and place.is_of_the_system(path) and not _holds_a_secret(config):
            words = f"Only {owner(path)} and root can read {path}, but the service has a user of its own."
            yield warning("file", words, f"It holds no secret: chmod a+rx {path.parent}; chmod a+r {path}")
    if config.warnings:
        count = len(config.warnings)
        also = f" (and {count - 1} more)" if count > 1 else ""
        yield warning("file", f"{config.warnings[0]}{also}", "`luxagent check` tells them all.")


def secrets(config: Config, environ: Mapping[str, str]) -> Iterator[Line]:
    """Where each secret comes from, and who can read it there."""
    told: set[str] = set()
    for where, secret in _by_place(config, ""):
        if not secret.names:
            words = f"It stands in {config.path} itself: whoever gets a copy of that file has it."
            yield ok(f"secret {where}", words)
        for name in secret.names:
            if name not in told:
                told.add(name)
                yield _secret(name, environ)


def _holds_a_secret(config: Config) -> bool:
    return any(not secret.names for _, secret in _by_place(config, ""))


def _secret(name: str, environ: Mapping[str, str]) -> Line:
    about, folder = f"secret {name}", environ.get("CREDENTIALS_DIRECTORY", "")
    path = Path(folder, name)
    try:
        held = bool(folder) and path.stat().st_size > 0
    except OSError:
        held = False
    if not held:
        words = "It comes from the environment, which every program started beside this one has as well."
        return warning(about, words, "Keep it as a file that systemd hands over (LoadCredential=).")
    reading = readers(path)
    if reading:
        return failure(about, f"{reading.capitalize()} can read {path}.", f"chmod 0600 {path}")
    return ok(about, f"It comes from {path}, which {owner(path)} alone can read.")


def _by_place(value: object, where: str) -> Iterator[tuple[str, SecretText]]:
    """Every secret of the file by its place: "portal.password". Found by type, as `cli.secrets` does."""
    if isinstance(value, SecretText):
        yield where, value
    elif is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            name = "notify" if item.name == "channels" else item.name
            yield from _by_place(getattr(value, item.name), f"{where}.{name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _by_place(one, f"{where}.{key}")


def disk(folder: Path, look: Callable[[Path], os.statvfs_result] = os.statvfs) -> Line:
    """Room where the state is kept."""
    there = nearest(folder)
    try:
        found = look(there)
    except OSError as error:
        return failure("disk", f"The disk of {there} cannot be asked: {error.strerror}.")
    free = found.f_bavail * found.f_frsize
    room = f"{free / 1e9:.1f} GB" if free >= 1e9 else f"{free / 1e6:.0f} MB"
    if found.f_flag & os.ST_RDONLY:
        words = f"The disk of {there} can only be read; nothing new would be written to the inverter."
        return failure("disk", words, "A failing disk or SD card turns read-only: see `dmesg`.")
    if free < SCARCE_BYTES or (found.f_files and not found.f_favail):
        words = f"{there} has {room} left; on a full disk nothing new is written to the inverter."
        return failure("disk", words, "Make room: `journalctl --vacuum-size=200M`, old packages, old logs.")
    if free < TIGHT_BYTES:
        return warning("disk", f"{there} has {room} left.", "Make room before it is full.")
    return ok("disk", f"{room} free where the state is kept.")
