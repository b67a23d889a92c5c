"""Settings by the portal's own name. What the catalogue knows becomes its row: one setting, one master."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, Place, quote
from luxagent.config.kinds import from_text, number
from luxagent.config.nodes import Node, Scalar, Table
from luxagent.config.shape import Key, Kind
from luxagent.core.facts.portal_names import hazard, own_name, own_value
from luxagent.core.facts.settings import (
    PARAMETER_PREFIX,
    RAW_PREFIX,
    SETTINGS,
    Setting,
    SettingKind,
    SettingValue,
)
from luxagent.core.facts.words import value_text
from luxagent.core.values.units import example


@dataclass(frozen=True, slots=True)
class Told:
    """One raw name's value, and where both stand."""

    value: SettingValue
    key_place: Place
    place: Place


Raw = Mapping[str, Told]


def _raw_text(node: Node, context: Context) -> SettingValue:
    written = context.text(node)
    if isinstance(node, Scalar) and not node.quoted and written in ("true", "false"):
        return written == "true"
    return written


def _number_name(written: str) -> str:
    if not written.isascii() or not written.isdigit() or int(written[:6]) > 9999:
        raise Fault(f"{quote(written)} is not a parameter's number", "like {21: 90}")
    return str(int(written))


def _raw_name(written: str) -> str:
    if not (written.isascii() and written.replace("_", "").isalnum() and len(written) <= 80):
        raise Fault(f"{quote(written)} is not a parameter's name", "like HOLD_X or FUNC_Y")
    return written


def _told(name: Kind[str], kind: Kind[Any], what: str) -> Kind[Raw]:
    def read(node: Node, context: Context) -> Raw:
        if not isinstance(node, Table):
            raise Fault(f"{what} are written as a mapping, name: value", "", Code.TYPE)
        found: dict[str, Told] = {}
        for key, entry in node.entries.items():
            word = context.attempt(name.read, Scalar(entry.place, key, quoted=True))
            value = context.attempt(kind.read, entry.node)
            if word in found:
                fault = Fault(f"{quote(word)} stands here twice", "keep one", Code.DUPLICATE_KEY)
                context.error(entry.place, fault)
            elif word is not None and value is not None:
                found[word] = Told(value, entry.place, entry.node.place)
        return found

    return Kind(read, {"type": "object", "additionalProperties": kind.schema})


PARAMETERS = Key(
    "parameters",
    _told(from_text(_number_name, {}), number(0, 65535), "parameters"),
    "Parameters of the documented portal by number, like {21: 90}; needs `guards.allow_raw`.",
)
RAW = Key(
    "raw",
    _told(
        from_text(_raw_name, {}), Kind(_raw_text, {"type": ["string", "number", "boolean"]}), "raw settings"
    ),
    'Settings by the portal\'s own name, like {HOLD_X: "90", FUNC_Y: true}; needs `guards.allow_raw`.',
)
RAW_KEYS: tuple[tuple[Key[Raw], str], ...] = ((PARAMETERS, PARAMETER_PREFIX), (RAW, RAW_PREFIX))


def meant(
    name: str, told: Told, taken: Mapping[str, SettingValue], context: Context
) -> tuple[str, Any] | None:
    """The setting and value that a raw one means: the catalogue's where it has a row, else as it is written.

    None, with a finding, where the row is `taken` already, or where no rule may have it.
    """
    key = name.partition(":")[2]
    danger = hazard(name)
    if danger is not None:
        context.error(told.key_place, Fault(f"{key} is not for rules: {danger}", "", Code.HAZARD))
        return None
    own = own_name(name)
    if own is None:
        return name, told.value
    what = f"{f'parameter {key}' if name.startswith(PARAMETER_PREFIX) else key} is {own}"
    value = own_value(name, told.value)
    if value is None:
        fault = Fault(
            f"{what}, and is set by that name alone", f"write {_sample(SETTINGS[own])}", Code.OWN_NAME
        )
        context.error(told.key_place, fault)
        return None
    better = f"write {own}: {value_text(own, value)}"
    if own in taken:
        message = f"{what}, which is set here already: that counts, and this does not"
        context.warn(told.key_place, Code.OWN_NAME, message, "leave this one out")
        return None
    if name.startswith(PARAMETER_PREFIX) and context.known.wire == "live":
        message = f"{what} at the documented portal alone; on the live one it is never written"
        context.warn(told.key_place, Code.OWN_NAME, message, better)
        return name, told.value
    context.warn(told.key_place, Code.OWN_NAME, f"{what} and is taken as that", better)
    return own, value


def _sample(row: Setting) -> str:
    value = {
        SettingKind.SWITCH: "on",
        SettingKind.MODE: " or ".join(row.words),
        SettingKind.TASK: "60 min",
        SettingKind.WINDOWS: "[23:30 to 05:30]",
    }.get(row.kind, "")
    return f"{row.name}: {value or example(row.unit)}"
