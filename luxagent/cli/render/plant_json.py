"""What `once --json` and `status --json` have in common: devices, units, alerts, the portal."""

from collections.abc import Callable, Iterable
from datetime import datetime

from luxagent.cli.render.values import Json, instant_json, modules_json, reading_json, settings_json
from luxagent.core.alerts.life import AlertView
from luxagent.core.plant.device import Device, Plant
from luxagent.core.plant.units import unit_reading

SCHEMA_VERSION = 1


def head_json(at: datetime, *, dry_run: bool, url: str, wire: str | None) -> dict[str, Json]:
    """The first keys of both shapes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "at": instant_json(at),
        "dry_run": dry_run,
        "portal": {"url": url, "wire": wire or None},
    }


def device_json(device: Device) -> dict[str, Json]:
    """One device. A GridBOSS has no settings and no batteries; the keys are there all the same."""
    return {
        "serial": device.serial,
        "name": device.name or device.serial,
        "model": device.model,
        "unit": device.unit,
        "online": device.online,
        "reading": reading_json(device.reading.values),
        "settings": settings_json(device.settings),
        "batteries": modules_json(device.modules),
    }


def devices_json(plant: Plant, more: Callable[[Device], dict[str, Json]]) -> list[Json]:
    """All devices, each with what the caller has to add."""
    return [device_json(device) | more(device) for device in plant.devices]


def units_json(plant: Plant) -> list[Json]:
    """The reading of each unit, in the order of the devices."""
    names = dict.fromkeys(device.unit for device in plant.devices)
    return [
        {"unit": name, "reading": reading_json(unit_reading(plant, name).values)}
        for name in names
        if plant.members(name)
    ]


def alerts_json(alerts: Iterable[AlertView]) -> list[Json]:
    """Alerts that are not quiet."""
    return [
        {
            "name": view.name,
            "device": view.device or None,
            "severity": view.severity.value,
            "state": view.state,
            "message": view.message,
        }
        for view in alerts
    ]
