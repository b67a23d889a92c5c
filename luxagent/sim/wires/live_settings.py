"""Settings and quick charge on the live wire: registers read by block, written by name, one a call.

Bodies in the written API's form (`serialNum`, `paramIds`, `data`, `function`) are refused: a client that
mixes the wires is caught here.
"""

import base64
import math

from luxagent.sim import pages
from luxagent.sim.inverter import Inverter
from luxagent.sim.registers import NUMBERED, PLAIN, SPECS, Kind, Refusal, Spec, Value, in_block
from luxagent.sim.wires.account import INVERTER_TYPE, MIDBOX_TYPE
from luxagent.sim.wires.live_common import denied
from luxagent.sim.wires.wire import Body, Handler
from luxagent.sim.world import Fate, Reply, Request, World, Write

_MOST_POINTS, _LAST_REGISTER = 127, 500
_DEVICE_TYPE_CODE = 2092  # holding register 19 of a 12KPV or 18KPV

_CODES = {
    Refusal.WRONG_MODEL: "REMOTE_SET_ERROR",
    Refusal.NOT_A_NUMBER: "PARAM_ERROR",
    Refusal.OUT_OF_RANGE: "OUT_RANGE_ERROR",
    Refusal.MODE_IS_OFF: "DATAFRAME_TIMEOUT",
}
_TIMES = {
    f"{family}_{edge}_TIME{suffix}": (f"{family}_{edge}_HOUR{suffix}", f"{family}_{edge}_MINUTE{suffix}")
    for family, suffixes in (
        ("HOLD_AC_CHARGE", PLAIN),
        ("HOLD_FORCED_CHARGE", PLAIN),
        ("HOLD_FORCED_DISCHARGE", PLAIN),
        ("HOLD_AC_FIRST", PLAIN),
        ("HOLD_PEAK_SHAVING", ("_1", "_2")),
        ("HOLD_GEN", ("_1", "_2")),
        ("HOLD_OFF_GRID", NUMBERED),
    )
    for edge in ("START", "END")
    for suffix in suffixes
}


def read(world: World, request: Request) -> Body:
    """remoteRead/read: a round trip to the device; only keys whose register lies in the block."""
    serial, first_text, count_text = (request.text(k) for k in ("inverterSn", "startRegister", "pointNumber"))
    if not (serial and first_text.isdecimal() and count_text.isdecimal()):
        return denied("PARAM_ERROR")
    first, count = int(first_text), int(count_text)
    if code := _unreachable(world, serial):
        return denied(code)
    if not 1 <= count <= _MOST_POINTS or (world.is_midbox(serial) and count == 1):
        return denied("PARAM_ERROR")
    if first > _LAST_REGISTER:
        return denied("DATAFRAME_TIMEOUT", msgCode=1002)
    inverter = world.inverter(serial)
    head: Body = {
        "success": True,
        "inverterSn": serial,
        "deviceType": INVERTER_TYPE if inverter else MIDBOX_TYPE,
        "startRegister": first,
        "pointNumber": count,
    }
    if inverter is None:
        return head | {"valueFrame": base64.b64encode(bytes(2 * count)).decode()}
    frame = base64.b64encode(inverter.registers.raw_words(first, count)).decode()
    upload = world.upload(serial)
    head |= {"valueFrame": frame, "inverterRuntimeDeviceTime": pages.clock_text(upload.device_clock)}
    return head | _named(world, inverter, first, count)


def _named(world: World, inverter: Inverter, first: int, count: int) -> Body:
    body: Body = {}
    block = range(first, first + count)
    if 12 in block:
        clock = inverter.clock(world.house.local(world.now))
        body["HOLD_TIME"] = pages.clock_text(clock)
    if 2 in block:
        body["HOLD_SERIAL_NUM"] = inverter.serial
    if 19 in block:
        body["HOLD_DEVICE_TYPE_CODE"] = str(_DEVICE_TYPE_CODE)
    for spec in in_block(first, count):
        if spec.off_grid_only:
            continue
        value = inverter.registers[spec.name]
        body[spec.key] = _shown(spec, value)
    return body


