"""Who is logged in: session ids with a lifetime on the portal's own clock."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=2)
COOKIE = "JSESSIONID"


@dataclass(slots=True)
class Sessions:
    """Several may be open at once, as on the real portal. Used under the server's lock."""

    lifetime: timedelta = LIFETIME
    _ends: dict[str, datetime] = field(default_factory=dict)

    def open(self, now: datetime) -> str:
        number = secrets.token_hex(16).upper()
        self._ends[number] = now + self.lifetime
        return number

    def valid(self, number: str, now: datetime) -> bool:
        ends = self._ends.get(number)
        return ends is not None and now < ends

    def end_all(self) -> None:
        self._ends.clear()


def cookie_number(header: str) -> str:
    """The session id in a Cookie header, or an empty text."""
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""
