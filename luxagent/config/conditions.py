"""`when`: a mapping of the file becomes a tree of the core's conditions.

Each mapping is one `All`, and stays one where it is nested, since a comparison with `until` belongs to the
mapping it stands in. `days`, `months` and `dates` join the `time` beside them; `for` wraps all its siblings.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from luxagent.config.comparisons import comparison, long_form_schema, subject
from luxagent.config.context import Context
from luxagent.config.days import DAY_KEYS, days_of
from luxagent.config.findings import Code, Fault, quote
from luxagent.config.kinds import SWITCH_WORDS, check_name, duration, from_text, words
from luxagent.config.nodes import Items, Node, Scalar
from luxagent.config.schemas import TEXT, words_schema
from luxagent.config.shape import Fields, Key, Kind, Section, list_of, one_or_many, section
from luxagent.config.times import WINDOWS, needs_place
from luxagent.core.facts.metrics import METRICS, TARIFF_METRICS, WORD_FACTS, WordFact
from luxagent.core.facts.portal_names import lists_events
from luxagent.core.policy.conditions import (
    All,
    Always,
    AnyOf,
    Between,
    Compare,
    Condition,
    CronIn,
    DayIs,
    FaultIs,
    FlagOn,
    Held,
    Not,
    SunIs,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.words import no_codes_text
from luxagent.core.values.cron import is_valid
from luxagent.core.values.units import SYMBOLS

_REF = {"$ref": "#/$defs/condition"}
_FAULT_CODE = re.compile(r"[A-Z]{1,2}\d{1,4}", re.ASCII)
_NOT = re.compile(r"(?:not|no|non|!)[\s-]*(.+)", re.IGNORECASE)
_LONGEST_FOR_S = 7 * 86400.0


def read_condition(node: Node, context: Context) -> Condition:
    """What `when`, `not` or an item of `any` says."""
    condition, seconds = read_timed(node, context)
    return condition if seconds is None else Held(condition, seconds)


def read_timed(node: Node, context: Context) -> tuple[Condition, float | None]:
    """The same with the mapping's own `for` beside it: an alert keeps that as its own."""
    if isinstance(node, Scalar):
        if context.text(node).strip().lower() == "always":
            return Always(), None
        raise Fault(
            f"{quote(node.text)} is not a condition", "a mapping like {soc: below 60%}, or always", Code.TYPE
        )
    if isinstance(node, Items):
        hint = "all: if each of them must hold, any: if one is enough"
        raise Fault("a list of conditions needs `all:` or `any:` above it", hint, Code.TYPE)
    fields = SECTION.read(node, context)
    if not fields.nodes and not node.entries:
        raise Fault("a condition without any part", "for what always holds, write always", Code.TYPE)
    parts = _parts(fields)
    if not parts and FOR.name in fields.nodes:
        context.error(fields.place, Fault("`for` stands alone", "beside it goes what must hold this long"))
    return _together(parts), fields.get(FOR)


def _parts(fields: Fields) -> tuple[Condition, ...]:
    """One condition per key, in the order of the file; the days go with the time."""
    days = days_of(fields)
    windows = fields.get(TIME)
    parts: list[Condition] = []
    if windows:
        parts.append(TimeIn(windows, days))
    elif any(key.name in fields.nodes for key in DAY_KEYS):
        parts.append(DayIs(days))
    for name in fields.nodes:
        key = _LEAVES.get(name)
        found = None if key is None else fields.get(key)
        if found is not None:
            parts.append(found)
    return tuple(parts)


def _together(parts: tuple[Condition, ...]) -> Condition:
    """One part alone needs no `All`, unless it is latched: then it must not meet the siblings outside."""
    return All(parts) if len(parts) != 1 or _is_latched(parts[0]) else parts[0]


def _is_latched(part: Condition) -> bool:
    return (isinstance(part, Compare) and part.until is not None) or (
        isinstance(part, Between) and part.margin > 0
    )


def _any(node: Node, context: Context) -> Condition:
    return AnyOf(_CONDITIONS.read(node, context))


def _all(node: Node, context: Context) -> Condition:
    return All(_CONDITIONS.read(node, context))


def _not(node: Node, context: Context) -> Condition:
    return Not(read_condition(node, context))


_CONDITIONS: Kind[tuple[Condition, ...]] = list_of(Kind(read_condition, _REF), "conditions", least=1)
_MANY = {"type": "array", "items": _REF, "minItems": 1}


def _sun(node: Node, context: Context) -> Condition:
    text = context.text(node) if isinstance(node, Scalar) else ""
    if any(edge in text.lower() for edge in ("sunrise", "sunset", "dawn", "dusk", "noon")):
        hint = "time: sunset + 30 min to sunrise, or sun: up, sun: down"
        raise Fault(f"{quote(text)} is a time of day", hint)
    up = _UP_DOWN.read(node, context) == "up"
    if not context.known.has_place:
        raise needs_place()
    return SunIs(up)


_UP_DOWN = words("up", "down")


def _tariff(node: Node, context: Context) -> Condition:
    def period(item: Node, inner: Context) -> str:
        return check_name(inner.text(item), inner.known.periods, "tariff period")

    names = one_or_many(Kind(period, {}), "tariff periods").read(node, context)
    return TariffIs(frozenset(names))


def _priced(kind: Kind[Condition]) -> Kind[Condition]:
    def read(node: Node, context: Context) -> Condition:
        if not context.known.periods:
            raise Fault("there is no price without a `tariff`", "the file declares none", Code.UNKNOWN_NAME)
        return kind.read(node, context)

    return Kind(read, kind.schema)


def _flag(node: Node, context: Context) -> Condition:
    return FlagOn(check_name(context.text(node), context.known.flags, "flag"))


