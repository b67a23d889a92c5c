"""The plant as one tick sees it: devices with their readings and settings, the wire, rights and clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from luxagent.core.facts.settings import Flow, SettingValue
from luxagent.core.plant.reading import NOTHING, Module, Reading
from luxagent.core.values.tri import Tri


class Kind(StrEnum):
    """Rules write to inverters only."""

    INVERTER = "inverter"
    GRIDBOSS = "gridboss"


@dataclass(frozen=True, slots=True)
class Device:
    """One inverter or GridBOSS."""

    serial: str
    kind: Kind
    unit: str
    """The unit it belongs to: the parallel group's name, or its own serial when it stands alone."""
    model: str = ""
    name: str = ""
    """The owner's name for the serial, else the serial."""
    plant: str = ""
    primary: bool = True
    """Group-wide tasks (quick charge) go to the primary alone."""
    online: Tri = None
    updating: Tri = None
    reading: Reading = NOTHING
    modules: tuple[Module, ...] = ()
    settings: Mapping[str, SettingValue | None] = field(default_factory=dict)
    """Settings that were asked for; None was asked for but could not be read."""
    quick_charge_left_s: float | None = None
    """In how many seconds the quick charge that runs ends by itself; None is not known, or nothing runs."""
    by_voltage: frozenset[Flow] | None = None
    """What goes by battery voltage, so that its SOC settings do nothing; None is not known."""
    clock_error_s: float | None = None
    """How far its own clock is ahead of the time of its upload; None where nobody can tell."""
    able: frozenset[str] = frozenset()
    """Settings that this device and wire have."""
    firmware: str = ""
    """Its code, such as fAAB-2122; empty where it is not told."""
    may_write: bool = True
    """False when the account may look at this one only: as its guest, or so the portal said."""


@dataclass(frozen=True)
class Plant:
    """Everything one tick read."""

    devices: tuple[Device, ...]
    wire: str = ""
    wire_sure: bool = True
    wire_trouble: str = ""
    """Why the portal's dialect is not certain and what to do about it, in sentences; "" where it is."""
    may_write: bool = True
    """False when the account may only look, whichever device it is."""
    portal_url: str = ""
    clock_ok: bool = True
    """False when this computer's clock and the portal's disagree by over two minutes, or it jumped."""
    clock_ahead_s: float | None = None
    """How far this computer's clock is ahead of the portal's; None is not known."""
    errors: tuple[str, ...] = ()
    """What could not be read, in sentences."""
    updating: Tri = None
    """Whether a firmware update runs anywhere in the account; asked only before a write."""

    @cached_property
    def inverters(self) -> tuple[Device, ...]:
        return tuple(d for d in self.devices if d.kind is Kind.INVERTER)

    def members(self, unit: str) -> tuple[Device, ...]:
        """The inverters of a unit."""
        return tuple(d for d in self.devices if d.unit == unit and d.kind is Kind.INVERTER)

    def gridboss(self, unit: str) -> Device | None:
        """The GridBOSS that heads a unit, if there is one."""
        return next((d for d in self.devices if d.unit == unit and d.kind is Kind.GRIDBOSS), None)
