"""A whole plant over time: sun, load, mains, inverters, quick charges, and what was uploaded when.

`advance_to` goes forward in whole steps on the world's own grid of instants, so that the same seed gives
the same day whoever asks when. No wall clock, no I/O. The server advances it; scenarios build it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from luxagent.core.values.sun import Place
from luxagent.sim.counters import together
from luxagent.sim.demand import load_power_w
from luxagent.sim.dispatch import Step, off_grid, on_grid
from luxagent.sim.happenings import Happening
from luxagent.sim.inverter import Inverter, MidboxUpload, Upload
from luxagent.sim.mains import Mains
from luxagent.sim.obey import Moment
from luxagent.sim.quick import QuickCharges
from luxagent.sim.sky import sun_share


@dataclass(frozen=True, slots=True)
class Site:
    """Where the plant is and what the account calls it."""

    place: Place
    zone: ZoneInfo
    plant_id: int = 20417
    plant_name: str = "Willow Lane"


@dataclass(frozen=True, slots=True)
class Midbox:
    """A GridBOSS in front of the group."""

    serial: str
    datalog_serial: str


@dataclass(frozen=True, slots=True)
class Now:
    """The house at a glance, for a display. Battery power is plus while charging."""

    at: datetime
    soc_pct: float
    pv_w: float
    load_w: float
    grid_import_w: float
    grid_export_w: float
    battery_w: float
    grid_up: bool
    outage: bool
    unserved_w: float
    quick_charge: bool
    cell_delta_mv: int


@dataclass(slots=True)
class Ledger:
    """kWh since the world began, for the energy balance."""

    pv: float = 0.0
    load: float = 0.0
    grid_import: float = 0.0
    grid_export: float = 0.0
    charge: float = 0.0
    discharge: float = 0.0
    losses: float = 0.0
    battery_losses: float = 0.0
    unserved: float = 0.0


@dataclass(slots=True)
class House:
    """The plant. `group` is the parallel group's letter, or empty for lone inverters."""

    site: Site
    inverters: Mapping[str, Inverter]
    mains: Mains
    start: datetime
    seed: int
    group: str = ""
    midbox: Midbox | None = None
    load_scale: float = 1.0
    upload_every_s: int = 60
    happenings: Sequence[Happening] = ()
    quick: QuickCharges = field(default_factory=QuickCharges)
    silent: set[str] = field(default_factory=set)
    """Serials whose dongle is cut off: their uploads stop."""
    kwh: Ledger = field(default_factory=Ledger)
    uploads: dict[str, Upload] = field(default_factory=dict)
    midbox_upload: MidboxUpload | None = None
    at: datetime = field(init=False)
    step: Step = field(init=False)
    step_s: int = field(init=False)

    def __post_init__(self) -> None:
        self.step_s = min(60, self.upload_every_s)
        seconds = int(self.start.timestamp()) // self.step_s * self.step_s
        self.at = datetime.fromtimestamp(seconds, UTC) - timedelta(seconds=self.step_s)
        self.step = Step((), 0, 0, 0, 0, 0)
        self._one_step()
        self.upload()

    @property
    def soc_pct(self) -> float:
        """Of all batteries together."""
        capacity = sum(inverter.bank.capacity_wh for inverter in self.inverters.values())
        stored = sum(inverter.bank.stored_wh for inverter in self.inverters.values())
        return 100 * stored / capacity if capacity else 0.0

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.site.zone)

    def unit_of(self, serial: str) -> str:
        """What a quick charge covers: the whole group, or the inverter alone."""
        return self.group or serial

    def advance_to(self, at: datetime) -> None:
        """Go forward to the last whole step not after an instant; never back."""
        step, between = timedelta(seconds=self.step_s), timedelta(seconds=self.upload_every_s)
        while self.at + step <= at:
            self._one_step()
            if self.at + between > at and int(self.at.timestamp()) % self.upload_every_s == 0:
                self.upload()

    def upload(self) -> None:
        """Send the present state of every device that can speak to the portal's mirror."""
        for serial, inverter in self.inverters.items():
            if serial not in self.silent:
                self.uploads[serial] = self._snapshot(inverter)
        if self.midbox and self.midbox.serial not in self.silent:
            self.midbox_upload = self._midbox_snapshot()

    def faulted(self, serial: str, at: datetime) -> bool:
        return any(h.is_fault and h.serial == serial and h.open_at(at) for h in self.happenings)

    def now_view(self) -> Now:
        flows = self.step.flows
        return Now(
            at=self.at,
            soc_pct=self.soc_pct,
            pv_w=sum(flow.pv_w for flow in flows),
            load_w=self.step.load_w,
            grid_import_w=self.step.import_w,
            grid_export_w=self.step.export_w,
            battery_w=sum(flow.charge_w - flow.discharge_w for flow in flows),
            grid_up=self.mains.up(self.at),
            outage=not self.mains.up(self.at),
            unserved_w=self.step.unserved_w,
            quick_charge=any(self.quick.running(self.unit_of(s), self.at) for s in self.inverters),
            cell_delta_mv=self._cell_delta_mv(),
        )

    def _cell_delta_mv(self) -> int:
        deltas = [
            max(module.cells_mv) - min(module.cells_mv)
            for inverter in self.inverters.values()
            for module in inverter.bank.readings(self.at)
        ]
        return max(deltas, default=0)

    def _one_step(self) -> None:
        """The step that begins at `self.at`; sun and load are taken at its middle."""
        middle = self.at + timedelta(seconds=self.step_s / 2)
        grid_up = self.mains.up(self.at)
        local = self.local(self.at)
        load_w = load_power_w(self.local(middle), self.seed, self.load_scale)
        sun = sun_share(self.site.place, middle, self.seed)
        abilities = []
        for serial, inverter in self.inverters.items():
            moment = Moment(
                clock=inverter.clock(local),
                pv_w=sun * inverter.build.pv_peak_w,
                grid_up=grid_up,
                quick_charge=self.quick.running(self.unit_of(serial), self.at),
                step_s=self.step_s,
                fault=self.faulted(serial, self.at),
            )
            abilities.append(inverter.ability(moment))
        step = (on_grid if grid_up else off_grid)(abilities, load_w)
        self._carry_out(step, local.date())
        self.at += timedelta(seconds=self.step_s)

    def _carry_out(self, step: Step, day: date) -> None:
        self.step = step
        rated = sum(inverter.build.rated_w for inverter in self.inverters.values())
        lost_w = 0.0
        for inverter, flow in zip(self.inverters.values(), step.flows, strict=True):
            inverter.counters.turn(day)
            share = inverter.build.rated_w / rated
            lost_w += inverter.carry_out(flow, step.import_w * share, step.export_w * share, self.step_s)
        hours = self.step_s / 3_600_000
        kwh = self.kwh
        kwh.pv += sum(flow.pv_w for flow in step.flows) * hours
        kwh.charge += sum(flow.charge_w for flow in step.flows) * hours
        kwh.discharge += sum(flow.discharge_w for flow in step.flows) * hours
        kwh.load += step.load_w * hours
        kwh.grid_import += step.import_w * hours
        kwh.grid_export += step.export_w * hours
        kwh.losses += step.losses_w * hours
        kwh.battery_losses += lost_w * hours
        kwh.unserved += step.unserved_w * hours

    def _snapshot(self, inverter: Inverter) -> Upload:
        fault = self.faulted(inverter.serial, self.at)
        before = self.at - timedelta(seconds=self.step_s)
        grid_up = self.mains.up(before)
        inverter.counters.turn(self.local(self.at).date())
        return Upload(
            at=self.at,
            device_clock=inverter.clock(self.local(self.at)),
            status=inverter.status(grid_up=grid_up, fault=fault),
            fault=fault,
            grid_up=grid_up,
            grid_v=self.mains.voltage_v(before),
            grid_hz=self.mains.frequency_hz(before),
            eps_on=inverter.flow.running and inverter.registers.on("FUNC_EPS_EN"),
            flow=inverter.flow,
            import_w=inverter.import_w,
            export_w=inverter.export_w,
            soc_pct=inverter.bank.soc_pct,
            battery_v=inverter.bank.voltage_v,
            battery_c=inverter.bank.temperature_c(self.at),
            capacity_ah=inverter.bank.capacity_ah,
            modules=inverter.bank.readings(self.at),
            energy=inverter.counters.copy(),
        )

    def _midbox_snapshot(self) -> MidboxUpload:
        before = self.at - timedelta(seconds=self.step_s)
        carried = any(flow.running for flow in self.step.flows)
        return MidboxUpload(
            at=self.at,
            device_clock=self.local(self.at),
            step=self.step,
            grid_v=self.mains.voltage_v(before),
            grid_hz=self.mains.frequency_hz(before),
            backup_v=self.mains.voltage_v(before) or (240.0 if carried else 0.0),
            energy=together(inverter.counters.tallies for inverter in self.inverters.values()),
        )
