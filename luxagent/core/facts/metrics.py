"""Every value a rule or an alert may name: unit, meaning, which request brings it, what is believable.

A metric's name is the file's word; its key, in code and JSON, carries the unit. Signs are the same on both
wires: battery power and current plus is charging; grid import and export are never negative.
"""

from dataclasses import dataclass
from enum import Enum, auto

from luxagent.core.facts.needs import Need
from luxagent.core.values.units import Unit


class Fold(Enum):
    """How the members of a parallel group make one value of the unit."""

    SUM = auto()  # unknown if a member's is unknown
    MEAN = auto()  # of the known members
    CAPACITY_MEAN = auto()  # of the known members, weighted by battery capacity
    WORST_HIGH = auto()  # the highest known
    WORST_LOW = auto()  # the lowest known


@dataclass(frozen=True, slots=True)
class Metric:
    """One row. `low` and `high` are physical: a value outside them is a broken frame, hence unknown."""

    name: str
    unit: Unit
    need: Need
    low: float
    high: float
    fold: Fold
    meaning: str

    @property
    def key(self) -> str:
        """The name in code and JSON: "soc_pct"."""
        return f"{self.name}_{self.unit.value}" if self.unit.value else self.name


_RUN, _BAT, _NRG, _BOSS = Need.RUNTIME, Need.BATTERY, Need.ENERGY, Need.GRIDBOSS
_POWER_W = 200_000  # more than any plant of this kind

