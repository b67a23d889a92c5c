"""Messages on their way, on disk beside the journal: one row for each message and channel.

A message is in the journal first (`Told`); `collect` makes its rows and remembers how far it came in one
transaction, so that a crash between the two loses nothing and doubles nothing. Fits `notify.box.Box`. May
be used from several threads. A row that something else has changed is said, and left out: one message is not
worth the agent.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from luxagent.core.alerts.message import Message, message_of
from luxagent.core.alerts.routing import Delivery
from luxagent.core.events import Told
from luxagent.core.policy.rules import Severity
from luxagent.errors import StateUnusable
from luxagent.store import codec
from luxagent.store.codec import Unreadable
from luxagent.store.db import DB_NAME, Damaged, connect, spoken, transaction
from luxagent.store.ledger import EPOCH, microseconds

log = logging.getLogger("luxagent.store")

KEPT_FOR = timedelta(days=31)
"""How long it is remembered that a message was sent."""

WAITING = (
    "SELECT id, message, channel, at, severity, title, body, more, tries, due, failed_at, error, stands_for,"
    " state FROM deliveries WHERE state NOT IN ('sent', 'dropped', 'passed on') ORDER BY id"
)


class SqliteOutbox:
    """The outbox of a ledger that is open already (it brings the file to this version)."""

    def __init__(self, folder: Path) -> None:
        """Raises StateUnusable."""
        self._path = folder / DB_NAME
        self._lock = Lock()
        self._waiting: list[Delivery] | None = None  # as read last; None when it may have changed
        self._damaged: set[int] = set()
        try:
            self._db = connect(self._path)
            with spoken(self._path):
                self._upto = self._how_far()
        except Damaged as error:
            raise StateUnusable(f"The outbox in {self._path} {error}.") from error

    def _how_far(self) -> int:
        """The event up to which messages have rows; found out anew where that is not to be read."""
        rows = self._db.execute("SELECT upto FROM outbox").fetchall()
        newest = self._db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0]
        if rows and isinstance(rows[0][0], int) and 0 <= rows[0][0] <= newest:
            return int(rows[0][0])
        log.warning(
            "how far messages were handed out is not to be read in %s; it is found out anew", self._path
        )
        known = {str(row[0]) for row in self._db.execute("SELECT message FROM deliveries")}
        events = self._db.execute("SELECT id, kind, at, body, total FROM events ORDER BY id DESC").fetchall()
        told = ((number, _told(*row)) for number, *row in events if row[0] == "told")
        upto = next((number for number, event in told if event is not None and event.id in known), newest)
        with transaction(self._db):
            self._db.execute("INSERT OR REPLACE INTO outbox VALUES (1, ?)", (upto,))
        return int(upto)

    def collect(self, route: Callable[[Message], Iterable[str]]) -> int:
        """Make rows of all messages that are new in the journal; how many. Raises StateUnusable."""
        with self._lock, self._usable():
            newest = self._db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0]
            if newest == self._upto:  # as after most ticks
                return 0
            found = self._db.execute(
                "SELECT kind, at, body, total FROM events"
                " WHERE id > ? AND id <= ? AND kind = 'told' ORDER BY id",
                (self._upto, newest),
            ).fetchall()
            rows = 0
            if found:
                with self._changing():
                    for row in found:
                        rows += self._enter(_told(*row), route)
                    self._db.execute("UPDATE outbox SET upto = ?", (newest,))
            self._upto = int(newest)
            return rows

    def _enter(self, event: Told | None, route: Callable[[Message], Iterable[str]]) -> int:
        """Rows for one message; what has no id is from before there was an outbox."""
        if event is None or not event.id:
            return 0
        message = message_of(event)
        names = list(route(message))
        for name in names:
            self._insert(message, name, event.at, "")
        return len(names)

    def _insert(self, message: Message, channel: str, at: datetime, stands_for: str) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO deliveries (message, channel, at, severity, title, body, more, state,"
            " stands_for) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?)",
            (
                message.id, channel, microseconds(at), message.severity.value, message.title, message.body,
                json.dumps({"more": message.more, "besides": message.besides}), stands_for,
            ),
        )  # fmt: skip

    def waiting(self) -> list[Delivery]:
        """What is not sent yet, oldest first. Raises StateUnusable."""
        with self._lock, self._usable():
            if self._waiting is None:
                rows = self._db.execute(WAITING).fetchall()
                self._waiting = [found for row in rows if (found := self._read(row)) is not None]
            return self._waiting.copy()

    def _read(self, row: Sequence[object]) -> Delivery | None:
        try:
            return delivery_of(row)
        except Unreadable:
            number, channel = int(str(row[0])), row[2]
            if number not in self._damaged:
                self._damaged.add(number)
                log.warning(
                    "a message for channel %s is damaged in %s and is not sent; `luxagent log` has it",
                    channel,
                    self._path,
                )
            return None

    def holders(self, message: str) -> frozenset[str]:
        """The channels that have a message, sent or waiting."""
        with self._lock, self._usable():
            rows = self._db.execute(
                "SELECT channel FROM deliveries WHERE message = ? AND state IN ('waiting', 'sent')",
                (message,),
            )
            return frozenset(str(row[0]) for row in rows)

    def pass_on(self, row: Delivery, channel: str) -> None:
        """Let another channel stand in; the first goes on trying until that one has succeeded."""
        with self._lock, self._usable(), self._changing():
            self._insert(row.message, channel, row.at, row.channel)

    def sent(self, rows: Sequence[Delivery], at: datetime) -> None:
        """The channel has taken these. For whom they stand in, they are done as well."""
        with self._lock, self._usable(), self._changing():
            for row in rows:
                self._close(row.id, "sent", at, "")
                if row.stands_for:
                    self._db.execute(
                        "UPDATE deliveries SET state = 'passed on', done = ? WHERE message = ?"
                        " AND channel = ? AND state = 'waiting'",
                        (microseconds(at), row.message.id, row.stands_for),
                    )
            for number in self._damaged:
                self._close(number, "dropped", at, "damaged")
            self._db.execute(
                "DELETE FROM deliveries WHERE state <> 'waiting' AND done < ?", (microseconds(at - KEPT_FOR),)
            )

    def failed(self, rows: Sequence[Delivery], at: datetime, due: datetime, error: str) -> None:
        """The channel has not taken these."""
        with self._lock, self._usable(), self._changing():
            for row in rows:
                self._db.execute(
                    "UPDATE deliveries SET tries = tries + 1, due = ?, error = ?,"
                    " failed_at = coalesce(failed_at, ?) WHERE id = ?",
                    (microseconds(due), error, microseconds(at), row.id),
                )

    def drop(self, rows: Sequence[Delivery], at: datetime, why: str) -> None:
        """Give these up."""
        with self._lock, self._usable(), self._changing():
            for row in rows:
                self._close(row.id, "dropped", at, why)

    def sent_since(self, channel: str, since: datetime) -> int:
        """How many messages went to a channel since then; what went as one counts once."""
        with self._lock, self._usable():
            found = self._db.execute(
                "SELECT count(DISTINCT done) FROM deliveries WHERE channel = ? AND state = 'sent'"
                " AND done > ?",
                (channel, microseconds(since)),
            ).fetchone()
            return int(found[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _close(self, number: int, state: str, at: datetime, error: str) -> None:
        self._db.execute(
            "UPDATE deliveries SET state = ?, done = ?, error = ? WHERE id = ?",
            (state, microseconds(at), error, number),
        )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self._waiting = None
        with transaction(self._db):
            yield

    def _usable(self) -> "_Usable":
        return _Usable(self._path)


class _Usable:
    """Turns what SQLite raises into StateUnusable."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise StateUnusable(f"The outbox in {self._path} cannot be used: {error}.") from error


