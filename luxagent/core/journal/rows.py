"""Which line each event has. An event without a row here is only kept count of."""

from collections.abc import Callable
from typing import Any

from luxagent.core import events as ev
from luxagent.core import sightings as si
from luxagent.core.facts.words import value_text
from luxagent.core.journal.shape import JournalLine
from luxagent.core.values.units import format_duration


def _started(e: ev.Started) -> JournalLine:
    dry = ", dry run" if e.dry_run else ""
    return JournalLine(e.at, "agent", state="started", detail=f"luxagent {e.version}{dry}")


def _began(e: ev.LeftDryRun) -> JournalLine:
    return JournalLine(e.at, "agent", state="began", detail=e.detail or None)


def _noted(e: ev.Noted) -> JournalLine:
    return JournalLine(e.at, "agent", state="noted", detail=f"{e.name}: {e.detail}" if e.detail else e.name)


def _clock_set(e: ev.ClockSet) -> JournalLine | None:
    if not e.by_s:
        return None
    detail = f"this computer's clock went {format_duration(abs(e.by_s))} {'ahead' if e.by_s > 0 else 'back'}"
    return JournalLine(e.at, "agent", state="clock set", detail=detail)


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


def _answered(e: ev.WriteAnswered) -> JournalLine | None:
    """A refusal closes the write in the same breath: that line tells it, and once is enough."""
    if e.answer == "refused":
        return None
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
        e.at, "alert", e.device.partition("/")[0] or None, rule=e.name, because=severity or None, state=state,
        detail=detail or None,
    )  # fmt: skip


def _flag(e: ev.FlagSet) -> JournalLine:
    until = None if e.until is None else f"until {e.until.isoformat()}"
    return JournalLine(e.at, "person", rule=e.name, state="flag on" if e.on else "flag off", detail=until)


def _lease(e: ev.LeaseSet) -> JournalLine:
    until = None if e.until is None else f"until {e.until.isoformat()}"
    return JournalLine(e.at, "person", e.serial, e.setting, value=e.value, state="set", detail=until)


def _paused(e: ev.Paused) -> JournalLine:
    parts = [f"until {e.until.isoformat()}" if e.until is not None else "", e.detail]
    return JournalLine(e.at, "person", state="paused", detail="; ".join(filter(None, parts)) or None)


def _resumed(e: ev.Resumed) -> JournalLine:
    detail = e.detail or (None if e.by_person else "the pause's time is up")
    return JournalLine(e.at, "person", state="resumed", detail=detail)


def _override(e: si.OverrideSeen) -> JournalLine:
    left = "the file says to enforce the rules" if e.enforced else "left alone for a while"
    detail = f"{e.detail}; {left}" if e.detail else left
    return JournalLine(
        e.at, "hand", e.serial, e.setting, e.before, e.found, e.rule, state="changed", detail=detail
    )


def _missed(e: si.HomeMissed) -> JournalLine:
    detail = f"tried {e.misses} times"
    if e.found is not None:
        detail += f"; reads {value_text(e.setting, e.found)}"
    return JournalLine(e.at, "write", e.serial, e.setting, value=e.value, state="stranded", detail=detail)


def _split(e: si.GroupSplit) -> JournalLine:
    state = "still split" if e.lasting else "split"
    return JournalLine(e.at, "group", e.unit, e.setting, state=state, detail=e.detail or None)


def _firmware(e: si.FirmwareSeen) -> JournalLine:
    if not e.before:
        return JournalLine(e.at, "firmware", e.serial, state="seen", detail=e.code)
    return JournalLine(e.at, "firmware", e.serial, state="changed", detail=f"{e.before} -> {e.code}")


def _trusted(e: si.FirmwareTrusted) -> JournalLine:
    words = f"{e.code}: {', '.join(e.settings) or 'nothing'} read again; writes go on"
    return JournalLine(e.at, "firmware", e.serial, state="trusted", detail=words)


def _told(e: ev.Told) -> JournalLine:
    return JournalLine(e.at, "message", state="told", detail=f"{e.name}: {e.detail}" if e.detail else e.name)


LINES: dict[type, Callable[[Any], JournalLine | None]] = {
    ev.Started: _started,
    ev.Stopped: lambda e: JournalLine(e.at, "agent", state="stopped"),
    ev.LeftDryRun: _began,
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
    ev.Silenced: lambda e: JournalLine(
        e.at,
        "person",
        rule=e.name,
        state="silenced" if e.on else "listens",
        detail=f"until {e.until.isoformat()}" if e.on else None,
    ),
    ev.PlantLost: lambda e: JournalLine(e.at, "portal", state="lost", detail=e.detail or None),
    ev.ClockSet: _clock_set,
    ev.PlantBack: lambda e: JournalLine(e.at, "portal", state="back"),
    ev.FileRefused: lambda e: JournalLine(e.at, "file", state="refused", detail=e.detail or None),
    ev.FileTaken: lambda e: JournalLine(e.at, "file", state="taken", detail=e.detail or None),
    ev.DeviceForgotten: lambda e: JournalLine(e.at, "device", e.serial, state="forgotten"),
    ev.FlagSet: _flag,
    ev.LeaseSet: _lease,
    ev.LeaseEnded: lambda e: JournalLine(
        e.at, "person", e.serial, e.setting, state="set over", detail=e.detail or None
    ),
    ev.Paused: _paused,
    ev.Resumed: _resumed,
    si.OverrideSeen: _override,
    si.OverrideEnded: lambda e: JournalLine(e.at, "hand", e.serial, e.setting, state="over"),
    si.LandedLate: lambda e: JournalLine(
        e.at, "write", e.serial, e.setting, e.before, e.value, e.rule, state="late"
    ),
    si.EffectSeen: lambda e: JournalLine(
        e.at, "write", e.serial, e.setting, state=e.effect, detail=e.detail or None
    ),
    si.LeftAlone: lambda e: JournalLine(
        e.at, "write", e.serial, e.setting, value=e.value, rule=e.rule, state="left"
    ),
    si.HomeMissed: _missed,
    si.GroupSplit: _split,
    si.GroupWhole: lambda e: JournalLine(e.at, "group", e.unit, e.setting, state="whole"),
    si.FirmwareSeen: _firmware,
    si.FirmwareUpdate: lambda e: JournalLine(
        e.at, "firmware", e.serial, state="updating" if e.running else "updated"
    ),
    si.FirmwareTrusted: _trusted,
    si.SettingGone: lambda e: JournalLine(
        e.at, "firmware", e.serial, e.setting, state="gone", detail=f"{e.code} does not have it any more"
    ),
    si.SettingBack: lambda e: JournalLine(
        e.at, "firmware", e.serial, e.setting, state="there", detail=e.detail or None
    ),
    si.AccountRefused: lambda e: JournalLine(
        e.at, "account", e.serial or None, e.setting or None, state="refused", detail=e.detail or None
    ),
    si.AccountTried: lambda e: JournalLine(e.at, "account", state="new", detail=e.detail or None),
    si.WentDry: lambda e: JournalLine(e.at, "agent", state="dry", detail=" ".join(e.remains) or None),
    si.WentLive: lambda e: JournalLine(e.at, "agent", state="live"),
}
