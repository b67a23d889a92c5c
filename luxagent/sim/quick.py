"""Quick charges: tasks that the cloud keeps, not registers. One per unit (a group, or a lone inverter)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

_FIRST_ID = 700_301


@dataclass(frozen=True, slots=True)
class Task:
    """A quick charge; `end` is None when it runs until somebody stops it."""

    number: int
    start: datetime
    end: datetime | None

    def open_at(self, at: datetime) -> bool:
        return self.end is None or at < self.end


@dataclass(slots=True)
class QuickCharges:
    """The open tasks by unit."""

    _tasks: dict[str, Task] = field(default_factory=dict)
    _next: int = _FIRST_ID

    def start(self, unit: str, at: datetime, minutes: int | None) -> None:
        """Begin a charge; a new one replaces the one that runs."""
        end = None if minutes is None else at + timedelta(minutes=minutes)
        self._tasks[unit] = Task(self._next, at, end)
        self._next += 1

    def stop(self, unit: str) -> None:
        self._tasks.pop(unit, None)

    def restore(self, unit: str, task: Task) -> None:
        """Put a task back as it was."""
        self._tasks[unit] = task

    def task(self, unit: str, at: datetime) -> Task | None:
        """The task that is open at an instant, if any."""
        task = self._tasks.get(unit)
        return task if task and task.open_at(at) else None

    def running(self, unit: str, at: datetime) -> bool:
        """Whether it charges then: a task whose start lies in a later step does not yet."""
        return self.task(unit, at) is not None
