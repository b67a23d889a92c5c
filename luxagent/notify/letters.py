"""What goes to a channel at once: one message, or all that waits for it, as text and as Markdown. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from luxagent.core.alerts.message import Message
from luxagent.core.policy.rules import Severity

MOST_WHOLE = 10
"""Messages of one letter that are told whole; of the others only the first line."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~])")
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Letter:
    """One sending. Its severity is that of the loudest message in it."""

    title: str
    text: str
    markdown: str
    severity: Severity

    def as_job(self) -> dict[str, str]:
        """What the helper is given."""
        return {
            "title": self.title,
            "text": self.text,
            "markdown": self.markdown,
            "severity": self.severity.value,
        }


def letter_of(messages: Sequence[Message]) -> Letter:
    """One letter of some messages, oldest first: what starts in one tick is one, and so is a night."""
    loudest = max(messages, key=lambda one: _RANK[one.severity])
    if len(messages) == 1:
        return Letter(loudest.title, loudest.text, _markdown(loudest.body, loudest.more), loudest.severity)
    title = f"{loudest.title} (and {len(messages) - 1} more)"
    whole, rest = messages[:MOST_WHOLE], messages[MOST_WHOLE:]
    text = "\n\n".join(f"{one.title}\n{one.text}" for one in whole)
    marked = "\n\n".join(f"**{_plain(one.title)}**\n\n{_markdown(one.body, one.more)}" for one in whole)
    if rest:
        text += f"\n\nAnd {len(rest)} more:\n" + "\n".join(f"{one.title}: {one.body}" for one in rest)
        marked += f"\n\nAnd {len(rest)} more:\n\n" + "\n".join(
            f"- {_plain(one.title)}: {_plain(one.body)}" for one in rest
        )
    return Letter(title, text, marked, loudest.severity)


def _markdown(body: str, more: Sequence[str]) -> str:
    lines = "\n".join(f"- {_plain(line)}" for line in more)
    return _plain(body) + (f"\n\n{lines}" if lines else "")


def _plain(text: str) -> str:
    """The text with nothing in it that Markdown or HTML would take for its own."""
    return _SPECIAL.sub(r"\\\1", text)
