"""A house behind HTTP on loopback: the portal to practise on, in either wire.

    portal = SimPortal(house, wire="live", now=clock)
    with portal: ...  # portal.url

Each request brings the house to `now()` under one lock, then a fault or the wire answers. The clock is an
argument; so is everything else. `transport` moves the bytes.
"""

import hmac
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, Self

from luxagent.sim import control, pages
from luxagent.sim.faults import Faults
from luxagent.sim.house import House
from luxagent.sim.sessions import COOKIE, Sessions, cookie_number
from luxagent.sim.transport import Listener
from luxagent.sim.wires import document, live
from luxagent.sim.wires.wire import Wire, as_reply
from luxagent.sim.world import Account, Reply, Request, World, Write, new_world

WireName = Literal["live", "document"]
_WIRES: dict[str, Wire] = {"live": live.WIRE, "document": document.WIRE}
_LOGIN = "/WManage/api/login"


class SimPortal:
    """The portal. Start and stop it, or use it as a context manager; it can be started again."""

    def __init__(
        self,
        house: House,
        wire: WireName = "live",
        *,
        now: Callable[[], datetime],
        password: str | None = None,
        faults: Iterable[str] = (),
        port: int = 0,
        account: Account | None = None,
        session_lifetime: timedelta = timedelta(hours=2),
    ) -> None:
        self.house = house
        self.wire: WireName = wire
        self._wire = _WIRES[wire]
        self._now = now
        self._password = password
        self._lock = threading.RLock()
        self._sessions = Sessions(session_lifetime)
        self._counts: Counter[str] = Counter()
        self.world: World = new_world(house, account or Account(), now())
        self.faults = Faults(self.world, self._lock)
        self.world.fate = self.faults.fate
        for name in faults:
            self.faults.on(name)
        self.mistakes: list[Exception] = []
        """Errors of the portal's own code; a test should find none."""
        self._listener = Listener(self._answer, now, port)

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> Counter[str]:
        """How often each path was asked."""
        with self._lock:
            return self._counts.copy()

    @property
    def writes(self) -> list[Write]:
        """Control requests that took effect, in order."""
        with self._lock:
            return list(self.world.writes)

    @property
    def asked(self) -> list[Write]:
        """Control requests that reached the device's door, whatever became of them."""
        with self._lock:
            return list(self.world.asked)

    def end_sessions(self) -> None:
        """Every client has to log in again."""
        with self._lock:
            self._sessions.end_all()

    def by_another_hand(self, serial: str, name: str, value: float | bool) -> None:
        """Change a register as the app or a neighbour would: no request, no entry in `writes`."""
        with self._lock:
            self.house.inverters[serial].registers.put(name, value)

    def settle(self) -> None:
        """Bring the house to the present, as a request would."""
        with self._lock:
            self.world.advance(self._now())

    def start(self) -> None:
        self._listener.start()

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        self._listener.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answer(self, request: Request, cookies: str) -> Reply:
        if request.path.startswith(control.PREFIX):
            return control.answer(self, request)
        with self._lock:
            self._counts[request.path] += 1
            try:
                self.world.advance(self._now())
                reply = self.faults.answer(request)
                if reply is None:
                    reply = self.faults.alter(request, self._route(request, cookies))
            except Exception as mistake:  # noqa: BLE001  a mistake of ours looks like a server's, and is kept
                self.mistakes.append(mistake)
                reply = pages.error_page(500)
            return reply

    def _route(self, request: Request, cookies: str) -> Reply:
        if request.path == pages.LOGIN_PATH:
            return self._web_login(request)
        if request.path == _LOGIN and request.method == "POST":
            return self._api_login(request)
        handler = self._wire.routes.get(request.path)
        if handler is None:
            return pages.error_page(404)
        if request.method != "POST":
            return pages.error_page(405)
        if not self._sessions.valid(cookie_number(cookies), self.world.now):
            return self.faults.no_session() or self._wire.no_session
        return as_reply(handler(self.world, request))

    def _api_login(self, request: Request) -> Reply:
        if not self._welcome(request):
            return as_reply(self._wire.refused)
        reply = as_reply(self._wire.logged_in(self.world))
        return Reply(reply.body, headers=(self._new_cookie(),))

    def _web_login(self, request: Request) -> Reply:
        """The browser's form: HTML whatever happens, a cookie if it went well."""
        if request.method == "POST" and self._welcome(request):
            return Reply(
                b"", 302, headers=(self._new_cookie(), ("Location", "/WManage/web/monitor/inverter"))
            )
        return pages.LOGIN

    def _welcome(self, request: Request) -> bool:
        account, password = request.text("account"), request.text("password")
        if not (account and password):
            return False
        return self._password is None or hmac.compare_digest(self._password.encode(), password.encode())

    def _new_cookie(self) -> tuple[str, str]:
        number = self._sessions.open(self.world.now)
        return "Set-Cookie", f"{COOKIE}={number}; Path=/WManage; HttpOnly"
