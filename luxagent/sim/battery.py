"""LFP battery modules: stored energy, voltage over charge, 16 cells each that differ and sometimes drift.

A bank splits power over its modules so that a fuller one takes less. Efficiencies are those of the
battery itself; conversion in the inverter is `dispatch`'s. Called by `inverter`.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from luxagent.sim.noise import fixed, smooth

CELLS = 16
NOMINAL_V = 51.2
CHARGE_EFFICIENCY = 0.975
DISCHARGE_EFFICIENCY = 0.975

_CURVE: Final = (  # state of charge in %, open-circuit volts of one cell
    (0, 2.95), (3, 3.08), (8, 3.18), (15, 3.225), (25, 3.26), (40, 3.285), (55, 3.295),
    (65, 3.315), (80, 3.33), (92, 3.34), (97, 3.37), (99, 3.42), (100, 3.48),
)  # fmt: skip
_CURVE_SOC: Final = [soc for soc, _ in _CURVE]


def cell_voltage_v(soc_pct: float) -> float:
    """Open-circuit voltage of a cell: flat in the middle, steep at both ends."""
    soc = min(100.0, max(0.0, soc_pct))
    right = min(len(_CURVE) - 1, bisect_right(_CURVE_SOC, soc))
    (x0, y0), (x1, y1) = _CURVE[right - 1], _CURVE[right]
    return y0 + (y1 - y0) * (soc - x0) / (x1 - x0)


@dataclass(frozen=True, slots=True)
class Drift:
    """A cell that leaves its sisters: rises from `start`, stays high, is balanced away by `end`."""

    module: int
    cell: int
    start: datetime
    end: datetime
    height_mv: float = 75.0

    def offset_mv(self, at: datetime) -> float:
        if not self.start <= at < self.end:
            return 0.0
        part = (at - self.start) / (self.end - self.start)
        return self.height_mv * min(1.0, 4 * math.sin(math.pi * part) ** 2)


@dataclass(slots=True)
class Module:
    """One module; `stored_wh` is what remains of `capacity_wh`."""

    index: int
    capacity_ah: float
    stored_wh: float
    cycles: float
    soh_pct: int = 100
    current_a: float = 0.0

    @property
    def capacity_wh(self) -> float:
        return self.capacity_ah * NOMINAL_V

    @property
    def soc_pct(self) -> float:
        return 100 * self.stored_wh / self.capacity_wh


@dataclass(frozen=True, slots=True)
class ModuleReading:
    """What a module's BMS reports."""

    index: int
    soc_pct: float
    soh_pct: int
    cycles: int
    voltage_v: float
    current_a: float
    temperature_c: float
    capacity_ah: float
    cells_mv: tuple[int, ...]


