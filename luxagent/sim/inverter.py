"""One inverter with its battery and counters, and what it uploads to the portal.

`house` steps it; the wires read only its uploads, as the real portal does.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from luxagent.sim.battery import Bank, ModuleReading
from luxagent.sim.counters import Counters, Energy, Tally
from luxagent.sim.dispatch import Ability, Flow, Step
from luxagent.sim.obey import Moment, ability, start_soc_latch
from luxagent.sim.registers import Registers


@dataclass(frozen=True, slots=True)
class Build:
    """What an inverter is: nameplate, panels and dongle."""

    serial: str
    datalog_serial: str
    model: str = "18KPV"
    rated_w: float = 12_000
    pv_peak_w: float = 9_000
    power_rating_code: int = 6
    sub_device_type: int = 164
    model_number: int = 624_320
    clock_error_s: float = 0.0
    """How far its clock, set by hand, is ahead of the plant's."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What the portal last heard from one inverter."""

    at: datetime
    device_clock: datetime
    """Plant-local and aware; the portal shows it naive."""
    status: int
    fault: bool
    grid_up: bool
    grid_v: float
    grid_hz: float
    eps_on: bool
    flow: Flow
    import_w: float
    export_w: float
    soc_pct: float
    battery_v: float
    battery_c: float
    capacity_ah: float
    modules: tuple[ModuleReading, ...]
    energy: dict[Energy, Tally]

    @property
    def battery_w(self) -> float:
        """Plus charging."""
        return self.flow.charge_w - self.flow.discharge_w


@dataclass(frozen=True, slots=True)
class MidboxUpload:
    """What the portal last heard from a GridBOSS: the bus of the whole group."""

    at: datetime
    device_clock: datetime
    step: Step
    grid_v: float
    grid_hz: float
    backup_v: float
    energy: dict[Energy, Tally]

    @property
    def grid_w(self) -> float:
        """Plus importing."""
        return self.step.import_w - self.step.export_w


@dataclass(slots=True)
class Inverter:
    """The living part: registers, battery, counters, and the last step's flow."""

    build: Build
    bank: Bank
    registers: Registers = field(default_factory=Registers)
    counters: Counters = field(default_factory=Counters)
    flow: Flow = field(default_factory=Flow)
    import_w: float = 0.0
    export_w: float = 0.0
    _latched: bool = False

    @property
    def serial(self) -> str:
        return self.build.serial

    @property
    def soc_pct(self) -> float:
        return self.bank.soc_pct

    def clock(self, local: datetime) -> datetime:
        return local + timedelta(seconds=self.build.clock_error_s)

    def ability(self, moment: Moment) -> Ability:
        """What its registers let it do in the coming step."""
        self._latched = start_soc_latch(self.registers, self.bank.soc_pct, self._latched)
        return ability(self.registers, self.bank, self.build.rated_w, self._latched, moment)

    def carry_out(self, flow: Flow, import_w: float, export_w: float, step_s: float) -> float:
        """Do a step: move the battery, count the energy; returns the watts lost in the battery."""
        self.flow, self.import_w, self.export_w = flow, import_w, export_w
        hours = step_s / 3_600_000
        for energy, watts in (
            (Energy.YIELDING, flow.pv_w),
            (Energy.CHARGING, flow.charge_w),
            (Energy.DISCHARGING, flow.discharge_w),
            (Energy.IMPORT, import_w),
            (Energy.EXPORT, export_w),
            (Energy.USAGE, flow.load_share_w),
        ):
            self.counters.add(energy, watts * hours)
        return self.bank.move(flow.charge_w, flow.discharge_w, step_s)

    def status(self, *, grid_up: bool, fault: bool) -> int:
        """The operating-mode code of the portal."""
        flow = self.flow
        if fault:
            return 1
        if not flow.running:
            return 0
        if not grid_up:
            return _off_grid_status(flow)
        if flow.ac_in_w > 1:
            return 40 if flow.pv_to_battery_w > 1 else 32
        if flow.discharge_w > 1:
            return 20 if flow.pv_w > 1 else 16
        if flow.pv_to_battery_w > 1:
            return 12 if flow.ac_out_w > 1 else 8
        return 4 if flow.pv_w > 1 else 17


def _off_grid_status(flow: Flow) -> int:
    if flow.pv_to_battery_w > 1:
        return 136
    if flow.pv_w > 1:
        return 192 if flow.discharge_w > 1 else 128
    return 64
