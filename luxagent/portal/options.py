"""Where the portal is, whose account it is, and what the owner knows better than we do."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from urllib.parse import urlsplit

from luxagent.errors import NeedsPerson

REGIONS: dict[str, str] = {
    "eg4-us": "https://monitor.eg4electronics.com",
    "us": "https://us.luxpowertek.com",
    "na": "https://na.luxpowertek.com",
    "eu": "https://eu.luxpowertek.com",
    "sea": "https://sea.luxpowertek.com",
    "af": "https://af.luxpowertek.com",
    "cn": "https://server.luxpowertek.com",
}
"""The hosts of the document by the names the file uses. Accounts live on one of them only."""

WIRES = ("auto", "document", "live")


class Secret:
    """Text that shows itself only when asked to: never in a repr, a log line or a traceback."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def out_of(self, words: str) -> str:
        """The words without the secret, should somebody have echoed it."""
        return words.replace(self._text, "(secret)") if len(self._text) > 3 else words

    def __repr__(self) -> str:
        return "Secret(...)"

    def __str__(self) -> str:
        return "(secret)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, slots=True)
class PortalOptions:
    """The `portal` section of the file, with `names` from beside it. Raises NeedsPerson for a bad address."""

    url: str
    """https, or http on loopback only."""
    account: str
    password: Secret
    wire: str = "auto"
    """auto, document or live."""
    plants: tuple[str, ...] = ()
    """Names or ids; may be empty only while the account has one plant."""
    settle_s: float = 3.0
    """From a write to its read-back; the agent's business, kept here because the file has it here."""
    server_time: str = "auto"
    """What the portal's naive time stamps mean: auto, utc or an offset such as +08:00."""
    scaling: Mapping[str, float] = field(default_factory=dict)
    """Divisors by the portal's own field name, stronger than our tables: {"vBat": 100}."""
    proxy: str | None = field(default=None, repr=False)
    """Hidden in a repr, for it may hold a password."""
    ca_file: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """The owner's names by serial."""
    zone: tzinfo | None = None
    """The site's time zone, in which the inverters' own clocks should run."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", checked_url(self.url))
        if self.wire not in WIRES:
            raise NeedsPerson(f"wire: {self.wire} is not one of {', '.join(WIRES)}.")
        for key, divisor in self.scaling.items():
            if not 0 < divisor < 1e9:
                raise NeedsPerson(f"scaling: {key} must be a number above 0, not {divisor}.")
        stamp_offset(self.server_time)


def checked_url(url: str) -> str:
    """The address without a trailing slash. Only the origin counts; anything else is refused."""
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise NeedsPerson("The portal's url cannot be read; write it like https://host.") from None
    if not host or parts.scheme not in ("https", "http"):
        raise NeedsPerson("The portal's url must look like https://host.")
    if parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise NeedsPerson("The portal's url must be a bare https://host, without account, path or query.")
    if parts.scheme == "http" and not is_loopback(host):
        raise NeedsPerson(
            f"The portal's url would send the password to {host} in the clear; use https "
            "(http is for loopback only)."
        )
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(host: str) -> bool:
    """Whether the name means this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def stamp_offset(server_time: str) -> timedelta:
    """How far the portal's naive stamps are ahead of UTC. `auto` means UTC until another offset is proven."""
    if server_time in ("auto", "utc"):
        return timedelta()
    match = re.fullmatch(r"([+-])(\d\d):([0-5]\d)", server_time)
    if match is None or int(match[2]) > 14:
        raise NeedsPerson(f"server_time: {server_time} is not auto, utc or an offset like +08:00.")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -offset if match[1] == "-" else offset