_ROWS: tuple[Metric, ...] = (
    Metric("soc", Unit.PCT, _RUN, 0, 100, Fold.CAPACITY_MEAN, "state of charge of the battery"),
    Metric("soh", Unit.PCT, _BAT, 0, 100, Fold.WORST_LOW, "state of health, worst module"),
    Metric("battery_voltage", Unit.V, _RUN, 5, 1000, Fold.MEAN, "voltage of the battery bank"),
    Metric("battery_current", Unit.A, _BAT, -3000, 3000, Fold.SUM, "current of the bank, plus is charging"),
    Metric("battery_power", Unit.W, _RUN, -_POWER_W, _POWER_W, Fold.SUM, "battery power, plus is charging"),
    Metric("battery_temperature", Unit.C, _RUN, -40, 100, Fold.WORST_HIGH, "battery temperature"),
    Metric("cell_max", Unit.MV, _BAT, 500, 5000, Fold.WORST_HIGH, "highest cell of the worst module"),
    Metric("cell_min", Unit.MV, _BAT, 500, 5000, Fold.WORST_LOW, "lowest cell of the worst module"),
    Metric("cell_delta", Unit.MV, _BAT, 0, 4500, Fold.WORST_HIGH, "widest spread of cells within one module"),
    Metric("soc_spread", Unit.PCT, _BAT, 0, 100, Fold.WORST_HIGH, "between fullest and emptiest module"),
    Metric("temperature_spread", Unit.C, _BAT, 0, 140, Fold.WORST_HIGH, "between warmest and coldest module"),
    Metric("cycles", Unit.NONE, _BAT, 0, 100_000, Fold.WORST_HIGH, "charge cycles, most used module"),
    Metric("module_count", Unit.NONE, _BAT, 0, 256, Fold.SUM, "battery modules that report"),
    Metric("pv_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, "solar power of all strings"),
    *(Metric(f"pv{n}_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, f"solar power of string {n}")
      for n in range(1, 7)),
    *(Metric(f"pv{n}_voltage", Unit.V, _RUN, 0, 1100, Fold.WORST_HIGH, f"voltage of solar string {n}")
      for n in range(1, 7)),
    Metric("load_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, "what the house takes"),
    Metric("grid_import_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, "power bought from the grid"),
    Metric("grid_export_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, "power sold to the grid"),
    Metric("grid_voltage", Unit.V, _RUN, 0, 600, Fold.MEAN, "voltage of the mains"),
    Metric("grid_frequency", Unit.HZ, _RUN, 0, 70, Fold.MEAN, "frequency of the mains"),
    Metric("eps_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, "power of the backup output"),
    Metric("eps_voltage", Unit.V, _RUN, 0, 600, Fold.MEAN, "voltage of the backup output"),
    Metric("generator_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, "power crossing the generator port"),
    Metric("generator_voltage", Unit.V, _RUN, 0, 600, Fold.WORST_HIGH, "voltage of the generator"),
    Metric("generator_frequency", Unit.HZ, _RUN, 0, 70, Fold.WORST_HIGH, "frequency of the generator"),
    Metric("ac_couple_power", Unit.W, _RUN, 0, _POWER_W, Fold.SUM, "power of AC-coupled solar"),
    Metric("inverter_temperature", Unit.C, _RUN, -40, 126, Fold.WORST_HIGH, "inside the inverter"),
    Metric("radiator_temperature", Unit.C, _RUN, -40, 126, Fold.WORST_HIGH, "hottest radiator"),
    Metric("bus_voltage", Unit.V, _RUN, 0, 1100, Fold.WORST_HIGH, "voltage of the DC bus"),
    Metric("pv_energy_today", Unit.KWH, _NRG, 0, 5000, Fold.SUM, "solar energy since midnight"),
    Metric("import_energy_today", Unit.KWH, _NRG, 0, 5000, Fold.SUM, "energy bought since midnight"),
    Metric("export_energy_today", Unit.KWH, _NRG, 0, 5000, Fold.SUM, "energy sold since midnight"),
    Metric("load_energy_today", Unit.KWH, _NRG, 0, 5000, Fold.SUM, "energy the house took since midnight"),
    Metric("charge_energy_today", Unit.KWH, _NRG, 0, 5000, Fold.SUM, "into the battery since midnight"),
    Metric("discharge_energy_today", Unit.KWH, _NRG, 0, 5000, Fold.SUM, "out of the battery since midnight"),
    Metric("data_age", Unit.S, _RUN, 0, 1e9, Fold.WORST_HIGH, "time since the newest upload"),
    Metric("grid_power_l1", Unit.W, _BOSS, -_POWER_W, _POWER_W, Fold.SUM, "GridBOSS: leg 1, plus is import"),
    Metric("grid_power_l2", Unit.W, _BOSS, -_POWER_W, _POWER_W, Fold.SUM, "GridBOSS: leg 2, plus is import"),
    *(Metric(f"smart_port{n}_power", Unit.W, _BOSS, -_POWER_W, _POWER_W, Fold.SUM,
             f"GridBOSS: smart port {n}; minus means the port is producing") for n in range(1, 5)),
)  # fmt: skip

METRICS: dict[str, Metric] = {row.name: row for row in _ROWS}
METRICS_BY_KEY: dict[str, Metric] = {row.key: row for row in _ROWS}

TARIFF_METRICS: dict[str, str] = {"price": "price", "export_price": "export_price"}
"""Compared like metrics, but known from the file's tariff and the clock alone."""


@dataclass(frozen=True, slots=True)
class WordFact:
    """A fact told in words. A reading holds a word or None; `status` and `faults` hold a set of words."""

    name: str
    words: tuple[str, ...]
    need: Need
    meaning: str


WORD_FACTS: dict[str, WordFact] = {
    row.name: row
    for row in (
        WordFact(
            "status",
            ("normal", "fault", "warning", "offline", "standby", "charging", "discharging", "off-grid"),
            Need.RUNTIME,
            "what the inverter says of itself; several can be true at once",
        ),
        WordFact("grid", ("up", "down"), Need.RUNTIME, "whether the mains are there"),
        WordFact("online", ("yes", "no"), Need.RUNTIME, "whether the portal hears the device"),
        WordFact("quick_charge", ("on", "off"), Need.QUICK_CHARGE, "whether a quick charge is running"),
        WordFact("generator", ("running", "idle"), Need.RUNTIME, "above 50 V and 40 Hz it runs"),
        WordFact("firmware", ("update available", "updating", "current"), Need.FIRMWARE, "firmware state"),
        *(
            WordFact(
                f"smart_port{n}",
                ("unused", "smart load", "ac couple", "on", "off", "auto"),
                Need.GRIDBOSS,
                f"GridBOSS: what smart port {n} does; the words differ between portals",
            )
            for n in range(1, 5)
        ),
    )
}
FAULTS_KEY = "faults"
"""Key of the set of open fault and warning codes in a reading (live wire, Need.EVENTS)."""

GRIDBOSS_METRICS = frozenset(m.key for m in _ROWS if m.need is Need.GRIDBOSS)
GRIDBOSS_PREFERRED = frozenset(
    {"load_power_w", "grid_import_power_w", "grid_export_power_w", "grid_voltage_v", "grid_frequency_hz"}
)
"""Where a unit has a GridBOSS, these come from it; the inverters alone see only their own share."""
