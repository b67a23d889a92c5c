"""The life of an alert."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


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
class AlertEnded:
    """People are told that it ended."""

    at: datetime
    name: str
    device: str
    detail: str
    kind: Literal["alert_ended"] = "alert_ended"


@dataclass(frozen=True, slots=True)
class Silenced:
    """A person wants to hear nothing of an alert, until an instant; off takes that back."""

    at: datetime
    name: str
    until: datetime
    on: bool = True
    kind: Literal["silenced"] = "silenced"
