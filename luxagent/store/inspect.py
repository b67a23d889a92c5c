"""Whether what is kept is sound, for `doctor`: looks beside a running agent, mends and writes nothing."""

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
from luxagent.store.owned import OWNED_NAME, OwnedFile

_WAITING = (
    "SELECT channel, count(*), max(error) FROM deliveries WHERE state = 'waiting'"
    " GROUP BY channel ORDER BY channel"
)


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
            count, first = db.execute("SELECT count(*), min(at) FROM events").fetchone()
            rows = db.execute("SELECT kind, at, body, total FROM events")
            unreadable = sum(codec.checksum(*row[:3]) != row[3] for row in rows)
            note = db.execute("SELECT body FROM notes WHERE name = 'damage'").fetchone()
            waiting = db.execute(_WAITING).fetchall() if has_outbox(db) else []
    except (Damaged, Unreadable) as error:
        raise StateUnusable(
            f"The ledger {path} {error}; the agent sets it aside at its next start."
        ) from error
    return Inspected(
        memory, count, None if first is None else instant(first), unreadable,
        None if note is None else str(note[0]), tuple(Waiting(*row) for row in waiting),
    )  # fmt: skip


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
