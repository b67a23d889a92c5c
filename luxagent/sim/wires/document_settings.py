"""Settings and quick charge on the document wire: six numbered parameters and three named functions.

Bodies in the live portal's form (`inverterSn`, `holdParam`, `functionParam`) are refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from luxagent.sim import pages
from luxagent.sim.inverter import Inverter
from luxagent.sim.wires.document_common import INVALID, NOT_FOUND, denied
from luxagent.sim.wires.wire import Body, Handler
from luxagent.sim.world import Request, World, Write

_SHOWN_END = timedelta(hours=4)
"""A charge runs until it is stopped; the end shown moves on in such steps."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A numbered parameter: its name, unit and range, and how it lies in the world."""

    name: str
    unit: str
    high: int
    get: Callable[[World, Inverter], int]
    put: Callable[[World, Inverter, int], None]


def _percent(register: str, name: str) -> Parameter:
    return Parameter(
        name,
        "%",
        100,
        lambda _w, inverter: round(inverter.registers.number(register)),
        lambda _w, inverter, value: inverter.registers.put(register, value),
    )


def _watts(register: str, name: str, high: int) -> Parameter:
    return Parameter(
        name,
        "W",
        high,
        lambda _w, inverter: round(inverter.registers.number(register) * 1000),
        lambda _w, inverter, value: inverter.registers.put(register, value / 1000),
    )


def _quick_get(world: World, inverter: Inverter) -> int:
    return int(world.house.quick.running(world.house.unit_of(inverter.serial), world.now))


def _quick_put(world: World, inverter: Inverter, value: int) -> None:
    unit = world.house.unit_of(inverter.serial)
    if not value:
        world.house.quick.stop(unit)
    elif not world.house.quick.running(unit, world.now):
        world.house.quick.start(unit, world.now, None)


_STANDBY = Parameter(
    "OPERATING_MODE",
    "",
    1,
    lambda _w, inverter: int(not inverter.registers.on("FUNC_SET_TO_STANDBY")),
    lambda _w, inverter, value: inverter.registers.put("FUNC_SET_TO_STANDBY", not value),
)
_QUICK = Parameter("QUICK_CHARGE", "", 1, _quick_get, _quick_put)
_BACKUP = Parameter(
    "BATTERY_BACKUP",
    "",
    1,
    lambda _w, inverter: int(inverter.registers.on("FUNC_EPS_EN")),
    lambda _w, inverter, value: inverter.registers.put("FUNC_EPS_EN", bool(value)),
)
PARAMETERS: Mapping[int, Parameter] = {
    21: _percent("HOLD_SYSTEM_CHARGE_SOC_LIMIT", "SYSTEM_CHARGE_SOC_LIMIT"),
    22: _watts("HOLD_AC_CHARGE_POWER_CMD", "AC_CHARGE_POWER", 15_000),
    23: _watts("HOLD_FORCED_CHG_POWER_CMD", "PV_CHARGE_POWER", 15_000),
    64: _STANDBY,
    65: _QUICK,
    66: _BACKUP,
}
FUNCTIONS: Mapping[str, Parameter] = {
    "quickCharge": _QUICK,
    "batteryBackup": _BACKUP,
    "operatingMode": _STANDBY,
}


def _reached(world: World, request: Request) -> Inverter | Body:
    serial = request.text("serialNum")
    inverter = world.inverter(serial)
    if inverter is None:
        midbox = world.is_midbox(serial)
        return denied("DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE" if midbox else NOT_FOUND)
    code = world.unreachable(serial)
    return denied(code) if code else inverter


def read(world: World, request: Request) -> Body:
    """remoteRead/read: the parameters asked for by number."""
    inverter = _reached(world, request)
    if not isinstance(inverter, Inverter):
        return inverter
    numbers = [int(part) if part.strip().isdecimal() else -1 for part in request.text("paramIds").split(",")]
    if any(number not in PARAMETERS for number in numbers):
        return denied(INVALID)
    return {
        "success": True,
        "serialNum": inverter.serial,
        "parameters": [
            {
                "paramId": number,
                "paramName": PARAMETERS[number].name,
                "value": PARAMETERS[number].get(world, inverter),
                "unit": PARAMETERS[number].unit,
            }
            for number in numbers
        ],
    }


def write(world: World, request: Request) -> Body:
    """remoteSet/write: `data=21:90,22:2500`, all or nothing."""
    inverter = _reached(world, request)
    if not isinstance(inverter, Inverter):
        return inverter
    pairs = _pairs(request.text("data"))
    if pairs is None:
        return denied(INVALID)
    for number, value in pairs:
        if code := _apply(world, request, inverter, str(number), PARAMETERS[number], value):
            return denied(code)
    return {"success": True, "serialNum": inverter.serial, "message": "Parameters updated successfully"}


def _pairs(data: str) -> list[tuple[int, int]] | None:
    """The pairs of a body, or None if any of them cannot be taken."""
    pairs: list[tuple[int, int]] = []
    for part in data.split(","):
        number_text, colon, value_text = part.strip().partition(":")
        if not (colon and number_text.isdecimal() and value_text.isdecimal()):
            return None
        number, value = int(number_text), int(value_text)
        if number not in PARAMETERS or value > PARAMETERS[number].high:
            return None
        pairs.append((number, value))
    return pairs


def function_control(world: World, request: Request) -> Body:
    """remoteSet/functionControl: one of three functions, 0 or 1."""
    inverter = _reached(world, request)
    if not isinstance(inverter, Inverter):
        return inverter
    name, text = request.text("function"), request.text("value")
    if name not in FUNCTIONS or text not in ("0", "1"):
        return denied(INVALID)
    if code := _apply(world, request, inverter, name, FUNCTIONS[name], int(text)):
        return denied(code)
    done = "activated" if text == "1" else "deactivated"
    return {
        "success": True,
        "serialNum": inverter.serial,
        "function": name,
        "value": int(text),
        "message": f"Function {done} successfully",
    }


def _apply(
    world: World, request: Request, inverter: Inverter, name: str, parameter: Parameter, value: int
) -> str:
    before = parameter.get(world, inverter)
    return world.control(
        Write(request.path, inverter.serial, name, str(value)),
        lambda fate: parameter.put(world, inverter, value - 1 if fate.clamps and value > 1 else value),
        lambda: parameter.put(world, inverter, before),
    )


def quick_status(world: World, request: Request) -> Body:
    """quickCharge/getStatusInfo: start and end in server time while a task is open."""
    serial = request.text("serialNum")
    if serial not in world.serials:
        return denied(NOT_FOUND)
    unit = world.house.unit_of(next(iter(world.house.inverters)) if world.is_midbox(serial) else serial)
    task = world.house.quick.task(unit, world.now)
    body: Body = {
        "success": True,
        "serialNum": serial,
        "hasUnclosedQuickChargeTask": task is not None,
    }
    if task:
        passed = (world.now - task.start) // _SHOWN_END
        body["taskStartTime"] = pages.utc_text(task.start)
        body["taskEndTime"] = pages.utc_text(task.end or task.start + (passed + 1) * _SHOWN_END)
    return body


_MAINTAIN = "/WManage/web/maintain"
ROUTES: dict[str, Handler] = {
    f"{_MAINTAIN}/remoteRead/read": read,
    f"{_MAINTAIN}/remoteSet/write": write,
    f"{_MAINTAIN}/remoteSet/functionControl": function_control,
    "/WManage/web/config/quickCharge/getStatusInfo": quick_status,
}
