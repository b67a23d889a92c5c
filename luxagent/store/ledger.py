"""The ledger: every event on disk, and memory as their fold. Fits `agent.ports.Ledger`.

Only for who holds the folder's lock. `owned.json` beside it follows every change of what is owned, before
`append` returns: an intent is on disk twice before its request leaves.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from luxagent.core.events import Event, Ticked
from luxagent.core.fold import fold
from luxagent.core.memory import Memory
from luxagent.errors import StateUnusable
from luxagent.store import codec
from luxagent.store.codec import Unreadable
from luxagent.store.db import DB_NAME, Damaged, create_db, open_db, set_aside, spoken, transaction
from luxagent.store.folder import make_folder
from luxagent.store.owned import OWNED_NAME, OwnedFile

CHECKPOINT_EVERY = 500
"""Events: a start then folds a few hundred at most."""
KEPT_FOR = timedelta(days=731)
KEPT_AT_LEAST = 20_000
"""A clock that jumps years ahead must not empty the journal."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAMAGE = "damage"


@dataclass(frozen=True, slots=True)
class Folded:
    """Memory, and what it was folded from."""

    memory: Memory = field(default_factory=Memory)
    upto: int = 0
    """The last event that the checkpoint on disk covers."""
    last: int = 0
    """The last event of all."""
    skipped: int = 0
    """Events of a newer version that were passed over."""


