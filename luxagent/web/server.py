"""waitress, in a thread of its own, for as long as the daemon runs."""

import logging
import socket
from threading import Thread
from types import TracebackType
from typing import Any, Self

from waitress import wasyncore
from waitress.server import create_server

from luxagent.errors import NeedsPerson
from luxagent.web.page import make_app
from luxagent.web.vitals import Look

THREADS = 2
"""A monitor and a person."""
SLOWEST_S = 3
"""A visitor that sends or takes nothing for so long is sent away."""
MOST_VISITORS = 20
END_S = 5.0
LARGEST_HEADER = 16 * 1024


class WebServer:
    """Listens from the start. Use it as a context."""

    def __init__(self, look: Look, host: str, port: int, *, loopback: bool, token: str | None) -> None:
        """Raises NeedsPerson if the address cannot be listened on."""
        for name in ("waitress", "waitress.queue"):  # it logs what visitors send
            logging.getLogger(name).addHandler(logging.NullHandler())
            logging.getLogger(name).propagate = False
        app = make_app(look, loopback=loopback, token=token)
        ear = _listening("127.0.0.1" if host == "localhost" else host, port)
        self.port: int = ear.getsockname()[1]
        """Where it listens; with port 0 the one that was found free."""
        self._sockets: dict[int, Any] = {}
        self._server: Any = create_server(
            app,
            map=self._sockets,
            sockets=[ear],
            threads=THREADS,
            channel_timeout=SLOWEST_S,
            cleanup_interval=1,
            connection_limit=MOST_VISITORS,
            max_request_header_size=LARGEST_HEADER,
            max_request_body_size=0,
            ident="",
            clear_untrusted_proxy_headers=True,
        )
        self._thread = Thread(target=self._server.run, name="web", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Its loop ends when no socket is left, and only its own thread may take them away.
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._sockets))
        self._thread.join(END_S)
        self._server.task_dispatcher.shutdown()


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=MOST_VISITORS
        )
    except OSError as error:
        words = error.strerror or "that is not an address of this machine"
        raise NeedsPerson(f"web: {host}:{port} cannot be listened on: {words}.") from error
