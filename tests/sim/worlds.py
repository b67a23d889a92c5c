"""What the tests of the sim share: a clock turned by hand, an owner who speaks HTTP, a place."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import requests

from luxagent.core.values.sun import Place
from luxagent.sim.house import House
from luxagent.sim.server import SimPortal, WireName

ZONE = ZoneInfo("America/Phoenix")
PLACE = Place(33.45, -112.07)


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


class Enter(Protocol):
    """Open a portal for a house; its owner is logged in unless told otherwise."""

    def __call__(
        self,
        house: House,
        wire: WireName = "live",
        *,
        login: bool = True,
        password: str | None = None,
        faults: list[str] | None = None,
        session: timedelta = timedelta(days=30),
    ) -> Owner: ...
