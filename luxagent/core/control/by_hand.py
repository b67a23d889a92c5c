"""What people set, paused or switched for a time, and when that time is up."""

from datetime import datetime

from luxagent.core.events import Event, FlagSet, LeaseEnded, Resumed
from luxagent.core.memory import Memory

TIME_UP = "its time is up"


def run_out(memory: Memory, now: datetime) -> list[Event]:
    """The ends of leases, flags and of a pause whose time has come."""
    events: list[Event] = []
    if memory.pause is not None and memory.pause.until is not None and memory.pause.until <= now:
        events.append(Resumed(now, by_person=False, detail=TIME_UP))
    events.extend(
        LeaseEnded(now, setting, serial or None, TIME_UP)
        for setting, rows in memory.leases.items()
        for serial, lease in rows.items()
        if lease.until is not None and lease.until <= now
    )
    events.extend(
        FlagSet(now, name, on=False)
        for name, until in memory.flags.items()
        if until is not None and until <= now
    )
    return events
