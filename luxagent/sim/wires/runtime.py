"""getInverterRuntime, which both wires share but for a few newer keys: raw integers, physically scaled.

Volts are tenths, frequency hundredths, powers watts. `pToUser` is import from the grid. A lost inverter
keeps its frozen voltages and grid powers and leaves out the battery, status and sums.
"""

from luxagent.sim import pages
from luxagent.sim.inverter import Inverter, Upload
from luxagent.sim.wires.wire import Body, hundredths, quick_open, split_phase_garbage, tenths, whole
from luxagent.sim.world import World

_ABSENT_WHEN_LOST = (
    "status", "ppv", "soc", "vBat", "pCharge", "pDisCharge", "batPower", "batteryColor", "pinv", "prec",
    "peps", "acCouplePower", "_12KAcCoupleInverterFlow", "_12KAcCoupleInverterData",
)  # fmt: skip
_STRINGS = (0.44, 0.36, 0.20)
"""How the array splits over the three inputs."""


def runtime(world: World, inverter: Inverter) -> Body:
    """The whole answer for one inverter."""
    upload = world.upload(inverter.serial)
    lost = world.lost(inverter.serial)
    body: Body = {
        "success": True,
        **_identity(world, inverter, upload, lost=lost),
        **_panels(upload),
        **_alternating(upload),
        **_warmth(upload),
        **_battery(upload),
        **_generator_and_load(upload),
        "directions": {"inverterArrowDir": _arrow(upload, lost=lost)},
        "hasUnclosedQuickChargeTask": quick_open(world, inverter.serial),
        "hasUnclosedQuickDischargeTask": False,
        "hasEpsOverloadRecoveryTime": False,
        "allowGenExercise": True,
        "remainTime": 0,
    }
    if lost:
        for key in _ABSENT_WHEN_LOST:
            body.pop(key, None)
    return body


def status_text(world: World, serial: str) -> str:
    """Link health, not operating mode."""
    if world.lost(serial):
        return "offline"
    return "fault" if world.upload(serial).fault else "normal"


def power_rating_text(inverter: Inverter) -> str:
    return f"{inverter.build.rated_w / 1000:.0f}kW"


def _identity(world: World, inverter: Inverter, upload: Upload, *, lost: bool) -> Body:
    build = inverter.build
    return {
        "serialNum": build.serial,
        "fwCode": world.firmware.version(build.serial, world.now).code,
        "powerRatingText": power_rating_text(inverter),
        "lost": lost,
        "hasRuntimeData": True,
        "statusText": status_text(world, build.serial),
        "model": build.model_number,
        "modelText": f"0x{build.model_number:X}",
        "serverTime": pages.utc_text(upload.at),
        "deviceTime": pages.clock_text(upload.device_clock),
        "batShared": False,
        "isParallelEnabled": bool(world.house.group),
    }


def _panels(upload: Upload) -> Body:
    pv_w = whole(upload.flow.pv_w)
    parts = [whole(pv_w * share) for share in _STRINGS[:-1]]
    parts.append(pv_w - sum(parts))
    body: Body = {f"ppv{n}": part for n, part in enumerate(parts, 1)}
    body["ppv"] = pv_w
    for n, part in enumerate(parts, 1):
        body[f"vpv{n}"] = tenths(318.5 + 9 * n + part / 400) if part > 5 else n - 1
    return body


def _alternating(upload: Upload) -> Body:
    flow = upload.flow
    garbage_s, garbage_t = split_phase_garbage(upload)
    backup_v = (upload.grid_v or 240.0) if upload.eps_on else 0.0
    backup_hz = (upload.grid_hz or 60.0) if upload.eps_on else 0.0
    backup_w = 0 if upload.grid_up else whole(flow.ac_out_w)
    return {
        "vacr": tenths(upload.grid_v),
        "vacs": garbage_s,
        "vact": garbage_t,
        "fac": hundredths(upload.grid_hz),
        "pf": "1",
        "vepsr": tenths(backup_v),
        "vepss": 2560,
        "vepst": garbage_t * 516,
        "feps": hundredths(backup_hz),
        "seps": backup_w,
        "peps": backup_w,
        "pToGrid": whole(upload.export_w),
        "pToUser": whole(upload.import_w),
        "pinv": whole(flow.ac_out_w),
        "prec": whole(flow.ac_in_w),
    }


def _warmth(upload: Upload) -> Body:
    work_kw = (upload.flow.ac_out_w + upload.flow.ac_in_w) / 1000
    return {
        "tinner": whole(31 + 1.6 * work_kw),
        "tradiator1": whole(33 + 2.4 * work_kw),
        "tradiator2": whole(32 + 2.2 * work_kw),
        "tBat": whole(upload.battery_c),
        "vBus1": tenths(369 + work_kw),
        "vBus2": tenths(321.5 + work_kw),
        "status": upload.status,
    }


def _battery(upload: Upload) -> Body:
    count = len(upload.modules)
    body: Body = {
        "batteryType": "LITHIUM" if count else "NO_BATTERY",
        "batParallelNum": str(count),
        "batCapacity": str(whole(upload.capacity_ah)),
        "maxChgCurr": 2000 * count,
        "maxDischgCurr": 2000 * count,
        "maxChgCurrValue": 200 * count,
        "maxDischgCurrValue": 200 * count,
        "bmsCharge": upload.soc_pct < 100,
        "bmsDischarge": upload.soc_pct > 0,
        "bmsForceCharge": False,
        "pCharge": whole(upload.flow.charge_w),
        "pDisCharge": whole(upload.flow.discharge_w),
        "batPower": whole(upload.flow.charge_w) - whole(upload.flow.discharge_w),
    }
    if count:
        body |= {
            "batteryColor": "green" if upload.soc_pct > 20 else "yellow",
            "soc": whole(upload.soc_pct),
            "vBat": tenths(upload.battery_v),
        }
    return body


def _generator_and_load(upload: Upload) -> Body:
    return {
        "_12KAcCoupleInverterFlow": False,
        "_12KAcCoupleInverterData": False,
        "acCouplePower": 0,
        "_12KUsingGenerator": False,
        "genVolt": 0,
        "genFreq": 0,
        "genPower": 0,
        "genDryContact": "OFF",
        "consumptionPower114": whole(upload.flow.load_share_w),
        "consumptionPower": 0,
        "pEpsL1N": 0,
        "pEpsL2N": 0,
        "haspEpsLNValue": True,
    }


def _arrow(upload: Upload, *, lost: bool) -> str:
    if lost:
        return "none"
    return "toInverter" if upload.flow.ac_in_w > upload.flow.ac_out_w else "fromInverter"
