"""Battery modules, and what they say of the whole bank. The portals differ in names and divisors only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.plant.reading import Module
from luxagent.portal.fields import Sheet, flag, number, rows, whole, worst
from luxagent.portal.text import clean_text

MOST = 64
"""Modules of one inverter that are believed: 5421 were once reported."""


@dataclass(frozen=True, slots=True)
class ModuleFields:
    """One portal's names for the fields of a module, with what the number is divided by."""

    keys: tuple[str, ...]
    voltage: tuple[str, float]
    current: tuple[str, float]
    temperature: tuple[str, float]
    cycles: str
    cell_max: str
    cell_min: str
    cell_max_number: str
    cell_min_number: str
    power: str = ""
    """A signed power whose sign the current has not got; "" where the current has its own."""


def decode_modules(sheet: Sheet, names: ModuleFields, serial: str) -> tuple[Module, ...] | None:
    """The modules that report, in the portal's order; None where the answer has no list of them.

    One that is sent twice is there once: the first row counts.
    """
    if not isinstance(sheet.answer.get("batteryArray"), list):
        return None
    found: dict[tuple[str, ...], Module] = {}
    for place, row in enumerate(rows(sheet.answer["batteryArray"])[:MOST], start=1):
        if flag(row.get("lost")) is not True:
            told = tuple(clean_text(row.get(name), 64) for name in names.keys)
            which = told if any(told) else (f"#{place}",)
            if which not in found:
                found[which] = _module(sheet, row, names, serial, place)
    return tuple(found.values())


def _module(sheet: Sheet, row: Mapping[str, object], names: ModuleFields, serial: str, place: int) -> Module:
    sheet = sheet.of(row)
    cells = _cells(row)
    high = _within("cell_max_mv", sheet.scaled(names.cell_max), worst(cells))
    low = _within("cell_min_mv", sheet.scaled(names.cell_min), min(cells, default=None))
    if high is not None and low is not None and high < low:
        high = low = None
    return Module(
        key=_key(row, names, serial) or f"#{place}",
        soc_pct=_within("soc_pct", sheet.scaled("soc")),
        soh_pct=_within("soh_pct", sheet.scaled("soh")),
        voltage_v=_within("battery_voltage_v", sheet.scaled(*names.voltage)),
        current_a=_within("battery_current_a", _current(sheet, names)),
        temperature_c=_within("battery_temperature_c", sheet.scaled(*names.temperature)),
        cycles=_within("cycles", sheet.scaled(names.cycles)),
        cell_max_mv=high,
        cell_min_mv=low,
        cell_max_number=whole(row.get(names.cell_max_number), 1, 1000) or _place(cells, high),
        cell_min_number=whole(row.get(names.cell_min_number), 1, 1000) or _place(cells, low),
    )


def summarise(sheet: Sheet, modules: Sequence[Module] | None) -> None:
    """Put what the modules say of the bank: the worst cell spread, health, age and how many report."""
    known = modules or ()
    spread = [m for m in known if m.cell_delta_mv is not None]
    far = max(spread, key=lambda m: m.cell_delta_mv or 0, default=None)
    sheet.put("cell_max_mv", far.cell_max_mv if far else None)
    sheet.put("cell_min_mv", far.cell_min_mv if far else None)
    sheet.put("cell_delta_mv", far.cell_delta_mv if far else None)
    sheet.put("soh_pct", min((m.soh_pct for m in known if m.soh_pct is not None), default=None))
    sheet.put("soc_spread_pct", _spread(m.soc_pct for m in known))
    sheet.put("temperature_spread_c", _spread(m.temperature_c for m in known))
    sheet.put("cycles", worst(m.cycles for m in known))
    sheet.put(
        "module_count", float(len(modules)) if modules else None
    )  # an empty list was seen beside a fine SOC


def _current(sheet: Sheet, names: ModuleFields) -> float | None:
    """Plus is charging. Told without a sign (document), it takes that of the power."""
    current, power = sheet.scaled(*names.current), number(sheet.answer.get(names.power))
    if current is not None and power is not None and power < 0 < current:
        return -current
    return current


def _spread(values: Iterable[float | None]) -> float | None:
    """From the lowest to the highest; None where fewer than two are known."""
    known = [value for value in values if value is not None]
    return round(max(known) - min(known), 3) if len(known) > 1 else None


def _key(row: Mapping[str, object], names: ModuleFields, serial: str) -> str:
    for name in names.keys:
        key = clean_text(row.get(name), 64)
        if key:
            return key.removeprefix(f"{serial}_") or key
    return ""


def _within(ours: str, *candidates: float | None) -> float | None:
    """The first candidate that is physically possible."""
    metric = METRICS_BY_KEY[ours]
    for value in candidates:
        if value is not None and metric.low <= value <= metric.high:
            return round(value, 6)
    return None


def _cells(row: Mapping[str, object]) -> list[float]:
    """Millivolts of each cell (document); [] if any is missing, for then none has a number."""
    listed = row.get("cellVoltages")
    cells = [number(v) for v in listed[:1000]] if isinstance(listed, list) else []
    known = [c for c in cells if c is not None]
    return known if len(known) == len(cells) else []


def _place(cells: Sequence[float], value: float | None) -> int | None:
    return cells.index(value) + 1 if value is not None and value in cells else None
