"""`alerts`: while a condition has held for a while, people should know; and the tuning of built-in ones."""

import re
from dataclasses import dataclass

from luxagent.config.conditions import TIMED
from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, did_you_mean, quote
from luxagent.config.kinds import NAME, duration, words
from luxagent.config.nodes import Items, Node, Scalar, entry_of
from luxagent.config.notify import SEVERITY
from luxagent.config.rules import DEVICES, ENABLED, NOTIFY, refuse_twins
from luxagent.config.shape import Fields, Key, Kind, Section
from luxagent.core.facts.metrics import METRICS, WORD_FACTS
from luxagent.core.policy.conditions import Always
from luxagent.core.policy.rules import AlertRule, Severity

DEFAULT_REPEAT_S = {Severity.CRITICAL: 4 * 3600.0, Severity.WARNING: 86400.0, Severity.INFO: None}
"""How often people are reminded while an alert is firing; None is never."""

BUILTIN_ALERTS = (
    "portal unreachable", "credentials refused", "account blocked", "data stale", "device offline", "fault",
    "grid lost", "write failed", "going home failed", "devices changed", "budget reached", "override seen",
    "file refused", "notifier failing", "clock off", "firmware", "low reserve", "restarted",
)  # fmt: skip
"""Alerts that need no rule. They are on; the file tunes them by these names."""

PLACEHOLDERS = (
    *METRICS,
    *WORD_FACTS,
    *("battery", "cell_max_number", "cell_min_number"),  # of the worst module
    *("device", "serial", "model", "plant", "faults"),
)
"""What `core.alerts.texts` fills in; a test holds the two together (it is too much to import here)."""

_NEVER = -1.0
_BRACES = re.compile(r"(?<!\$)\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class BuiltinTuning:
    """What the file says of a built-in alert; None is "as it comes"."""

    name: str
    severity: Severity | None = None
    enabled: bool = True
    repeat_s: float | None = None


@dataclass(frozen=True, slots=True)
class AlertsSection:
    """The owner's alerts, and what they say of the built-in ones."""

    rules: tuple[AlertRule, ...] = ()
    builtin: tuple[BuiltinTuning, ...] = ()


def _message(node: Node, context: Context) -> str:
    written = context.text(node)
    for name in _BRACES.findall(node.text if isinstance(node, Scalar) else ""):
        if name not in PLACEHOLDERS:
            context.error(
                node.place,
                Fault(
                    f"the message has no {quote(name)} to fill in",
                    did_you_mean(name, PLACEHOLDERS),
                    Code.UNKNOWN_NAME,
                ),
            )
    return written


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
    Kind(_message, {"type": "string"}),
    "What to say; {soc}, {battery} and the like are filled in. Absent says what was seen.",
)
_BUILTIN = Key("builtin", words(*BUILTIN_ALERTS), "The built-in alert to tune.", required=True)

OWN = Section("alerts", "an alert", (_NAME, _WHEN, _SEVERITY, _REPEAT, _MESSAGE, DEVICES, NOTIFY, ENABLED))
TUNING = Section("alerts", "the tuning of a built-in alert", (_BUILTIN, _SEVERITY, _REPEAT, ENABLED))


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


def _tuning(fields: Fields) -> BuiltinTuning:
    return BuiltinTuning(
        fields.get_or(_BUILTIN, ""),
        fields.get(_SEVERITY),
        fields.get_or(ENABLED, default=True),
        _repeat_s(fields, None),
    )


def _repeat_s(fields: Fields, default: float | None) -> float | None:
    found = fields.get(_REPEAT)
    if found is None:
        return default
    return None if found == _NEVER else found


def _item(node: Node, context: Context) -> AlertRule | BuiltinTuning:
    if entry_of(node, _BUILTIN.name) is not None:
        return _tuning(TUNING.read(node, context))
    return _own(OWN.read(node, context))


def _read(node: Node, context: Context) -> AlertsSection:
    if not isinstance(node, Items):
        raise Fault("alerts are written as a list", "one per line, each after a dash", Code.TYPE)
    refuse_twins(node, "alerts", context)
    found = [context.attempt(_item, item) for item in node.items]
    return AlertsSection(
        tuple(one for one in found if isinstance(one, AlertRule)),
        tuple(one for one in found if isinstance(one, BuiltinTuning)),
    )


ALERTS: Kind[AlertsSection] = Kind(
    _read, {"type": "array", "items": {"anyOf": [OWN.schema(), TUNING.schema()]}}
)
