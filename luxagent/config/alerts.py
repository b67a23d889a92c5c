"""`alerts`: while a condition has held for a while, people should know; and the tuning of built-in ones."""

import re
from dataclasses import dataclass

from luxagent.config.conditions import TIMED
from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, Place, quote
from luxagent.config.kinds import NAME, duration, words
from luxagent.config.meant import did_you_mean
from luxagent.config.nodes import Entry, Items, Node, Scalar, Table, entry_of
from luxagent.config.notify import SEVERITY
from luxagent.config.rules import DEVICES, ENABLED, NOTIFY, refuse_twins
from luxagent.config.schemas import TEXT
from luxagent.config.shape import Fields, Key, Kind, Section, no_list
from luxagent.core.alerts.catalogue import BUILTINS
from luxagent.core.facts.metrics import METRICS, WORD_FACTS
from luxagent.core.policy.conditions import Always
from luxagent.core.policy.rules import DEFAULT_REPEAT_S, AlertRule, Severity, Tuning

_BESIDES = ("device", "serial", "model", "plant", "faults", "battery", "cell_max_number", "cell_min_number")
"""What is no reading of a condition; the last three are of the worst module."""

PLACEHOLDERS = (*METRICS, *WORD_FACTS, *_BESIDES)
"""What `core.alerts.texts` fills in; a test holds the two together (it is too much to import here)."""

_SOME = f"a reading like soc, a word like status, or one of {', '.join(_BESIDES)}"
_NEVER = -1.0
_BRACES = re.compile(r"(?<!\$)\{([^{}]*)\}")
_REFERENCES = re.compile(r"\$+\{[^{}]*\}?")
_UNCLOSED = re.compile(r"\{\w*(?![^{}]*\})")


@dataclass(frozen=True, slots=True)
class AlertsSection:
    """The owner's alerts, and what they say of the built-in ones."""

    rules: tuple[AlertRule, ...] = ()
    builtin: tuple[Tuning, ...] = ()


def _message(node: Node, context: Context) -> str:
    if isinstance(node, Table):
        raise Fault("one text is expected here", "a text that begins with { needs quotes", Code.TYPE)
    written = context.text(node)
    text = node.text if isinstance(node, Scalar) else ""
    _refuse_odd_braces(text)
    for name in _BRACES.findall(text):
        if name not in PLACEHOLDERS:
            context.error(
                node.place,
                Fault(
                    f"the message has no {quote(name)} to fill in",
                    did_you_mean(name, PLACEHOLDERS) or _SOME,
                    Code.UNKNOWN_NAME,
                ),
            )
    return written


def _refuse_odd_braces(text: str) -> None:
    """Raises Fault for a brace without its other one, and for two where one is meant."""
    rest = _BRACES.sub("", _REFERENCES.sub("", text))
    opened, closed = "{" in rest, "}" in rest
    if opened and closed:
        raise Fault("the message has more braces than it needs", "one on each side: {soc}")
    if opened:
        unclosed = _UNCLOSED.search(_REFERENCES.sub("", text))
        name = unclosed[0] if unclosed else "{"
        raise Fault(f"the brace of {quote(name)} is never closed", "write it like {soc}")
    if closed:
        raise Fault("the message closes a brace that it never opened", "write it like {soc}")


_LENGTH = duration(60.0, 366 * 86400.0)


def _repeat(node: Node, context: Context) -> float:
    never = words("never")
    try:
        never.read(node, context)
    except Fault:
        return _LENGTH.read(node, context)
    return _NEVER


_NAME = Key("name", NAME, "What it is called in messages and in the journal; no two alike.", required=True)
_WHEN = Key("when", TIMED, "While this holds, people should know.", required=True)
_SEVERITY = Key("severity", SEVERITY, "info, warning or critical; absent is warning.")
_REPEAT = Key(
    "repeat",
    Kind(_repeat, {"type": "string", "examples": ["1 day", "never"]}),
    "Reminders while it is firing; absent is 4 h if critical, 1 day for a warning, never for info.",
)
_MESSAGE = Key(
    "message",
    Kind(_message, TEXT),
    "What to say; {soc}, {battery} and the like are filled in. Absent says what was seen.",
)
_BUILTIN = Key("builtin", words(*BUILTINS), "The built-in alert to tune.", required=True)

