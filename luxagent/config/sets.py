"""What rules and the baseline set: each value in its setting's own words, within its range and step."""

from collections.abc import Mapping
from typing import Any

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, Place, quote
from luxagent.config.kinds import (
    SWITCH,
    SWITCH_WORDS,
    from_text,
    in_range,
    quantity,
    quantity_schema,
    words,
)
from luxagent.config.nodes import Node, Scalar, Table, entry_of
from luxagent.config.raw import PARAMETERS, RAW, RAW_KEYS, Told, meant
from luxagent.config.shape import Fields, Key, Kind, Section, list_of, one_or_many
from luxagent.config.times import CLOCK_WINDOW
from luxagent.core.facts.portal_names import ends_discharge, own_name, wire_lacks
from luxagent.core.facts.settings import POWER_CUTS, SETTINGS, Setting, SettingKind, SettingValue, beyond_wire
from luxagent.core.facts.words import beyond_wire_text
from luxagent.core.values.units import format_quantity
from luxagent.core.values.windows import Window

NEVER_STOPS_PCT = 101.0
"""`charge_limit: never`: the inverter never stops charging (top balance)."""
QUICK_CHARGE_S = 3600.0
"""`quick_charge: on`: the portals' own length."""
MOST_WINDOWS = 3
_TASK = "quick_charge"

Sets = Mapping[str, SettingValue]


def number_value(row: Setting, written: str) -> float:
    """A number of a setting in its base unit, within its range and on its step. Raises ValueError."""
    if row.name == "charge_limit" and written.strip().lower() == "never":
        return NEVER_STOPS_PCT
    return _within(row, quantity(written, row.unit), written)


def _within(row: Setting, told: float, written: str) -> float:
    value = in_range(told, row.low, row.high, row.unit)
    steps = value / row.step
    if abs(steps - round(steps)) > 1e-6:
        step = format_quantity(row.step, row.unit)
        raise Fault(
            f"{quote(written)} is between two steps of {row.name}", f"it goes in steps of {step}", Code.RANGE
        )
    return value


def _task_value(row: Setting, written: str) -> SettingValue:
    flag = SWITCH_WORDS.get(written.strip().lower())
    if flag is None:
        return number_value(row, written)
    return QUICK_CHARGE_S if flag else False


def _windows_value(windows: tuple[Window, ...]) -> tuple[str, ...]:
    if len(windows) > MOST_WINDOWS:
        raise Fault(f"the inverter has {MOST_WINDOWS} windows, here are {len(windows)}", "", Code.RANGE)
    return tuple(f"{window.start}-{window.end}" for window in windows)


def _value_kind(row: Setting) -> Kind[SettingValue]:
    if row.kind is SettingKind.SWITCH:
        return Kind(SWITCH.read, SWITCH.schema)
    if row.kind is SettingKind.MODE:
        mode = words(*row.words)
        return Kind(mode.read, mode.schema)
    if row.kind is SettingKind.TASK:
        schema: dict[str, Any] = {"type": ["string", "boolean"], "examples": ["60 min", "on", "off"]}
        return from_text(lambda written: _task_value(row, written), schema)
    if row.kind is SettingKind.WINDOWS:
        several = list_of(CLOCK_WINDOW, "windows")
        one = one_or_many(CLOCK_WINDOW, "windows")

        def read(node: Node, context: Context) -> SettingValue:
            kind = one if isinstance(node, Scalar) else several
            return _windows_value(kind.read(node, context))

        return Kind(read, {"anyOf": [CLOCK_WINDOW.schema, several.schema]})
    return from_text(lambda written: number_value(row, written), quantity_schema(row.unit))


def _meaning(row: Setting) -> str:
    text = f"{row.meaning[0].upper()}{row.meaning[1:]}"
    if row.kind is SettingKind.NUMBER:
        text += f"; {format_quantity(row.low, row.unit)} to {format_quantity(row.high, row.unit)}"
    return f"{text}."


