"""What can happen to the agent's state. The ledger appends these; `memory` is their fold.

`who` is a unit or a serial: whatever a rule is decided for. Every `at` is an aware instant in UTC. `kind`
is the word the ledger and `luxagent log --json` carry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from luxagent.core.facts.settings import SettingValue
from luxagent.core.sightings import Sighting


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest upload of one device, and the SOC believed of it."""

    uploaded_at: datetime | None = None
    soc_pct: float | None = None
    """The last SOC that was believed."""
    doubted_pct: float | None = None
    """A SOC that jumped and waits for the next upload to agree."""
    fingerprint: str = ""
    """Of the newest upload: what it says, its time stamps left out."""
    same_since: datetime | None = None
    """The first of the uploads in a row that, by daylight, say the same."""


@dataclass(frozen=True, slots=True)
class Started:
    """The agent started."""

    at: datetime
    version: str
    dry_run: bool
    policy: str = ""
    """Digest of the rules in force."""
    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The agent ended on purpose."""

    at: datetime
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class LeftDryRun:
    """The first live start after a dry run, or ever: from here on settings are written."""

    at: datetime
    detail: str = ""
    """What was about to change first."""
    kind: Literal["left_dry_run"] = "left_dry_run"


@dataclass(frozen=True, slots=True)
class Ticked:
    """A tick ended. Only the newest is kept."""

    at: datetime
    seen: Mapping[str, Seen] = field(default_factory=dict)
    kind: Literal["ticked"] = "ticked"


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


@dataclass(frozen=True, slots=True)
class FlagSet:
    """A person switched a mode on, perhaps until an instant, or off."""

    at: datetime
    name: str
    on: bool
    until: datetime | None = None
    kind: Literal["flag_set"] = "flag_set"


@dataclass(frozen=True, slots=True)
class LeaseSet:
    """A person set a setting by hand: above all rules, below the limits, until an instant or until ended."""

    at: datetime
    setting: str
    value: SettingValue
    until: datetime | None = None
    serial: str | None = None
    """None is every inverter."""
    kind: Literal["lease_set"] = "lease_set"


@dataclass(frozen=True, slots=True)
class LeaseEnded:
    """A setting by hand is over: its time is up, or a person took it back."""

    at: datetime
    setting: str
    serial: str | None = None
    detail: str = ""
    kind: Literal["lease_ended"] = "lease_ended"


@dataclass(frozen=True, slots=True)
class Paused:
    """Hands off, until an instant or until `resume`."""

    at: datetime
    until: datetime | None = None
    detail: str = ""
    kind: Literal["paused"] = "paused"


@dataclass(frozen=True, slots=True)
class Resumed:
    """Hands on again. Said by a person, what was jammed or overridden may be tried anew."""

    at: datetime
    by_person: bool = True
    """False where the pause's time was up."""
    detail: str = ""
    kind: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True)
class AlertPending:
    """An alert's condition became true and must last a while yet."""

    at: datetime
    name: str
    device: str
    kind: Literal["alert_pending"] = "alert_pending"


@dataclass(frozen=True, slots=True)
class AlertDropped:
    """A pending alert's condition ended before its time was up."""

    at: datetime
    name: str
    device: str
    kind: Literal["alert_dropped"] = "alert_dropped"


@dataclass(frozen=True, slots=True)
class AlertFired:
    """People are told that it started."""

    at: datetime
    name: str
    device: str
    """A serial, perhaps with what it is about there: "44300E0585/Battery_ID_02". Empty is the whole plant."""
    severity: str
    detail: str
    since: datetime
    damped: bool = False
    """It comes and goes: its end is told only after a while without it."""
    peak: float | None = None
    kind: Literal["alert_fired"] = "alert_fired"


@dataclass(frozen=True, slots=True)
class AlertReminded:
    """People are told that it still goes on."""

    at: datetime
    name: str
    device: str
    detail: str
    kind: Literal["alert_reminded"] = "alert_reminded"


