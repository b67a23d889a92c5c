"""The events again, oldest first, for `log` and for verbs that look on beside a running agent.

Opens the ledger for reading, without the lock, and holds no transaction between pages: a `log` that somebody
leaves open in a pager must not keep SQLite's log from being folded in.
"""

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from luxagent.core.events import Event
from luxagent.core.memory import Memory
from luxagent.errors import StateUnusable
from luxagent.store import codec
from luxagent.store.codec import Unreadable
from luxagent.store.db import DB_NAME, Damaged, open_for_reading, spoken
from luxagent.store.ledger import microseconds, read

PAGE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its place in the ledger. Ids only grow."""

    id: int
    event: Event


def journal(
    folder: Path, since: datetime | None = None, kinds: Collection[str] = (), after: int = 0
) -> Iterator[Entry]:
    """The events from `since` on (all without), of these kinds (any without), with ids above `after`.

    Rows that this version cannot read are left out. No ledger yet is no events. Raises StateUnusable.
    """
    path = folder / DB_NAME
    if not path.exists():
        return
    chosen = sorted(kinds)
    where = "id > ? AND at >= ?" + (f" AND kind IN ({', '.join('?' * len(chosen))})" if chosen else "")
    query = f"SELECT id, kind, at, body, total FROM events WHERE {where} ORDER BY id LIMIT {PAGE}"  # noqa: S608 - only our own words
    oldest = -(2**63) if since is None else microseconds(since)
    try:
        with closing(open_for_reading(path)) as connection:
            while True:
                with spoken(path):
                    rows = connection.execute(query, (after, oldest, *chosen)).fetchall()
                for number, *row in rows:
                    event = _readable(*row)
                    if event is not None:
                        yield Entry(number, event)
                if len(rows) < PAGE:
                    return
                after = rows[-1][0]
    except Damaged as error:
        raise StateUnusable(f"The ledger {path} {error}.") from error


def look(folder: Path) -> Memory:
    """Memory as it is on disk now, without the lock and without mending anything. Raises StateUnusable."""
    path = folder / DB_NAME
    if not path.exists():
        return Memory()
    try:
        with closing(open_for_reading(path)) as connection, spoken(path):
            connection.execute("BEGIN")  # one view of all the tables
            return read(connection).memory
    except (Damaged, Unreadable) as error:
        raise StateUnusable(f"The ledger {path} {error}; the agent mends it at its next start.") from error


def _readable(kind: str, at: int, body: str, total: int) -> Event | None:
    try:
        return codec.decode(kind, at, body, total)
    except Unreadable:
        return None
