"""A bell in the state folder: who leaves a request rings it, so that the agent need not wake to look for one.

A datagram socket, as only those who may write to the folder can reach it. Where there is none (another
system, a name too long) nobody hears it, and the agent's own looking now and then is all there is.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "bell"
_RING = b"r"


def ring(folder: Path) -> None:
    """Wake whoever listens. Never raises and never waits."""
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as caller:
        caller.settimeout(0.0)
        with _short(folder) as path:
            caller.sendto(_RING, path)


@contextmanager
def listening(folder: Path, on_ring: Callable[[], None]) -> Iterator[bool]:
    """Have `on_ring` called, from another thread, whenever it rings; whether it can be heard at all.

    For who holds the folder's lock alone: a bell that a dead agent left is taken away.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        try:
            with _short(folder) as path:
                with suppress(FileNotFoundError):
                    (folder / NAME).unlink()
                ear.bind(path)
            (folder / NAME).chmod(0o600)
            listener = threading.Thread(target=_listen, args=(ear, on_ring), name="bell", daemon=True)
            listener.start()
        except (OSError, RuntimeError):  # RuntimeError is that no thread is to be had
            yield False
            return
        try:
            yield True
        finally:
            ear.shutdown(socket.SHUT_RDWR)  # wakes the listener, which then hears nothing
            listener.join()
            with suppress(OSError):
                (folder / NAME).unlink()


def _listen(ear: socket.socket, on_ring: Callable[[], None]) -> None:
    while ear.recv(16):
        on_ring()


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A name of the bell by way of its folder's descriptor: a socket's may have 107 characters at most."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)
