"""`set`: a setting by hand, above all rules and below the limits, for a while or until it is taken back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from luxagent.agent.tick import TickReport
from luxagent.cli.codes import FAILED, OK, code_of
from luxagent.cli.errands.desk import Desk, Misasked, is_set, said, seconds_or_none, text_of, text_or_none
from luxagent.cli.errands.outcomes import Row, all_done, rows_of, sentences
from luxagent.cli.errands.words import DRY, until_words
from luxagent.cli.render.verdicts import Verdict
from luxagent.cli.render.words import value_text
from luxagent.config.by_hand import check_setting, setting_value
from luxagent.core.control.changes import BY_HAND, Want
from luxagent.core.control.tasks import is_task
from luxagent.core.decide import decide_about, decide_home_of
from luxagent.core.events import Event, LeaseEnded, LeaseSet
from luxagent.core.facts.reasons import Outcome, Reason
from luxagent.core.facts.settings import MOVES_POWER, SettingValue
from luxagent.core.memory import Lease
from luxagent.core.values.units import format_duration
from luxagent.errors import LuxagentError
from luxagent.store.requests import Answer, Body

BY_PERSON = "taken back by hand"
_TASK_SLACK_S = 15 * 60.0
"""For a quick charge that is begun late, as a guard held it, to have its own minutes."""
_STAYS = f"{DRY}: it stays as it is until the dry run is over (`dry_run: off` in the file)."


def carry_out(desk: Desk, body: Body) -> Answer:
    """Remember it, write it, and tell how that was proven."""
    name, serial = text_of(body, "setting"), _serial(desk, text_or_none(body, "device"))
    if is_set(body, "end"):
        return _end(desk, name, serial)
    value = _value(desk, name, text_of(body, "value"))
    now, for_s = desk.now(), seconds_or_none(body, "for_s")
    until = _until(name, value, now, for_s)
    before = dict(desk.memory.leases.get(name, {}))
    ended = [LeaseEnded(now, name, old, BY_PERSON) for old in before if old and serial is None]
    desk.record(*ended, LeaseSet(now, name, value, until, serial))
    try:
        report = _act(desk, name)
    except LuxagentError as error:
        if not desk.daemon:
            desk.record(*_undone(desk, name, serial, before, "the plant could not be read"))
            raise
        words = (
            f"{DRY}: {name} stays wanted at {value_text(name, value)}. Just now: {error}"
            if desk.policy.dry_run
            else f"The agent sets {name} to {value_text(name, value)} as soon as it can. Just now: {error}"
        )
        return said(words, _way_back(name), code=code_of(error))
    rows = _about(report, desk, name, serial)
    if all(_is_hopeless(verdict) for _, verdict in rows):
        desk.record(*_undone(desk, name, serial, before, "it cannot be set"))
        nowhere = "" if rows else f"There is no inverter{f' {serial}' if serial else ''} to set {name} on."
        return said(*sentences(rows), nowhere, "Nothing is kept of it.", code=FAILED)
    first = any(verdict.want.rule != BY_HAND for _, verdict in rows)
    done, ending = all_done(rows) and not first, until_words(until, desk.zone)
    if for_s is None and until is not None:  # a quick charge: people are told its own minutes
        ending = f" for {format_duration(float(value))}"  # type: ignore[arg-type]  # see _until
    if done:
        holds = f"It holds{ending}, above all rules."
        nobody = "No agent is running: it stays like this until `luxagent run` or `once` takes it back."
    elif desk.policy.dry_run:
        holds = (
            f"{DRY}. It stays wanted{ending}, and is written only when the dry run is over (`dry_run: off`)."
        )
        nobody = ""
    else:
        holds = f"It stays wanted{ending}, and is written as soon as nothing is in the way."
        nobody = "No agent is running: that takes `luxagent run` or `once`."
    homeward = "It was sent home while hands are off, and goes there first." if first else ""
    lines = (*sentences(rows), homeward, f"{holds} {_way_back(name)}", "" if desk.daemon else nobody)
    return said(*lines, code=OK if done else FAILED)


def _until(name: str, value: SettingValue, now: datetime, for_s: float | None) -> datetime | None:
    """When it ends by itself: a quick charge soon after its minutes, so that it bars no rule for good."""
    if for_s is None and is_task(name) and not isinstance(value, bool) and isinstance(value, int | float):
        for_s = value + _TASK_SLACK_S
    return None if for_s is None else now + timedelta(seconds=for_s)


def _is_hopeless(verdict: Verdict) -> bool:
    """Whether trying again would not help."""
    return verdict.outcome is Outcome.REFUSED or verdict.reasons[:1] in (
        (Reason.UNSUPPORTED,),
        (Reason.READ_ONLY_ACCOUNT,),
    )


def _undone(desk: Desk, name: str, serial: str | None, before: Mapping[str, Lease], why: str) -> list[Event]:
    """What makes the values by hand what they were before this errand."""
    now = desk.now()
    kept = [LeaseSet(now, name, old.value, old.until, key or None) for key, old in before.items()]
    return [LeaseEnded(now, name, serial, why), *kept]


def _end(desk: Desk, name: str, serial: str | None) -> Answer:
    """Take a value back before its time: rules, baseline or what was before decide again."""
    try:
        check_setting(name)
    except ValueError as error:
        raise Misasked(_spoken(error)) from error
    leases = desk.memory.leases.get(name, {})
    chosen = [key for key in leases if serial is None or key == serial]
    if not chosen:
        return said(f"{name} was not set by hand, so there is nothing to take back.", code=FAILED)
    now = desk.now()
    events: list[Event] = [LeaseEnded(now, name, key or None, BY_PERSON) for key in chosen]
    desk.record(*events)
    words = f"{name} is no longer set by hand."
    try:
        report = _take_back(desk, name, serial)
    except LuxagentError as error:
        homeward = _STAYS if desk.policy.dry_run else "It goes home at the next good look at the plant."
        return said(words, f"{homeward} Just now: {error}", code=code_of(error))
    rows = _about(report, desk, name, serial)
    done = all_done(rows)
    nobody = "No agent is running: what rules want of it takes `luxagent run` or `once`."
    if desk.policy.dry_run:
        nobody = "" if done else _STAYS
    elif desk.daemon:
        nobody = ""
    return said(words, *sentences(rows), nobody, code=OK if done else FAILED)


def _take_back(desk: Desk, name: str, serial: str | None) -> TickReport:
    """Where no daemon runs nothing is set going that nobody would end, and what a person set going ends."""
    still = desk.memory.leases.get(name)
    if desk.daemon or still or name not in MOVES_POWER:
        return _act(desk, name)
    return desk.act(decide_home_of(name, serial))


def _act(desk: Desk, name: str) -> TickReport:
    """A whole tick where a daemon runs; else this setting alone: nobody would end what rules begin."""
    report = desk.tick()
    return report if report is not None else desk.act(decide_about(name))


def _about(report: TickReport, desk: Desk, name: str, serial: str | None) -> list[Row]:
    """The verdicts on this setting; where no daemon runs, on what had to be in place before it as well."""

    def is_told(want: Want) -> bool:
        mine = want.setting == name and (serial is None or want.serial == serial)
        return mine or (not desk.daemon and (want.serial, want.setting) in report.results)

    return [row for row in rows_of(report, desk.policy) if is_told(row[1].want)]


def _value(desk: Desk, name: str, written: str) -> SettingValue:
    try:
        return setting_value(name, written, desk.policy.ruleset)
    except ValueError as error:
        raise Misasked(_spoken(error)) from error


def _serial(desk: Desk, device: str | None) -> str | None:
    """The serial that a person means by a name or by a serial. Raises Misasked."""
    if device is None:
        return None
    serial = desk.names.get(device, device)
    known = desk.memory.seen
    if known and serial not in known:
        others = ", ".join((*desk.names, *sorted(known)))
        raise Misasked(f"There is no device {device!r}. Known are: {others}.")
    return serial


def _spoken(error: ValueError) -> str:
    """A fault of the file's grammar as a sentence."""
    words, hint = str(error), getattr(error, "hint", "")
    return f"{words[:1].upper()}{words[1:]}{f' ({hint})' if hint else ''}."


def _way_back(name: str) -> str:
    return f"`luxagent set {name} --end` takes it back."
