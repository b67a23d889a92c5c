"""The plain kinds of value: texts, switches, numbers, words, lengths of time, dates, zones, serials."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, PlainFault, allowed, quote
from luxagent.config.meant import did_you_mean
from luxagent.config.nodes import Node, Scalar
from luxagent.config.schemas import TEXT, number_schema, pattern, words_schema
from luxagent.config.secrets import SecretText, references
from luxagent.config.shape import Kind, Schema
from luxagent.config.zones import zone
from luxagent.core.values.units import Unit, example, format_quantity, parse_duration_s, parse_quantity

T = TypeVar("T")

SWITCH_WORDS = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
_SWITCH_SCHEMA = words_schema([True, False, "on", "off", "yes", "no", "true", "false"])
_LONGEST_VALUE = 200
_LONGEST_NAME = 80
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)
_SERIAL = re.compile(r"[0-9A-Za-z]{10}", re.ASCII)


def from_text(parse: Callable[[str], T], schema: Schema) -> Kind[T]:
    """A kind that a short text makes up."""

    def read(node: Node, context: Context) -> T:
        text = context.text(node)
        if len(text) > _LONGEST_VALUE:
            raise Fault(f"{quote(text)} is too long for this")
        return parse(text)

    return Kind(read, schema)


def secret() -> Kind[SecretText]:
    """A text that may hold a secret."""
    return Kind(lambda node, context: context.secret(node), TEXT)


def switch(written: str) -> bool:
    """on/off, yes/no, true/false."""
    found = SWITCH_WORDS.get(written.lower())
    if found is None:
        raise Fault(f"{quote(written)} is not a switch", allowed(["on", "off"]))
    return found


SWITCH: Kind[bool] = from_text(switch, _SWITCH_SCHEMA)


def words(*known: str) -> Kind[str]:
    """One of a few words."""

    def parse(written: str) -> str:
        flat = " ".join(written.lower().split())
        if flat not in known:
            raise Fault(f"{quote(written)} is not known here", did_you_mean(written, known) or allowed(known))
        return flat

    return from_text(parse, words_schema(known))


def number(low: float, high: float, *, whole: bool = False) -> Kind[float]:
    """A bare number within a range."""

    def parse(written: str) -> float:
        if not _NUMBER.fullmatch(written.strip()):
            raise Fault(f"{quote(written)} is not a number", f"from {low:g} to {high:g}")
        value = float(written)
        if whole and value != int(value):
            raise Fault(f"{quote(written)} is not a whole number")
        if not low <= value <= high:
            raise Fault(f"{quote(written)} is out of range", f"from {low:g} to {high:g}", Code.RANGE)
        return value

    return from_text(parse, number_schema(low, high, whole=whole))


def quantity(written: str, unit: Unit) -> float:
    """A value with its unit, in the base unit; finite. Raises ValueError."""
    value = parse_duration_s(written) if unit is Unit.S else parse_quantity(written, unit)
    if not math.isfinite(value) or abs(value) > 1e12:
        raise Fault(f"{quote(written)} is too large")
    return value


def quantity_schema(unit: Unit) -> Schema:
    """What an editor may take: a bare number where no other unit could be meant, a bare 0 anywhere."""
    bare = unit in (Unit.PCT, Unit.A, Unit.C, Unit.HZ, Unit.PRICE, Unit.NONE)
    number_alone = {"type": "number"} if bare else {"const": 0}
    return {"anyOf": [{"type": "string"}, number_alone], "examples": [example(unit)]}


def duration(low: float = 0.0, high: float = 366 * 86400.0) -> Kind[float]:
    """A length of time in seconds."""

    def parse(written: str) -> float:
        return in_range(quantity(written, Unit.S), low, high, Unit.S)

    text: Schema = {"type": "string", "examples": ["10 min", "1.5 h"]}
    return from_text(parse, {"anyOf": [text, {"const": 0}]} if low <= 0 else text)


def in_range(value: float, low: float, high: float, unit: Unit) -> float:
    """The value, if it is within a range. Raises Fault."""
    if low <= value <= high:
        return value
    ends = f"from {_shown(low, unit)} to {_shown(high, unit)}"
    raise Fault(f"{_shown(value, unit)} is out of range", ends, Code.RANGE)


def _shown(value: float, unit: Unit) -> str:
    return f"{value:g} s" if unit is Unit.S and value < 60 else format_quantity(value, unit)


def real_date(written: str) -> date:
    """2026-12-24."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written.strip(), re.ASCII):
        raise Fault(f"{quote(written)} is not a date", "write it like 2026-12-24")
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Fault(f"there is no {quote(written)} in the calendar") from None


DATE: Kind[date] = from_text(real_date, pattern(r"\d{4}-\d{2}-\d{2}"))


ZONE: Kind[ZoneInfo] = from_text(zone, {"type": "string", "examples": ["America/Phoenix", "Europe/Berlin"]})


def looks_like_serial(written: str) -> bool:
    """Ten letters and digits, with at least one digit: 44300E0585."""
    return _SERIAL.fullmatch(written) is not None and any(sign.isdigit() for sign in written)


def _serial(written: str) -> str:
    if not looks_like_serial(written):
        raise Fault(f"{quote(written)} is not a serial number", "ten letters and digits, like 44300E0585")
    return written


SERIAL: Kind[str] = from_text(_serial, {"type": ["string", "number"]})


def _name(node: Node, context: Context) -> str:
    if isinstance(node, Scalar) and references(node.text):
        raise PlainFault("a name is written out, not taken from ${…}", "other lines and messages speak of it")
    return _short(context.text(node))


def _short(written: str) -> str:
    flat = " ".join(written.split())
    if not flat or len(flat) > _LONGEST_NAME:
        raise Fault(f"{quote(written)} does not do here", f"1 to {_LONGEST_NAME} characters")
    return flat


_SHORT_SCHEMA: Schema = {**TEXT, "minLength": 1}
NAME: Kind[str] = Kind(_name, _SHORT_SCHEMA)
"""What other lines call something."""
SHORT_TEXT: Kind[str] = from_text(_short, _SHORT_SCHEMA)
"""What the portal calls something; may come from the environment."""


def _path(written: str) -> Path:
    if "\0" in written or not written.strip():
        raise Fault("this is not a path")
    return Path(written)


PATH: Kind[Path] = from_text(_path, TEXT)


def check_name(written: str, known: Iterable[str], what: str) -> str:
    """A name that another section must have declared."""
    names = tuple(known)
    if written in names:
        return written
    hint = did_you_mean(written, names) if names else f"the file declares no {what}"
    raise Fault(f"there is no {what} {quote(written)}", hint, Code.UNKNOWN_NAME)
