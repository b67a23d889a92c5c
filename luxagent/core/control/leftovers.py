"""Timers and latches of what the file no longer has: a rule or an alert that comes back starts afresh."""

from collections.abc import Iterator
from datetime import datetime

from luxagent.core.events import Event, Latched, TimerCleared
from luxagent.core.memory import Memory
from luxagent.core.policy.policy import Policy


def left_over(memory: Memory, policy: Policy, now: datetime) -> Iterator[Event]:
    """The end of each that nothing in the policy asks for; nothing on nearly every tick."""
    for who, timers in memory.timers.items():
        yield from (TimerCleared(now, who, slot) for slot in timers if slot not in policy.slots)
    for who, latched in memory.latched.items():
        yield from (Latched(now, who, slot, on=False) for slot in latched if slot not in policy.slots)
