"""What the client gives back: one frozen record for each thing the portal can tell. None is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from luxagent.core.facts.reasons import Unknown
from luxagent.core.facts.settings import Flow, SettingValue
from luxagent.core.plant.device import Kind
from luxagent.core.plant.reading import Module, Value
from luxagent.core.values.tri import Tri


@dataclass(frozen=True, slots=True)
class PlantInfo:
    """One station of the account."""

    id: str
    name: str
    utc_offset_min: int | None = None
    """The portal's idea of the plant's zone, DST switch included. Only ever checked, never used."""


@dataclass(frozen=True, slots=True)
class LoginInfo:
    """What a login tells about the account."""

    user_id: str = ""
    readonly: bool = False
    installer: bool = False
    """Such an account lists its plants under another path."""
    plants: tuple[PlantInfo, ...] = ()
    firsts: frozenset[str] = frozenset()
    """Serial of the first device of each parallel group (live)."""


@dataclass(frozen=True, slots=True)
class Found:
    """One device of a plant, as the device list shows it."""

    serial: str
    kind: Kind
    model: str = ""
    group: str = ""
    """Letter or name of its parallel group, "" if it stands alone or the list does not say."""
    index: int | None = None
    """Its place in the group, 1 is the primary."""
    guest: bool = False
    """The account is a guest on it: no settings."""
    parallel: bool = False
    """It says that it belongs to a group, though perhaps not to which."""
    firmware: str = ""
    lost: Tri = None
    """Whether the portal has lost it; None where the list does not say."""


@dataclass(frozen=True, slots=True)
class DeviceList:
    """One page of a plant's devices."""

    found: tuple[Found, ...]
    shape: str | None
    """The wire whose shape the answer has; None for neither or both."""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One parallel group."""

    name: str
    inverters: tuple[str, ...]
    gridboss: str | None = None
    primary: str | None = None
    gridboss_model: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Telemetry of one device: `values` by catalogue key, `more` by keys of our own beyond the catalogue.

    `why` says for each None in either why it is unknown.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    why: Mapping[str, Unknown] = field(default_factory=dict)
    more: Mapping[str, float | None] = field(default_factory=dict)
    uploaded_at: datetime | None = None
    """When the device last spoke to the portal, aware; None where the answer carries no stamp."""
    online: Tri = None
    updating: Tri = None
    capacity_ah: float | None = None
    modules: tuple[Module, ...] = ()
    firmware: str = ""
    """Its code, such as fAAB-2122."""
    device_clock: datetime | None = None
    """What the device's own clock showed at that upload, as if it were UTC: no answer tells its zone."""
    operating_code: int | None = None
    """The inverter's own number for what it does; `states` knows them."""
    fingerprint: str = ""
    """The same for two answers that differ in their time stamps alone; "" where nobody asked."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Settings of one inverter by our names; None was asked for but could not be read."""

    values: Mapping[str, SettingValue | None]
    by_voltage: frozenset[Flow] | None = None
    errors: tuple[str, ...] = ()
    """Why some of them could not be read, where others could."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Settings, and the very blocks they were worked out of: while those are kept, the same comes out."""

    asked: tuple[str, frozenset[str]]
    """By which wire, and for which names."""
    read: Mapping[str, object]
    """By block, as it was decoded."""
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class QuickCharge:
    """The quick-charge task of a device (or of its whole group)."""

    running: Tri
    remaining_s: float | None = None
    """None where the wire does not tell."""
    waits: bool = False
    """Whether it does not count down yet."""

    @property
    def left_s(self) -> float | None:
        """In how many seconds it ends by itself; None is not known, or it does not count down."""
        return None if self.waits else self.remaining_s or None


@dataclass(frozen=True, slots=True)
class FirmwareCheck:
    """What runs on a device and what the portal could put there."""

    code: str = ""
    """Such as fAAB-2122: family, then versions as hexadecimal digits."""
    app: int | None = None
    parameter: int | None = None
    newest_app: int | None = None
    newest_parameter: int | None = None
    available: Tri = None
    steps: bool = False
    """It takes more than one run."""
    words: str = ""


@dataclass(frozen=True, slots=True)
class FirmwareRun:
    """One present or past update of one device."""

    serial: str
    status: str
    running: bool
    finished: bool
    percent: float | None = None
    package: int | None = None
    packages: int | None = None
    begun: str = ""
    """When it began, as the portal writes it: tells two runs of one device apart."""
    ended: bool = False
    """It runs no longer, whether it finished or failed."""


@dataclass(frozen=True, slots=True)
class FirmwareProgress:
    """All updates of the account."""

    runs: tuple[FirmwareRun, ...] = ()
    running: Tri = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether the portal would let an update start."""

    allowed: bool
    words: str


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """One line of the event list (live). `started` is naive plant-local text, kept as such."""

    serial: str
    code: str
    kind: str
    text: str
    open: bool
    started: str
    record: str = ""
    """The portal's number of this line, "" where it tells none."""

    @property
    def key(self) -> str:
        """The same in two answers that show the same line."""
        if self.record:
            return self.record
        told_apart = self.started or self.open  # without a start one that is open may be another
        return f"{self.serial} {self.code} {told_apart}"
