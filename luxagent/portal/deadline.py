"""One deadline for a whole call: name, connection, headers and body.

A time-out of requests bounds each read, not their sum: a server that trickles a byte every few seconds holds
the caller for ever, in its headers as well as in its body. So a watchman shuts the sockets down from outside.
urllib3 may then report a quiet end with status 200 and no body, so the caller has to look at the flag first.
Name resolution cannot be cut; its answer is then too late to be used.
"""

import socket
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from luxagent.errors import TryLater
from luxagent.portal.watchman import Watchman


class Guard:
    """The sockets of one session, and the knife over them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handles: list[tuple[weakref.ref[HTTPConnection], socket.socket]] = []
        self._expired = False
        self._watchman = Watchman(self._cut)

    @contextmanager
    def limit(self, seconds: float) -> Iterator["Guard"]:
        """Within the block, all sockets die after `seconds`; `expired` then tells that they did.

        Raises TryLater, before the block, where the machine has no thread to watch it.
        """
        self._expired = False
        try:
            self._watchman.set(seconds)
        except RuntimeError as error:
            raise TryLater(
                "This machine has no thread left to watch over a request, so none was sent."
                " Look what else runs here, and at TasksMax of the service."
            ) from error
        try:
            yield self
        finally:
            self._watchman.unset()
            self._tidy()

    @property
    def expired(self) -> bool:
        """Whether the deadline of the present or the last call has passed."""
        return self._expired

    def watch(self, connection: HTTPConnection, sock: socket.socket) -> None:
        """Take a second handle on a new socket: it outlives TLS wrapping and early closing."""
        with self._lock:
            self._drop(connection)
            handle = sock.dup()
            self._handles.append((weakref.ref(connection), handle))
            if self._expired:
                _shut(handle)

    def close(self) -> None:
        """Let go of every handle, and of the thread."""
        self._watchman.close()
        with self._lock:
            for _, handle in self._handles:
                handle.close()
            self._handles.clear()

    def _cut(self) -> None:
        with self._lock:
            self._expired = True
            for _, handle in self._handles:
                _shut(handle)

    def _tidy(self) -> None:
        """Let go of handles whose connection is closed: a second handle would keep it half open."""
        with self._lock:
            for known, handle in self._handles[:]:
                connection = known()
                if connection is None or connection.sock is None:
                    handle.close()
                    self._handles.remove((known, handle))

    def _drop(self, connection: HTTPConnection) -> None:
        for known, handle in self._handles[:]:
            if known() is connection:
                handle.close()
                self._handles.remove((known, handle))


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def guarded_pools(guard: Guard) -> dict[str, Any]:
    """urllib3's connection pools by scheme, with every socket under `guard`."""

    class GuardedHTTPConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            guard.watch(self, sock)
            return sock

    class GuardedHTTPSConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            guard.watch(self, sock)
            return sock

    class GuardedHTTPPool(HTTPConnectionPool):
        ConnectionCls = GuardedHTTPConnection

    class GuardedHTTPSPool(HTTPSConnectionPool):
        ConnectionCls = GuardedHTTPSConnection

    return {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}
