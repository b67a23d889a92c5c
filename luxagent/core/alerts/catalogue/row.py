"""One built-in alert: what it means, how loud it is, what to do about it."""

from dataclasses import dataclass

from luxagent.core.policy.rules import Severity

INFO, WARNING, CRITICAL = Severity.INFO, Severity.WARNING, Severity.CRITICAL
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Builtin:
    """A row of the catalogue. `docs/alerts.md` has the same words; a test holds the two together."""

    name: str
    """The word of the file: `- {builtin: NAME}`."""
    severity: Severity
    meaning: str
    cause: str
    todo: str
    doing: str = ""
    """What luxagent does meanwhile."""
    for_s: float = 0.0
    """How long it must have lasted before anybody hears of it."""
    reminds: bool = True
    news: bool = False
    """It happened rather than lasts: told once, without reminders or an end."""
    plant: bool = True
    """It can only be told from a plant that was read; else it stays as it was."""
    mutes: tuple[str, ...] = ()
    """While it fires, these say nothing of the same device: they follow from it."""
