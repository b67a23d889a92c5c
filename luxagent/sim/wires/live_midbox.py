"""getMidboxRuntime on the live wire: the GridBOSS's own data nested, the group's summary beside it.

Signs: `gridLnActivePower` plus is import, `hybridPower` minus is into the inverters, and the summary's
`gridPower` is the opposite of the first. Volts and amps are tenths.
"""

from luxagent.sim import pages
from luxagent.sim.counters import Energy
from luxagent.sim.inverter import MidboxUpload
from luxagent.sim.wires.live_common import denied
from luxagent.sim.wires.wire import Body, Handler, hundredths, quick_open, tenths, whole
from luxagent.sim.world import Request, World

_LEGS = (("L1", 0.52), ("L2", 0.48))


def midbox_runtime(world: World, request: Request) -> Body:
    """The whole answer; an inverter's serial is the wrong kind of device."""
    serial = request.text("serialNum")
    if not serial:
        return denied("PARAM_ERROR")
    upload = world.house.midbox_upload
    if not world.is_midbox(serial) or world.house.midbox is None or upload is None:
        known = serial in world.serials
        return denied("DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE" if known else "noPermission")
    code = world.firmware.version(serial, world.now).code
    first = next(iter(world.house.inverters))
    return {
        "success": True,
        "serialNum": serial,
        "datalogSn": world.house.midbox.datalog_serial,
        "inverterDetail": {"deviceText": "Grid Boss", "fwCode": code, "fwCodeText": code},
        "fwCode": code,
        "powerRatingText": "6kW",
        "lost": world.lost(serial),
        "hasRuntimeData": True,
        "statusText": "offline" if world.lost(serial) else "normal",
        "midboxData": midbox_data(upload),
        "deviceDataType": "PARALLEL",
        "deviceData": _group(world, upload),
        "hasUnclosedQuickChargeTask": quick_open(world, first),
    }


def midbox_data(upload: MidboxUpload) -> Body:
    """Volts, amps and watts of each leg, and the meters."""
    half_grid, half_backup = upload.grid_v / 2, upload.backup_v / 2
    body: Body = {
        "status": 0,
        "serverTime": pages.utc_text(upload.at),
        "deviceTime": pages.clock_text(upload.device_clock),
        "gridRmsVolt": tenths(upload.grid_v),
        "upsRmsVolt": tenths(upload.backup_v),
        "genRmsVolt": 9,
        "hybridPower": whole(upload.step.load_w - upload.grid_w),
        "phaseLockFreq": hundredths(upload.grid_hz or 60.0),
        "gridFreq": hundredths(upload.grid_hz),
        "genFreq": 0,
        "smartLoadPower": 15_000,
    }
    for leg, share in _LEGS:
        grid_w, backup_w = upload.grid_w * share, upload.step.load_w * share
        body |= {
            f"grid{leg}RmsVolt": tenths(half_grid),
            f"ups{leg}RmsVolt": tenths(half_backup),
            f"gen{leg}RmsVolt": 7,
            f"grid{leg}RmsCurr": tenths(abs(grid_w) / half_grid) if half_grid else 0,
            f"ups{leg}RmsCurr": tenths(backup_w / half_backup) if half_backup else 0,
            f"load{leg}RmsCurr": 0,
            f"gen{leg}RmsCurr": 0,
            f"grid{leg}ActivePower": whole(grid_w),
            f"ups{leg}ActivePower": whole(backup_w),
            f"load{leg}ActivePower": 0,
            f"gen{leg}ActivePower": 0,
        }
    for port in range(1, 5):
        body[f"smartPort{port}Status"] = 0
        for leg, _ in _LEGS:
            body[f"smartLoad{port}{leg}RmsCurr"] = 0
            body[f"smartLoad{port}{leg}ActivePower"] = 0
    return body | _meters(upload)


def _meters(upload: MidboxUpload) -> Body:
    counted = {"eUps": Energy.USAGE, "eToGrid": Energy.EXPORT, "eToUser": Energy.IMPORT}
    empty = ["eLoad", *(f"e{kind}{n}" for kind in ("SmartLoad", "ACcouple") for n in range(1, 5))]
    body: Body = {}
    for name, energy in counted.items():
        tally = upload.energy[energy]
        body |= {f"{name}TodayL1": tenths(tally.today), f"{name}TodayL2": 0}
        body |= {f"{name}TotalL1": tenths(tally.total), f"{name}TotalL2": 0}
    for name in empty:
        body |= {f"{name}{period}{leg}": 0 for period in ("Today", "Total") for leg in ("L1", "L2")}
    return body


def _group(world: World, upload: MidboxUpload) -> Body:
    uploads = {serial: world.upload(serial) for serial in world.house.inverters}
    capacity = sum(u.capacity_ah for u in uploads.values())
    first = next(iter(uploads))
    volts = uploads[first].battery_v
    return {
        "success": True,
        "serialNum": first,
        "fwCode": world.firmware.version(first, world.now).code,
        "lost": world.lost(first),
        "hasRuntimeData": True,
        "deviceTime": pages.clock_text(uploads[first].device_clock),
        "ppv": whole(sum(u.flow.pv_w for u in uploads.values())),
        "batPower": whole(sum(u.battery_w for u in uploads.values())),
        "fac": hundredths(upload.grid_hz),
        "soc": whole(sum(u.soc_pct * u.capacity_ah for u in uploads.values()) / capacity) if capacity else 0,
        "vBat": tenths(volts),
        "pinv": whole(sum(u.flow.ac_out_w for u in uploads.values())),
        "prec": whole(sum(u.flow.ac_in_w for u in uploads.values())),
        "isOffGrid": upload.grid_hz == 0,
        "_12KUsingGenerator": False,
        "vac": tenths(upload.grid_v),
        "gridPower": -whole(upload.grid_w),
        "pLoad": whole(upload.step.load_w),
        "batParallelNum": str(sum(len(u.modules) for u in uploads.values())),
        "batCapacity": str(whole(capacity)),
        "deviceArray": [_member(world, serial) for serial in uploads],
    }


def _member(world: World, serial: str) -> Body:
    if world.lost(serial):
        return {"lost": True}
    upload = world.upload(serial)
    return {
        "lost": False,
        "status": upload.status,
        "ppv": whole(upload.flow.pv_w),
        "pCharge": whole(upload.flow.charge_w),
        "pDisCharge": whole(upload.flow.discharge_w),
        "batPower": whole(upload.battery_w),
        "soc": whole(upload.soc_pct),
        "vBat": tenths(upload.battery_v),
        "pinv": whole(upload.flow.ac_out_w),
        "prec": whole(upload.flow.ac_in_w),
        "peps": 0 if upload.grid_up else whole(upload.flow.ac_out_w),
        "acCouplePower": 0,
    }


ROUTES: dict[str, Handler] = {"/WManage/api/midbox/getMidboxRuntime": midbox_runtime}