@dataclass(frozen=True, slots=True)
class AlertPeaked:
    """A firing alert's value went further than ever since it started."""

    at: datetime
    name: str
    device: str
    value: float
    kind: Literal["alert_peaked"] = "alert_peaked"


@dataclass(frozen=True, slots=True)
class AlertEased:
    """A damped alert's condition is false since then, or true again (None)."""

    at: datetime
    name: str
    device: str
    since: datetime | None = None
    kind: Literal["alert_eased"] = "alert_eased"


@dataclass(frozen=True, slots=True)
class Silenced:
    """A person wants to hear nothing of an alert, until an instant; off takes that back."""

    at: datetime
    name: str
    until: datetime
    on: bool = True
    kind: Literal["silenced"] = "silenced"


@dataclass(frozen=True, slots=True)
class PlantLost:
    """The plant can no longer be read, or not for another reason than before."""

    at: datetime
    trouble: Literal["unreachable", "credentials", "blocked", "stuck"]
    detail: str
    kind: Literal["plant_lost"] = "plant_lost"


@dataclass(frozen=True, slots=True)
class PlantBack:
    """The plant can be read again."""

    at: datetime
    kind: Literal["plant_back"] = "plant_back"


@dataclass(frozen=True, slots=True)
class FileRefused:
    """The rules file was read anew and cannot be used; the old rules stay in force."""

    at: datetime
    detail: str
    kind: Literal["file_refused"] = "file_refused"


@dataclass(frozen=True, slots=True)
class FileTaken:
    """The rules file was read anew and is in force."""

    at: datetime
    policy: str = ""
    detail: str = ""
    """What it changed."""
    kind: Literal["file_taken"] = "file_taken"


@dataclass(frozen=True, slots=True)
class ModulesSeen:
    """Which battery modules an inverter lists, each with its state of health; told when that changes."""

    at: datetime
    serial: str
    modules: Mapping[str, float | None] = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()
    """Modules that went missing long ago and are no longer waited for."""
    kind: Literal["modules_seen"] = "modules_seen"


@dataclass(frozen=True, slots=True)
class DeviceForgotten:
    """A device that vanished long ago is no longer waited for."""

    at: datetime
    serial: str
    kind: Literal["device_forgotten"] = "device_forgotten"


@dataclass(frozen=True, slots=True)
class AlertEnded:
    """People are told that it ended."""

    at: datetime
    name: str
    device: str
    detail: str
    kind: Literal["alert_ended"] = "alert_ended"


@dataclass(frozen=True, slots=True)
class Told:
    """A message for people. The outbox takes it from here, so that none is lost between two steps."""

    at: datetime
    name: str
    """Its title."""
    detail: str
    """Its first line."""
    id: str = ""
    severity: str = "info"
    more: tuple[str, ...] = ()
    """Its further lines."""
    channels: tuple[str, ...] = ()
    """Empty is every channel whose least severity it reaches."""
    besides: tuple[str, ...] = ()
    """Channels that are left out: a failing one is not told of itself."""
    kind: Literal["told"] = "told"


@dataclass(frozen=True, slots=True)
class Noted:
    """Something an owner should find in the journal: a damaged ledger, a portal that was away."""

    at: datetime
    name: str
    detail: str
    kind: Literal["noted"] = "noted"


Event = (
    Started
    | Stopped
    | LeftDryRun
    | Ticked
    | RuleTook
    | RuleLetGo
    | RuleUnknown
    | RuleKnown
    | RuleFailed
    | TimerSet
    | TimerCleared
    | Latched
    | WriteIntended
    | WriteAnswered
    | WriteClosed
    | CameHome
    | ReadsRight
    | HeldBack
    | HoldEnded
    | FlagSet
    | LeaseSet
    | LeaseEnded
    | Paused
    | Resumed
    | AlertPending
    | AlertDropped
    | AlertFired
    | AlertReminded
    | AlertPeaked
    | AlertEased
    | AlertEnded
    | Silenced
    | PlantLost
    | PlantBack
    | FileRefused
    | FileTaken
    | ModulesSeen
    | DeviceForgotten
    | Told
    | Noted
    | Sighting
)
