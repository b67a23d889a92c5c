"""Rules, and what their conditions remember: `for` timers and latches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class RuleTook:
    """A rule began to hold."""

    at: datetime
    who: str
    rule: str
    because: str
    kind: Literal["rule_took"] = "rule_took"


@dataclass(frozen=True, slots=True)
class RuleLetGo:
    """A rule ceased to hold."""

    at: datetime
    who: str
    rule: str
    because: str
    kind: Literal["rule_let_go"] = "rule_let_go"


@dataclass(frozen=True, slots=True)
class RuleUnknown:
    """Whether a rule holds became unknown."""

    at: datetime
    who: str
    rule: str
    kind: Literal["rule_unknown"] = "rule_unknown"


@dataclass(frozen=True, slots=True)
class RuleKnown:
    """Whether a rule holds is known again."""

    at: datetime
    who: str
    rule: str
    kind: Literal["rule_known"] = "rule_known"


@dataclass(frozen=True, slots=True)
class RuleFailed:
    """A rule or alert could not be worked out at all; the others went on."""

    at: datetime
    who: str
    rule: str
    detail: str
    kind: Literal["rule_failed"] = "rule_failed"


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A `for` timer started, halted (its part became unknown) or went on."""

    at: datetime
    who: str
    slot: str
    since: datetime
    """Start of the time counted so far, moved on by the length of any halt."""
    halted_at: datetime | None = None
    kind: Literal["timer_set"] = "timer_set"


@dataclass(frozen=True, slots=True)
class TimerCleared:
    """A `for` timer's part became false."""

    at: datetime
    who: str
    slot: str
    kind: Literal["timer_cleared"] = "timer_cleared"


@dataclass(frozen=True, slots=True)
class Latched:
    """A comparison with `until` took, or started afresh."""

    at: datetime
    who: str
    slot: str
    on: bool
    kind: Literal["latched"] = "latched"
