"""A tick as log lines: one for each decision that changed something, rule that took, alert that began."""

import logging
from collections.abc import Iterator, Mapping, Sequence

from luxagent.agent.tick import TickReport
from luxagent.cli.render.once_text import verdict_line
from luxagent.cli.render.verdicts import CALM, Verdict
from luxagent.cli.render.words import value_text
from luxagent.core.events import (
    AlertEnded,
    AlertFired,
    CameHome,
    Event,
    HeldBack,
    HoldEnded,
    RuleFailed,
    RuleLetGo,
    RuleTook,
)
from luxagent.core.facts.reasons import REASON_WORDS, Reason
from luxagent.core.policy.rules import Severity

Line = tuple[int, str]
"""A logging level and a text."""


def tick_lines(report: TickReport, rows: Mapping[str, Sequence[Verdict]]) -> list[Line]:
    """What is worth a line, in the order in which it happened. Empty for a quiet tick."""
    names = {device.serial: device.name or device.serial for device in report.plant.devices}
    lines = [line for event in report.decision.events for line in _event_lines(event, names)]
    for serial, verdicts in rows.items():
        for verdict in verdicts:
            if (serial, verdict.want.setting) in report.results:
                level = logging.INFO if verdict.outcome in CALM else logging.WARNING
                lines.append((level, f"{names[serial]}: {verdict_line(verdict)}"))
    return lines


def _event_lines(event: Event, names: Mapping[str, str]) -> Iterator[Line]:
    match event:
        case RuleTook():
            yield logging.INFO, f"{names.get(event.who, event.who)}: {event.rule!r} holds: {event.because}"
        case RuleLetGo():
            yield logging.INFO, f"{names.get(event.who, event.who)}: {event.rule!r} let go: {event.because}"
        case RuleFailed():
            yield logging.ERROR, f"{event.rule!r} could not be worked out: {event.detail}"
        case HeldBack():
            yield logging.INFO, _held_line(event, names)
        case HoldEnded():
            yield logging.INFO, f"{names.get(event.serial, event.serial)}: {event.setting} is held no longer"
        case CameHome():
            value = value_text(event.setting, event.value)
            yield logging.INFO, f"{names.get(event.serial, event.serial)}: {event.setting} is home at {value}"
        case AlertFired():
            level = logging.INFO if event.severity == Severity.INFO else logging.WARNING
            yield level, f"alert ({event.severity}) {event.name}: {event.detail}"
        case AlertEnded():
            yield logging.INFO, f"alert over: {event.name}: {event.detail}"


def _held_line(event: HeldBack, names: Mapping[str, str]) -> str:
    reasons = "; ".join(REASON_WORDS[Reason(word)] for word in event.reasons)
    who = names.get(event.serial, event.serial)
    if event.value is None:
        return f"{who}: {event.setting} is left as it is: {reasons} [{event.rule or event.because}]"
    wanted, have = value_text(event.setting, event.value), value_text(event.setting, event.before)
    why = ": ".join(part for part in (event.rule or "", event.because) if part)
    return f"{who}: {event.setting} should be {wanted}, is {have}, and is held: {reasons} [{why}]"
