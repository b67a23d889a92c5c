"""Requests in the live form: `inverterSn` wherever a device is asked or changed, one setting per request."""

from luxagent.portal import forms as common
from luxagent.portal.line import CONTROL_S, Request
from luxagent.portal.paging import ROWS

BLOCK_REGISTERS = "127"
"""The most registers that one read may ask for."""

_CLIENT = (("clientType", "WEB"), ("remoteSetType", "NORMAL"))
_BIT = "/WManage/web/maintain/remoteSet/bitParamControl"
_TIME = "/WManage/web/maintain/remoteSet/writeTime"
_QUICK_START = "/WManage/web/config/quickCharge/start"
_QUICK_STOP = "/WManage/web/config/quickCharge/stop"
_EVENTS = "/WManage/api/analyze/event/list"


def plants(page: int, installer: bool) -> Request:
    """One page of the account's plants. The document's form with paging: right for either wire."""
    form = (
        ("sort", "createDate"),
        ("order", "desc"),
        ("searchText", ""),
        ("page", str(page)),
        ("rows", str(ROWS)),
    )
    return Request(common.INSTALLER_PLANTS if installer else common.PLANTS, form, rows=True)


def devices(plant_id: str, page: int) -> Request:
    """One page of a plant's devices. Holds all that the document's form holds: right for either wire."""
    form = (
        ("page", str(page)),
        ("rows", str(ROWS)),
        ("plantId", plant_id),
        ("searchText", ""),
        ("statusText", "all"),
    )
    return Request(common.DEVICES, form)


def groups(_: str, serial: str) -> Request:
    """The group of one device, by any member's serial."""
    return Request(common.GROUPS, (("serialNum", serial),), fine=common.NOT_PARALLEL)


def parameters(serial: str, block: str) -> Request:
    """A block of 127 registers from `block` on: a round trip through the dongle."""
    form = (
        ("inverterSn", serial),
        ("startRegister", block),
        ("pointNumber", BLOCK_REGISTERS),
        ("autoRetry", "true"),
    )
    return Request(common.READ, form, deadline_s=CONTROL_S)


def write(serial: str, key: str, text: str) -> Request:
    """One holding parameter as text, in the units in which it is read."""
    return _control(common.WRITE, serial, ("holdParam", key), ("valueText", text))


def time(serial: str, key: str, minute: int) -> Request:
    """One edge of a window, hour and minute at once."""
    return _control(
        _TIME, serial, ("timeParam", key), ("hour", str(minute // 60)), ("minute", str(minute % 60))
    )


def function(serial: str, name: str, on: bool) -> Request:
    """One FUNC_ switch."""
    return _control(common.FUNCTION, serial, ("functionParam", name), ("enable", "true" if on else "false"))


def bit(serial: str, key: str, value: int) -> Request:
    """One BIT_ field."""
    return _control(_BIT, serial, ("bitParam", key), ("value", str(value)))


def quick_charge_status(serial: str) -> Request:
    """The quick-charge task of the device or its group."""
    return Request(common.QUICK_STATUS, (("inverterSn", serial),))


def start_quick_charge(serial: str, minutes: int) -> Request:
    """A cloud-side task that ends by itself after `minutes`."""
    form = (("inverterSn", serial), ("clientType", "WEB"), ("minute", str(minutes)))
    return Request(_QUICK_START, form, control=True, deadline_s=CONTROL_S)


def stop_quick_charge(serial: str) -> Request:
    """End the task now."""
    form = (("inverterSn", serial), ("clientType", "WEB"))
    return Request(_QUICK_STOP, form, control=True, deadline_s=CONTROL_S)


def events(serial: str, page: int) -> Request | None:
    """One page of a device's events, the newest on the first."""
    form = (
        ("page", str(page)),
        ("rows", str(ROWS)),
        ("plantId", "-1"),
        ("serialNum", serial),
        ("eventText", "_all"),
    )
    return Request(_EVENTS, form)


def _control(path: str, serial: str, *fields: tuple[str, str]) -> Request:
    form = (("inverterSn", serial), *fields, *_CLIENT)
    return Request(path, form, control=True, deadline_s=CONTROL_S)
