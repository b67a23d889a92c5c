"""The SQLite file of the ledger: opening, checking, migrating, setting aside.

Write-ahead log and synchronous=FULL: what is committed is on disk, and a reader beside the agent is never in
its way. Called by `ledger` and `journal`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from luxagent.errors import StateUnusable
from luxagent.store.folder import create_file, sync_folder

DB_NAME = "ledger.db"
SIDECARS = ("-wal", "-shm")
BUSY_S = 5.0
"""How long to wait for a person who has the file open in another program."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # `at` is microseconds since 1970 in UTC, `total` the sum of the row. Ids are never used twice.
        "CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,"
        " body TEXT NOT NULL, total INTEGER NOT NULL)",
        "CREATE INDEX events_at ON events (at)",
        # Of these kinds only the newest is kept, with the id of the event that came before it.
        "CREATE TABLE newest (kind TEXT PRIMARY KEY, after INTEGER NOT NULL, body TEXT NOT NULL,"
        " total INTEGER NOT NULL)",
        # Memory as it was after the event `upto`.
        "CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER NOT NULL,"
        " body TEXT NOT NULL, total INTEGER NOT NULL)",
        "CREATE TABLE notes (name TEXT PRIMARY KEY, body TEXT NOT NULL)",
    ),
    (
        # One row for each message and channel. Instants as in `events`; `due` and `failed_at` are empty
        # until a first try has failed, `done` until it is no longer waiting.
        "CREATE TABLE deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL,"
        " channel TEXT NOT NULL, at INTEGER NOT NULL, severity TEXT NOT NULL, title TEXT NOT NULL,"
        " body TEXT NOT NULL, more TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,"
        " due INTEGER, failed_at INTEGER, done INTEGER, error TEXT NOT NULL DEFAULT '',"
        " stands_for TEXT NOT NULL DEFAULT '', UNIQUE (message, channel))",
        "CREATE INDEX deliveries_state ON deliveries (state, channel)",
        # The last event that the deliveries know of.
        "CREATE TABLE outbox (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER NOT NULL)",
        "INSERT INTO outbox SELECT 1, coalesce(max(id), 0) FROM events",
    ),
)
"""What brings a file from each version to the next. The file's `user_version` counts those it has had."""

SCHEMA_VERSION = len(MIGRATIONS)
OUTBOX_VERSION = 2


class Damaged(Exception):
    """The file is not what was written. Never leaves `store`; the words complete "the ledger …"."""


def create_db(path: Path) -> sqlite3.Connection:
    """A new, empty ledger that only its owner may read. Raises StateUnusable."""
    try:
        if not path.exists():
            create_file(path)
    except OSError as error:
        raise StateUnusable(f"{path} cannot be made: {error.strerror}.") from error
    return open_db(path)


def open_db(path: Path) -> sqlite3.Connection:
    """The ledger, checked and brought to this version. Raises Damaged or StateUnusable."""
    # The check must not write: closing a damaged file folds SQLite's log into it or throws that log away.
    with closing(_connect(path, "ro")) as connection, spoken(path):
        _check(connection, path)
    connection = _connect(path, "rw")
    try:
        with spoken(path):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            for version in range(_version(connection), SCHEMA_VERSION):
                _migrate(connection, version)
    except BaseException:
        connection.close()
        raise
    return connection


def _text(found: bytes) -> str:
    """Text as it is kept, with marks where something has made it no text: its row's sum then tells."""
    return found.decode(errors="replace")


