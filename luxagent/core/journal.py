"""Events as the journal shows them: `log --json`'s object, and one line for people. Pure; called by `log`.

    kind     state      what happened
    agent    started    the agent started; `detail` has its version
             stopped    it ended on purpose
             noted      something an owner should find here
    rule     took       a rule began to hold
             let go     it ceased to hold
             unknown    whether it holds became unknown
             known      it is known again
             failed     it, or an alert, could not be worked out
    write    intended   about to be sent
             accepted   the portal said yes, which proves nothing
             refused    the portal said no
             lost       no answer came
             confirmed  read back as wanted
             unproven   read back twice as something else
             lapsed     never reached the inverter
             right      reads as wanted after all
             home       read at home; owned no longer
    hold     held       a wanted write is held; `detail` has the reasons
             released   it is held no longer
    alert    pending    its condition is true and must last a while yet
             dropped    the condition ended before that
             firing     people are told that it started
             reminded   people are told that it goes on
             ended      people are told that it ended
    message  told       a message was handed to the channels

For rules `serial` is the unit or inverter it was decided for; for alerts `rule` is the alert's name and
`because` its severity. What only the agent keeps count of (ticks, timers, latches) has no line.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any

from luxagent.core import events as ev
from luxagent.core.events import Event
from luxagent.core.facts.reasons import REASON_WORDS
from luxagent.core.facts.settings import SettingValue, describe
from luxagent.core.values.units import format_quantity

STATES: dict[str, tuple[str, ...]] = {
    "agent": ("started", "stopped", "noted"),
    "rule": ("took", "let go", "unknown", "known", "failed"),
    "write": (
        "intended", "accepted", "refused", "lost", "confirmed", "unproven", "lapsed", "right", "home"
    ),
    "hold": ("held", "released"),
    "alert": ("pending", "dropped", "firing", "reminded", "ended"),
    "message": ("told",),
}  # fmt: skip
"""The words of `state` by the words of `kind`."""

_REASONS = {reason.value: words for reason, words in REASON_WORDS.items()}


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the journal. The fields are `log --json`'s keys, in order; `at` is in UTC."""

    at: datetime
    kind: str
    serial: str | None = None
    setting: str | None = None
    before: SettingValue | None = None
    value: SettingValue | None = None
    rule: str | None = None
    because: str | None = None
    state: str = field(kw_only=True)
    detail: str | None = None

    def as_json(self) -> dict[str, object]:
        """The object of `log --json`."""
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "serial": self.serial,
            "setting": self.setting,
            "before": _plain(self.before),
            "value": _plain(self.value),
            "rule": self.rule,
            "because": self.because,
            "state": self.state,
            "detail": self.detail,
        }


def line(event: Event) -> JournalLine | None:
    """The event's line; None for what only the agent keeps count of."""
    maker = _LINES.get(type(event))
    return None if maker is None else maker(event)


def lines(events: Iterable[Event]) -> Iterator[JournalLine]:
    """The lines of events in order. Where a write's intent is among them, its later lines tell of it too."""
    intents: dict[int, ev.WriteIntended] = {}
    for event in events:
        found = line(event)
        if isinstance(event, ev.WriteIntended):
            intents[event.number] = event
        elif isinstance(event, ev.WriteAnswered | ev.WriteClosed) and found is not None:
            intent = intents.get(event.number)
            if intent is not None:
                found = replace(
                    found, before=intent.before, value=intent.value, rule=intent.rule, because=intent.because
                )
            if isinstance(event, ev.WriteClosed):
                intents.pop(event.number, None)
        if found is not None:
            yield found


def text(line: JournalLine, zone: tzinfo) -> str:
    """The line for people, in the time of a zone, without control characters."""
    parts = [f"{line.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", f"{line.kind:<7}", f"{line.state:<9}"]
    if line.serial:
        parts.append(line.serial)
    if line.setting:
        parts.append(line.setting + _change(line))
    if line.rule:
        parts.append(f'"{line.rule}"')
    if line.because:
        parts.append(f"because {line.because}" if line.kind != "alert" else f"({line.because})")
    if line.detail:
        parts.append(f"- {_reasons(line.detail) if line.kind == 'hold' else line.detail}")
    whole = " ".join(parts)
    return "".join(one if one.isprintable() else " " for one in whole).rstrip()


