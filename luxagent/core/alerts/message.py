"""A text for people, on its way to the channels."""

from dataclasses import dataclass

from luxagent.core.policy.rules import Severity


@dataclass(frozen=True, slots=True)
class Message:
    """One text for people."""

    title: str
    body: str
    severity: Severity = Severity.INFO
    channels: tuple[str, ...] = ()
    """Channel names; empty is every channel whose least severity it reaches."""
