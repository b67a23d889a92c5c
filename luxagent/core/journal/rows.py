"""Which line each event has. An event without a row here is only kept count of."""

from collections.abc import Callable
from typing import Any

from luxagent.core import events as ev
from luxagent.core.journal.shape import JournalLine, value_text


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


LINES: dict[type, Callable[[Any], JournalLine]] = {
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
