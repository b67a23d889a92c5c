"""What happens during the demo: the ledger read back after each tick, and the messages for people.

So what is told here is on disk already, proofs and all. Watchers (`plain`, `screen`, `summary`) get one
value for each thing; all its text is fit for a terminal.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from luxagent.agent.tick import TickReport
from luxagent.cli.render import words
from luxagent.cli.render.text import one_line
from luxagent.core.alerts.message import Message
from luxagent.core.events import (
    AlertEnded,
    AlertFired,
    CameHome,
    Event,
    HeldBack,
    Noted,
    RuleFailed,
    RuleLetGo,
    RuleTook,
    WriteClosed,
    WriteIntended,
)
from luxagent.core.facts.reasons import REASON_WORDS
from luxagent.core.facts.settings import SettingValue
from luxagent.core.values.units import format_duration
from luxagent.store.journal import journal


@dataclass(frozen=True, slots=True)
class RuleTurned:
    """A rule began to hold, or ceased to."""

    at: datetime
    rule: str
    holds: bool
    because: str


@dataclass(frozen=True, slots=True)
class Written:
    """A write that is settled."""

    at: datetime
    """When it was sent."""
    setting: str
    before: str
    value: str
    rule: str
    """The rule's name, or the words of the baseline."""
    outcome: str
    after_s: float
    """Seconds from the intent to its proof."""
    homeward: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A wanted write that a guard holds."""

    at: datetime
    setting: str
    value: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class LetGo:
    """An owned setting was read back at home: it is nobody's again."""

    at: datetime
    setting: str
    value: str


@dataclass(frozen=True, slots=True)
class AlertTurned:
    """An alert began to fire, or ended. Its words follow as `Sent`."""

    at: datetime
    name: str
    fires: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as people would get it."""

    at: datetime
    title: str
    body: str
    severity: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Anything else worth a line."""

    at: datetime
    text: str


Happening = RuleTurned | Written | Withheld | LetGo | AlertTurned | Sent | Remark
_REASONS = {reason.value: words for reason, words in REASON_WORDS.items()}


class Teller:
    """Turns what each tick left behind into things to tell, in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read_up_to = 0
        self._intents: dict[int, WriteIntended] = {}

    def after(self, report: TickReport) -> list[Happening]:
        """What the ledger holds since the last tick, then the messages of this one."""
        told: list[Happening] = []
        moved = report.decision.events or report.results
        for entry in journal(self._folder, after=self._read_up_to) if moved else ():
            self._read_up_to = entry.id
            happening = self._told(entry.event)
            if happening is not None:
                told.append(happening)
        told += [_sent(report.moment.at, message) for message in report.decision.messages]
        return told

    def _told(self, event: Event) -> Happening | None:
        match event:
            case WriteIntended():
                self._intents[event.number] = event
                return None
            case WriteClosed():
                intent = self._intents.pop(event.number, None)
                return None if intent is None else _written(intent, event)
            case RuleTook() | RuleLetGo():
                took = isinstance(event, RuleTook)
                return RuleTurned(event.at, one_line(event.rule), holds=took, because=one_line(event.because))
            case HeldBack():
                return _withheld(event)
            case CameHome():
                return LetGo(event.at, event.setting, setting_text(event.setting, event.value))
            case AlertFired() | AlertEnded():
                return AlertTurned(event.at, one_line(event.name), fires=isinstance(event, AlertFired))
            case RuleFailed():
                return Remark(event.at, one_line(f"{event.rule} could not be judged: {event.detail}"))
            case Noted():
                return Remark(event.at, one_line(event.detail))
            case _:
                return None


def setting_text(name: str, value: SettingValue | None) -> str:
    """A setting's value for people; a quick charge by its length."""
    if name == "quick_charge" and isinstance(value, int | float) and not isinstance(value, bool):
        return format_duration(value)
    return words.value_text(name, value)


def _sent(at: datetime, message: Message) -> Sent:
    return Sent(at, one_line(message.title), one_line(message.body), message.severity.value, message.channels)


def _written(intent: WriteIntended, closed: WriteClosed) -> Written:
    return Written(
        at=intent.at,
        setting=intent.setting,
        before=setting_text(intent.setting, intent.before),
        value=setting_text(intent.setting, intent.value),
        rule=_whose(intent.rule, intent.because),
        outcome=closed.outcome,
        after_s=(closed.at - intent.at).total_seconds(),
        homeward=intent.homeward,
        detail=one_line(closed.detail),
    )


def _withheld(event: HeldBack) -> Withheld:
    first = event.reasons[0] if event.reasons else ""
    return Withheld(
        event.at,
        event.setting,
        setting_text(event.setting, event.value),
        _whose(event.rule, event.because),
        _REASONS.get(first, first),
    )


def _whose(rule: str | None, because: str) -> str:
    return rule or one_line(because) or "baseline"
