"""Requests in the document's form: `serialNum` everywhere, parameters by number, switches as 0 and 1."""

from luxagent.portal import forms as common
from luxagent.portal.line import CONTROL_S, Request


def plants(_: int, installer: bool) -> Request:  # noqa: ARG001 (the other wire has two paths)
    """The account's plants, under the one path that the document has, whatever the account's role."""
    form = (("sort", "createDate"), ("order", "desc"), ("searchText", ""))
    return Request(common.PLANTS, form, rows=True)


def devices(plant_id: str, _: int) -> Request:
    """A plant's devices, all at once."""
    return Request(common.DEVICES, (("plantId", plant_id),))


def groups(plant_id: str, _: str) -> Request:
    """A plant's parallel groups."""
    return Request(common.GROUPS, (("plantId", plant_id),), fine=common.NOT_PARALLEL)


def parameters(serial: str, block: str) -> Request:
    """Parameters by their numbers, "21,22,23"."""
    return Request(common.READ, (("serialNum", serial), ("paramIds", block)), deadline_s=CONTROL_S)


def write(serial: str, number: str, text: str) -> Request:
    """One parameter: `data=21:90`. The document allows several at once; one is enough to prove one."""
    form = (("serialNum", serial), ("data", f"{number}:{text}"))
    return Request(common.WRITE, form, control=True, deadline_s=CONTROL_S)


def function(serial: str, name: str, on: bool) -> Request:
    """quickCharge, batteryBackup or operatingMode (1 is standby)."""
    form = (("serialNum", serial), ("function", name), ("value", "1" if on else "0"))
    return Request(common.FUNCTION, form, control=True, deadline_s=CONTROL_S)


def quick_charge_status(serial: str) -> Request:
    """Whether a quick charge is open."""
    return common.of_serial(common.QUICK_STATUS, serial)


def start_quick_charge(serial: str, _: int) -> Request:
    """Start one; it has no length on this wire, so somebody has to stop it."""
    return function(serial, "quickCharge", on=True)


def stop_quick_charge(serial: str) -> Request:
    """Stop it."""
    return function(serial, "quickCharge", on=False)


def events(_: str, _page: int) -> Request | None:
    """This wire has no event list."""
    return None