def value_text(setting: str, value: SettingValue | None) -> str:
    """A setting's value for people: "60 %", "on", "23:30-05:30"."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, str):
        return value
    try:
        return format_quantity(value, describe(setting).unit)
    except KeyError:  # a setting of another version
        return f"{value:g}"


def _change(line: JournalLine) -> str:
    """From what to what, as far as it is known."""
    setting = line.setting or ""
    if line.value is None and line.before is None:
        return ""
    if line.before is None:
        return f" {value_text(setting, line.value)}"
    return f" {value_text(setting, line.before)} -> {value_text(setting, line.value)}"


def _reasons(codes: str) -> str:
    return "; ".join(_REASONS.get(code, code) for code in codes.split(", "))


def _plain(value: SettingValue | None) -> object:
    return list(value) if isinstance(value, tuple) else value


def _started(e: ev.Started) -> JournalLine:
    dry = ", dry run" if e.dry_run else ""
    return JournalLine(e.at, "agent", state="started", detail=f"luxagent {e.version}{dry}")


def _noted(e: ev.Noted) -> JournalLine:
    return JournalLine(e.at, "agent", state="noted", detail=f"{e.name}: {e.detail}" if e.detail else e.name)


def _rule(e: ev.RuleTook | ev.RuleLetGo, state: str) -> JournalLine:
    return JournalLine(e.at, "rule", e.who, rule=e.rule, because=e.because or None, state=state)


def _rule_knowledge(e: ev.RuleUnknown | ev.RuleKnown, state: str) -> JournalLine:
    return JournalLine(e.at, "rule", e.who, rule=e.rule, state=state)


def _rule_failed(e: ev.RuleFailed) -> JournalLine:
    return JournalLine(e.at, "rule", e.who, rule=e.rule, state="failed", detail=e.detail or None)


def _intended(e: ev.WriteIntended) -> JournalLine:
    return JournalLine(
        e.at, "write", e.serial, e.setting, e.before, e.value, e.rule, e.because or None, state="intended",
        detail="going home" if e.homeward else None,
    )  # fmt: skip


def _answered(e: ev.WriteAnswered) -> JournalLine:
    return JournalLine(e.at, "write", e.serial, e.setting, state=e.answer, detail=e.detail or None)


def _closed(e: ev.WriteClosed) -> JournalLine:
    """`value` is what was read back, until `lines` puts what was wanted there."""
    detail = e.detail
    if e.outcome != "confirmed" and e.found is not None:
        found = f"reads {value_text(e.setting, e.found)}"
        detail = f"{found}; {detail}" if detail else found
    return JournalLine(
        e.at, "write", e.serial, e.setting, value=e.found, state=e.outcome, detail=detail or None
    )


def _home(e: ev.CameHome) -> JournalLine:
    return JournalLine(
        e.at, "write", e.serial, e.setting, value=e.value, state="home", detail=e.detail or None
    )


def _held(e: ev.HeldBack) -> JournalLine:
    return JournalLine(
        e.at, "hold", e.serial, e.setting, e.before, e.value, e.rule, e.because or None, state="held",
        detail=", ".join(e.reasons) or None,
    )  # fmt: skip


def _alert(
    e: ev.AlertPending | ev.AlertDropped | ev.AlertFired | ev.AlertReminded | ev.AlertEnded, state: str
) -> JournalLine:
    severity = e.severity if isinstance(e, ev.AlertFired) else ""
    detail = "" if isinstance(e, ev.AlertPending | ev.AlertDropped) else e.detail
    return JournalLine(
        e.at, "alert", e.device or None, rule=e.name, because=severity or None, state=state,
        detail=detail or None,
    )  # fmt: skip


def _told(e: ev.Told) -> JournalLine:
    return JournalLine(e.at, "message", state="told", detail=f"{e.name}: {e.detail}" if e.detail else e.name)


_LINES: dict[type, Callable[[Any], JournalLine]] = {
    ev.Started: _started,
    ev.Stopped: lambda e: JournalLine(e.at, "agent", state="stopped"),
    ev.Noted: _noted,
    ev.RuleTook: lambda e: _rule(e, "took"),
    ev.RuleLetGo: lambda e: _rule(e, "let go"),
    ev.RuleUnknown: lambda e: _rule_knowledge(e, "unknown"),
    ev.RuleKnown: lambda e: _rule_knowledge(e, "known"),
    ev.RuleFailed: _rule_failed,
    ev.WriteIntended: _intended,
    ev.WriteAnswered: _answered,
    ev.WriteClosed: _closed,
    ev.ReadsRight: lambda e: JournalLine(e.at, "write", e.serial, e.setting, state="right"),
    ev.CameHome: _home,
    ev.HeldBack: _held,
    ev.HoldEnded: lambda e: JournalLine(e.at, "hold", e.serial, e.setting, state="released"),
    ev.AlertPending: lambda e: _alert(e, "pending"),
    ev.AlertDropped: lambda e: _alert(e, "dropped"),
    ev.AlertFired: lambda e: _alert(e, "firing"),
    ev.AlertReminded: lambda e: _alert(e, "reminded"),
    ev.AlertEnded: lambda e: _alert(e, "ended"),
    ev.Told: _told,
}
