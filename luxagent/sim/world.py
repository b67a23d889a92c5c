"""Everything behind the portal's door for one request: house, account, firmware, writes and their fates.

`server` makes one and keeps it; the wires answer out of it; `faults` bends it. Used under one lock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from luxagent.sim.firmware import Firmware, Version
from luxagent.sim.house import House
from luxagent.sim.inverter import Inverter, Upload


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, its form decoded."""

    method: str
    path: str
    form: dict[str, str]

    def text(self, name: str) -> str:
        return self.form.get(name, "")

    @property
    def serial(self) -> str:
        """Whichever of the two names the caller used."""
        return self.form.get("serialNum") or self.form.get("inverterSn") or ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `cut_at`: the line breaks after so many bytes; `drip_s`: seconds for each byte."""

    body: bytes
    status: int = 200
    content_type: str = "application/json;charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()
    cut_at: int | None = None
    drip_s: float = 0.0
    hang: bool = False


class Write(NamedTuple):
    """A control request that took effect."""

    path: str
    serial: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a write: whether and when it lands, and what the portal says about it."""

    lands: bool = True
    after_s: float = 0.0
    error: str = ""
    reverts_after_s: float = 0.0
    clamps: bool = False
    """A number lands one step lower than it was sent."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who owns the plant, and what they may do."""

    user_id: int = 31702
    username: str = "owner"
    role: str = "VIEWER"
    readonly: bool = False
    end_user: str = "owner"


@dataclass(slots=True)
class World:
    """The portal's inside."""

    house: House
    account: Account
    firmware: Firmware
    now: datetime
    writes: list[Write] = field(default_factory=list)
    """Those that landed, in order."""
    asked: list[Write] = field(default_factory=list)
    """Those that reached the device's door, landed or not."""
    stale: set[str] = field(default_factory=set)
    """Serials whose uploads stopped without the portal having noticed."""
    flapping: set[str] = field(default_factory=set)
    """Serials whose dongle comes and goes."""
    unlisted: set[str] = field(default_factory=set)
    """Serials that were taken off the account, or are not on it yet."""
    kept: dict[str, bytes] = field(default_factory=dict)
    """Answers that are given again and again, by path and serial."""
    hand_slot: int | None = None
    """When another hand was last at the settings."""
    fate: Callable[["World", Write], Fate] = field(default=lambda _world, _write: Fate())
    _later: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    @property
    def serials(self) -> list[str]:
        """Every device, the GridBOSS last."""
        midbox = self.house.midbox
        return [*self.house.inverters, *([midbox.serial] if midbox else [])]

    @property
    def listed(self) -> list[str]:
        """Those that the account's lists show."""
        return [serial for serial in self.serials if serial not in self.unlisted]

    def inverter(self, serial: str) -> Inverter | None:
        return self.house.inverters.get(serial)

    def upload(self, serial: str) -> Upload:
        return self.house.uploads[serial]

    def is_midbox(self, serial: str) -> bool:
        return self.house.midbox is not None and self.house.midbox.serial == serial

    def lost(self, serial: str) -> bool:
        """Whether the portal shows the device as lost."""
        return serial in self.house.silent and serial not in self.stale

    def unreachable(self, serial: str) -> str:
        """Why a command cannot reach a device, as a code; empty if it can."""
        if self.account.end_user == "guest":
            return "noPermission"
        if serial in self.house.silent:
            return "DEVICE_OFFLINE"
        return "DEVICE_BUSY" if self.firmware.updating(serial, self.now) else ""

    def advance(self, now: datetime) -> None:
        """Bring the world to an instant: what was put off comes first in its own order."""
        for due, action in sorted((item for item in self._later if item[0] <= now), key=lambda item: item[0]):
            self.house.advance_to(due)
            action()
        self._later = [item for item in self._later if item[0] > now]
        self.now = max(self.now, now)
        self.house.advance_to(self.now)

    def control(self, write: Write, land: Callable[[Fate], None], undo: Callable[[], None]) -> str:
        """Let a write meet its fate; returns the portal's error code, or an empty text."""
        if self.account.readonly:
            return "noPermission"
        self.asked.append(write)
        fate = self.fate(self, write)

        def happen() -> None:
            land(fate)
            self.writes.append(write)

        if fate.lands and fate.after_s:
            self._later.append((self.now + timedelta(seconds=fate.after_s), happen))
        elif fate.lands:
            happen()
        if fate.lands and fate.reverts_after_s:
            self._later.append((self.now + timedelta(seconds=fate.reverts_after_s), undo))
        return fate.error


def new_world(house: House, account: Account, now: datetime) -> World:
    """A world as it stands when the portal opens."""
    running = {serial: Version("fAAB", 0x25, 0x26) for serial in house.inverters}
    if house.midbox:
        running[house.midbox.serial] = Version("IAAB", 0x14, 0x00)
    return World(house, account, Firmware(running), now.astimezone(UTC))
