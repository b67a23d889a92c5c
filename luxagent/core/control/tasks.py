"""Quick charge: a task of the whole group. It is started once each time a rule takes, and ends by itself.

Where it does not end by itself (the document's wire), the agent ends it; also one that changed hands while it
ran. What somebody else started is left alone, as far as anything tells the two apart.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from luxagent.core.control.changes import Want
from luxagent.core.facts.settings import SETTINGS, SettingKind, SettingValue
from luxagent.core.memory import Memory, Owned
from luxagent.core.sent import LATE
from luxagent.core.values.units import format_duration

SLACK = timedelta(minutes=3)
"""Clocks differ, and an end is seen a tick later: what ends so much early or late is over in time."""
ONCE = "started once each time the rule takes"


@dataclass(frozen=True, slots=True)
class Task:
    """A task that a rule or a person wants, and what is known of the one that was started."""

    owned: Owned | None
    """Ours: of this inverter, or of another one that was the group's first when it was started."""
    since: datetime
    """When who wants it now took."""
    begun: bool
    """Whether one was started and proven for who wants it now since then."""
    left_s: float | None
    """After how long the one that runs ends by itself, if the wire tells."""
    at_once: bool
    """Whether ours was seen to run as soon as it was sent, so that it cannot have begun later."""
    now: datetime

    @property
    def end(self) -> datetime | None:
        """When what was sent last is over; None for a stop, or nothing."""
        return None if self.owned is None else _end_of(self.owned)


def length_s(value: SettingValue | None) -> float | None:
    """For how long one is to run that was asked for so; None for a stop."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _end_of(owned: Owned) -> datetime | None:
    length = length_s(owned.value)
    return None if length is None else owned.taken_at + timedelta(seconds=length)


def is_task(name: str) -> bool:
    """Whether it is started once and ends by itself: quick charge."""
    row = SETTINGS.get(name)
    return row is not None and row.kind is SettingKind.TASK


def running(memory: Memory, serial: str) -> Owned | None:
    """The task of ours that this inverter has begun and that is not known to have ended."""
    rows = memory.owned.get(serial, {}).items()
    return next((row for name, row in rows if is_task(name) and not row.ended), None)


@dataclass(frozen=True, slots=True)
class Group:
    """Where tasks run: the inverters of a unit, all of which stand for it."""

    members: frozenset[str]
    memory: Memory
    left_s: float | None
    now: datetime

    def owned(self, name: str) -> Owned | None:
        """Our newest task, whichever inverter was the group's first when it was started."""
        rows = (self.memory.owned.get(serial, {}).get(name) for serial in self.members)
        return max((row for row in rows if row is not None), key=lambda row: row.taken_at, default=None)

    def task(self, want: Want, owned: Owned | None, since: datetime | None = None) -> Task:
        """The task as this want finds it, of who took at `since`."""
        since = since or self.now
        proven = [
            sent
            for serial in self.members
            for sent in self.memory.custody.sent.get(serial, {}).get(want.setting, ())
            if sent.outcome == "confirmed" and sent.value is not False
        ]
        begun = any(sent.rule == want.rule and sent.at >= since for sent in proven)
        at_once = owned is not None and any(sent.at == owned.taken_at for sent in proven)
        return Task(owned, since, begun, self.left_s, at_once, self.now)


def is_somebodys(task: Task) -> bool:
    """Whether the one that runs has longer to go than ours could have: a person has started another."""
    if task.end is None or task.left_s is None:
        return False
    late = SLACK if task.at_once else SLACK + LATE
    return timedelta(seconds=task.left_s) > max(task.end - task.now, timedelta()) + late


def ran_out(owned: Owned, now: datetime) -> bool:
    """Whether one that is not running any more has had its time."""
    end = _end_of(owned)
    return end is not None and now >= end - SLACK


def home_want(want: Want, task: Task) -> Want:
    """What leads home: ours is stopped."""
    owned = task.owned
    if owned is None:
        return replace(want, value=None, because="no rule wants it")
    because = f"{owned.holder} let go"
    if owned.ended:
        return replace(want, value=None, because=f"{because}, and its own has ended")
    if want.have is True and is_somebodys(task):
        return replace(want, value=None, because=f"{because}, and somebody else's runs")
    return replace(want, value=False, because=because, homeward=True)


def task_want(want: Want, task: Task) -> Want:
    """Started once each time a rule takes; having ended by itself it is satisfied.

    One of ours that runs already when another rule or a person takes is theirs from then on: it is ended
    when their own time is over. A stop that was not proven is wanted until it is.
    """
    owned, now = task.owned, task.now
    ours = owned is not None and owned.holder == want.rule and owned.taken_at >= task.since
    if owned is not None and ours and owned.value is False and not owned.proven:
        because = "its time is over, and its stop is not proven"
        return replace(want, value=False, because=because, homeward=True)
    if want.value is False:
        return want
    if owned is None or not ours:
        return _after_another(want, task)
    if not owned.proven:
        return want
    if owned.ended or task.end is None:
        return replace(want, value=None, because=f"its time is over; {ONCE}")
    if task.end <= now and want.have is True and not is_somebodys(task):
        because = f"its {format_duration((task.end - owned.taken_at).total_seconds())} are over"
        return replace(want, value=False, because=because, homeward=True)
    return replace(want, value=None, because=ONCE)


def _after_another(want: Want, task: Task) -> Want:
    """What was started last is another rule's, a person's, or of an earlier take; or nothing was."""
    owned = task.owned
    running = owned is not None and owned.proven and not owned.ended and task.end is not None
    length = length_s(want.value)
    if running and want.have is True and length is not None and not is_somebodys(task):
        if task.now >= task.since + timedelta(seconds=length):
            because = f"its {format_duration(length)} are over"
            return replace(want, value=False, because=because, homeward=True)
        return want
    if owned is not None and task.begun:
        return replace(want, value=None, because=ONCE)
    return want
