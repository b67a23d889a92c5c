"""`limits`: what is never written, whatever a rule says: `50% to 101%`, `at most 6 kW`, `at least 20%`."""

import re
from collections.abc import Mapping

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, quote
from luxagent.config.kinds import from_text, quantity_schema
from luxagent.config.nodes import Node, Table
from luxagent.config.sets import number_value
from luxagent.config.shape import Key, Kind, Section
from luxagent.core.facts.settings import SETTINGS, Setting, SettingKind
from luxagent.core.policy.rules import Limit

_SPAN = re.compile(r"(.+?)\s+to\s+(.+)", re.IGNORECASE)
_ONE_END = re.compile(r"(at least|at most)\s+(.+)", re.IGNORECASE)


_TWO_ENDS = re.compile(
    r"(?:between\s+)?([\d.]+)\s*([A-Za-z%]*)\s*(?:-|\u2013|\band\b|\.\.)\s*([\d.]+)\s*([A-Za-z%]*)",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"(?:<=?|=<|max(?:imum)?|up to|below|under|no more than)\s*([\d.]+\s*[A-Za-z%]*)", re.IGNORECASE
)
_DOWN_TO = re.compile(
    r"(?:>=?|=>|min(?:imum)?|down to|above|over|no less than)\s*([\d.]+\s*[A-Za-z%]*)", re.IGNORECASE
)


def _in_our_words(flat: str) -> str:
    """How a limit in other words is written here, with its own numbers; empty where it is in ours."""
    two, most, least = _TWO_ENDS.fullmatch(flat), _UP_TO.fullmatch(flat), _DOWN_TO.fullmatch(flat)
    if two is not None:
        unit = two[4] or two[2]
        space = "" if unit == "%" else " "
        low, high = (f"{number}{space}{own or unit}" for number, own in ((two[1], two[2]), (two[3], two[4])))
        return f"{low} to {high}".replace("  ", " ")
    if most is None and least is None:
        return ""
    return f"at most {most[1]}" if most is not None else f"at least {least[1] if least else ''}"


def limit_of(row: Setting, written: str) -> Limit:
    """One limit. A single value is the only one allowed. Raises ValueError."""
    flat = " ".join(written.split())
    one_end = _ONE_END.fullmatch(flat)
    if one_end is not None:
        value = number_value(row, one_end[2])
        return Limit(low=value) if one_end[1].lower() == "at least" else Limit(high=value)
    better = _in_our_words(flat)
    if better:
        raise Fault(f"{quote(written)} does not say what is allowed", f"write {better}")
    span = _SPAN.fullmatch(flat)
    low = number_value(row, span[1] if span else flat)
    high = number_value(row, span[2]) if span else low
    if low > high:
        raise Fault(f"{quote(written)} leaves nothing", "the lower end comes first", Code.RANGE)
    return Limit(low, high)


def _kind(row: Setting) -> Kind[Limit]:
    schema = {**quantity_schema(row.unit), "examples": ["at most 6 kW", "50% to 101%"]}
    return from_text(lambda written: limit_of(row, written), schema)


_KEYS: dict[str, Key[Limit]] = {
    name: Key(name, _kind(row), f"Allowed values of {name}: a span, `at most`, `at least`, or one value.")
    for name, row in SETTINGS.items()
    if row.kind in (SettingKind.NUMBER, SettingKind.TASK)
}
SECTION = Section("limits", "limits", tuple(_KEYS.values()))


def _read(node: Node, context: Context) -> Mapping[str, Limit]:
    if isinstance(node, Table):
        wrong = [name for name in node.entries if name in SETTINGS and name not in _KEYS]
        for name in wrong:
            message = f"{name} is not a number, so it has no limits"
            context.error(node.entries[name].place, Fault(message, "leave it out"))
        node = Table(node.place, {name: entry for name, entry in node.entries.items() if name not in wrong})
    fields = SECTION.read(node, context)
    found = {name: fields.get(key) for name, key in _KEYS.items()}
    return {name: limit for name, limit in found.items() if limit is not None}


LIMITS: Kind[Mapping[str, Limit]] = Kind(_read, SECTION.schema())
