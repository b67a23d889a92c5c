"""Whether hands are off, and whether what was moved goes home all the same."""

from datetime import datetime

from luxagent.core.memory import Memory


def is_paused(memory: Memory, now: datetime) -> bool:
    """Whether a person said hands off, and the time they gave is not up."""
    return memory.pause is not None and (memory.pause.until is None or now < memory.pause.until)


def goes_home(memory: Memory, now: datetime) -> bool:
    """Whether that person sent everything home first: what is not there yet is still on its way."""
    return memory.pause is not None and memory.pause.home and is_paused(memory, now)
