"""A clock that tests turn by hand, small worlds, and an owner who speaks HTTP."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from luxagent.core.values.sun import Place
from luxagent.sim.house import House
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import SimPortal, WireName

ZONE = ZoneInfo("America/Phoenix")
PLACE = Place(33.45, -112.07)

collect_ignore: list[str] = []
_REAL_CLIENT = "test_a_real_client_of_the_live_wire.py"
if sys.version_info < (3, 12) and importlib.util.find_spec("pylxpweb") is None:
    collect_ignore.append(_REAL_CLIENT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if collect_ignore:
        terminalreporter.write_line(
            f"left out: tests/sim/{_REAL_CLIENT} (pylxpweb needs Python 3.12 or newer)"
        )


@dataclass
class Clock:
    """An aware clock that stands still until it is turned."""

    at: datetime = field(default_factory=lambda: datetime(2026, 1, 15, 12, 0, tzinfo=ZONE))

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **spans: float) -> None:
        self.at += timedelta(**spans)


@dataclass
class Owner:
    """Posts forms with a cookie jar, as any client would."""

    portal: SimPortal
    session: requests.Session

    def post(self, path: str, **form: object) -> requests.Response:
        return self.session.post(
            f"{self.portal.url}/WManage{path}", data=form, timeout=5, allow_redirects=False
        )

    def ask(self, path: str, **form: object) -> dict[str, Any]:
        response = self.post(path, **form)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def login(self, password: str = "any") -> dict[str, Any]:
        return self.ask("/api/login", account="owner@example.invalid", password=password)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def single(clock: Clock) -> House:
    return single_house(clock(), ZONE, PLACE, seed=1)


@pytest.fixture
def pair(clock: Clock) -> House:
    return pair_house(clock(), ZONE, PLACE, seed=1)


@pytest.fixture
def move_in(clock: Clock) -> Iterator[Callable[..., Owner]]:
    """Open a portal for a house and give its owner, logged in unless told otherwise."""
    with ExitStack() as stack:

        def open_portal(
            house: House,
            wire: WireName = "live",
            *,
            login: bool = True,
            **how: Any,  # noqa: ANN401  the portal's own
        ) -> Owner:
            portal = stack.enter_context(SimPortal(house, wire, now=clock, **how))
            owner = Owner(portal, stack.enter_context(requests.Session()))
            if login:
                owner.login(how.get("password") or "any")
            return owner

        yield open_portal