class SqliteLedger:
    """An open ledger. Opening recovers from damage; `damage` then tells what happened."""

    def __init__(
        self,
        folder: Path,
        now: datetime,
        *,
        checkpoint_every: int = CHECKPOINT_EVERY,
        kept_for: timedelta = KEPT_FOR,
        kept_at_least: int = KEPT_AT_LEAST,
    ) -> None:
        """Open or make the ledger; `now` names what has to be set aside. Raises StateUnusable."""
        self._path = folder / DB_NAME
        self._owned = OwnedFile(folder)
        self._checkpoint_every, self._kept_for = checkpoint_every, kept_for
        self._kept_at_least = kept_at_least
        self._state = Folded()
        self.damage: str | None = None
        """What was wrong with the ledger, for people. Until a `Ticked` ends it, ticks must be dry."""
        make_folder(folder)
        self._db = self._open(now)
        try:
            self._owned.save(self._state.memory, self._state.last)
        except BaseException:
            self.close()
            raise

    def load(self) -> Memory:
        """Everything recorded so far, folded."""
        return self._state.memory

    @property
    def skipped(self) -> int:
        """Events of a newer version that were passed over."""
        return self._state.skipped

    def append(self, events: Sequence[Event]) -> None:
        """On disk (fsync) when this returns, all of them or none. Raises StateUnusable: then write nothing.

        After it failed nothing is kept for later; the next call tries the disk anew.
        """
        if not events:
            return
        try:
            with spoken(self._path), transaction(self._db):
                state = self._write(events)
        except (Damaged, Unreadable) as error:
            raise StateUnusable(f"{self._path} cannot take what happened: {error}.") from error
        self._state = state
        if any(isinstance(event, Ticked) for event in events):
            self.damage = None
        self._owned.save(state.memory, state.last)

    def close(self) -> None:
        """Fold SQLite's log into the file and let go of it."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, now: datetime) -> sqlite3.Connection:
        first = not self._path.exists() or self._path.stat().st_size == 0
        if first and not self._owned.exists:
            return create_db(self._path)
        if first:
            return self._recover("is empty" if self._path.exists() else "is gone", now)
        try:
            connection = self._read()
        except (Damaged, Unreadable) as error:
            return self._recover(str(error), now)
        if not self._is_behind():
            return connection
        connection.close()
        return self._recover(f"has lost its newest part: {OWNED_NAME} knows of what is not in it", now)

    def _is_behind(self) -> bool:
        """Whether anything kept twice is missing: SQLite drops the end of a damaged write-ahead log unsaid.

        That is saved after the ledger, so that it is never ahead of a ledger that is whole.
        """
        if not self._owned.exists:
            return False
        try:
            written = self._owned.load().last_number > self._state.memory.last_number
        except Unreadable:
            return False
        return written or self._owned.event > self._state.last

    def _read(self) -> sqlite3.Connection:
        connection = open_db(self._path)
        try:
            with spoken(self._path):
                self._state = read(connection)
                row = connection.execute("SELECT body FROM notes WHERE name = ?", (_DAMAGE,)).fetchone()
                self.damage = None if row is None else str(row[0])
        except BaseException:
            connection.close()
            raise
        return connection

    def _recover(self, what: str, now: datetime) -> sqlite3.Connection:
        """A new ledger that begins with what owned.json knows, and remembers that it does."""
        moved = set_aside(self._path, now)
        words = f"The ledger {self._path} {what}."
        if moved is not None:
            words += f" It was set aside as {moved.name}."
        try:
            memory = self._owned.load() if self._owned.exists else Memory()
            words += (
                " What is owned was recovered, and what people have said (pause, flags, values set by hand)"
                " as far as it was kept; timers, budgets and alerts begin anew."
                if self._owned.exists
                else " There was no owned.json, so nothing is known of what was owned."
            )
        except Unreadable as error:
            memory = Memory()
            self._owned.set_aside(now)
            words += f" What is owned is lost as well: {error}."
        self._owned.save(memory, 0)  # else it would find the new ledger behind, at every start
        connection = create_db(self._path)
        try:
            with spoken(self._path), transaction(connection):
                _checkpoint(connection, memory, 0)
                connection.execute("INSERT INTO notes VALUES (?, ?)", (_DAMAGE, words))
        except BaseException:
            connection.close()
            raise
        self._state, self.damage = Folded(memory), words
        return connection

    def _write(self, events: Sequence[Event]) -> Folded:
        """Insert the events, and from time to time a checkpoint."""
        memory, last = self._state.memory, self._state.last
        due = False
        for event in events:
            before, memory = memory, fold(memory, event)
            if isinstance(event, Ticked):
                _upsert(self._db, Ticked(event.at, memory.seen), last)
                if self.damage is not None:
                    self._db.execute("DELETE FROM notes WHERE name = ?", (_DAMAGE,))
                # A tick may mend more than it says (a clock set back); later ones will not tell of that.
                due = due or replace(memory, ticked_at=before.ticked_at, seen=before.seen) != before
            else:
                last = _insert(self._db, event)
        state = replace(self._state, memory=memory, last=last)
        if not due and last - state.upto < self._checkpoint_every:
            return state
        _checkpoint(self._db, memory, last)
        oldest = max(event.at for event in events) - self._kept_for
        self._db.execute(
            "DELETE FROM events WHERE id <= ? AND at < ?", (last - self._kept_at_least, microseconds(oldest))
        )
        return replace(state, upto=last)


def read(connection: sqlite3.Connection) -> Folded:
    """What a ledger's file holds. Raises Unreadable, or what SQLite raises."""
    memory, upto, skipped = Memory(), 0, 0
    row = connection.execute("SELECT upto, body, total FROM checkpoint").fetchone()
    if row is not None:
        memory, upto = codec.decode_memory(*row), int(row[0])
    last = upto
    rows = connection.execute(
        "SELECT id AS number, 0 AS kept, kind, at, body, total FROM events WHERE id > ? UNION ALL"
        " SELECT after, 1, kind, after, body, total FROM newest WHERE after >= ? ORDER BY number, kept",
        (upto, upto),
    )
    for number, _, kind, place, body, total in rows:
        event = codec.decode(kind, place, body, total)
        if event is None:
            skipped += 1
        else:
            memory = fold(memory, event)
        last = int(number)
    return Folded(memory, upto, last, skipped)


def microseconds(at: datetime) -> int:
    """An instant as the `at` column holds it."""
    return (at - EPOCH) // timedelta(microseconds=1)


def instant(stamp: int) -> datetime:
    """What the `at` column holds as an instant."""
    return EPOCH + timedelta(microseconds=stamp)


def _checkpoint(connection: sqlite3.Connection, memory: Memory, upto: int) -> None:
    text = codec.encode_memory(memory)
    connection.execute(
        "INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?, ?)",
        (upto, text, codec.checksum("memory", upto, text)),
    )


def _insert(connection: sqlite3.Connection, event: Event) -> int:
    text, at = codec.encode(event), microseconds(event.at)
    row = (at, event.kind, text, codec.checksum(event.kind, at, text))
    number = connection.execute(
        "INSERT INTO events (at, kind, body, total) VALUES (?, ?, ?, ?)", row
    ).lastrowid
    return number or 0


def _upsert(connection: sqlite3.Connection, event: Event, after: int) -> None:
    text = codec.encode(event)
    connection.execute(
        "INSERT OR REPLACE INTO newest VALUES (?, ?, ?, ?)",
        (event.kind, after, text, codec.checksum(event.kind, after, text)),
    )
