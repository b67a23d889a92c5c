"""A disk that remembers which writes were waited for, and what is left of it when the power fails.

SQLite writes through a VFS of apsw that notes every write, sync and removal; what luxagent itself syncs and
renames is noted where it asks the operating system. `after` then gives the files as they lie after a power
cut: all that was synced, and of the rest any part, torn anywhere.
"""

import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsw

SECTOR = 512
Files = dict[str, bytearray]
Step = tuple[str, str, Callable[[Files, int | None], None]]
"""What it was ("write", "sync" …), of which file, and how it changes the files; a write may be cut short."""


@dataclass
class Disk:
    """One folder's disk, from the first step to the last."""

    folder: Path
    steps: list[Step] = field(default_factory=list)
    waits: bool = True
    """A disk that is not waited for is what this is a test of."""

    def note(self, kind: str, name: str, change: Callable[[Files, int | None], None] | None = None) -> None:
        self.steps.append((kind, name, change or (lambda files, cut: None)))

    def write(self, name: str, offset: int, data: bytes) -> None:
        def change(files: Files, cut: int | None) -> None:
            found, part = files.setdefault(name, bytearray()), data[:cut]
            found.extend(b"\0" * (offset + len(part) - len(found)))
            found[offset : offset + len(part)] = part

        self.note("write", name, change)

    def truncate(self, name: str, size: int) -> None:
        def change(files: Files, cut: int | None) -> None:
            del files.setdefault(name, bytearray())[size:]

        self.note("write", name, change)

    def create(self, name: str) -> None:
        def change(files: Files, cut: int | None) -> None:
            files.setdefault(name, bytearray())

        self.note("name", name, change)

    def remove(self, name: str) -> None:
        self.note("name", name, lambda files, cut: files.pop(name, None) and None)

    def rename(self, source: str, target: str) -> None:
        def change(files: Files, cut: int | None) -> None:
            files[target] = files.pop(source)

        self.note("name", target, change)

    def after(self, count: int, chance: random.Random | None) -> Files:
        """The files when the power fails after so many steps. Without a chance, all that may be is lost."""
        files: Files = {}
        pending: list[Step] = []
        for kind, name, change in self.steps[:count]:
            if kind == "sync":
                ready = [one for one in pending if one[:2] == ("write", name)]
            elif kind == "sync folder":
                ready = [one for one in pending if one[0] == "name"]
            else:
                ready = []
                pending.append((kind, name, change))
            pending = [one for one in pending if one not in ready]
            for one in ready:
                one[2](files, None)
        for kind, _, change in pending:
            if chance is None or chance.random() < 0.5:
                continue
            torn = kind == "write" and chance.random() < 0.3
            change(files, chance.randrange(8) * SECTOR if torn else None)
        return files


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._disk, self._name = disk, Path(path or "unnamed").name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.write(self._name, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self._disk.truncate(self._name, size)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        if self._disk.waits:
            self._disk.note("sync", self._name)
        super().xSync(flags)


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__("powerless", "")
        self._disk = disk

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _File:
        return _File(self._disk, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:
        self._disk.remove(Path(name).name)
        if syncdir:
            self._disk.note("sync folder", "")
        super().xDelete(name, syncdir)


class _Connection:
    """As much of sqlite3.Connection as the ledger uses."""

    def __init__(self, where: str, **more: object) -> None:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        self._inner = apsw.Connection(where, flags=flags, vfs="powerless")

    def execute(self, sql: str, values: Sequence[Any] = ()) -> "_Cursor":
        return _Cursor(self._inner, self._inner.execute(sql, values))

    @property
    def in_transaction(self) -> bool:
        return self._inner.in_transaction

    def close(self) -> None:
        self._inner.close()


class _Cursor:
    def __init__(self, inner: apsw.Connection, cursor: apsw.Cursor) -> None:
        self._cursor, self.lastrowid = cursor, inner.last_insert_rowid()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._cursor)

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._cursor, None)


@contextmanager
def recorded(disk: Disk) -> Iterator[None]:
    """Everything that is done to the disk's folder inside the `with` is noted."""
    vfs, fsync, replace = _Vfs(disk), os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        fsync(descriptor)
        if path.is_dir():
            for new in path.iterdir():
                if new.is_file() and not any(name == new.name for _, name, _ in disk.steps):
                    disk.create(new.name)
            disk.note("sync folder", "")
        else:
            disk.truncate(path.name, 0)
            disk.write(path.name, 0, path.read_bytes())
            disk.note("sync", path.name)

    def noted_replace(source: Path, target: Path) -> None:
        replace(source, target)
        disk.rename(source.name, target.name)

    with (
        patch.object(sqlite3, "connect", _Connection),
        patch.object(os, "fsync", noted_fsync),
        patch.object(os, "replace", noted_replace),
    ):
        yield
    vfs.unregister()