def _told(kind: str, at: int, body: str, total: int) -> Told | None:
    try:
        event = codec.decode(kind, at, body, total)
    except Unreadable:  # the journal leaves such a row out as well
        return None
    return event if isinstance(event, Told) else None


def _instant(number: int | None) -> datetime | None:
    return None if number is None else EPOCH + timedelta(microseconds=number)


def _words(found: object) -> tuple[str, ...]:
    if not isinstance(found, list):
        raise TypeError("no list")
    return tuple(str(one) for one in found)


def delivery_of(row: Sequence[object]) -> Delivery:
    """What a row of `WAITING` says. Raises Unreadable for one that was not written like that."""
    try:
        return _delivery(row)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise Unreadable(f"holds a message that is not to be read ({error})") from error


def _delivery(row: Sequence[object]) -> Delivery:
    (
        number,
        message,
        channel,
        at,
        severity,
        title,
        body,
        more,
        tries,
        due,
        failed,
        error,
        stands_for,
        state,
    ) = row
    if state != "waiting":
        raise ValueError("it neither waits nor is done")
    extra = json.loads(str(more))
    return Delivery(
        id=int(str(number)),
        message=Message(
            str(title), str(body), Severity(str(severity)), (), _words(extra["more"]), str(message),
            _words(extra["besides"]),
        ),
        channel=str(channel),
        at=_instant(int(str(at))) or EPOCH,
        tries=int(str(tries)),
        due=_instant(None if due is None else int(str(due))),
        failed_at=_instant(None if failed is None else int(str(failed))),
        error=str(error),
        stands_for=str(stands_for),
    )  # fmt: skip
