"""A metric against a bound, as a sentence (`below 60% until 78%`), in signs, or in the long form.

`until` is where it lets go: at the bound or beyond it, never on the near side.
"""

import re
from dataclasses import dataclass
from typing import Any

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, quote
from luxagent.config.kinds import from_text, in_range, quantity
from luxagent.config.meant import did_you_mean, near
from luxagent.config.nodes import Node, Table
from luxagent.config.schemas import REFERENCE, any_case
from luxagent.config.shape import Fields, Key, Kind, Section
from luxagent.core.facts.metrics import METRICS, METRICS_BY_KEY
from luxagent.core.policy.conditions import Between, Bound, Compare, Op
from luxagent.core.values.units import Unit, example

_SIGNS = {"<": Op.BELOW, "<=": Op.AT_MOST, ">": Op.ABOVE, ">=": Op.AT_LEAST}
_WORDS = {op.value: op for op in Op}
_OTHER_WORDS = {
    **dict.fromkeys(("over", "more", "greater", "higher", "exceeds"), "above"),
    **dict.fromkeys(("under", "less", "lower", "fewer", "smaller"), "below"),
    **dict.fromkeys(("min", "minimum"), "at least"),
    **dict.fromkeys(("max", "maximum"), "at most"),
}
_SENTENCE = re.compile(
    r"(?:(below|at most|above|at least)\s+|(<=|>=|<|>)\s*)(.+?)(?:\s+until\s+(.+?))?", re.IGNORECASE
)
_BETWEEN = re.compile(r"between\s+(.+?)\s+and\s+(.+?)(?:\s+margin\s+(.+?))?", re.IGNORECASE)
_LIST = re.compile(r"[^\[]*\[ ?([^\[\],]+?) ?, ?([^\[\],]+?) ?\]")
_OTHER_METRIC = re.compile(r"([a-z]\w*)(?:\s*([+-])\s*(.+))?", re.IGNORECASE | re.ASCII)
_HIGHEST_PRICE = 1000.0
_FALLING = (Op.BELOW, Op.AT_MOST)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: a metric of the plant or a price of the tariff."""

    name: str
    key: str
    unit: Unit
    low: float
    high: float


def subject(name: str) -> Subject:
    """The subject of a condition's key."""
    row = METRICS.get(name)
    if row is None:
        return Subject(name, name, Unit.PRICE, -_HIGHEST_PRICE, _HIGHEST_PRICE)
    return Subject(name, row.key, row.unit, row.low, row.high)


def comparison(of: Subject) -> Kind[Compare | Between]:
    """The kind of value that a metric's key takes."""

    def read(node: Node, context: Context) -> Compare | Between:
        if isinstance(node, Table):
            return _long_form(of, LONG_FORM.read(node, context))
        return from_text(lambda written: _sentence(of, written), {}).read(node, context)

    sample = f"below {example(of.unit)}"
    one = {"type": "string", "pattern": _PATTERN, "examples": [sample]}
    return Kind(read, {"anyOf": [one, {"$ref": "#/$defs/comparison"}]})


_PATTERN = rf"^\s*({'|'.join(map(any_case, (*_WORDS, 'between')))}|[<>])|{REFERENCE}"


def _sentence(of: Subject, written: str) -> Compare | Between:
    flat = " ".join(written.split())
    listed = _LIST.fullmatch(flat)
    if listed is not None:
        raise Fault("a comparison in a sentence takes no list", f"write between {listed[1]} and {listed[2]}")
    between = _BETWEEN.fullmatch(flat)
    if between is not None:
        return _between(of, between[1], between[2], between[3])
    match = _SENTENCE.fullmatch(flat)
    if match is None:
        raise Fault(f"{quote(written)} does not say how to compare", _how_to(of, flat))
    op = _WORDS[match[1].lower()] if match[1] else _SIGNS[match[2]]
    return _compare(of, op, match[3], match[4])


def _how_to(of: Subject, flat: str) -> str:
    """How a sentence that does not compare is written: with its own word turned into ours, if it has one."""
    first, _, rest = flat.partition(" ")
    if first.lower() == "not" and _SENTENCE.fullmatch(rest):
        return f"write not: {{{of.name}: {rest}}}"
    own = _OTHER_WORDS.get(first.lower())
    if own is not None:
        return f"write it like: {own} {_own_or_sample(of, rest.removeprefix('than '))}"
    meant = near(first, ["below", "above", "between"]) if first.isalpha() else ""
    return f"did you mean {meant!r}?" if meant else f"write it like: below {_own_or_sample(of, flat)}"


def _own_or_sample(of: Subject, written: str) -> str:
    """The owner's own value where it is one, so that the hint can be pasted."""
    try:
        _amount(of, written)
    except ValueError:
        return example(of.unit)
    return written


