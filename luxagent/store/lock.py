"""One agent per state folder. The kernel holds the lock, so that it is free the moment its process is gone.

Called by the verbs that run ticks or change the ledger. A helper process never inherits it (O_CLOEXEC).
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from luxagent.errors import StateHeld, StateUnusable
from luxagent.store.folder import make_folder, open_own

LOCK_NAME = "agent.lock"


class FolderLock:
    """Holds a state folder from `acquire` to `release`, or for the length of a `with`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the folder, at once or not at all. Raises StateHeld with the other's pid, or StateUnusable."""
        if self._descriptor is not None:
            return
        make_folder(self._folder)
        path = self._folder / LOCK_NAME
        try:
            descriptor = open_own(path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise StateUnusable(f"{path} cannot be opened: {error.strerror}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        except BlockingIOError as error:
            words = _held_by(descriptor)
            os.close(descriptor)
            raise StateHeld(
                f"Another luxagent ({words}) is using {self._folder}. Only one may; "
                "stop that one, or give this one a folder of its own with --state."
            ) from error
        except OSError as error:
            os.close(descriptor)
            raise StateUnusable(f"{path} cannot be locked: {error.strerror}.") from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the folder back. The file stays: taking it away would let two agents lock two files."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def holder_pid(folder: Path) -> int | None:
    """The pid of the agent that holds the folder now; None if nobody does, 0 if who cannot be told.

    Asks for a shared lock for an instant. A second agent starting in that instant would be turned away, so
    this is for verbs that a person types.
    """
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid_in(descriptor) or 0
    else:
        return None
    finally:
        os.close(descriptor)


def _pid_in(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _held_by(descriptor: int) -> str:
    pid = _pid_in(descriptor)
    return "process unknown" if pid is None else f"process {pid}"
