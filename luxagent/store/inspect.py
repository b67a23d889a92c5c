"""Whether what is kept is sound, for `doctor`: looks beside a running agent, mends and writes nothing."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from luxagent.core.memory import Memory
from luxagent.errors import StateUnusable
from luxagent.store import codec
from luxagent.store.codec import Unreadable
from luxagent.store.db import DB_NAME, Damaged, check_pages, has_outbox, open_for_reading, spoken
from luxagent.store.ledger import instant, read
from luxagent.store.outbox import WAITING, delivery_of
from luxagent.store.owned import OWNED_NAME, OwnedFile


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages that one channel has not taken yet."""

    channel: str
    count: int
    error: str
    """Why the last try failed; empty before the first."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a sound ledger holds."""

    memory: Memory
    events: int
    first: datetime | None
    """The oldest event."""
    unreadable: int
    """Lines of the journal that something else has changed; they are left out everywhere."""
    damage: str | None
    """What was wrong with the ledger before this one, until a good tick has passed."""
    waiting: tuple[Waiting, ...]
    unsendable: int
    """Messages on their way that something else has changed; they are left out."""


def inspect(folder: Path) -> Inspected | None:
    """The ledger, every line of it checked; None where there is none yet. Raises StateUnusable."""
    path = folder / DB_NAME
    if not path.exists():
        return None
    try:
        with closing(open_for_reading(path)) as db, spoken(path):
            check_pages(db)
            db.execute("BEGIN")  # one view of all the tables
            memory = read(db).memory
            count, unreadable, first = _events(db)
            note = db.execute("SELECT body FROM notes WHERE name = 'damage'").fetchone()
            waiting, unsendable = _waiting(db) if has_outbox(db) else ((), 0)
    except (Damaged, Unreadable) as error:
        raise StateUnusable(
            f"The ledger {path} {error}; the agent sets it aside at its next start."
        ) from error
    return Inspected(
        memory, count, first, unreadable,
        None if note is None else str(note[0]), waiting, unsendable,
    )  # fmt: skip


def _events(db: sqlite3.Connection) -> tuple[int, int, datetime | None]:
    """How many events, how many of them something else has changed, and when the oldest other one was."""
    count, sound = 0, []
    for kind, at, body, total in db.execute("SELECT kind, at, body, total FROM events"):
        count += 1
        if codec.checksum(kind, at, body) == total:
            sound.append(at)
    return count, count - len(sound), instant(min(sound)) if sound else None


def _waiting(db: sqlite3.Connection) -> tuple[tuple[Waiting, ...], int]:
    by_channel: dict[str, list[str]] = {}
    unsendable = 0
    for row in db.execute(WAITING):
        try:
            found = delivery_of(row)
        except Unreadable:
            unsendable += 1
        else:
            by_channel.setdefault(found.channel, []).append(found.error)
    rows = (Waiting(name, len(errors), max(errors)) for name, errors in sorted(by_channel.items()))
    return tuple(rows), unsendable


def owned_agrees(folder: Path, memory: Memory) -> str:
    """What is wrong with owned.json beside a ledger that nobody is writing; empty if nothing."""
    file = OwnedFile(folder)
    if not file.exists:
        return f"{OWNED_NAME} is gone"
    try:
        kept = file.load()
    except Unreadable as error:
        return str(error)
    return "" if kept.owned == memory.owned else f"{OWNED_NAME} tells another story than the ledger"
