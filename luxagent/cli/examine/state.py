"""`doctor` on the state folder: whose it is, whether the ledger is sound, what is pending, other hands."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from luxagent.cli.examine.access import mode_text, nearest, readers, user_name
from luxagent.cli.examine.line import Line, failure, ok, warning
from luxagent.cli.render.words import alert_text
from luxagent.core.facts.settings import describe
from luxagent.core.memory import Memory
from luxagent.core.sightings import OverrideSeen
from luxagent.errors import StateUnusable
from luxagent.store.inspect import Inspected, inspect, owned_agrees
from luxagent.store.journal import journal
from luxagent.store.lock import holder_pid

HANDS_SINCE = timedelta(days=7)
FLIPPED = "Disks and SD cards that flip bits should be replaced."
_SUFFIXES = (".db", ".db-wal", ".db-shm", ".json")


def state(folder: Path, now: datetime, zone: tzinfo, user: int | None = None) -> Iterator[Line]:
    """The folder and what is in it, as `user` (the one who runs this) may see it; in the zone's time."""
    user = os.geteuid() if user is None else user
    if not folder.exists():
        yield _not_yet(folder)
        return
    found = folder.stat()
    if user not in (0, found.st_uid):
        words = f"{folder} belongs to {user_name(found.st_uid)}; another user cannot look into it."
        yield warning("state", words, "Run this with sudo to have it looked at.")
        return
    yield from _rights(folder)
    yield from _ledger(folder, now, zone)


def _not_yet(folder: Path) -> Line:
    if os.access(nearest(folder), os.W_OK | os.X_OK):
        return ok("state", f"{folder} is not there yet; the first start makes it.")
    words = f"{folder} is not there, and this user cannot make it."
    return warning("state", words, "Nothing to do if a service with StateDirectory= makes it; else --state.")


def _rights(folder: Path) -> Iterator[Line]:
    """Owner and mode of the folder and of the files in it."""
    pid, mode = holder_pid(folder), mode_text(folder)
    running = "no agent is using it" if pid is None else f"process {pid or 'unknown'} is using it"
    if folder.stat().st_mode & 0o077:
        words = f"{folder} ({mode}) is open to others; its journal tells when nobody is at home."
        yield warning("state", words, f"chmod 0700 {folder}")
    else:
        yield ok("state", f"{folder} ({mode}), of {user_name(folder.stat().st_uid)}; {running}.")
    for path in sorted(folder.iterdir()):
        if not path.name.endswith(_SUFFIXES):
            continue
        try:
            theirs, open_to = path.stat().st_uid != folder.stat().st_uid, readers(path)
        except OSError:  # gone between two looks, as SQLite's own files come and go
            continue
        if theirs:
            words = f"{path.name} is of {user_name(path.stat().st_uid)}, not of whom the folder is."
            yield failure("state", words, f"chown --reference={folder} {path}")
        elif open_to:
            yield warning("state", f"{open_to.capitalize()} can read {path.name}.", f"chmod 0600 {path}")


def _ledger(folder: Path, now: datetime, zone: tzinfo) -> Iterator[Line]:
    try:
        found = inspect(folder)
    except StateUnusable as error:
        yield failure("ledger", str(error), "What is owned is kept in owned.json as well; start the agent.")
        return
    if found is None:
        yield ok("ledger", "There is none yet; the first start makes it.")
        return
    running = holder_pid(folder) is not None
    yield from _soundness(folder, found, running=running)
    yield from _pending(found, zone, running=running)
    yield from _silenced(found.memory, now, zone)
    yield _hands(folder, now)


def _soundness(folder: Path, found: Inspected, *, running: bool) -> Iterator[Line]:
    since = "" if found.first is None else f" since {found.first:%Y-%m-%d}"
    if found.unreadable:
        words = (
            f"{found.unreadable} of {found.events} events were changed by something else and are left out."
        )
        yield warning("ledger", words, FLIPPED)
    elif found.unsendable:
        count = (
            "1 waiting message was" if found.unsendable == 1 else f"{found.unsendable} waiting messages were"
        )
        words = f"{count} changed by something else and cannot be sent; `luxagent log` has what was told."
        yield warning("ledger", words, FLIPPED)
    elif found.damage is not None:
        yield warning(
            "ledger", found.damage, "The next good tick ends this; `luxagent status` shows what is owned."
        )
    else:
        yield ok("ledger", f"Sound: {found.events} events{since}.")
    trouble = "" if running else owned_agrees(folder, found.memory)
    if trouble:
        yield warning("ledger", f"{trouble}.", "The next start writes it anew.")


def _pending(found: Inspected, zone: tzinfo, *, running: bool) -> Iterator[Line]:
    """What waits: writes without an outcome, settings to go home, messages."""
    memory = found.memory
    if memory.open and not running:
        named = ", ".join(sorted({f"{write.setting} of {write.serial}" for write in memory.open.values()}))
        yield warning(
            "pending", f"Nobody knows yet what became of {named}.", "The next start reads it first."
        )
    owned = [f"{describe(name).name} of {serial}" for serial, row in memory.owned.items() for name in row]
    if owned and not running:
        words = f"{', '.join(sorted(owned))} would stay as it is: no agent is there to send it home."
        yield warning("pending", words, "Start the agent, or `luxagent restore`.")
    elif owned:
        yield ok("pending", f"Owned, to go home one day: {', '.join(sorted(owned))}.")
    for row in found.waiting:
        count = "1 message waits" if row.count == 1 else f"{row.count} messages wait"
        words = f"{count} for {row.channel}"
        if row.error:
            yield warning(
                "pending", f"{words}: {row.error}.", f"`luxagent notify-test {row.channel}` tries it."
            )
        elif not running:
            yield warning("pending", f"{words}, and no agent is there to send.", "Start the agent.")
    if not memory.open and not owned and not found.waiting:
        yield ok("pending", _paused(memory, zone) or "Nothing waits and nothing is owned.")


def _paused(memory: Memory, zone: tzinfo) -> str:
    if memory.pause is None:
        return ""
    end = memory.pause.until
    until = "" if end is None else f" until {end.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"Paused{until}: hands are off until then, or until `luxagent resume`."


def _silenced(memory: Memory, now: datetime, zone: tzinfo) -> Iterator[Line]:
    """Who has silenced an alert and forgotten it would wait for a message that does not come."""
    for name, until in sorted(memory.watch.silenced.items()):
        if now < until:
            words = f"{alert_text(name)} is silent until {until.astimezone(zone):%Y-%m-%d %H:%M}."
            yield warning("silence", words, f"`luxagent silence {name} off` ends that.")


def _hands(folder: Path, now: datetime) -> Line:
    """Other hands of the last days. The portal's Weekly Settings cannot be read; what they change shows."""
    seen: dict[str, int] = {}
    try:
        for entry in journal(folder, since=now - HANDS_SINCE, kinds=("override_seen",)):
            if isinstance(entry.event, OverrideSeen):
                seen[entry.event.setting] = seen.get(entry.event.setting, 0) + 1
    except StateUnusable as error:
        return warning("other hands", str(error))
    weekly = "The portal's Weekly Settings cannot be read from here: see that they are off."
    if not seen:
        return ok("other hands", "None changed a managed setting in the last 7 days.", weekly)
    counted = ", ".join(
        f"{name} ({count} {'time' if count == 1 else 'times'})" for name, count in sorted(seen.items())
    )
    words = f"In the last 7 days another hand changed {counted}."
    todo = "If it was no person: look for Weekly Settings in the portal, and for another automation."
    return warning("other hands", words, todo)
