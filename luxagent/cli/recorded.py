"""How things stood at an instant of the past, as the journal has it: for `why --at`.

Memory is a fold over events, so folding those up to an instant gives what the agent remembered then.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from luxagent.core.events import Event, HeldBack, RuleLetGo, RuleTook, Started, WriteClosed, WriteIntended
from luxagent.core.fold import fold
from luxagent.core.memory import Memory
from luxagent.store.journal import journal


@dataclass(frozen=True, slots=True)
class RuleThen:
    """The last that was recorded of one rule before the instant."""

    who: str
    rule: str
    holds: bool
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class SettingThen:
    """The last write of a setting, and what held it at the instant."""

    serial: str
    setting: str
    intent: WriteIntended | None = None
    outcome: WriteClosed | None = None
    held: HeldBack | None = None


@dataclass(slots=True)
class Recorded:
    """Everything the journal has of the instant."""

    at: datetime
    first: datetime | None = None
    """The oldest event that is kept; None where nothing was recorded before the instant."""
    last: datetime | None = None
    """The newest event before the instant."""
    dry_run: bool | None = None
    memory: Memory = field(default_factory=Memory)
    rules: dict[tuple[str, str], RuleThen] = field(default_factory=dict)
    settings: dict[tuple[str, str], SettingThen] = field(default_factory=dict)


def recorded(folder: Path, at: datetime, setting: str | None) -> Recorded:
    """The journal up to an instant, or of one setting. Raises StateUnusable."""
    found = Recorded(at)
    for entry in journal(folder):
        event = entry.event
        if event.at > at:
            continue
        found.first, found.last = found.first or event.at, event.at
        found.memory = fold(found.memory, event)
        _note(found, event)
    found.settings = {
        key: row for key, row in sorted(found.settings.items()) if setting is None or key[1] == setting
    }
    return found


def _note(found: Recorded, event: Event) -> None:
    match event:
        case Started():
            found.dry_run = event.dry_run
        case RuleTook() | RuleLetGo():
            holds = isinstance(event, RuleTook)
            key = event.who, event.rule
            found.rules[key] = RuleThen(event.who, event.rule, holds, event.at, event.because)
        case WriteIntended():
            found.settings[event.serial, event.setting] = SettingThen(event.serial, event.setting, event)
        case WriteClosed():
            key = event.serial, event.setting
            row = found.settings.get(key, SettingThen(*key))
            found.settings[key] = SettingThen(*key, row.intent, event, row.held)
        case HeldBack():
            key = event.serial, event.setting
            row = found.settings.get(key, SettingThen(*key))
            found.settings[key] = SettingThen(*key, row.intent, row.outcome, event)


def still_held(found: Recorded, row: SettingThen) -> bool:
    """Whether it was held at the instant."""
    return row.setting in found.memory.held.get(row.serial, {})
