"""The life of an alert, per alert and device: quiet, pending, firing, ended.

Takes what was seen this tick (`Sight`) and what is remembered, gives events, views and messages. One message
when it starts, reminders, one when it ends. Unknown never resolves and never starts anything. Firing and
reminders survive any gap; a pending alert that was not looked at for too long starts anew, as a `for` timer
does. One that starts for the third time within a day is damped: its end must last before it counts.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from luxagent.core.alerts.message import Message, message_id
from luxagent.core.events import (
    AlertDropped,
    AlertEased,
    AlertEnded,
    AlertFired,
    AlertPeaked,
    AlertPending,
    AlertReminded,
    Event,
)
from luxagent.core.memory import Memory
from luxagent.core.policy.rules import Severity
from luxagent.core.values.tri import Tri
from luxagent.core.values.units import format_duration
from luxagent.core.watch import KEPT_STARTS, AlertLife

DAMPED_FROM = 3
"""Starts within a day."""
CALM, MOST_CALM = timedelta(hours=1), timedelta(days=1)
"""How long a damped alert must be without its condition: doubled with each further start."""
PEAK_STEP = 0.01
"""A peak is noted when it goes further by this part: not every tick is worth a line on disk."""
EVERYTHING = "all"
"""`luxagent silence all` silences every alert."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What its life needs to know of an alert, whether of the file or built in."""

    name: str
    severity: Severity
    for_s: float = 0.0
    repeat_s: float | None = None
    channels: tuple[str, ...] = ()
    news: bool = False
    """Something that happened rather than lasts: told once, never reminded of, no end."""


@dataclass(frozen=True, slots=True)
class Words:
    """What to say: one line, and more."""

    line: str
    more: tuple[str, ...] = ()


class Speaker(Protocol):
    """Finds the words when they are needed; most ticks need none."""

    def started(self, since: datetime) -> Words: ...
    def ended(self, life: AlertLife) -> Words: ...


@dataclass(frozen=True, slots=True)
class Peak:
    """The value an alert is about, and in which direction it is worse."""

    value: float
    high: bool = True


