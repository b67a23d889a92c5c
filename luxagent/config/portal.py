"""`portal`: where the plant is seen and written, as whom, and how its answers are to be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, quote
from luxagent.config.kinds import NAME, PATH, SHORT_TEXT, duration, from_text, number, secret, words
from luxagent.config.literals import no_literal
from luxagent.config.nodes import Node
from luxagent.config.schemas import any_case, pattern
from luxagent.config.secrets import SecretText, has_credentials
from luxagent.config.shape import Fields, Key, Kind, Section, mapping_of, one_or_many

REGIONS = ("eg4-us", "us", "na", "eu", "sea", "af", "cn")
"""The portals by name; their addresses stand in `portal`."""
DEFAULT_SETTLE_S = 3.0
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PortalSection:
    """What the file says of the portal. Exactly one of `region` and `url` is set."""

    region: str | None
    url: str | None
    username: str
    password: SecretText
    wire: str = "auto"
    """auto, document or live."""
    plants: tuple[str, ...] = ()
    """Names or ids; empty is "the only one"."""
    settle_s: float = DEFAULT_SETTLE_S
    """From a write to its read-back."""
    server_time: timedelta | None = None
    """What the portal's stamps mean, as an offset from UTC; None is to be found out."""
    scaling: Mapping[str, float] = field(default_factory=dict)
    """The portal's name of a field to what its raw number is divided by: {"vBat": 10}."""
    proxy: SecretText | None = None
    ca_file: Path | None = None


def is_loopback(url: str | None) -> bool:
    """Whether an address is this machine."""
    host = _host(url) if url else None
    if host is None:
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError for what is not a port
    except ValueError:
        return None
    return parts.hostname or None


def portal_url(written: str) -> str:
    """https://host, or http:// on loopback. Raises Fault, quoting no credentials."""
    written = written.strip()
    if has_credentials(written):
        raise Fault(
            "no account or password belongs in this address", "use username and password", Code.LITERAL_SECRET
        )
    scheme = written.partition("://")[0].lower()
    if scheme not in ("http", "https") or _host(written) is None:
        raise Fault(
            f"{quote(written)} is not the address of a portal", "like https://monitor.eg4electronics.com"
        )
    bare = f"{scheme}://{urlsplit(written).netloc}"
    if written.removesuffix("/").lower() != bare.lower():
        raise Fault("the portal's address goes on behind the host", f"write {bare}")
    if scheme == "http" and not is_loopback(written):
        raise Fault("http:// would show the password to the network", "write https://")
    return written


def _server_time(written: str) -> timedelta | str:
    word = written.strip().lower()
    if word in ("auto", "utc"):
        return "auto" if word == "auto" else timedelta(0)
    match = _OFFSET.fullmatch(word)
    if match is None or int(match[2]) > 14 or int(match[3]) % 15 or int(match[3]) > 45:
        raise Fault(f"{quote(written)} is not an offset", "auto, utc or like +08:00")
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return size if match[1] == "+" else -size


def _ca_file(node: Node, context: Context) -> Path:
    """A path, beside the rules file unless absolute. One that is not there is told where secrets are."""
    found = Path(context.file).absolute().parent / PATH.read(node, context)
    if context.resolve and not _is_there(found):
        raise Fault(f"there is no file {quote(str(found))}", "", Code.UNREADABLE)
    return found


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # within a folder of somebody else's: the service may see it
        return True


_URL = from_text(portal_url, pattern(f"{any_case('http')}[Ss]?://.*"))
_OFFSETS = from_text(_server_time, {"type": "string", "examples": ["auto", "utc", "+08:00"]})

REGION = Key("region", words(*REGIONS), "Which portal the account lives on.")
URL = Key("url", _URL, "The portal's address instead of a region: https://host, or http:// on loopback.")
USERNAME = Key("username", SHORT_TEXT, "The account on the portal.", required=True)
PASSWORD = Key(
    "password", secret(), "Its password: ${LUXAGENT_PASSWORD} keeps it out of the file.", required=True
)
WIRE = Key(
    "wire", words("auto", "document", "live"), "Which form of the portal's API is spoken; auto finds out."
)
PLANTS = Key(
    "plants", one_or_many(SHORT_TEXT, "plants"), "Names or ids of plants; absent while the account has one."
)
SETTLE = Key("settle", duration(0.2, 60.0), "From a write to its read-back; 0.2 s to 60 s.")
SERVER_TIME = Key(
    "server_time", _OFFSETS, "What the portal's time stamps mean: auto, utc or an offset like +08:00."
)
SCALING = Key(
    "scaling", mapping_of(NAME, number(0.000001, 1e6), "scalings"), "Divisors of raw fields: {vBat: 100}."
)
PROXY = Key("proxy", secret(), "A proxy's address; none is used otherwise, not even from the environment.")
CA_FILE = Key(
    "ca_file", Kind(_ca_file, PATH.schema), "A file of certificates to trust instead of the usual ones."
)

SECTION = Section(
    "portal",
    "the portal",
    (REGION, URL, USERNAME, PASSWORD, WIRE, PLANTS, SETTLE, SERVER_TIME, SCALING, PROXY, CA_FILE),
)


def build(fields: Fields, context: Context) -> PortalSection:
    """The section, with what spans several of its keys checked."""
    if (REGION.name in fields.nodes) == (URL.name in fields.nodes):
        fault = Fault("the portal needs a region or a url, and not both", "region: eg4-us", Code.MISSING_KEY)
        context.error(fields.place, fault)
    password = fields.get_or(PASSWORD, SecretText())
    if fields.get(PASSWORD) is not None:
        no_literal(password, fields.place_of(PASSWORD), "the password", context)
    proxy = fields.get(PROXY)
    if proxy is not None and not proxy.names and has_credentials(proxy.reveal()):
        no_literal(proxy, fields.place_of(PROXY), "the proxy's address with its password", context)
    offset = fields.get(SERVER_TIME)
    context.known.wire = fields.get_or(WIRE, "auto")
    return PortalSection(
        region=fields.get(REGION),
        url=fields.get(URL),
        username=fields.get_or(USERNAME, ""),
        password=password,
        wire=context.known.wire,
        plants=fields.get_or(PLANTS, ()),
        settle_s=fields.get_or(SETTLE, DEFAULT_SETTLE_S),
        server_time=offset if isinstance(offset, timedelta) else None,
        scaling=fields.get_or(SCALING, {}),
        proxy=proxy,
        ca_file=fields.get(CA_FILE),
    )
