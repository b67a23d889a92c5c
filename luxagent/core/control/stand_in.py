"""A quick charge of a group whose inverter has gone away: another one that is there ends it in its place."""

from datetime import datetime

from luxagent.core.control.tasks import running
from luxagent.core.events import Event
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Plant
from luxagent.core.sent import LATE
from luxagent.core.sightings import SettingsKnown


def stands_in_for(device: Device, plant: Plant, memory: Memory) -> tuple[str, ...]:
    """For which inverters of its group, all of them away, this one is to end the task that they began."""
    members = plant.members(device.unit)
    began = [one for one in members if running(memory, one.serial) is not None]
    there = [one for one in members if one.online is True]
    if there[:1] != [device] or any(one.online is True for one in began):
        return ()
    return tuple(one.serial for one in began)


def ended_meanwhile(device: Device, away: tuple[str, ...], memory: Memory, now: datetime) -> list[Event]:
    """That the task of those who are away is over, as one that is there tells: the next is somebody's.

    Soon after it began a node of the portal that lags may tell what was before.
    """
    if device.settings.get("quick_charge") is not False:
        return []
    return [
        SettingsKnown(now, serial, {"quick_charge": False}, ended=True)
        for serial in away
        if (row := running(memory, serial)) is not None and row.proven and now - row.taken_at >= LATE
    ]
