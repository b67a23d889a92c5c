"""Every setting a rule may set: name, unit, range, step, and what must come before what.

How each wire names and encodes a setting stands in that wire's own table (`portal/live/settings.py`,
`portal/document/settings.py`); a name missing there is unsupported on that wire.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

from luxagent.core.facts.clock_windows import DAY_MIN, spans
from luxagent.core.values.units import Unit

WINDOW_CUT_MIN = 60
"""How far an inverter that keeps whole hours may be from the edge of a window that it was sent."""

SettingValue = float | bool | str | tuple[str, ...]
"""Numbers in base units (%, W, A), switches true/false, modes by word, windows like ("23:30-05:30",)."""


class SettingKind(Enum):
    """What sort of value a setting takes."""

    NUMBER = auto()
    SWITCH = auto()
    MODE = auto()
    TASK = auto()  # quick charge: started for some minutes, ends by itself
    WINDOWS = auto()
    RAW = auto()  # by the portal's own name; needs `allow_raw`


Flow = Literal["charge", "discharge"]
"""What an inverter controls by SOC or by battery voltage, each by itself."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `before` names the switch that this limit must precede; `words` are a mode's values."""

    name: str
    kind: SettingKind
    meaning: str
    unit: Unit = Unit.NONE
    low: float = 0
    high: float = 0
    step: float = 1
    words: tuple[str, ...] = ()
    before: str | None = None
    soc_of: Flow | None = None
    """A SOC stop or floor, and of what: it does nothing while the inverter has that go by voltage."""
    document_high: float | None = None
    """The most that the document's wire takes, where that is less (document, Parameter Reference)."""


_N, _S = SettingKind.NUMBER, SettingKind.SWITCH
_ROWS: tuple[Setting, ...] = (
    Setting("charge_limit", _N, "charging stops here, solar charging too; 101 % never stops (top balance)",
            Unit.PCT, 10, 101, soc_of="charge", document_high=100),
    Setting("ac_charge_power", _N, "most power taken from the grid to charge", Unit.W, 0, 15_000, 100,
            before="ac_charge"),
    Setting("pv_charge_power", _N, "most power of PV-priority charging", Unit.W, 0, 15_000, 100,
            before="forced_charge"),
    Setting("operating_mode", SettingKind.MODE, "standby stops the inverter and may cut the house's power",
            words=("normal", "standby")),
    Setting("quick_charge", SettingKind.TASK, "charge now, for a while, then stop by itself", Unit.S,
            60, 86_400, 60),
    Setting("eps", _S, "backup output; off leaves the backup loads dark in an outage"),
    Setting("ac_charge", _S, "charge from the grid"),
    Setting("ac_charge_type", SettingKind.MODE, "what rules charging from the grid: the inverter's windows, "
            "the SOC, or both", words=("time", "soc", "both"), before="ac_charge"),
    Setting("ac_charge_limit", _N, "charging from the grid stops here", Unit.PCT, 0, 100,
            before="ac_charge", soc_of="charge"),
    Setting("ac_charge_start", _N, "charges from the grid whenever SOC is below this, outside windows too",
            Unit.PCT, 0, 90, before="ac_charge", soc_of="charge"),
    Setting("forced_charge", _S, "PV charge priority: solar power fills the battery first"),
    Setting("forced_charge_limit", _N, "PV-priority charging stops here", Unit.PCT, 0, 100,
            before="forced_charge", soc_of="charge"),
    Setting("forced_discharge", _S, "push the battery out on the inverter's schedule"),
    Setting("forced_discharge_power", _N, "power of forced discharge", Unit.W, 0, 25_500, 100,
            before="forced_discharge"),
    Setting("forced_discharge_floor", _N, "forced discharge stops here", Unit.PCT, 0, 100,
            before="forced_discharge", soc_of="discharge"),
    Setting("discharge_floor", _N, "with the grid present the battery is not used below this", Unit.PCT,
            0, 100, soc_of="discharge"),
    Setting("outage_floor", _N, "off grid the battery is not used below this", Unit.PCT,
            0, 100, soc_of="discharge"),
    Setting("charge_current", _N, "most battery charge current", Unit.A, 0, 250),
    Setting("discharge_current", _N, "most battery discharge current; 0 also kills the backup output",
            Unit.A, 0, 250),
    Setting("export", _S, "feeding the grid is allowed"),
    Setting("export_limit", _N, "most power fed to the grid", Unit.W, 0, 25_500, 100, before="export"),
    Setting("peak_shaving", _S, "the battery covers what the house takes above the set power"),
    Setting("peak_shaving_power", _N, "import above this is shaved; kept only while peak shaving is on",
            Unit.W, 0, 25_500, 100),
    Setting("charge_last", _S, "export first, charge the battery with what is left"),
    Setting("backup_mode", _S, "the inverter's battery backup mode; another thing than eps"),
    Setting("ac_charge_windows", SettingKind.WINDOWS, "the inverter's own windows for AC charge",
            before="ac_charge"),
    Setting("forced_charge_windows", SettingKind.WINDOWS, "the inverter's own windows for forced charge",
            before="forced_charge"),
    Setting("forced_discharge_windows", SettingKind.WINDOWS,
            "the inverter's own windows for forced discharge", before="forced_discharge"),
)  # fmt: skip

SETTINGS: dict[str, Setting] = {row.name: row for row in _ROWS}

RAW_PREFIX, PARAMETER_PREFIX = "raw:", "parameter:"
"""Settings by the portal's own name are called "raw:HOLD_X" and "parameter:21" everywhere inside."""

