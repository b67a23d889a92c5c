"""What devices reported, for some weeks: a file of its own beside the ledger, which nothing depends on.

Each upload is kept once, packed. Not synced at every tick: after a power cut the newest may be gone. A file
that is damaged is set aside. Written by whoever holds the folder's lock; read beside it.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from luxagent.errors import StateUnusable
from luxagent.store.db import BUSY_S, Damaged, set_aside, spoken, transaction
from luxagent.store.folder import create_file, make_folder

FILE_NAME = "readings.db"
SWEEP_EVERY = 200
"""Uploads between two looks for what is too old."""
PAGE = 500
COLUMNS = ("serial", "at", "body")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Values = Mapping[str, Any]
"""JSON values by metric."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One upload of one device."""

    at: datetime
    serial: str
    values: Values


class ReadingsFile:
    """Opened at the first reading. `kept_for` nothing keeps nothing."""

    def __init__(self, folder: Path, kept_for: timedelta) -> None:
        self._path = folder / FILE_NAME
        self._kept_for = kept_for
        self._db: sqlite3.Connection | None = None
        self._newest: dict[str, datetime] = {}
        self._since_sweep = SWEEP_EVERY

    def keep(self, readings: Iterable[Kept], now: datetime) -> None:
        """Keep those that are newer than the last of their device. Raises StateUnusable."""
        if not self._kept_for:
            return
        fresh = [one for one in readings if self._newest.get(one.serial, EPOCH) < one.at]
        if not fresh:
            return
        try:
            self._insert(fresh, now)
        except Damaged:
            self.close()
            set_aside(self._path, now)
            self._insert(fresh, now)
        self._newest.update({one.serial: one.at for one in fresh})

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _insert(self, fresh: list[Kept], now: datetime) -> None:
        with spoken(self._path):
            db = self._db = self._db or self._open()
            rows = [(one.serial, _stamp(one.at), _packed(one.values)) for one in fresh]
            with transaction(db):
                db.executemany("INSERT OR IGNORE INTO readings VALUES (?, ?, ?)", rows)
                self._since_sweep += len(rows)
                if self._since_sweep >= SWEEP_EVERY:
                    db.execute("DELETE FROM readings WHERE at < ?", (_stamp(now - self._kept_for),))
                    self._since_sweep = 0

    def _open(self) -> sqlite3.Connection:
        make_folder(self._path.parent)
        try:
            if not self._path.exists():
                create_file(self._path)
        except OSError as error:
            raise StateUnusable(f"{self._path} cannot be made: {error.strerror}.") from error
        db = sqlite3.connect(self._path, isolation_level=None, timeout=BUSY_S)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(
                "CREATE TABLE IF NOT EXISTS readings (serial TEXT NOT NULL, at INTEGER NOT NULL,"
                " body BLOB NOT NULL, PRIMARY KEY (serial, at)) WITHOUT ROWID"
            )
            _refuse_others(db)
        except BaseException:
            db.close()
            raise
        return db


def _refuse_others(db: sqlite3.Connection) -> None:
    if tuple(row[1] for row in db.execute("PRAGMA table_info(readings)")) != COLUMNS:
        raise Damaged("does not hold what this program wrote")


def readings(folder: Path, since: datetime | None = None) -> Iterator[Kept]:
    """What is kept, oldest first, also beside a running agent. Raises StateUnusable."""
    path = folder / FILE_NAME
    if not path.exists():
        return
    try:
        with spoken(path):
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)
            db.text_factory = lambda found: found.decode(errors="replace")
        with closing(db):
            place = (_stamp(since) if since is not None else -(2**63), "")
            while True:
                with spoken(path):
                    rows = db.execute(
                        "SELECT at, serial, body FROM readings WHERE (at, serial) > (?, ?)"
                        " ORDER BY at, serial LIMIT ?",
                        (*place, PAGE),
                    ).fetchall()
                for row in rows:
                    if (kept := _kept(*row)) is not None:
                        yield kept
                if len(rows) < PAGE:
                    return
                place = rows[-1][:2]
    except Damaged as error:
        raise StateUnusable(f"The readings in {path} cannot be read: {error}.") from error


def _stamp(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _packed(values: Values) -> bytes:
    known = {name: value for name, value in values.items() if value is not None}
    return zlib.compress(json.dumps(known, separators=(",", ":")).encode(), 9)


def _kept(at: object, serial: object, body: object) -> Kept | None:
    """What a row holds; None for one that something else has changed."""
    if not isinstance(at, int) or not isinstance(body, bytes):
        return None
    try:
        values = json.loads(zlib.decompress(body))
        return Kept(EPOCH + timedelta(microseconds=at), str(serial), dict(values))
    except (zlib.error, ValueError, TypeError, OverflowError, RecursionError):
        return None
