"""What the agent remembers from tick to tick. It changes in one place only, `fold`, by what has happened.

All maps are plain nested dictionaries by name, so that the ledger can write a checkpoint of the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from luxagent.core.custody import Custody
from luxagent.core.events import Seen
from luxagent.core.facts.settings import SettingValue
from luxagent.core.watch import Watch


@dataclass(frozen=True, slots=True)
class RuleState:
    """How one rule stands for one unit or inverter. Rules that were never true or unknown have none."""

    on: bool
    since: datetime
    unknown_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A `for` timer: true since, and where it halted because its part is unknown."""

    since: datetime
    halted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owned:
    """A setting that a rule has moved and that must go home one day."""

    before: SettingValue | None
    """What it was when a rule first took it; None is not known."""
    holder: str
    """The rule that last moved it."""
    taken_at: datetime
    """The instant of the holder's last write."""
    value: SettingValue
    """What the holder's last write asked for."""
    proven: bool = False
    misses_home: int = 0
    ended: bool = False
    """Of a quick charge: ours has ended, so one that runs now is somebody else's."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write whose outcome is not settled."""

    number: int
    at: datetime
    serial: str
    setting: str
    value: SettingValue
    before: SettingValue | None
    rule: str | None
    homeward: bool
    answer: Literal["accepted", "refused", "lost"] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One setting value sent to one inverter, for the budgets."""

    at: datetime
    number: int
    setting: str
    homeward: bool
    lapsed: bool = False
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held back, so that the journal hears of it once."""

    value: SettingValue | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lease:
    """A value set by hand."""

    value: SettingValue
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Hands off."""

    since: datetime
    until: datetime | None = None
    home: bool = False
    """Everything was sent home first, and what is not there yet still goes."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that outlives a tick."""

    ticked_at: datetime | None = None
    seen: Mapping[str, Seen] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, RuleState]] = field(default_factory=dict)
    """By who, then rule."""
    timers: Mapping[str, Mapping[str, Timer]] = field(default_factory=dict)
    """By who, then slot."""
    latched: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """By who, then slot; only those that are on."""
    owned: Mapping[str, Mapping[str, Owned]] = field(default_factory=dict)
    """By serial, then setting."""
    open: Mapping[int, Write] = field(default_factory=dict)
    attempts: Mapping[str, tuple[Attempt, ...]] = field(default_factory=dict)
    """By serial, the last 24 hours and at least the last hundred, oldest first."""
    misses: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By serial, then setting: writes in a row that were not confirmed."""
    held: Mapping[str, Mapping[str, Hold]] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)
    """What the alerts remember."""
    flags: Mapping[str, datetime | None] = field(default_factory=dict)
    """Flags that are on, and until when."""
    leases: Mapping[str, Mapping[str, Lease]] = field(default_factory=dict)
    """By setting, then serial ("" is every inverter)."""
    pause: Pause | None = None
    custody: Custody = field(default_factory=Custody)
    """What is known of settings beside what is owned."""
    clock_ahead_s: float = 0.0
    """How far this computer's clock was ahead of the portal's when it was last found to have been set."""
    last_number: int = 0
    began: bool = False
    """Whether settings have been written since the last start that was a dry run."""
