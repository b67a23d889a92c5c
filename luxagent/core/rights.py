"""Whether the account may change an inverter's settings: what the portal shows, and what it once answered.

A write that was refused for want of rights is tried again after a wait that grows: nothing but a write shows
that the right is back. The other inverters go on meanwhile. Pure; asked by the guards and the alerts.
"""

from datetime import datetime, timedelta

from luxagent.core.custody import NoRights
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Plant

RESTS: tuple[timedelta, ...] = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long an inverter is left alone after the first, second, third and every later refusal in a row."""


def may_write(plant: Plant, device: Device, memory: Memory, now: datetime) -> bool:
    """Whether a write to this inverter may be tried now."""
    return plant.may_write and device.may_write and rest(memory, device.serial, now) <= timedelta()


def rest(memory: Memory, serial: str, now: datetime) -> timedelta:
    """How much longer an inverter is left alone for a refusal; zero or less if it is not.

    A clock that was set back lengthens it by no more than the whole wait.
    """
    refused = memory.custody.no_rights.get(serial)
    if refused is None:
        return timedelta()
    return min(refused.at + _wait(refused) - now, _wait(refused))


def _wait(refused: NoRights) -> timedelta:
    return RESTS[min(refused.times, len(RESTS)) - 1]