def _fault(node: Node, context: Context) -> Condition:
    any_code = isinstance(node, Scalar) and context.text(node).strip().lower() == "any"
    found = FaultIs() if any_code else FaultIs(frozenset(_CODES.read(node, context)))
    if not lists_events(context.known.wire):
        context.warn(node.place, Code.LACKING, *no_codes_text(found, context.known.wire))
    return found


def _fault_code(written: str) -> str:
    code = written.strip().upper()
    if not _FAULT_CODE.fullmatch(code):
        raise Fault(f"{quote(written)} is not a fault code", "any, or codes like [E019, W016]")
    return code


_CODES = one_or_many(from_text(_fault_code, {"type": "string"}), "fault codes")


def _cron_at(written: str) -> str:
    wrong = is_valid(written)
    if wrong is not None:
        raise Fault(wrong)
    return " ".join(written.split())


_AT = Key(
    "at",
    from_text(_cron_at, {"type": "string"}),
    'When it fires, in five fields: "0 2 * * sun".',
    required=True,
)
_LASTING = Key("lasting", duration(60.0, 7 * 86400.0), "How long it holds from each firing.", required=True)
_CRON = Section("cron", "a cron window", (_AT, _LASTING))


def _cron(fields: Fields, _context: Context) -> Condition:
    return CronIn(fields.get_or(_AT, ""), fields.get_or(_LASTING, 0.0))


def _word(fact: WordFact) -> Kind[Condition]:
    """A fact told in words. Where the words are yes/no or on/off, the other pair is understood too."""
    known = words(*fact.words)
    pair = next((pair for pair in (("yes", "no"), ("on", "off")) if fact.words == pair), None)

    def read(node: Node, context: Context) -> Condition:
        if isinstance(node, Items):
            raise Fault(f"{fact.name!r} takes one word", "for several, list conditions under any:", Code.TYPE)
        if pair is not None and (flag := SWITCH_WORDS.get(context.text(node).strip().lower())) is not None:
            return WordIs(fact.name, pair[0] if flag else pair[1])
        _refuse_not(fact, context.text(node))
        return WordIs(fact.name, known.read(node, context))

    both: tuple[str | bool, ...] = (*SWITCH_WORDS, True, False) if pair else ()
    others = [word for word in both if word not in fact.words]
    return Kind(read, words_schema([*fact.words, *others]))


def _refuse_not(fact: WordFact, written: str) -> None:
    """Raises Fault for `not charging`, saying how that is written."""
    match = _NOT.fullmatch(written.strip())
    word = next((word for word in fact.words if match is not None and word == match[1].lower()), None)
    if word is not None:
        others = [other for other in fact.words if other != word]
        plain = others[0] if len(others) == 1 else f"not: {{{fact.name}: {word}}}"
        raise Fault(f"{quote(written)} is not known here", f"write {plain}")


def _as_condition(kind: Kind[Compare | Between]) -> Kind[Condition]:
    return Kind(lambda node, context: kind.read(node, context), kind.schema)


def _leaf(
    name: str, read: Callable[[Node, Context], Condition], schema: Mapping[str, Any], meaning: str
) -> Key[Condition]:
    return Key(name, Kind(read, schema), meaning)


def _metric_meaning(name: str) -> str:
    row = METRICS[name]
    return (
        f"{row.meaning[0].upper()}{row.meaning[1:]}{f' ({SYMBOLS[row.unit]})' if SYMBOLS[row.unit] else ''}."
    )


_TEXT_OR_LIST = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}

TIME = Key("time", WINDOWS, "A span of the day, or a list of them: 22:00 to 06:00, sunset - 30 min to 23:00.")
FOR = Key(
    "for", duration(1.0, _LONGEST_FOR_S), "All the others of this mapping must have held for this long."
)

_LEAVES: dict[str, Key[Condition]] = {
    key.name: key
    for key in (
        _leaf("sun", _sun, _UP_DOWN.schema, "Whether the sun is up or down."),
        _leaf("tariff", _tariff, _TEXT_OR_LIST, "The name of the tariff period now, or a list of names."),
        *(
            Key(
                name,
                _priced(_as_condition(comparison(subject(name)))),
                f"The tariff's {name.replace('_', ' ')} per kWh now.",
            )
            for name in TARIFF_METRICS
        ),
        _leaf("flag", _flag, TEXT, "A mode switched by hand, declared under `flags`."),
        Key("cron", section(_CRON, _cron), "A window from each firing of a cron expression."),
        _leaf("fault", _fault, _TEXT_OR_LIST, "An open fault or warning: any, or codes like [E019, W016]."),
        *(
            Key(name, _word(fact), f"{fact.meaning[0].upper()}{fact.meaning[1:]}.")
            for name, fact in WORD_FACTS.items()
        ),
        *(Key(name, _as_condition(comparison(subject(name))), _metric_meaning(name)) for name in METRICS),
        _leaf("any", _any, _MANY, "At least one of these conditions must hold."),
        _leaf("all", _all, _MANY, "All of these conditions must hold."),
        _leaf("not", _not, _REF, "This condition must not hold."),
    )
}

SECTION = Section("when", "a condition", (TIME, *DAY_KEYS, *_LEAVES.values(), FOR))


def condition_schemas() -> dict[str, Any]:
    """The definitions that `$ref`s of a condition point to."""
    mapping = {**SECTION.schema(), "minProperties": 1}
    whole = {
        "anyOf": [words_schema(["always"]), mapping],
        "description": "All parts of the mapping must hold.",
    }
    return {"condition": whole, "comparison": long_form_schema()}


WHEN: Kind[Condition] = Kind(read_condition, _REF)
TIMED: Kind[tuple[Condition, float | None]] = Kind(read_timed, _REF)
