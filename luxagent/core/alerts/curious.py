"""What the built-in alerts would like to know beyond what the policy asks for, and only now and then.

The event list every quarter of an hour, and at once while an inverter reports a fault; offered firmware four
times a day. By the wall clock and the last tick, so that a restart asks for nothing more. Pure.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from luxagent.core.facts.metrics import FAULTS_KEY
from luxagent.core.facts.needs import Need
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Plant

EVENTS_EVERY_S, FIRMWARE_EVERY_S = 15 * 60, 6 * 3600
_KEYS = (FAULTS_KEY, "firmware")


def curious(
    on: Collection[str], asked: frozenset[Need], plant: Plant, memory: Memory, now: datetime
) -> frozenset[Need]:
    """What to ask for now. `on` are the built-in alerts that are on, `asked` what was read already."""
    if memory.ticked_at is None:
        return frozenset()
    wanted = set()
    if "fault code" in on or "warning code" in on:
        unexplained = "fault code" in on and any(_unexplained(device, memory) for device in plant.devices)
        if unexplained or _turned(memory.ticked_at, now, EVENTS_EVERY_S):
            wanted.add(Need.EVENTS)
    if "firmware available" in on and _turned(memory.ticked_at, now, FIRMWARE_EVERY_S):
        wanted.add(Need.FIRMWARE)
    return frozenset(wanted - asked)


def with_more(plant: Plant, more: Plant) -> Plant:
    """The plant with what was asked for out of curiosity. Errors of that are nobody's business."""
    found = {device.serial: device.reading for device in more.devices}
    devices = []
    for device in plant.devices:
        extra = found.get(device.serial)
        new = {key: extra.values[key] for key in _KEYS if extra is not None and key in extra.values}
        reading = replace(device.reading, values={**device.reading.values, **new})
        devices.append(replace(device, reading=reading) if new else device)
    return replace(plant, devices=tuple(devices))


def _turned(before: datetime, now: datetime, every_s: int) -> bool:
    """Whether a mark of the clock lies between two ticks."""
    return int(before.timestamp()) // every_s != int(now.timestamp()) // every_s


def _unexplained(device: Device, memory: Memory) -> bool:
    """Whether a device reports a fault whose code nobody has heard yet."""
    status = device.reading.get("status")
    if not isinstance(status, frozenset) or "fault" not in status:
        return False
    known = memory.watch.alerts.get("fault code", {})
    return not any(key.partition("/")[0] == device.serial for key in known)