FORCES_CHARGE = ("ac_charge", "forced_charge", "quick_charge")
FORCES_DISCHARGE = ("forced_discharge",)
KEPT_WHILE_ON = {"peak_shaving_power": "peak_shaving"}
"""What the firmware keeps only while a switch is on: while that is off, it refuses it and zeroes it."""
MOVES_POWER = frozenset({*FORCES_CHARGE, *FORCES_DISCHARGE})
"""What moves power while it is on."""
FROM_THE_GRID = ("ac_charge", "quick_charge")
KEEPS_BACK = ("discharge_floor", "outage_floor", "forced_discharge_floor")
"""Floors: the higher, the more of the battery the house cannot have."""
POWER_CUTS: tuple[tuple[str, SettingValue], ...] = (
    ("operating_mode", "standby"),
    ("eps", False),
    ("discharge_current", 0.0),
)
"""Rules may set these only with `allow_power_cut`."""


def beyond_wire(name: str, value: SettingValue, wire: str) -> bool:
    """Whether this wire cannot say that value, although the inverter could take it."""
    row = SETTINGS.get(name)
    most = row.document_high if row is not None and wire == "document" else None
    return most is not None and isinstance(value, int | float) and value > most


def within_wire(name: str, value: SettingValue, wire: str) -> SettingValue:
    """The value, or the most that this wire can say of it."""
    most = SETTINGS[name].document_high if beyond_wire(name, value, wire) else None
    return value if most is None else most


def ends_force(name: str, value: SettingValue | None) -> bool:
    """Whether it ends a charge or a discharge by force."""
    return name in MOVES_POWER and value is False


def describe(name: str) -> Setting:
    """The row of a setting; raw ones get a row made up on the spot. Raises KeyError for an unknown name."""
    if name.startswith((RAW_PREFIX, PARAMETER_PREFIX)):
        return Setting(name, SettingKind.RAW, "set by the portal's own name")
    return SETTINGS[name]


def stage_of(name: str) -> int:
    """0 is written first when taking. A limit is stage 0, the switch it belongs to is stage 1.

    What the firmware keeps only while its switch is on comes after that.
    """
    row = describe(name)
    if name in KEPT_WHILE_ON:
        return 2
    return 0 if row.before or row.kind in (_N, SettingKind.WINDOWS, SettingKind.RAW) else 1


def is_between(before: SettingValue | None, wanted: SettingValue, found: SettingValue | None) -> bool:
    """Whether a write got only part of the way: a number between both, windows made of edges of both."""
    if isinstance(wanted, tuple) and isinstance(found, tuple):
        return not _strange_edges(before, wanted, found)
    numbers = (before, wanted, found)
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        return False
    low, high = sorted((float(before), float(wanted)))  # type: ignore[arg-type]
    return low < float(found) < high  # type: ignore[arg-type]


def is_next_to(
    name: str, before: SettingValue | None, wanted: SettingValue, found: SettingValue | None
) -> bool:
    """Whether it reads nearly as wanted, as an inverter rounds or cuts what it is sent.

    A number at most two steps off; windows with each edge that is not of both at a whole hour near one sent.
    """
    if isinstance(wanted, tuple) and isinstance(found, tuple):
        sent = _edges(wanted)
        return all(
            minute % 60 == 0
            and any(sort == other and _apart_min(minute, at) <= WINDOW_CUT_MIN for other, at in sent)
            for sort, minute in _strange_edges(before, wanted, found)
        )
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in (wanted, found)):
        return False
    off = abs(float(wanted) - float(found))  # type: ignore[arg-type]
    return off <= 2 * describe(name).step + 1e-9


def _edges(windows: SettingValue | None) -> frozenset[tuple[str, int]]:
    """What the inverter holds of windows: the minutes of the day at which one begins or ends."""
    if not isinstance(windows, tuple):
        return frozenset()
    return frozenset(edge for start, end in spans(windows) for edge in (("from", start), ("to", end)))


def _strange_edges(
    before: SettingValue | None, wanted: SettingValue, found: SettingValue
) -> frozenset[tuple[str, int]]:
    """Edges that were neither there before nor sent; 00:00 is that of a window which is not in use."""
    return _edges(found) - _edges(wanted) - _edges(before) - {("from", 0), ("to", 0)}


def _apart_min(one: int, other: int) -> int:
    """How far two minutes of the day are apart, also over midnight."""
    apart = abs(one - other)
    return min(apart, DAY_MIN - apart)


def same_value(name: str, wanted: SettingValue, found: SettingValue | None) -> bool:
    """Whether a setting reads as wanted: numbers within half a step, the rest equal.

    Quick charge is wanted as seconds or False and reads as running or not.
    """
    if found is None:
        return False
    if name == "quick_charge":
        return found is (wanted is not False)
    if isinstance(wanted, tuple) and isinstance(found, tuple):
        return spans(wanted) == spans(found)
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return abs(wanted - found) < describe(name).step / 2 + 1e-9
    if name.startswith((RAW_PREFIX, PARAMETER_PREFIX)):
        return _same_text(str(wanted), str(found))
    return wanted == found


def _same_text(wanted: str, found: str) -> bool:
    """Whether two raw values are the same, as numbers if both are: "90" and "90.0", hour "7" and "07"."""
    try:
        return abs(float(wanted) - float(found)) < 1e-9
    except ValueError:
        return wanted == found
