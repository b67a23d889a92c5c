"""Settings of the live wire: by name, as text in engineering units, read in blocks of registers.

Numbers in the evidence are holding registers of deviceType-6 hybrids. Read keys and write keys are the same.
The inverter's own windows are many keys each, and written edge by edge (`edges`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from luxagent.core.facts.clock_windows import Span, window_of
from luxagent.core.facts.portal_names import LIVE_KEYS, LIVE_WINDOWS, LIVE_WORDS
from luxagent.core.facts.settings import RAW_PREFIX, Flow, SettingValue
from luxagent.portal.codes import (
    AMPS,
    KILOWATTS,
    PERCENT,
    SWITCH,
    Code,
    Words,
    as_number,
    as_switch,
    checked,
    unfit,
)
from luxagent.portal.fields import flag, number, whole
from luxagent.portal.line import Request
from luxagent.portal.live import forms, windows
from luxagent.portal.text import clean_text


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: the block that shows it, how it is told, why we believe so."""

    name: str
    block: str
    code: Code
    evidence: str
    most: float | None = None
    """What inverters were seen to hold beyond what a file may say: it must be able to go home."""

    @property
    def key(self) -> str:
        """The portal's name."""
        return LIVE_KEYS[self.name]


LOW, MIDDLE, HIGH = "0", "127", "240"
"""Where the blocks begin. They overlap at 240 to 253."""
_TYPES = Words(LIVE_WORDS["ac_charge_type"])
_RUNNING = Words(LIVE_WORDS["operating_mode"])
"""FUNC_SET_TO_STANDBY is upside down: true means that the inverter runs."""

TABLE: tuple[Row, ...] = (
    Row("charge_limit", MIDDLE, PERCENT, "r227; 101 never stops"),
    Row("ac_charge_power", LOW, KILOWATTS, "r66; kW text, 100 W steps"),
    Row("pv_charge_power", LOW, KILOWATTS, "r74; kW text"),
    Row("operating_mode", LOW, _RUNNING, "r21 bit 9; true is normal"),
    Row("eps", LOW, SWITCH, "r21 bit 0"),
    Row("ac_charge", LOW, SWITCH, "r21 bit 7; without effect on off-grid models"),
    Row("ac_charge_type", LOW, _TYPES, "r120 bits 1-3; 0 time, 1 SOC, 2 both"),
    Row("ac_charge_limit", LOW, PERCENT, "r67; off-grid models refuse it; 101 never stops", most=101),
    Row("ac_charge_start", MIDDLE, PERCENT, "r160; outside windows too"),
    Row("forced_charge", LOW, SWITCH, "r21 bit 11; PV charge priority"),
    Row("forced_charge_limit", LOW, PERCENT, "r75"),
    Row("forced_discharge", LOW, SWITCH, "r21 bit 10"),
    Row("forced_discharge_power", LOW, KILOWATTS, "r82; kW text"),
    Row("forced_discharge_floor", LOW, PERCENT, "r83"),
    Row("discharge_floor", LOW, PERCENT, "r105; FlexBOSS took 2 and 100"),
    Row("outage_floor", LOW, PERCENT, "r125"),
    Row("charge_current", LOW, AMPS, "r101; limits lithium too"),
    Row("discharge_current", LOW, AMPS, "r102; limits lithium too"),
    Row("export", LOW, SWITCH, "r21 bit 15"),
    Row("export_limit", LOW, KILOWATTS, "r103; kW despite its name"),
    Row("peak_shaving", MIDDLE, SWITCH, "r179 bit 7"),
    Row("peak_shaving_power", MIDDLE, KILOWATTS, "r206; only while on"),
    Row("charge_last", LOW, SWITCH, "r110 bit 4"),
    Row("backup_mode", MIDDLE, SWITCH, "r233 bit 1; another thing than EPS"),
)
_ROWS = {row.name: row for row in TABLE}
_MODEL = "HOLD_DEVICE_TYPE_CODE"
"""r19: 2092 is a 12KPV or 18KPV, 10284 a FlexBOSS; another number than the device list's type."""
_LACKING: dict[int, frozenset[str]] = {
    38: frozenset({"ac_charge_power"}),  # 6000XP
    54: frozenset({"ac_charge_power"}),  # 12000XP, SNA12K-US
}
"""What a model does not have as it is meant here: off-grid ones tell r66 as "100", a share of something."""
_RAW_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,63}", re.ASCII)
_BY_VOLTAGE: dict[str, Flow] = {
    "FUNC_BAT_CHARGE_CONTROL": "charge",
    "FUNC_BAT_DISCHARGE_CONTROL": "discharge",
}
"""r179 bits 9 and 10, each by itself: false goes by SOC, true by voltage."""

WINDOWS = LIVE_WINDOWS
"""Registers 68 to 73, 76 to 81 (off-grid models have none) and 84 to 89: each three windows, the minute in
the high byte of a register, the hour in the low one, read as two texts."""
_SUFFIXES = ("", "_1", "_2")

NAMES = frozenset(_ROWS) | frozenset(WINDOWS) | {"quick_charge"}


def supports(name: str) -> bool:
    """Whether this wire has the setting."""
    return name in NAMES or _raw_key(name) is not None


def blocks(name: str) -> tuple[str, ...]:
    """The blocks that may show a setting. Nobody knows where a raw one is: it is looked for in all."""
    if _raw_key(name) is not None:
        return (LOW, MIDDLE, HIGH)
    if name in WINDOWS:
        return (LOW,)
    row = _ROWS.get(name)
    return (row.block,) if row else ()


