"""`notify`, `heartbeat` and `web`: how people and watchers hear of the agent."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, PlainFault, quote
from luxagent.config.kinds import NAME, check_name, from_text, secret, words
from luxagent.config.literals import no_literal
from luxagent.config.nodes import Node, Scalar, Table, entry_of
from luxagent.config.portal import is_loopback
from luxagent.config.secrets import SecretText, has_credentials
from luxagent.config.shape import Fields, Key, Kind, Section, mapping_of, section
from luxagent.config.times import WINDOWS
from luxagent.core.policy.rules import Severity
from luxagent.core.values.windows import Window

OPEN_SCHEMES = (
    "json",
    "jsons",
    "xml",
    "xmls",
    "form",
    "forms",
    "dbus",
    "gnome",
    "macosx",
    "windows",
    "syslog",
)
"""apprise's schemes whose address is no secret by itself; in most others it holds a token or a topic."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a person: an apprise URL, the least severity it is for, and its quiet hours."""

    name: str
    url: SecretText
    severity: Severity = Severity.INFO
    quiet: tuple[Window, ...] = ()
    fallback: str = ""
    """The channel that stands in when this one fails; empty is any that has not got the message."""


@dataclass(frozen=True, slots=True)
class WebSection:
    """Where the optional health page listens."""

    host: str
    port: int
    token: SecretText | None = None


_SEVERITY_WORDS = words(*(one.value for one in Severity))
SEVERITY: Kind[Severity] = Kind(
    lambda node, context: Severity(_SEVERITY_WORDS.read(node, context)), _SEVERITY_WORDS.schema
)

_URL = Key("url", secret(), "An apprise URL: ${NTFY_URL} keeps it out of the file.", required=True)
_SEVERITY = Key("severity", SEVERITY, "The least severity this channel is for; absent is info.")
_QUIET = Key("quiet", WINDOWS, "Hours in which only what is critical is sent.")
_FALLBACK = Key("fallback", NAME, "The channel that stands in when this one fails.")
CHANNEL = Section("notify", "a channel", (_URL, _SEVERITY, _QUIET, _FALLBACK))


def _channel(fields: Fields, context: Context) -> Channel:
    url = fields.get_or(_URL, SecretText())
    if _URL.name in fields.nodes and fields.get(_URL) is not None and not url.names:
        scheme, colon, _rest = url.reveal().partition("://")
        if not colon or not scheme.isalnum():
            context.error(fields.place_of(_URL), Fault("this is not an apprise URL", "like ntfys://my-topic"))
        elif scheme.lower() not in OPEN_SCHEMES or has_credentials(url.reveal()):
            no_literal(url, fields.place_of(_URL), "this address, which is a secret,", context)
    return Channel(
        "",
        url,
        fields.get_or(_SEVERITY, Severity.INFO),
        fields.get_or(_QUIET, ()),
        fields.get_or(_FALLBACK, ""),
    )


_REFERENCE = re.compile(r"\$\{[\w.-]+\}", re.ASCII)
_CHANNELS = mapping_of(NAME, section(CHANNEL, _channel), "channels")


def _standing_in(name: str, known: Mapping[str, object]) -> Callable[[Node, Context], None]:
    """Looks whether a fallback is another channel."""

    def read(node: Node, context: Context) -> None:
        written = context.text(node)
        if written == name:
            raise Fault("a channel cannot stand in for itself", "name another one, or leave `fallback` out")
        check_name(written, [other for other in known if other != name], "channel")

    return read


def _channels(node: Node, context: Context) -> Mapping[str, Channel]:
    if not isinstance(node, Table):
        raise PlainFault("channels are written as a mapping", "like phone: {url: …}", Code.TYPE)
    for name, entry in node.entries.items():
        if isinstance(entry.node, Scalar) and not entry.node.spoilt:
            context.error(entry.node.place, _bare_address(name, entry.node.text))
    mappings = {name: entry for name, entry in node.entries.items() if not isinstance(entry.node, Scalar)}
    found = _CHANNELS.read(Table(node.place, mappings), context)
    for name, entry in mappings.items():
        other = entry_of(entry.node, _FALLBACK.name)
        if other is not None and isinstance(other.node, Scalar):
            context.attempt(_standing_in(name, node.entries), other.node)
    context.known.channels = tuple(node.entries)
    return {name: replace(one, name=name) for name, one in found.items()}


def _bare_address(name: str, written: str) -> Fault:
    """The fault of a channel that is an address alone. That may be a secret, so it is not told."""
    url = f'"{written}"' if _REFERENCE.fullmatch(written) else "…"
    return Fault("a channel is written as a mapping", f"write {name}: {{url: {url}}}", Code.TYPE)


CHANNELS: Kind[Mapping[str, Channel]] = Kind(_channels, _CHANNELS.schema)


def _heartbeat(node: Node, context: Context) -> SecretText:
    found = context.secret(node)
    if not found.names:
        url = found.reveal()
        if not url.lower().startswith(("https://", "http://")):
            raise Fault("this is not a web address", "like https://hc-ping.com/…")
        if url.lower().startswith("http://") and not is_loopback(url):
            raise Fault("http:// would show the address to the network", "write https://")
        if not is_loopback(url) or has_credentials(url):
            # Whoever knows it can keep the watcher content while this machine is dead.
            no_literal(found, node.place, "the heartbeat's address, which is a secret,", context)
    return found


HEARTBEAT: Kind[SecretText] = Kind(_heartbeat, {"type": "string"})

_LISTEN_TEXT = re.compile(r"(?:\[([0-9a-f:]+)\]|([0-9.]+|localhost)):(\d{1,5})", re.IGNORECASE | re.ASCII)


def _listen(written: str) -> tuple[str, int]:
    match = _LISTEN_TEXT.fullmatch(written.strip())
    if match is None or int(match[3]) > 65535:
        raise Fault(f"{quote(written)} is not an address to listen on", "like 127.0.0.1:8788")
    host = (match[1] or match[2]).lower()
    if host != "localhost":
        try:
            ip_address(host)
        except ValueError:
            raise Fault(f"{quote(written)} is not an address to listen on", "like 127.0.0.1:8788") from None
    return host, int(match[3])


_LISTEN = Key(
    "listen",
    from_text(_listen, {"type": "string"}),
    "The address to listen on: 127.0.0.1:8788.",
    required=True,
)
_TOKEN = Key("token", secret(), "What a visitor must show; needed beyond loopback.")
WEB_SECTION = Section("web_page", "the web page", (_LISTEN, _TOKEN))


def _web(fields: Fields, context: Context) -> WebSection:
    host, port = fields.get_or(_LISTEN, ("127.0.0.1", 0))
    token = fields.get(_TOKEN)
    if token is not None:
        no_literal(token, fields.place_of(_TOKEN), "the token", context)
    elif host != "localhost" and not ip_address(host).is_loopback:
        context.error(
            fields.place_of(_LISTEN), Fault("beyond loopback the page needs a token", "token: ${WEB_TOKEN}")
        )
    return WebSection(host, port, token)


WEB: Kind[WebSection] = section(WEB_SECTION, _web)