@dataclass(slots=True)
class Bank:
    """All modules of one inverter, seen by it as one battery."""

    modules: list[Module]
    seed: int
    serial: str
    drifts: Sequence[Drift] = ()
    module_limit_a: float = 200.0
    charge_reference_v: float = 56.0
    capacity_ah: float = field(init=False)
    capacity_wh: float = field(init=False)
    stored_wh: float = field(init=False)
    current_a: float = field(init=False)
    """Plus charging."""
    voltage_v: float = field(init=False)
    """At the terminals, pulled a little by the current of the last step."""
    _heat_c: float = field(default=0.0)

    def __post_init__(self) -> None:
        self.capacity_ah = sum(module.capacity_ah for module in self.modules)
        self.capacity_wh = self.capacity_ah * NOMINAL_V
        self._sum_up()

    @property
    def soc_pct(self) -> float:
        return 100 * self.stored_wh / self.capacity_wh if self.modules else 0.0

    def room_w(self, up_to_pct: float, step_s: float) -> float:
        """The most it takes over a step without passing a state of charge; tapers near full."""
        if not self.modules:
            return 0.0
        soc = self.soc_pct
        missing_wh = max(0.0, (min(100.0, up_to_pct) - soc) / 100 * self.capacity_wh)
        taper = 1.0 if soc < 95 else max(0.05, (100 - soc) / 5)
        limit_w = self.module_limit_a * len(self.modules) * NOMINAL_V * taper
        return min(limit_w, missing_wh * 3600 / step_s / CHARGE_EFFICIENCY)

    def reserve_w(self, down_to_pct: float, step_s: float) -> float:
        """The most it gives over a step without passing a state of charge."""
        if not self.modules:
            return 0.0
        spare_wh = max(0.0, (self.soc_pct - max(0.0, down_to_pct)) / 100 * self.capacity_wh)
        limit_w = self.module_limit_a * len(self.modules) * NOMINAL_V
        return min(limit_w, spare_wh * 3600 / step_s * DISCHARGE_EFFICIENCY)

    def move(self, charge_w: float, discharge_w: float, step_s: float) -> float:
        """Carry a step's power at the terminals; returns the watts lost inside."""
        inside_w = charge_w * CHARGE_EFFICIENCY - discharge_w / DISCHARGE_EFFICIENCY
        volts = self.voltage_v
        soc = self.soc_pct
        tilt = -0.04 if inside_w > 0 else 0.04
        weights = [
            module.capacity_wh * max(0.2, 1 + tilt * (module.soc_pct - soc)) for module in self.modules
        ]
        whole = sum(weights) or 1.0
        for module, weight in zip(self.modules, weights, strict=True):
            part = weight / whole
            moved_wh = inside_w * part * step_s / 3600
            module.stored_wh = min(module.capacity_wh, max(0.0, module.stored_wh + moved_wh))
            module.cycles += abs(moved_wh) / module.capacity_wh / 2
            module.current_a = (charge_w - discharge_w) * part / volts if volts else 0.0
        self._sum_up()
        self._heat_c += (abs(inside_w) / 2500 - self._heat_c) * min(1.0, step_s / 3600)
        return charge_w - discharge_w - inside_w

    def _sum_up(self) -> None:
        self.stored_wh = sum(module.stored_wh for module in self.modules)
        self.current_a = sum(module.current_a for module in self.modules)
        pull = 0.25 * self.current_a / max(1.0, self.capacity_ah) * 4
        self.voltage_v = CELLS * cell_voltage_v(self.soc_pct) + pull

    def temperature_c(self, at: datetime) -> float:
        daily = 3 * math.sin((at.timestamp() % 86400) / 86400 * 2 * math.pi - 1.8)
        return 21 + daily + self._heat_c

    def readings(self, at: datetime) -> tuple[ModuleReading, ...]:
        return tuple(self._reading(module, at) for module in self.modules)

    def _reading(self, module: Module, at: datetime) -> ModuleReading:
        cells = self._cells_mv(module, at)
        return ModuleReading(
            index=module.index,
            soc_pct=module.soc_pct,
            soh_pct=module.soh_pct,
            cycles=int(module.cycles),
            voltage_v=sum(cells) / 1000,
            current_a=module.current_a,
            temperature_c=self.temperature_c(at) + 0.4 * module.index,
            capacity_ah=module.capacity_ah,
            cells_mv=cells,
        )

    def _cells_mv(self, module: Module, at: datetime) -> tuple[int, ...]:
        """What the cells have in common, and what each has for itself."""
        pull = 1000 * 0.25 * module.current_a / module.capacity_ah * 4 / CELLS
        common = 1000 * cell_voltage_v(module.soc_pct) + pull
        slowly = at.timestamp() / 40_000
        found = []
        for cell in range(CELLS):
            key = f"{self.serial}/{module.index}/{cell}"
            own = 8 * (fixed(self.seed, key, 0) - 0.5) + 6 * (smooth(self.seed, key, slowly) - 0.5)
            drift = sum(d.offset_mv(at) for d in self.drifts if (d.module, d.cell) == (module.index, cell))
            found.append(round(common + own + drift))
        return tuple(found)
