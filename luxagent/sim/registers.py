"""The holding registers of a hybrid inverter: names, numbers, units, ranges, and the store of one device.

Values are kept in engineering units (kW, %, V, A) as the live portal shows them; `raw_words` gives the
16-bit words behind them. What a register *does* is left to `obey`; wires turn names and texts.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

Value = float | bool


class Kind(Enum):
    """How the portal writes a register and in which shape it reads it back."""

    HOLD = auto()  # holdParam + valueText; reads as text
    FUNC = auto()  # functionParam + enable; reads as a JSON boolean
    BIT = auto()  # bitParam + value; reads as a JSON integer


class Refusal(Enum):
    """Why a value is not taken."""

    UNKNOWN_NAME = auto()
    WRONG_MODEL = auto()
    NOT_A_NUMBER = auto()
    OUT_OF_RANGE = auto()
    MODE_IS_OFF = auto()


@dataclass(frozen=True, slots=True)
class Spec:
    """One named setting: register number, shape, default, range and step in engineering units."""

    name: str
    register: int
    kind: Kind
    default: Value
    low: float = 0
    high: float = 1
    step: float = 1  # 0.1: the register counts tenths (100 W, 0.1 V)
    bit: int = 0  # lowest bit of a FUNC or BIT; 8 for the minute half of a clock register
    width: int = 16
    read_as: str = ""
    """The key under which the portal reads it back, where that differs from the name it is written by."""
    off_grid_only: bool = False
    """A hybrid refuses it."""

    @property
    def key(self) -> str:
        return self.read_as or self.name

    @property
    def is_clock(self) -> bool:
        return self.kind is Kind.HOLD and self.width == 8

    def text(self, value: Value) -> str:
        """As the live portal shows a HOLD: one decimal for tenths, two digits for clock halves."""
        if self.is_clock:
            return f"{int(value):02d}"
        return f"{value:.1f}" if self.step < 1 else f"{int(value)}"


def _kw(name: str, register: int, default: float, high: float) -> Spec:
    return Spec(name, register, Kind.HOLD, default, 0, high, 0.1)


def _whole(name: str, register: int, default: float, low: float, high: float) -> Spec:
    return Spec(name, register, Kind.HOLD, default, low, high)


def _volts(name: str, register: int, default: float, low: float, high: float) -> Spec:
    return Spec(name, register, Kind.HOLD, default, low, high, 0.1)


def _func(name: str, register: int, bit: int, default: bool = False) -> Spec:
    return Spec(name, register, Kind.FUNC, default, bit=bit, width=1)


def _clock_pairs(prefix: str, first: int, suffixes: tuple[str, ...], lsp_base: int = 0) -> Iterator[Spec]:
    """Start and end of each window: hour in the low byte, minute in the high byte."""
    for index, suffix in enumerate(suffixes):
        for edge, edge_name in enumerate(("START", "END")):
            for half, (half_name, high) in enumerate((("HOUR", 23), ("MINUTE", 59))):
                lsp = f"LSP_HOLD_DIS_CHG_POWER_TIME_{lsp_base + index * 4 + edge * 2 + half}"
                name = f"{prefix}_{edge_name}_{half_name}{suffix}"
                register = first + index * 2 + edge
                yield Spec(
                    name, register, Kind.HOLD, 0, 0, high, 1, half * 8, 8, read_as=lsp if lsp_base else ""
                )


PLAIN, NUMBERED = ("", "_1", "_2"), ("_1", "_2", "_3")

_SPECS: Final = (
    _func("FUNC_EPS_EN", 21, 0, default=True),
    _func("FUNC_AC_CHARGE", 21, 7),
    _func("FUNC_SET_TO_STANDBY", 21, 9, default=True),  # true = running, whatever the name says
    _func("FUNC_FORCED_DISCHG_EN", 21, 10),
    _func("FUNC_FORCED_CHG_EN", 21, 11),
    _func("FUNC_FEED_IN_GRID_EN", 21, 15, default=True),
    _whole("HOLD_START_PV_VOLT", 22, 140, 140, 500),
    Spec("HOLD_CHG_POWER_PERCENT_CMD", 64, Kind.HOLD, 100, 0, 100, read_as="HOLD_CHARGE_POWER_PERCENT_CMD"),
    _whole("HOLD_DISCHG_POWER_PERCENT_CMD", 65, 100, 0, 100),
    _kw("HOLD_AC_CHARGE_POWER_CMD", 66, 5.0, 15),
    _whole("HOLD_AC_CHARGE_SOC_LIMIT", 67, 90, 0, 101),
    *_clock_pairs("HOLD_AC_CHARGE", 68, PLAIN),
    _kw("HOLD_FORCED_CHG_POWER_CMD", 74, 12.0, 15),
    _whole("HOLD_FORCED_CHG_SOC_LIMIT", 75, 100, 0, 100),
    *_clock_pairs("HOLD_FORCED_CHARGE", 76, PLAIN),
    _kw("HOLD_FORCED_DISCHG_POWER_CMD", 82, 5.0, 25.5),
    _whole("HOLD_FORCED_DISCHG_SOC_LIMIT", 83, 20, 0, 100),
    *_clock_pairs("HOLD_FORCED_DISCHARGE", 84, PLAIN),
    _volts("HOLD_LEAD_ACID_DISCHARGE_CUT_OFF_VOLT", 100, 44, 40, 56),
    _whole("HOLD_LEAD_ACID_CHARGE_RATE", 101, 200, 0, 250),
    _whole("HOLD_LEAD_ACID_DISCHARGE_RATE", 102, 250, 0, 250),
    _kw("HOLD_FEED_IN_GRID_POWER_PERCENT", 103, 12.0, 25.5),
    _whole("HOLD_DISCHG_CUT_OFF_SOC_EOD", 105, 20, 0, 100),
    _func("FUNC_RUN_WITHOUT_GRID", 110, 1),
    _func("FUNC_BAT_SHARED", 110, 3),
    _func("FUNC_CHARGE_LAST", 110, 4),
    _func("FUNC_BUZZER_EN", 110, 7),
    _func("FUNC_TAKE_LOAD_TOGETHER", 110, 10),
    _func("FUNC_GREEN_EN", 110, 14),
    _func("FUNC_BATTERY_ECO_EN", 110, 15),
    _whole("HOLD_P_TO_USER_START_DISCHG", 116, 50, 50, 10000),
    Spec("BIT_AC_CHARGE_TYPE", 120, Kind.BIT, 0, 0, 2, 1, bit=1, width=3),
    _whole("HOLD_SOC_LOW_LIMIT_EPS_DISCHG", 125, 10, 0, 100),
    *_clock_pairs("HOLD_AC_FIRST", 152, PLAIN),
    _volts("HOLD_AC_CHARGE_START_BATTERY_VOLTAGE", 158, 46, 38.4, 52),
    _volts("HOLD_AC_CHARGE_END_BATTERY_VOLTAGE", 159, 56, 48, 59),
    _whole("HOLD_AC_CHARGE_START_BATTERY_SOC", 160, 0, 0, 90),
    _whole("HOLD_AC_CHARGE_END_BATTERY_SOC", 161, 100, 20, 100),  # acknowledged, stored, without effect here
    _whole("HOLD_AC_CHARGE_BATTERY_CURRENT", 168, 140, 0, 140),
    _volts("HOLD_ON_GRID_EOD_VOLTAGE", 169, 46, 40, 58),
    _kw("HOLD_MAX_GENERATOR_INPUT_POWER", 177, 12.0, 25.5),
    _func("FUNC_PV_SELL_TO_GRID_EN", 179, 3),
    _func("FUNC_GRID_PEAK_SHAVING", 179, 7),
    _func("FUNC_BAT_CHARGE_CONTROL", 179, 9),
    _func("FUNC_BAT_DISCHARGE_CONTROL", 179, 10),
    _func("FUNC_AC_COUPLING_FUNCTION", 179, 11),
    _func("FUNC_SMART_LOAD_ENABLE", 179, 13),
    _volts("_12K_HOLD_STOP_DISCHG_VOLT", 202, 44, 40, 56),
    _kw("_12K_HOLD_GRID_PEAK_SHAVING_POWER", 206, 0, 25.5),
    _whole("_12K_HOLD_GRID_PEAK_SHAVING_SOC", 207, 30, 0, 100),
    _volts("_12K_HOLD_GRID_PEAK_SHAVING_VOLT", 208, 48, 40, 58),
    *_clock_pairs("HOLD_PEAK_SHAVING", 209, ("_1", "_2"), lsp_base=37),
    _whole("HOLD_SYSTEM_CHARGE_SOC_LIMIT", 227, 100, 10, 101),
    _volts("HOLD_SYSTEM_CHARGE_VOLT_LIMIT", 228, 59.5, 48, 60),
    _kw("_12K_HOLD_GRID_PEAK_SHAVING_POWER_2", 232, 0, 25.5),
    _func("FUNC_BATTERY_BACKUP_CTRL", 233, 1),
    _func("FUNC_SPORADIC_CHARGE", 233, 12),
    Spec("SNA_HOLD_QUICK_CHARGE_MINUTE", 234, Kind.HOLD, 0, 0, 1440, off_grid_only=True),
    *_clock_pairs("HOLD_GEN", 256, ("_1", "_2")),
    *_clock_pairs("HOLD_OFF_GRID", 269, NUMBERED),
)

SPECS: Final[Mapping[str, Spec]] = {spec.name: spec for spec in _SPECS}

_PEAK_POWERS: Final = ("_12K_HOLD_GRID_PEAK_SHAVING_POWER", "_12K_HOLD_GRID_PEAK_SHAVING_POWER_2")


class Registers(Mapping[str, Value]):
    """The settings of one inverter by name, in engineering units. Reads like a mapping; `put` writes."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {spec.name: spec.default for spec in _SPECS}

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, name: str) -> float:
        return float(self._values[name])

    def on(self, name: str) -> bool:
        return bool(self._values[name])

    def refusal(self, name: str, value: Value) -> Refusal | None:
        """Why this value would not be taken, or None."""
        spec = SPECS.get(name)
        if spec is None:
            return Refusal.UNKNOWN_NAME
        if spec.off_grid_only:
            return Refusal.WRONG_MODEL
        if spec.kind is not Kind.FUNC and not spec.low <= value <= spec.high:
            return Refusal.OUT_OF_RANGE
        if name in _PEAK_POWERS and not self.on("FUNC_GRID_PEAK_SHAVING"):
            return Refusal.MODE_IS_OFF
        return None

    def put(self, name: str, value: Value) -> None:
        """Store a value, quantised to the register's step. Turning peak shaving off zeroes its powers."""
        spec = SPECS[name]
        self._values[name] = bool(value) if spec.kind is Kind.FUNC else _quantised(value, spec.step)
        if name == "FUNC_GRID_PEAK_SHAVING" and not value:
            self._values.update(dict.fromkeys(_PEAK_POWERS, 0.0))

    def set_window(self, family: str, suffix: str, start: str, end: str) -> None:
        """A convenience for scenarios: `set_window("HOLD_AC_CHARGE", "", "23:30", "05:30")`."""
        for edge, text in (("START", start), ("END", end)):
            hour, minute = text.split(":")
            self.put(f"{family}_{edge}_HOUR{suffix}", int(hour))
            self.put(f"{family}_{edge}_MINUTE{suffix}", int(minute))

    def raw_words(self, first: int, count: int) -> bytes:
        """The block as the device sends it: little-endian unsigned words."""
        words = [0] * count
        for name, value in self._values.items():
            spec = SPECS[name]
            if first <= spec.register < first + count:
                raw = round(value / spec.step) if spec.kind is Kind.HOLD else int(value)
                words[spec.register - first] |= (raw & ((1 << spec.width) - 1)) << spec.bit
        return struct.pack(f"<{count}H", *(word & 0xFFFF for word in words))


def in_block(first: int, count: int) -> Iterator[Spec]:
    """The settings whose register lies in a block."""
    return (spec for spec in _SPECS if first <= spec.register < first + count)


def _quantised(value: Value, step: float) -> float:
    return round(round(float(value) / step) * step, 3)