def connect(path: Path) -> sqlite3.Connection:
    """Another connection to a ledger that is open already, for any thread. Raises StateUnusable."""
    with spoken(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_S,
            check_same_thread=False,
        )  # fmt: skip
        connection.text_factory = _text
        connection.execute("PRAGMA synchronous = FULL")
        return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The ledger as it is, beside an agent at work; writes nothing. Raises StateUnusable."""
    try:
        try:
            return _readable(path, "mode=ro")
        except StateUnusable:
            # A disk that has turned read-only is when an owner looks here: without a write-ahead log to
            # share, the file can be read as it lies.
            if path.with_name(path.name + "-wal").exists():
                raise
            return _readable(path, "mode=ro&immutable=1")
    except Damaged as error:
        raise StateUnusable(f"{path} is damaged; the agent sets it aside at its next start.") from error


def has_outbox(connection: sqlite3.Connection) -> bool:
    """Whether the file, which may be of an older version, has deliveries at all."""
    return _version(connection) >= OUTBOX_VERSION


def check_pages(connection: sqlite3.Connection) -> None:
    """SQLite's own look at the whole file. Raises Damaged."""
    found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise Damaged(f"fails its own check ({'; '.join(map(str, found))})")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it on disk at the end, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def spoken(path: Path) -> Iterator[None]:
    """Turns what SQLite raises into Damaged or StateUnusable."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite's own words, where they quote what is damaged
        raise Damaged("cannot be read (it holds text that is none)") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise Damaged(f"cannot be read ({error})") from error
        raise StateUnusable(f"{path} cannot be used: {error}. {_ADVICE.get(code, '')}".rstrip()) from error


_ADVICE = {
    sqlite3.SQLITE_FULL: "Make room on the disk; nothing is written to the inverter until then.",
    sqlite3.SQLITE_IOERR: "Look whether the disk is full or failing.",
    sqlite3.SQLITE_READONLY: "The file or its disk may only be read.",
    sqlite3.SQLITE_CANTOPEN: "Look whether it exists, who owns it, and whether the disk is full.",
    sqlite3.SQLITE_BUSY: "Another program has it open.",
}


def set_aside(path: Path, now: datetime) -> Path | None:
    """Move the file and its sidecars out of the way; the new name holds the time. None if there was none.

    Only for who holds the folder's lock. Raises StateUnusable.
    """
    stem = f"{path.stem}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    target, count = path.with_name(f"{stem}{path.suffix}"), 1
    while target.exists():
        count += 1
        target = path.with_name(f"{stem}-{count}{path.suffix}")
    moved = None
    try:
        for end in ("", *SIDECARS):
            source = path.with_name(path.name + end)
            if source.exists():
                source.replace(target.with_name(target.name + end))
                moved = target
        sync_folder(path.parent)
    except OSError as error:
        raise StateUnusable(f"{path} is damaged and cannot be moved aside: {error.strerror}.") from error
    return moved


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    with spoken(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_S
        )
        connection.text_factory = _text
        return connection


def _readable(path: Path, mode: str) -> sqlite3.Connection:
    connection = _connect(path, mode.removeprefix("mode="))
    try:
        with spoken(path):
            _refuse_newer(connection, path)
            connection.execute("SELECT count(*) FROM notes").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    _refuse_newer(connection, path)
    check_pages(connection)
    found, version = _shape(connection), _version(connection)
    if version:  # a backup program may have added tables of its own
        found &= _shape_of(SCHEMA_VERSION)
    if found != _shape_of(version) or _is_counted_out(connection):
        raise Damaged("does not hold what this program wrote")


def _is_counted_out(connection: sqlite3.Connection) -> bool:
    """Whether an id is so large that SQLite would soon find no other, and call the disk full."""
    counted = connection.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone()
    if counted is None:
        return False
    found = [row[0] for row in connection.execute("SELECT seq FROM sqlite_sequence")]
    for table in ("events", "deliveries")[: _version(connection)]:
        found += connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608 - our own names
    return not all(isinstance(number, int) and number < 2**60 for number in found)


def _shape(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """Every table with every column of it, but for SQLite's own."""
    rows = connection.execute(
        "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
    )
    return frozenset((str(table), str(column)) for table, column in rows)


def _shape_of(version: int) -> frozenset[tuple[str, str]]:
    """What a file of that version holds."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statements in MIGRATIONS[: max(version, 0)]:
            for statement in statements:
                connection.execute(statement)
        return _shape(connection)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) > SCHEMA_VERSION:
        raise StateUnusable(
            f"{path} was written by a newer luxagent. Run that version, or name another folder with --state."
        )


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    with transaction(connection):
        for statement in MIGRATIONS[version]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version + 1}")