def _shown(spec: Spec, value: Value) -> str | bool | int:
    if spec.kind is Kind.FUNC:
        return bool(value)
    return int(value) if spec.kind is Kind.BIT else spec.text(value)


def write(world: World, request: Request) -> Body | Reply:
    """remoteSet/write: one HOLD parameter as text; an unknown name is HTTP 400."""
    name, text = request.text("holdParam"), request.text("valueText")
    if not (request.text("inverterSn") and name and text):
        return denied("PARAM_ERROR")
    return _set(world, request, Kind.HOLD, name, text, _number(text))


def function_control(world: World, request: Request) -> Body | Reply:
    """remoteSet/functionControl: a FUNC on or off; the written API's three names do not exist here."""
    name, text = request.text("functionParam"), request.text("enable").lower()
    if not (request.text("inverterSn") and name and text in ("true", "false")):
        return denied("PARAM_ERROR")
    return _set(world, request, Kind.FUNC, name, text, text == "true")


def bit_control(world: World, request: Request) -> Body | Reply:
    """remoteSet/bitParamControl: a BIT as a whole number."""
    name, text = request.text("bitParam"), request.text("value")
    if not (request.text("inverterSn") and name and text):
        return denied("PARAM_ERROR")
    return _set(world, request, Kind.BIT, name, text, _number(text))


def write_time(world: World, request: Request) -> Body | Reply:
    """remoteSet/writeTime: hour and minute of one edge of a window, at once."""
    serial, name = request.text("inverterSn"), request.text("timeParam")
    hour, minute = request.text("hour"), request.text("minute")
    if not (serial and name and hour.isdecimal() and minute.isdecimal()):
        return denied("PARAM_ERROR")
    if code := _unreachable(world, serial):
        return denied(code)
    inverter = world.inverter(serial)
    if inverter is None:
        return denied("DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE")
    if name not in _TIMES:
        return pages.error_page(400)
    if int(hour) > 23 or int(minute) > 59:
        return denied("OUT_RANGE_ERROR")
    values: dict[str, Value] = dict(zip(_TIMES[name], (int(hour), int(minute)), strict=True))
    return _land(world, request, inverter, name, f"{int(hour):02d}:{int(minute):02d}", values)


def _set(
    world: World, request: Request, kind: Kind, name: str, text: str, value: Value | None
) -> Body | Reply:
    serial = request.text("inverterSn")
    if code := _unreachable(world, serial):
        return denied(code)
    inverter = world.inverter(serial)
    if inverter is None:
        return denied("DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE")
    spec = SPECS.get(name)
    if spec is None or spec.kind is not kind:
        return pages.error_page(400)
    if value is None or (kind is not Kind.FUNC and spec.step == 1 and not float(value).is_integer()):
        return denied("PARAM_ERROR")
    refusal = inverter.registers.refusal(name, value)
    if refusal is not None:
        if refusal is Refusal.MODE_IS_OFF:
            return denied(_CODES[refusal], msgCode=1002)
        return (
            denied(_CODES[refusal], errorCode=3)
            if refusal is Refusal.WRONG_MODEL
            else denied(_CODES[refusal])
        )
    return _land(world, request, inverter, name, text, {name: value})


def _land(
    world: World, request: Request, inverter: Inverter, name: str, text: str, values: dict[str, Value]
) -> Body:
    before = {each: inverter.registers[each] for each in values}

    def put(what: dict[str, Value]) -> None:
        for each, value in what.items():
            inverter.registers.put(each, value)

    def land(fate: Fate) -> None:
        put({each: _lower(each, value) for each, value in values.items()} if fate.clamps else values)

    record = Write(request.path, inverter.serial, name, text)
    code = world.control(record, land, lambda: put(before))
    return denied(code) if code else {"success": True}


def _lower(name: str, value: Value) -> Value:
    """A value as a firmware that clamps takes it."""
    spec = SPECS[name]
    return max(spec.low, value - spec.step) if spec.kind is Kind.HOLD else value