OWN = Section("alerts", "an alert", (_NAME, _WHEN, _SEVERITY, _REPEAT, _MESSAGE, DEVICES, NOTIFY, ENABLED))
TUNING = Section("alerts", "the tuning of a built-in alert", (_BUILTIN, _SEVERITY, _REPEAT, NOTIFY, ENABLED))


def _own(fields: Fields) -> AlertRule:
    severity = fields.get_or(_SEVERITY, Severity.WARNING)
    when, for_s = fields.get_or(_WHEN, (Always(), None))
    return AlertRule(
        name=fields.get_or(_NAME, ""),
        when=when,
        severity=severity,
        for_s=for_s or 0.0,
        repeat_s=_repeat_s(fields, DEFAULT_REPEAT_S[severity]),
        message=fields.get_or(_MESSAGE, ""),
        devices=frozenset(fields.get(DEVICES) or ()),
        notify=fields.get_or(NOTIFY, ()),
        enabled=fields.get_or(ENABLED, default=True),
    )


def _tuning(fields: Fields) -> Tuning:
    return Tuning(
        fields.get_or(_BUILTIN, ""),
        fields.get(_SEVERITY),
        fields.get_or(ENABLED, default=True),
        _repeat_s(fields, None),
        never_repeat=fields.get(_REPEAT) == _NEVER,
        notify=fields.get_or(NOTIFY, ()),
    )


def _repeat_s(fields: Fields, default: float | None) -> float | None:
    found = fields.get(_REPEAT)
    if found is None:
        return default
    return None if found == _NEVER else found


def _item(node: Node, context: Context) -> AlertRule | Tuning:
    if entry_of(node, _BUILTIN.name) is not None:
        return _tuning(TUNING.read(node, context))
    return _own(OWN.read(node, context))


def _refuse_builtin_names(node: Items, context: Context) -> None:
    """A finding for an own alert with a built-in name, and for a second tuning of one built-in alert."""
    tuned: dict[str, Place] = {}
    for item in node.items:
        name, builtin = entry_of(item, _NAME.name), entry_of(item, _BUILTIN.name)
        flat = _flat(name)
        if flat in BUILTINS:
            message = f"{quote(flat)} is the name of a built-in alert"
            hint = "give it another name, or tune that one: {builtin: " + flat + "}"
            context.error(item.place, Fault(message, hint, Code.DUPLICATE_NAME))
        flat = _flat(builtin)
        if flat in tuned:
            message = f"{quote(flat)} is tuned twice, the first time on line {tuned[flat].line}"
            context.error(item.place, Fault(message, "write both in one", Code.DUPLICATE_NAME))
        elif flat:
            tuned[flat] = item.place


def _flat(entry: Entry | None) -> str:
    """The text of an entry, as names are compared."""
    found = entry.node if entry is not None else None
    return " ".join(found.text.lower().split()) if isinstance(found, Scalar) else ""


def _read(node: Node, context: Context) -> AlertsSection:
    if not isinstance(node, Items):
        raise no_list(node, "alerts are written as a list")
    refuse_twins(node, "alerts", context)
    _refuse_builtin_names(node, context)
    found = [context.attempt(_item, item) for item in node.items]
    return AlertsSection(
        tuple(one for one in found if isinstance(one, AlertRule)),
        tuple(one for one in found if isinstance(one, Tuning)),
    )


ALERTS: Kind[AlertsSection] = Kind(
    _read, {"type": "array", "items": {"anyOf": [OWN.schema(), TUNING.schema()]}}
)
