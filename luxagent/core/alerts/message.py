"""A text for people, on its way to the channels, and what is known of a channel that does not work."""

from dataclasses import dataclass
from datetime import datetime

from luxagent.core.events import Told
from luxagent.core.policy.naming import digest
from luxagent.core.policy.rules import Severity


@dataclass(frozen=True, slots=True)
class Message:
    """One text for people."""

    title: str
    body: str
    """What happened, in one line."""
    severity: Severity = Severity.INFO
    channels: tuple[str, ...] = ()
    """Channel names; empty is every channel whose least severity it reaches."""
    more: tuple[str, ...] = ()
    """Further lines: what was seen, since when, what luxagent does about it, what to do."""
    id: str = ""
    """The same after a restart; what has one is never sent twice."""
    besides: tuple[str, ...] = ()
    """Channels that are left out."""

    @property
    def text(self) -> str:
        """All its lines."""
        return "\n".join((self.body, *self.more))


@dataclass(frozen=True, slots=True)
class ChannelTrouble:
    """A channel that does not take messages."""

    since: datetime
    error: str
    waiting: int = 0
    """Messages that wait for it."""


def message_id(*parts: object) -> str:
    """The id of what the parts name: alert, device, instant, and which of its messages."""
    return digest(tuple(str(part) for part in parts))


def told(message: Message, at: datetime) -> Told:
    """The event that makes sure of a message before anything else is done with it."""
    return Told(
        at,
        message.title,
        message.body,
        id=message.id or message_id(at.isoformat(), message.title, message.text),
        severity=message.severity.value,
        more=message.more,
        channels=message.channels,
        besides=message.besides,
    )


def message_of(event: Told) -> Message:
    """The message again."""
    return Message(
        event.name,
        event.detail,
        Severity(event.severity),
        event.channels,
        event.more,
        event.id,
        event.besides,
    )