@dataclass(frozen=True, slots=True)
class Sight:
    """One alert, looked at once for one device."""

    truth: Tri
    speaker: Speaker
    device: str = ""
    """A serial; empty is the whole plant."""
    part: str = ""
    """What it is about there: a module, a setting, a code."""
    since: datetime | None = None
    """When it began, where that is known better than by looking."""
    peak: Peak | None = None
    besides: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return key_of(self.device, self.part)


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert that is not quiet, or ended this tick; what `once --json` shows."""

    name: str
    device: str
    severity: Severity
    state: Literal["pending", "firing", "ended"]
    message: str
    part: str = ""


@dataclass(slots=True)
class AlertsOfTick:
    """What the alerts of one tick come to."""

    views: list[AlertView] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hour:
    """When it is, and what is remembered."""

    now: datetime
    memory: Memory
    bridge_s: float
    """How long nobody may have looked, and a pending alert still runs on."""

    def silenced(self, name: str) -> bool:
        """Whether a person wants to hear nothing of it now."""
        until = (self.memory.watch.silenced.get(name), self.memory.watch.silenced.get(EVERYTHING))
        return any(one is not None and self.now < one for one in until)


def key_of(device: str, part: str = "") -> str:
    """How a device, or a part of one, is called in memory and events."""
    return f"{device}/{part}" if part else device


def device_of(key: str) -> str:
    """The serial in a key."""
    return key.partition("/")[0]


def step(alarm: Alarm, sight: Sight, hour: Hour, out: AlertsOfTick, *, muted: bool = False) -> None:
    """One alert of one device through one tick. A muted or silenced one neither starts nor reminds."""
    was = hour.memory.watch.alerts.get(alarm.name, {}).get(sight.key)
    quiet = muted or hour.silenced(alarm.name)
    if was is not None and was.state == "firing":
        _firing(alarm, sight, was, hour, out, quiet=quiet)
    elif sight.truth is True:
        since = sight.since or _since(was, hour)
        if hour.now - since >= timedelta(seconds=alarm.for_s) and not quiet:
            _fire(alarm, sight, since, hour, out)
            return
        if was is None or (sight.since is None and since != was.since):
            out.events.append(AlertPending(hour.now, alarm.name, sight.key))
        _view(alarm, sight, "pending", sight.speaker.started(since).line, out)
    elif was is not None and sight.truth is False:
        out.events.append(AlertDropped(hour.now, alarm.name, sight.key))
    elif was is not None:
        _view(alarm, sight, "pending", "", out)


def _since(was: AlertLife | None, hour: Hour) -> datetime:
    """When a condition became true: now, if nobody looked for too long."""
    if was is None:
        return hour.now
    looked = hour.memory.ticked_at
    gap_ok = looked is not None and hour.now - looked <= timedelta(seconds=hour.bridge_s)
    return was.since if gap_ok else hour.now


def _fire(alarm: Alarm, sight: Sight, since: datetime, hour: Hour, out: AlertsOfTick) -> None:
    now, count = hour.now, _starts(alarm, sight.key, hour) + 1
    damped = count >= DAMPED_FROM and not alarm.news
    words = sight.speaker.started(since)
    more = words.more
    if damped:
        calm = format_duration(_calm(count).total_seconds())
        more = (
            *more,
            f"It comes and goes, {count} times within a day: its end is told after {calm} of calm.",
        )
    peak = sight.peak.value if sight.peak is not None else None
    severity = alarm.severity.value
    out.events.append(AlertFired(now, alarm.name, sight.key, severity, words.line, since, damped, peak))
    _view(alarm, sight, "firing", words.line, out)
    title = f"{alarm.name[0].upper()}{alarm.name[1:]}"
    _tell(title, words.line, more, "started", alarm, sight, now, out)


def _firing(
    alarm: Alarm, sight: Sight, was: AlertLife, hour: Hour, out: AlertsOfTick, *, quiet: bool
) -> None:
    now, key = hour.now, sight.key
    if sight.truth is False and _is_over(alarm, was, key, hour, out):
        words = Words("") if alarm.news else sight.speaker.ended(was)
        out.events.append(AlertEnded(now, alarm.name, key, words.line))
        if not alarm.news:
            _view(alarm, sight, "ended", words.line, out)
            _tell(f"Over: {alarm.name}", words.line, words.more, "ended", alarm, sight, now, out)
        return
    _view(alarm, sight, "firing", was.detail, out)
    if sight.truth is not True:
        return
    if was.eased_at is not None:
        out.events.append(AlertEased(now, alarm.name, key, None))
    if sight.peak is not None and _is_further(sight.peak, was.peak):
        out.events.append(AlertPeaked(now, alarm.name, key, sight.peak.value))
    told = was.told_at or was.since
    if alarm.repeat_s is None or quiet or alarm.news or now - told < timedelta(seconds=alarm.repeat_s):
        return
    words = sight.speaker.started(was.since)
    lasted = format_duration((now - was.since).total_seconds())
    line = f"{words.line} (for {lasted} now)"
    out.events.append(AlertReminded(now, alarm.name, key, line))
    _tell(f"Still: {alarm.name}", line, words.more, "reminded", alarm, sight, now, out)


def _is_over(alarm: Alarm, was: AlertLife, key: str, hour: Hour, out: AlertsOfTick) -> bool:
    """Whether a condition that is false ends it: at once, or after a while if it was damped."""
    if not was.damped:
        return True
    if was.eased_at is None:
        out.events.append(AlertEased(hour.now, alarm.name, key, hour.now))
        return False
    return hour.now - was.eased_at >= _calm(_starts(alarm, key, hour))


def _starts(alarm: Alarm, key: str, hour: Hour) -> int:
    """How often it started during the last day."""
    known = hour.memory.watch.starts.get(alarm.name, {}).get(key, ())
    return sum(1 for at in known if abs(hour.now - at) < KEPT_STARTS)


def _calm(count: int) -> timedelta:
    doublings = min(max(count - DAMPED_FROM, 0), 8)
    return min(CALM * (1 << doublings), MOST_CALM)


def _is_further(peak: Peak, before: float | None) -> bool:
    if before is None:
        return True
    gain = peak.value - before if peak.high else before - peak.value
    return gain > 0 and gain >= abs(before) * PEAK_STEP


def _view(
    alarm: Alarm, sight: Sight, state: Literal["pending", "firing", "ended"], text: str, out: AlertsOfTick
) -> None:
    out.views.append(AlertView(alarm.name, sight.device, alarm.severity, state, text, sight.part))


def _tell(
    title: str,
    line: str,
    more: tuple[str, ...],
    phase: str,
    alarm: Alarm,
    sight: Sight,
    now: datetime,
    out: AlertsOfTick,
) -> None:
    made = message_id(alarm.name, sight.key, now.isoformat(), phase)
    out.messages.append(Message(title, line, alarm.severity, alarm.channels, more, made, sight.besides))