_SETTING_KEYS: dict[str, Key[SettingValue]] = {
    name: Key(name, _value_kind(row), _meaning(row)) for name, row in SETTINGS.items()
}
_BASELINE_KEYS = tuple(
    key for name, key in _SETTING_KEYS.items() if SETTINGS[name].kind is not SettingKind.TASK
)

SET = Section("set", "what a rule sets", (*_SETTING_KEYS.values(), PARAMETERS, RAW))
BASELINE = Section("set", "the baseline", (*_BASELINE_KEYS, PARAMETERS, RAW))


def _read_rule(node: Node, context: Context) -> Sets:
    fields = SET.read(node, context)
    if isinstance(node, Table) and not node.entries:
        context.error(
            node.place, Fault("this rule sets nothing", "name at least one setting", Code.MISSING_KEY)
        )
    return _sets(fields, context)


def _read_baseline(node: Node, context: Context) -> Sets:
    task = entry_of(node, _TASK)
    if task is not None and isinstance(node, Table):
        context.error(
            task.place, Fault(f"{_TASK} ends by itself, so it is no baseline", "start it by a rule")
        )
        node = Table(node.place, {name: entry for name, entry in node.entries.items() if name != _TASK})
    return _sets(BASELINE.read(node, context), context)


def _sets(fields: Fields, context: Context) -> Sets:
    found: dict[str, SettingValue] = {}
    for name, key in _SETTING_KEYS.items():
        value = fields.get(key)
        if value is not None:
            found[name] = value
            _check(name, value, fields.place_of(key), context)
    for raw_key, prefix in RAW_KEYS:
        raw = {prefix + name: told for name, told in fields.get_or(raw_key, {}).items()}
        if not context.known.guards.allow_raw:
            found.update({name: told.value for name, told in raw.items()})
            if raw_key.name in fields.nodes:
                fault = Fault(f"{raw_key.name!r} needs leave", "guards: {allow_raw: true}", Code.LEAVE)
                context.error(fields.place_of(raw_key), fault)
            continue
        for name, told in raw.items():
            _add_raw(name, told, found, context)
    return found


def _add_raw(name: str, told: Told, found: dict[str, SettingValue], context: Context) -> None:
    what = meant(name, told, found, context)
    if what is None:
        return
    setting, value = what
    row = SETTINGS.get(setting)
    if row is not None and row.kind is SettingKind.NUMBER:
        try:
            value = _within(row, value, str(told.value))
        except Fault as fault:
            context.error(told.place, fault)
            return
    found[setting] = value
    _check(setting, value, told.place, context)


def _check(name: str, value: SettingValue, place: Place, context: Context) -> None:
    """A value against the file's own limits and guards, at the line where it is set."""
    limit = context.known.limits.get(name)
    if limit is not None and not limit.allows(value):
        unit = SETTINGS[name].unit
        ends = [
            f"{word} {format_quantity(end, unit)}"
            for word, end in (("at least", limit.low), ("at most", limit.high))
            if end is not None
        ]
        context.error(place, Fault(f"`limits` forbid this value of {name}", " and ".join(ends), Code.LIMIT))
    if wire_lacks(name, context.known.wire) and own_name(name) is None:  # else it has been told with that
        plain = name.partition(":")[2] or name
        message = f"the portal's {context.known.wire} wire does not have {plain}; this is never written"
        context.warn(place, Code.LACKING, message, "take it out, or write wire: auto")
    if beyond_wire(name, value, context.known.wire):
        context.warn(place, Code.LACKING, *beyond_wire_text(name, context.known.wire))
    cuts = (name, value) in POWER_CUTS or ends_discharge(name, value)
    if cuts and not context.known.guards.allow_power_cut:
        message = f"this value of {name} can cut the house's power and needs leave"
        context.error(place, Fault(message, "guards: {allow_power_cut: true}", Code.LEAVE))


SETS: Kind[Sets] = Kind(_read_rule, {**SET.schema(), "minProperties": 1})
BASELINE_SETS: Kind[Sets] = Kind(_read_baseline, BASELINE.schema())
