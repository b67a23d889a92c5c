"""A real HTTP sink on loopback that keeps what it is sent and answers as it is told."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Sink:
    """What arrived, and how to answer: a status, headers, or under /hang not before the end of the test."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str, Any]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.gate = threading.Event()
        self.came = threading.Semaphore(0)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    def wait(self) -> None:
        """Until one more request has come."""
        assert self.came.acquire(timeout=60)

    def close(self) -> None:
        self.gate.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def handler(sink) -> Callable[..., BaseHTTPRequestHandler]:  # noqa: N805 - two selves
        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                sink.arrived.append((self.command, self.path, json.loads(body) if body else None))
                sink.came.release()
                if self.path.startswith("/hang"):
                    sink.gate.wait(60)
                try:
                    self.send_response(sink.status)
                    for name, value in sink.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                except OSError:  # the caller has given up
                    self.close_connection = True

            def do_GET(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def log_message(self, *words: object) -> None:
                pass

        return Handler


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    yield found
    found.close()


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
