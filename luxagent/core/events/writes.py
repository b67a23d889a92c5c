"""A write from its intent to its proof, what is held back, and what came home."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from luxagent.core.facts.settings import SettingValue


@dataclass(frozen=True, slots=True)
class WriteIntended:
    """About to send. On disk before the request leaves."""

    at: datetime
    number: int
    serial: str
    setting: str
    value: SettingValue
    before: SettingValue | None
    rule: str | None
    """None is the baseline, or going back to what was before."""
    because: str
    homeward: bool
    kind: Literal["write_intended"] = "write_intended"


@dataclass(frozen=True, slots=True)
class WriteAnswered:
    """The portal answered, or did not (`answer` is "lost"). Proves nothing."""

    at: datetime
    number: int
    serial: str
    setting: str
    answer: Literal["accepted", "refused", "lost"]
    detail: str = ""
    kind: Literal["write_answered"] = "write_answered"


@dataclass(frozen=True, slots=True)
class WriteClosed:
    """A write is settled by what was read back, or by a refusal. `lapsed` never reached the inverter."""

    at: datetime
    number: int
    serial: str
    setting: str
    outcome: Literal["confirmed", "refused", "unproven", "lapsed"]
    found: SettingValue | None = None
    detail: str = ""
    left: bool = True
    """Whether it may have left the agent at all."""
    kind: Literal["write_closed"] = "write_closed"


@dataclass(frozen=True, slots=True)
class CameHome:
    """An owned setting was read at home; it is owned no longer."""

    at: datetime
    serial: str
    setting: str
    value: SettingValue | None = None
    detail: str = ""
    kind: Literal["came_home"] = "came_home"


@dataclass(frozen=True, slots=True)
class ReadsRight:
    """A setting that was written reads as wanted after all: a late write landed, or the jam cleared."""

    at: datetime
    serial: str
    setting: str
    kind: Literal["reads_right"] = "reads_right"


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A wanted write is held. Recorded when the value or the reasons change, not every tick."""

    at: datetime
    serial: str
    setting: str
    value: SettingValue | None
    before: SettingValue | None
    rule: str | None
    because: str
    reasons: tuple[str, ...]
    kind: Literal["held_back"] = "held_back"


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """What was held is held no longer."""

    at: datetime
    serial: str
    setting: str
    kind: Literal["hold_ended"] = "hold_ended"
