"""From lists of devices to units: parallel groups, their GridBOSS, their primary. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from luxagent.core.plant.device import Device, Kind
from luxagent.portal.records import Found, Group, PlantInfo


@dataclass(frozen=True, slots=True)
class Census:
    """Everything that was found, ready to be filled with readings."""

    devices: tuple[Device, ...]


def grouped(found: Sequence[Found], groups: Iterable[Group]) -> tuple[Found, ...]:
    """The devices with their group's name and place, as told apart from the list. The list's order holds.

    A GridBOSS that only its group names is added. A group without a name is called after its first inverter.
    """
    known = {device.serial: device for device in found}
    for group in groups:
        listed = [known[s].group for s in group.inverters if s in known and known[s].group]
        name = group.name or next(iter(listed), "") or next(iter(group.inverters), "") or group.gridboss or ""
        for place, serial in enumerate(group.inverters, start=1):
            device = known.get(serial) or Found(serial, Kind.INVERTER)
            first = serial == group.primary
            index = 1 if first else device.index if device.index not in (None, 1) else place + 1
            known[serial] = replace(device, group=device.group or name, index=index)
        if group.gridboss:
            device = known.get(group.gridboss) or Found(group.gridboss, Kind.GRIDBOSS)
            model = device.model or group.gridboss_model
            known[group.gridboss] = replace(device, kind=Kind.GRIDBOSS, group=name, model=model)
    return tuple(known.values())


def stray_gridboss(found: Sequence[Found]) -> Found | None:
    """A GridBOSS of which nobody has said to which inverters it belongs, if that is in doubt."""
    names = {d.group for d in found if d.kind is Kind.INVERTER and d.group}
    alone = [d for d in found if d.kind is Kind.INVERTER and not d.group]
    for device in found:
        if device.kind is Kind.GRIDBOSS and not device.group and len(names) + len(alone) > 1:
            return device
    return None


def arrange(
    plants: Sequence[tuple[PlantInfo, Sequence[Found]]],
    firsts: frozenset[str],
    names: Mapping[str, str],
) -> Census:
    """Devices with their unit's name: the group's, or the serial of one that stands alone.

    With several plants each unit carries its plant's name in front, for group "A" may stand in both.
    """
    devices: list[Device] = []
    for plant, found in plants:
        prefix = f"{plant.name}/" if len(plants) > 1 else ""
        units = _units(found)
        primaries = _primaries(found, units, firsts)
        devices.extend(
            Device(
                serial=device.serial,
                kind=device.kind,
                unit=prefix + units[device.serial],
                model=device.model,
                name=names.get(device.serial, device.serial),
                plant=plant.name,
                primary=device.serial in primaries,
                firmware=device.firmware,
                may_write=not device.guest,
                online=False if device.lost else None,
            )
            for device in found
        )
    return Census(tuple(devices))


def _units(found: Sequence[Found]) -> dict[str, str]:
    """Unit by serial. A GridBOSS without a group belongs to the only unit there is, if there is just one."""
    units = {d.serial: d.group or d.serial for d in found if d.kind is Kind.INVERTER}
    only = set(units.values())
    for device in found:
        if device.kind is Kind.GRIDBOSS:
            units[device.serial] = device.group or (next(iter(only)) if len(only) == 1 else device.serial)
    return units


def _primaries(found: Sequence[Found], units: Mapping[str, str], firsts: frozenset[str]) -> frozenset[str]:
    """One inverter of each unit: by its place, by what the login says, else the first in the list."""
    chosen: dict[str, tuple[int, str]] = {}
    for place, device in enumerate(d for d in found if d.kind is Kind.INVERTER):
        rank = 0 if device.index == 1 else 1 if device.serial in firsts else 2 + place
        unit = units[device.serial]
        if unit not in chosen or rank < chosen[unit][0]:
            chosen[unit] = (rank, device.serial)
    return frozenset(serial for _, serial in chosen.values())
