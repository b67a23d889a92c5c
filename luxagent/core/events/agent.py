"""The agent itself: starts, ticks, the file it goes by, the plant it saw, what it told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


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
    counters: Mapping[str, float] = field(default_factory=dict)
    """The day's counters of the newest upload in kWh, where rules or alerts want any."""
    fell: tuple[str, ...] = ()
    """Those among them that are lower than they can be, and wait for the next upload."""


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
class ClockSet:
    """This computer's clock was set, by so much, as its distance to the portal's tells.

    What counts elapsed time (budgets, holds for another hand, the end of a quick charge) moves along.
    """

    at: datetime
    by_s: float
    """Ahead is positive. 0 where only the portal's clock has moved."""
    ahead_s: float
    """How far it is ahead of the portal's now."""
    kind: Literal["clock_set"] = "clock_set"


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
