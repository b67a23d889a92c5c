"""Firmware: after an update, or another version, nothing is written until all managed settings were read.

A new version may have moved or dropped a setting, and an inverter that has just restarted may still read
oddly. Called by `settle`; the guard `firmware_updating` asks `is_doubted`.
"""

from datetime import timedelta

from luxagent.core.control.round import Round
from luxagent.core.custody import Firmware
from luxagent.core.events import Event
from luxagent.core.plant.device import Device
from luxagent.core.sightings import FirmwareSeen, FirmwareTrusted, FirmwareUpdate

DOUBT = timedelta(minutes=15)
"""At least so long after an update or change: also longer than settings may have been kept from before."""


_UNKNOWN = Firmware()


def firmware_news(device: Device, about: Round) -> list[Event]:
    """What is new about an inverter's firmware in this tick."""
    was = about.memory.custody.firmware.get(device.serial, _UNKNOWN)
    now, serial = about.now, device.serial
    events: list[Event] = []
    if device.firmware and device.firmware != was.code:
        events.append(FirmwareSeen(now, serial, device.firmware, was.code))
    if device.updating is True:
        if not was.updating:
            events.append(FirmwareUpdate(now, serial, running=True))
        return events
    if was.updating:
        if device.online is True:
            events.append(FirmwareUpdate(now, serial, running=False))
        return events
    if was.doubted_at is not None and not events and now - was.doubted_at >= DOUBT:
        keys = tuple(sorted(about.memory.custody.known.get(serial, {})))
        if device.online is True and all(device.settings.get(name) is not None for name in keys):
            events.append(FirmwareTrusted(now, serial, device.firmware or was.code, keys))
    return events
