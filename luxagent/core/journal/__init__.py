"""Events as the journal shows them: `log --json`'s object, and one line for people. Pure; called by `log`.

    kind     state      what happened
    agent    started    the agent started; `detail` has its version
             stopped    it ended on purpose
             clock set  this computer's clock was found to have been set
             noted      something an owner should find here
             began      from here on settings are written; `detail` has what was about to change first
             dry        nothing is written any more while settings are owned; `detail` has what remains
             live       settings are written again
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
             late       landed after it was given up; owned again
             home       read at home; owned no longer
             stranded   going home was tried several times and not proven
             left       where home is nobody knows; owned no longer
             effective  power flowed after it
             excused    no power flowed, for a reason that `detail` names
             no effect  stored, but no power flowed
    hold     held       a wanted write is held; `detail` has the reasons
             released   it is held no longer
    alert    pending    its condition is true and must last a while yet
             dropped    the condition ended before that
             firing     people are told that it started
             reminded   people are told that it goes on
             ended      people are told that it ended
    message  told       a message was handed to the channels
    hand     changed    something else changed a setting; owned no longer
             over       what was changed so may be taken again
    group    split      its inverters differ in a setting that one rule wants alike
             still split  and have done so for a while
             whole      they agree again
    firmware seen       what an inverter runs, at first sight
             changed    it runs something else; nothing is written to it until it is trusted
             updating   an update began
             updated    the update is over
             trusted    the managed settings were read again; writes go on
             gone       it does not have a managed setting any more, which is not written until it has
             there      that setting is there again, or nothing asks for it any more
    account  refused    the portal said that this account may not write to that inverter
             new        other credentials are used; writing is tried again
    person   flag on    a mode was switched on by hand
             flag off   it was switched off, or its time was up
             set        a setting was set by hand
             set over   that is over
             paused     hands off
             resumed    hands on again
             silenced   nobody hears of an alert, until `detail`
             listens    that is over
    portal   lost       the plant cannot be read; `detail` says why
             back       it can be read again
    file     refused    the rules file was read anew and cannot be used; the old rules stay in force
             taken      it was read anew and is in force
    device   forgotten  it vanished long ago and is no longer waited for

For rules and groups `serial` is the unit or inverter it was decided for; for alerts `rule` is the alert's
name and `because` its severity. What only the agent keeps count of (ticks, timers, latches) has no line.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from luxagent.core import events as ev
from luxagent.core.events import Event
from luxagent.core.facts.reasons import REASON_WORDS
from luxagent.core.facts.words import value_text
from luxagent.core.journal.rows import LINES
from luxagent.core.journal.shape import JournalLine

__all__ = ["STATES", "JournalLine", "line", "lines", "oldest_first", "text", "value_text"]

STATES: dict[str, tuple[str, ...]] = {
    "agent": ("started", "stopped", "noted", "began", "clock set", "dry", "live"),
    "rule": ("took", "let go", "unknown", "known", "failed"),
    "write": (
        "intended", "accepted", "refused", "lost", "confirmed", "unproven", "lapsed", "right", "late", "home",
        "stranded", "left", "effective", "excused", "no effect",
    ),
    "hold": ("held", "released"),
    "alert": ("pending", "dropped", "firing", "reminded", "ended"),
    "message": ("told",),
    "hand": ("changed", "over"),
    "group": ("split", "still split", "whole"),
    "firmware": ("seen", "changed", "updating", "updated", "trusted", "gone", "there"),
    "account": ("refused", "new"),
    "person": ("flag on", "flag off", "set", "set over", "paused", "resumed", "silenced", "listens"),
    "portal": ("lost", "back"),
    "file": ("refused", "taken"),
    "device": ("forgotten",),
}  # fmt: skip
"""The words of `state` by the words of `kind`."""

LONGEST_TICK = timedelta(minutes=5)
"""Lines of one tick lie no further apart."""

_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
_REASONS = {reason.value: words for reason, words in REASON_WORDS.items()}


def line(event: Event) -> JournalLine | None:
    """The event's line; None for what only the agent keeps count of."""
    maker = LINES.get(type(event))
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


def oldest_first(found: Iterable[JournalLine]) -> Iterator[JournalLine]:
    """The lines by their time, and those of one time as they were recorded.

    What a tick finds out of an earlier write is recorded before what it decides, with a later time. A time
    that lies further back than a tick lasts is of a clock that was set: there the order of the record stays.
    """
    kept: list[JournalLine] = []
    for one in found:
        if kept and kept[-1].at - one.at > LONGEST_TICK:
            yield from kept
            kept = []
        at = len(kept)
        while at and kept[at - 1].at > one.at:
            at -= 1
        kept.insert(at, one)
        while kept[-1].at - kept[0].at > LONGEST_TICK:
            yield kept.pop(0)
    yield from kept


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
        parts.append(f"- {_reasons(line.detail) if line.kind == 'hold' else _of_the_site(line.detail, zone)}")
    whole = " ".join(parts)
    return "".join(one if one.isprintable() else " " for one in whole).rstrip()


def _change(line: JournalLine) -> str:
    """From what to what, as far as it is known."""
    setting = line.setting or ""
    if line.value is None and line.before is None:
        return ""
    if line.before is None:
        return f" {value_text(setting, line.value)}"
    return f" {value_text(setting, line.before)} -> {value_text(setting, line.value)}"


def _of_the_site(detail: str, zone: tzinfo) -> str:
    """The words with what is an instant in UTC told in the time of a zone, as all of the line is."""

    def told(found: re.Match[str]) -> str:
        try:
            return f"{datetime.fromisoformat(found[0]).astimezone(zone):%Y-%m-%d %H:%M}"
        except (ValueError, OverflowError):
            return found[0]

    return _INSTANT.sub(told, detail)


def _reasons(codes: str) -> str:
    return "; ".join(_REASONS.get(code, code) for code in codes.split(", "))