def quick_start(world: World, request: Request) -> Body:
    """quickCharge/start: for the whole group; without minutes it runs until stopped."""
    serial, text = request.text("inverterSn"), request.text("minute")
    if not serial or (text and not (text.isdecimal() and 1 <= int(text) <= 1440)):
        return denied("PARAM_ERROR")
    if code := _unreachable(world, serial):
        return denied(code)
    unit, minutes = world.house.unit_of(serial), int(text) if text else None
    code = world.control(
        Write(request.path, serial, "quickCharge", text or "on"),
        lambda _fate: world.house.quick.start(unit, world.now, minutes),
        lambda: world.house.quick.stop(unit),
    )
    return denied(code) if code else {"success": True}


def quick_stop(world: World, request: Request) -> Body:
    """quickCharge/stop: nothing running is fine."""
    serial = request.text("inverterSn")
    if not serial:
        return denied("PARAM_ERROR")
    if code := _unreachable(world, serial):
        return denied(code)
    unit = world.house.unit_of(serial)
    task = world.house.quick.task(unit, world.now)

    def again() -> None:
        if task:
            world.house.quick.restore(unit, task)

    record = Write(request.path, serial, "quickCharge", "off")
    code = world.control(record, lambda _fate: world.house.quick.stop(unit), again)
    return denied(code) if code else {"success": True}


def quick_status(world: World, request: Request) -> Body:
    """quickCharge/getStatusInfo: seconds that remain, no start and end."""
    serial = request.text("inverterSn")
    if not serial:
        return denied("PARAM_ERROR")
    if serial not in world.serials:
        return denied("noPermission")
    unit = world.house.unit_of(next(iter(world.house.inverters)) if world.is_midbox(serial) else serial)
    task = world.house.quick.task(unit, world.now)
    body: Body = {
        "success": True,
        "hasUnclosedQuickChargeTask": task is not None,
        "remainTimeBeforeQuickChargeStop": 0,
        "hasUnclosedQuickDischargeTask": False,
        "remainTimeBeforeQuickDischargeStop": 0,
        "lowVoltProtect": False,
    }
    if task:
        left = math.ceil((task.end - world.now).total_seconds()) if task.end else 0
        waiting = world.house.at <= task.start
        body |= {
            "unclosedQuickChargeTaskId": task.number,
            "unclosedQuickChargeTaskStatus": "WAIT_CHARGE" if waiting else "CHARGING",
            "remainTimeBeforeQuickChargeStop": left,
        }
    return body


def quick_discharge(world: World, request: Request) -> Body:
    """quickDischarge: only for single-phase devices of another kind."""
    serial = request.text("inverterSn")
    return denied(_unreachable(world, serial) or "REMOTE_SET_ERROR") if serial else denied("PARAM_ERROR")


def refresh(world: World, request: Request) -> Body:
    """refreshInputData: the device uploads at once."""
    serial = request.text("inverterSn")
    if code := _unreachable(world, serial):
        return denied(code)
    world.house.upload()
    return {"success": True}


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _unreachable(world: World, serial: str) -> str:
    return world.unreachable(serial) if serial in world.serials else "noPermission"


_MAINTAIN, _CONFIG = "/WManage/web/maintain", "/WManage/web/config"
ROUTES: dict[str, Handler] = {
    f"{_MAINTAIN}/remoteRead/read": read,
    f"{_MAINTAIN}/remoteSet/write": write,
    f"{_MAINTAIN}/remoteSet/functionControl": function_control,
    f"{_MAINTAIN}/remoteSet/bitParamControl": bit_control,
    f"{_MAINTAIN}/remoteSet/writeTime": write_time,
    f"{_MAINTAIN}/remoteTransfer/refreshInputData": refresh,
    f"{_CONFIG}/quickCharge/start": quick_start,
    f"{_CONFIG}/quickCharge/stop": quick_stop,
    f"{_CONFIG}/quickCharge/getStatusInfo": quick_status,
    f"{_CONFIG}/quickDischarge/start": quick_discharge,
    f"{_CONFIG}/quickDischarge/stop": quick_discharge,
}