def _compare(of: Subject, op: Op, bound_text: str, until_text: str | None) -> Compare:
    if re.search(r"\bmargin\b", until_text or bound_text):
        raise Fault("`margin` belongs to `between`", "here, say `until`")
    bound = _bound(of, bound_text)
    if until_text is None:
        return Compare(of.key, op, bound)
    until = _bound(of, until_text)
    if bound.metric == until.metric:
        near = until.constant < bound.constant if op in _FALLING else until.constant > bound.constant
        if near:
            side = "above" if op in _FALLING else "below"
            message = f"it would let go at {quote(until_text)} before it takes at {quote(bound_text)}"
            raise Fault(message, f"`until` must be {side} the value it takes at", Code.HYSTERESIS)
    return Compare(of.key, op, bound, until)


def _between(of: Subject, low_text: str, high_text: str, margin_text: str | None) -> Between:
    low, high = _bound(of, low_text), _bound(of, high_text)
    if low.metric == high.metric and low.constant > high.constant:
        raise Fault(
            f"nothing is between {quote(low_text)} and {quote(high_text)}", "the lower one comes first"
        )
    margin = 0.0 if margin_text is None else _amount(of, margin_text)
    if margin < 0:
        raise Fault(f"a margin of {quote(margin_text or '')} would narrow the span", "", Code.HYSTERESIS)
    return Between(of.key, low, high, margin)


def _bound(of: Subject, written: str) -> Bound:
    other = _OTHER_METRIC.fullmatch(written.strip())
    if other is None:
        return Bound(in_range(_amount(of, written), of.low, of.high, of.unit))
    row = METRICS.get(other[1].lower())
    if row is None:
        plain = METRICS_BY_KEY.get(other[1].lower())
        hint = f"did you mean {plain.name!r}?" if plain else did_you_mean(other[1], METRICS)
        raise Fault(f"{quote(other[1])} is neither a quantity nor a metric", hint, Code.UNKNOWN_NAME)
    if row.unit is not of.unit:
        raise Fault(f"{of.name} and {row.name} are not of one unit, so they cannot be compared")
    constant = 0.0 if other[3] is None else _amount(of, other[3])
    return Bound(-constant if other[2] == "-" else constant, row.key)


def _amount(of: Subject, written: str) -> float:
    return quantity(written, of.unit)


_TEXT: Kind[str] = from_text(lambda written: written, {"type": ["string", "number"]})


def _pair(node: Node, context: Context) -> tuple[str, str]:
    if hasattr(node, "items"):
        texts = [_TEXT.read(item, context) for item in node.items]
        if len(texts) == 2:
            return texts[0], texts[1]
    else:
        low, word, high = _TEXT.read(node, context).partition(" and ")
        if word:
            return low, high
    raise Fault("`between` takes two values", "like [20%, 90%] or 20% and 90%")


_BELOW = Key("below", _TEXT, "Takes below this value.")
_AT_MOST = Key("at most", _TEXT, "Takes at this value or below it.")
_ABOVE = Key("above", _TEXT, "Takes above this value.")
_AT_LEAST = Key("at least", _TEXT, "Takes at this value or above it.")
_PAIR = Key(
    "between",
    Kind(_pair, {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 2, "maxItems": 2}]}),
    "Takes between two values, both included: [20%, 90%].",
)
_UNTIL = Key("until", _TEXT, "Hysteresis: once taken, it lets go at this value.")
_MARGIN = Key("margin", _TEXT, "Widens `between` by this much for leaving.")
_OPS = {Op.BELOW: _BELOW, Op.AT_MOST: _AT_MOST, Op.ABOVE: _ABOVE, Op.AT_LEAST: _AT_LEAST}

LONG_FORM = Section(
    "comparison", "a comparison", (_BELOW, _AT_MOST, _ABOVE, _AT_LEAST, _PAIR, _UNTIL, _MARGIN)
)


def long_form_schema() -> dict[str, Any]:
    """The schema of the long form; every metric refers to it."""
    return {**LONG_FORM.schema(), "description": "A comparison in its long form: {below: 60%, until: 78%}."}


def _long_form(of: Subject, fields: Fields) -> Compare | Between:
    given = [(op, fields.get(key)) for op, key in _OPS.items() if key.name in fields.nodes]
    if len(given) + (_PAIR.name in fields.nodes) != 1:
        names = "below, at most, above, at least, between"
        raise Fault("a comparison has exactly one bound", f"one of: {names}")
    if _PAIR.name in fields.nodes:
        if _UNTIL.name in fields.nodes:
            raise Fault("`until` does not go with `between`", "say `margin`")
        pair = fields.get(_PAIR)
        return _between(of, *(pair or ("0", "0")), fields.get(_MARGIN)) if pair else _nothing(of)
    if _MARGIN.name in fields.nodes:
        raise Fault("`margin` belongs to `between`", "here, say `until`")
    op, bound = given[0]
    return _nothing(of) if bound is None else _compare(of, op, bound, fields.get(_UNTIL))


def _nothing(of: Subject) -> Compare:
    """Stands in for a comparison whose fault has been told already."""
    return Compare(of.key, Op.ABOVE, Bound(0.0))
