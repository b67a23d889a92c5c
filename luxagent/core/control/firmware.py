"""Firmware: after an update, or another version, nothing is written until all managed settings were read.

A new version may have moved or dropped a setting, and an inverter that has just restarted may still read
oddly. What stays away while the rest is read again and again is gone: it is told, and the rest goes on.
Called by `settle`; the guard `firmware_updating` asks `is_doubted`.
"""

from datetime import datetime, timedelta

from luxagent.core.control.round import Round
from luxagent.core.custody import Firmware
from luxagent.core.events import Event
from luxagent.core.plant.device import Device
from luxagent.core.sightings import FirmwareSeen, FirmwareTrusted, FirmwareUpdate, SettingBack, SettingGone

DOUBT = timedelta(minutes=15)
"""At least so long after an update or change: also longer than settings may have been kept from before."""

GONE = timedelta(minutes=30)
"""Missing for so long, in three reads or more: the portal drops a key now and then."""

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
    if was.doubted_at is not None and not events and device.online is True:
        events += _read_again(device, about, was.doubted_at, device.firmware or was.code)
    return [*events, *_back(device, about)]


def _read_again(device: Device, about: Round, doubted_at: datetime, code: str) -> list[Event]:
    """The end of the doubt: all settings were read, or it is clear which are gone."""
    now, serial, lasted = about.now, device.serial, about.now - doubted_at
    known = about.memory.custody.known.get(serial, {})
    read = tuple(sorted(name for name in known if device.settings.get(name) is not None))
    missing = sorted(known.keys() - set(read))
    if lasted < DOUBT or (missing and (lasted < GONE or not read)):
        return []
    return [
        *(SettingGone(now, serial, name, code) for name in missing),
        FirmwareTrusted(now, serial, code, read),
    ]


def _back(device: Device, about: Round) -> list[Event]:
    """What was gone and has been read, or is not asked for any more."""
    memory, now, serial = about.memory, about.now, device.serial
    events: list[Event] = []
    for name in sorted(memory.custody.gone.get(serial, {})):
        if device.settings.get(name) is not None:
            events.append(SettingBack(now, serial, name))
        elif name not in about.policy.managed and name not in memory.owned.get(serial, {}):
            events.append(SettingBack(now, serial, name, "nothing asks for it any more"))
    return events