def decode_block(answer: Mapping[str, object]) -> dict[str, object]:
    """The flat answer as it is: one key per named parameter, beside a few of its own."""
    return dict(answer)


def value(name: str, block: Mapping[str, object]) -> SettingValue | None:
    """A setting out of a block, None if it is not there or cannot be believed."""
    raw = _raw_key(name)
    if raw is not None:
        return _raw_value(raw, block.get(raw))
    if name in (lacks(block) or ()):
        return None
    if name in WINDOWS:
        there = _slots(name, block)
        return tuple(window_of(span) for span in there if span[0] != span[1]) if there else None
    row = _ROWS.get(name)
    return row.code.read(block.get(row.key)) if row else None


def edges(serial: str, name: str, wanted: SettingValue, block: Mapping[str, object]) -> tuple[Request, ...]:
    """The requests that make windows of what the block shows now, in an order that does least harm.

    Raises PortalRefused for what cannot be; nothing is sent then.
    """
    there = _slots(name, block)
    if there is None or not isinstance(wanted, tuple):
        raise unfit(f"{name} could not be read, so that nobody knows which edges to move")
    try:
        moves = windows.edges(there, wanted)
    except ValueError as error:
        raise unfit(f"{name}: {error}") from None
    family = WINDOWS[name]
    return tuple(
        forms.time(serial, f"{family}_{'END' if e.end else 'START'}_TIME{_SUFFIXES[e.slot]}", e.minute)
        for e in moves
    )


def _slots(name: str, block: Mapping[str, object]) -> windows.Slots | None:
    """The windows as the block shows them, unused ones too; None where an edge cannot be read.

    A model with fewer windows lacks the keys of the rest.
    """
    found: list[Span] = []
    for suffix in _SUFFIXES:
        keys = [
            f"{WINDOWS[name]}_{edge}_{part}{suffix}"
            for edge in ("START", "END")
            for part in ("HOUR", "MINUTE")
        ]
        if found and not any(key in block for key in keys):
            break
        told = [whole(block.get(key), 0, 23 if "HOUR" in key else 59) for key in keys]
        hours = [one for one in told if one is not None]
        if len(hours) != len(keys):
            return None
        found.append((hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]))
    return tuple(found)


def shows(name: str, block: Mapping[str, object]) -> bool:
    """Whether the setting is there at all, with whatever value."""
    if name in (lacks(block) or ()):
        return False
    if name in WINDOWS:
        return f"{WINDOWS[name]}_START_HOUR" in block
    raw = _raw_key(name)
    return (_ROWS[name].key if raw is None else raw) in block


def lacks(block: Mapping[str, object]) -> frozenset[str] | None:
    """What the inverter does not have by its model, though it shows the key; None where no model is told."""
    model = whole(block.get(_MODEL), 0, 65_535)
    return None if model is None else _LACKING.get(model, frozenset())


def speaks(block: Mapping[str, object]) -> bool:
    """Whether the block shows any setting that we know: one that does not says nothing of what is lacking."""
    return any(row.key in block for row in TABLE)


def encode(serial: str, name: str, wanted: SettingValue) -> Request:
    """The request that sets it. Raises PortalRefused for what this wire cannot hold; nothing is sent then."""
    raw = _raw_key(name)
    if raw is not None:
        return _by_key(serial, raw, _raw_text(raw, wanted))
    row = _ROWS.get(name)
    if row is None:
        raise unfit(f"this portal has no setting {name}")
    checked(name, wanted, row.most)
    return _by_key(serial, row.key, row.code.write(wanted))


def by_voltage(read: Iterable[Mapping[str, object]]) -> frozenset[Flow] | None:
    """What goes by voltage, of charge and discharge; None unless the block that tells was read."""
    told = {flow: flag(block.get(key)) for block in read for key, flow in _BY_VOLTAGE.items() if key in block}
    found: frozenset[Flow] = frozenset(flow for flow, by_voltage in told.items() if by_voltage)
    return found if found or (told and None not in told.values()) else None


def _by_key(serial: str, key: str, text: str) -> Request:
    """The right kind of request for a name: switches, bits and holding parameters each have their own."""
    if key.startswith("FUNC_"):
        return forms.function(serial, key, on=as_switch(text))
    if key.startswith("BIT_"):
        return forms.bit(serial, key, int(as_number(text)))
    return forms.write(serial, key, text)


def _raw_key(name: str) -> str | None:
    key = name.removeprefix(RAW_PREFIX)
    return key if key != name and _RAW_KEY.fullmatch(key) else None


def _raw_value(key: str, found: object) -> SettingValue | None:
    if key.startswith("FUNC_"):
        return flag(found)
    if key.startswith("BIT_"):
        return number(found)
    return clean_text(found) or None


def _raw_text(key: str, wanted: SettingValue) -> str:
    if key.startswith("FUNC_"):
        return "true" if as_switch(wanted) else "false"
    if key.startswith("BIT_"):
        return f"{as_number(wanted):.0f}"
    if isinstance(wanted, bool | tuple):
        raise unfit(f"{key} takes text")
    text = f"{wanted:g}" if isinstance(wanted, int | float) else wanted
    if text == "" or clean_text(text, 64) != text:
        raise unfit(f"{key} takes a short text")
    return text
