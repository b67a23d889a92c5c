"""HTTP on loopback with the standard library: requests in, replies out, whole, dripped or cut.

Knows nothing of portals. Threads are daemons, Nagle is off, and a broken line is not worth a word.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from luxagent.sim.pages import error_page
from luxagent.sim.world import Reply, Request

Answer = Callable[[Request, str], Reply]
_Line: TypeAlias = "socket.socket | tuple[bytes, socket.socket]"  # as the library types it
_Address: TypeAlias = object
_MOST_BODY = 1_000_000
_POLL_S = 0.02
"""How soon the accepting thread notices that it should stop."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, answer: Answer, now: Callable[[], datetime]) -> None:
        self.answer, self.now = answer, now
        self.stopping = threading.Event()
        self.open_lines: set[_Line] = set()
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: _Line, client_address: _Address) -> None:
        with self.guard:
            self.open_lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Line) -> None:
        with self.guard:
            self.open_lines.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: _Line, client_address: _Address) -> None:
        """A client that went away is its own business; nothing is printed."""

    def drop_lines(self) -> None:
        self.stopping.set()
        with self.guard:
            lines = list(self.open_lines)
        for line in lines:
            if isinstance(line, socket.socket):
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536
    server: _Server

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  the clock is ours
        return format_datetime(self.server.now().astimezone(UTC), usegmt=True)

    def version_string(self) -> str:
        return "nginx"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
        """Nothing: requests are counted by the portal."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        size = self.headers.get("Content-Length", "0")
        if not size.isdecimal() or int(size) > _MOST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._send(error_page(413))
            return
        form_text = self.rfile.read(int(size)).decode("utf-8", "replace")
        form = dict(parse_qsl(form_text, keep_blank_values=True))
        request = Request(self.command, urlsplit(self.path).path, form)
        self._send(self.server.answer(request, self.headers.get("Cookie", "")))

    def _send(self, reply: Reply) -> None:
        if reply.hang:
            self.server.stopping.wait()
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        if reply.cut_at is not None:
            self.wfile.write(reply.body[: reply.cut_at])
            self.close_connection = True
        elif reply.drip_s:
            for index in range(len(reply.body)):
                self.wfile.write(reply.body[index : index + 1])
                self.wfile.flush()
                if self.server.stopping.wait(reply.drip_s):
                    self.close_connection = True
                    return
        else:
            self.wfile.write(reply.body)


class Listener:
    """A server on 127.0.0.1 that can be started, stopped, and started again on the same port."""

    def __init__(self, answer: Answer, now: Callable[[], datetime], port: int) -> None:
        self._answer, self._now = answer, now
        self._server: _Server | None = _Server(port, answer, now)
        self.port = int(self._server.server_address[1])
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread:
            return
        server = self._server = self._server or _Server(self.port, self._answer, self._now)
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": _POLL_S}, name="sim-portal", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        if self._thread:
            server.shutdown()
            self._thread.join()
            self._thread = None
        server.drop_lines()
        server.server_close()
