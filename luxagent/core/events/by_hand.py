"""What people switch, set and pause."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from luxagent.core.facts.settings import SettingValue


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
    home: bool = False
    """Everything was sent home first: what is not there yet is still to go."""
    kind: Literal["paused"] = "paused"


@dataclass(frozen=True, slots=True)
class Resumed:
    """Hands on again. Said by a person, what was jammed or overridden may be tried anew."""

    at: datetime
    by_person: bool = True
    """False where the pause's time was up."""
    detail: str = ""
    kind: Literal["resumed"] = "resumed"
