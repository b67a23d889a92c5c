"""Tells a watcher outside that ticks are well, so that a dead machine is noticed.

Fits `agent.ports.Heartbeat`. A GET of the address after a good tick, of the address with /fail after a bad
one. Each runs in a thread of its own with a limit of its own; while one is under way the next is left out.
The address is a secret.
"""

import socket
from collections.abc import Callable
from http.client import HTTPConnection, HTTPMessage, HTTPResponse, HTTPSConnection
from threading import Condition, Lock, Thread, Timer
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

LIMIT_S = 5.0
SCHEMES = ("http", "https")


class UrlHeartbeat:
    """One watcher, such as healthchecks.io."""

    def __init__(self, url: str, *, limit_s: float = LIMIT_S) -> None:
        self._good, self._bad = url, _with_fail(url)
        self._limit_s = limit_s
        self._state = Condition()
        self._beating = False
        self.error = ""
        """Why the newest beat that ended did not arrive; empty if it did."""

    def beat(self, good: bool) -> None:
        """Start a beat and return. Never raises."""
        with self._state:
            if self._beating:
                return
            self._beating = True
        try:
            Thread(target=self._beat, args=(self._good if good else self._bad,), daemon=True).start()
        except RuntimeError:  # no thread to be had
            self._done("no thread could be started")

    def settle(self, timeout_s: float) -> bool:
        """Wait for a beat under way, no longer than this. Whether there is none any more."""
        with self._state:
            return self._state.wait_for(lambda: not self._beating, timeout_s)

    def _beat(self, url: str) -> None:
        call, late = _Call(), f"the watcher took longer than {self._limit_s:g} s"
        # The socket's own limit is for each piece of an answer; this one is for the whole.
        timer = Timer(self._limit_s, call.cut)
        timer.daemon = True
        try:
            timer.start()
            error = call.get(url, self._limit_s)
        except Exception as failed:  # noqa: BLE001 - its words may hold the address, and no tick may suffer from it
            # One piece that never came may be noticed just before the whole is cut off.
            timed_out = isinstance(getattr(failed, "reason", failed), TimeoutError)
            error = late if timed_out else "the watcher could not be reached"
        timer.cancel()
        self._done(late if call.was_cut else error)

    def _done(self, error: str) -> None:
        with self._state:
            self.error, self._beating = error, False
            self._state.notify_all()


class _Call:
    """One request, which another thread may cut off."""

    def __init__(self) -> None:
        self.was_cut = False
        self._sockets: list[socket.socket] = []
        self._lock = Lock()

    def get(self, url: str, timeout_s: float) -> str:
        """Why it failed, or nothing. Only web addresses, no proxy, no file, whatever a redirect says."""
        opener = OpenerDirector()
        opener.add_handler(_Http(self.keep))
        opener.add_handler(_Https(self.keep))
        for handler in (_OnlyWeb(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
            opener.add_handler(handler)
        request = Request(url, headers={"User-Agent": "luxagent"})  # noqa: S310 - the opener knows no others
        try:
            reply = opener.open(request, timeout=timeout_s)
        except HTTPError as error:
            with error:
                return f"the watcher answered {error.code}"
        if reply is None:
            return "the watcher's address is not a web address"
        reply.close()
        return ""

    def cut(self) -> None:
        """End the request wherever it is."""
        with self._lock:
            self.was_cut = True
            for one in self._sockets:
                _shut(one)

    def keep(self, one: socket.socket) -> None:
        """A connection was made. Where the time was up before it came to be, it ends at once."""
        with self._lock:
            self._sockets.append(one)
            if self.was_cut:
                _shut(one)


def _shut(one: socket.socket) -> None:
    try:
        socket.socket.shutdown(one, socket.SHUT_RDWR)  # below TLS, which is not made for two threads
    except OSError:  # it has ended by itself
        return


class _OnlyWeb(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme not in SCHEMES:
            raise HTTPError(req.full_url, code, "leads elsewhere", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Http(HTTPHandler):
    def __init__(self, keep: Callable[[socket.socket], None]) -> None:
        super().__init__()
        self._connect = _keeping(HTTPConnection, keep)

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connect, req)


class _Https(HTTPSHandler):
    def __init__(self, keep: Callable[[socket.socket], None]) -> None:
        super().__init__()
        self._connect = _keeping(HTTPSConnection, keep)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connect, req)


def _keeping(
    kind: type[HTTPConnection], keep: Callable[[socket.socket], None]
) -> Callable[..., HTTPConnection]:
    """Makes connections whose sockets can be found again."""

    class Keeping(kind):  # type: ignore[valid-type,misc]
        def connect(self) -> None:
            super().connect()
            keep(self.sock)

    return Keeping


def _with_fail(url: str) -> str:
    """The address with /fail at the end of its path."""
    try:
        parts = urlsplit(url)
    except ValueError:  # not an address at all; the beat will say so
        return url
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
