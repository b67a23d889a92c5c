"""Runtime, energy and battery on the live wire: energies in tenths of a kWh with text beside them."""

from luxagent.sim import pages
from luxagent.sim.battery import ModuleReading
from luxagent.sim.counters import Energy, Tally, together
from luxagent.sim.inverter import Inverter, Upload
from luxagent.sim.wires import runtime as shared
from luxagent.sim.wires.live_common import denied
from luxagent.sim.wires.wire import Body, Handler, quick_open, tenths, whole
from luxagent.sim.world import Request, World

_EMPTY_OVERVIEW = ("ppv", "pCharge", "pDisCharge", "pConsumption")


def runtime(world: World, request: Request) -> Body:
    """getInverterRuntime with the keys that newer firmware adds."""
    inverter = world.inverter(request.text("serialNum"))
    if inverter is None:
        return denied(_why_not(world, request))
    body = shared.runtime(world, inverter)
    upload = world.upload(inverter.serial)
    body |= {
        "deviceTimeText": upload.device_clock.strftime("%Y-%m-%d"),
        "pLoad170": whole(upload.flow.load_share_w),
        "bmsBatCurrent": tenths(upload.battery_w / upload.battery_v) if upload.battery_v else 0,
        "pvStringNumber": 3,
        "lowVoltProtect": False,
    }
    if quick_open(world, inverter.serial):
        body |= _task(world, inverter.serial)
    return body


def _task(world: World, serial: str) -> Body:
    task = world.house.quick.task(world.house.unit_of(serial), world.upload(serial).at)
    task = task or world.house.quick.task(world.house.unit_of(serial), world.now)
    if task is None:
        return {}
    charging = world.upload(serial).at > task.start
    return {
        "unclosedQuickChargeTaskId": task.number,
        "unclosedQuickChargeTaskStatus": "CHARGING" if charging else "WAIT_CHARGE",
    }


def energy(world: World, request: Request) -> Body:
    """getInverterEnergyInfo of one inverter."""
    inverter = world.inverter(request.text("serialNum"))
    if inverter is None:
        return denied(_why_not(world, request))
    upload, lost = world.upload(inverter.serial), world.lost(inverter.serial)
    head: Body = {
        "success": True,
        "serialNum": inverter.serial,
        "fwCode": world.firmware.version(inverter.serial, world.now).code,
        "powerRatingText": shared.power_rating_text(inverter),
        "lost": lost,
        "hasRuntimeData": True,
    }
    if not lost:
        head["soc"] = whole(upload.soc_pct)
    return head | _counted(upload.energy)


def energy_parallel(world: World, request: Request) -> Body:
    """getInverterEnergyInfoParallel: the group's sum, without serial, soc, lost and firmware."""
    if request.text("serialNum") not in world.serials:
        return denied("noPermission")
    if not world.house.group:
        return denied("notParallel")
    uploads = [world.upload(serial) for serial in world.house.inverters]
    total = together(upload.energy for upload in uploads)
    return {"success": True, "hasRuntimeData": True, **_counted(total)}


def _counted(tallies: dict[Energy, Tally]) -> Body:
    body: Body = {}
    for energy, tally in tallies.items():
        for period, kwh in (("today", tally.today), ("total", tally.total)):
            body[f"{period}{energy}"] = tenths(kwh)
            body[f"{period}{energy}Text"] = _plain(kwh)
        mega = tally.total >= 1000
        body[f"total{energy}Data"] = f"{tally.total / 1000:.2f}" if mega else _plain(tally.total)
        body[f"total{energy}Unit"] = "MWh" if mega else "kWh"
    return body | {"todayIncomeText": "--", "todaySavingText": "0.00", "totalIncomeText": "--"}


def _plain(kwh: float) -> str:
    return f"{tenths(kwh) / 10:g}" if kwh < 1e5 else f"{kwh:.1f}"


def battery(world: World, request: Request) -> Body:
    """getBatteryInfo: the bank and its modules; offline, zeros that do not mean empty."""
    inverter = world.inverter(request.text("serialNum"))
    if inverter is None:
        return denied(_why_not(world, request))
    if world.lost(inverter.serial):
        return _battery_offline(inverter)
    upload = world.upload(inverter.serial)
    amps = upload.battery_w / upload.battery_v if upload.battery_v else 0.0
    remain = upload.capacity_ah * upload.soc_pct / 100
    return {
        "success": True,
        "serialNum": inverter.serial,
        "lost": False,
        "hasRuntimeData": True,
        "statusText": shared.status_text(world, inverter.serial),
        "ppv": whole(upload.flow.pv_w),
        "pCharge": whole(upload.flow.charge_w),
        "pDisCharge": whole(upload.flow.discharge_w),
        "batPower": whole(upload.flow.charge_w) - whole(upload.flow.discharge_w),
        "batStatus": "Charging" if amps > 0.5 else "Discharging" if amps < -0.5 else "StandBy",
        "soc": whole(upload.soc_pct),
        "vBat": tenths(upload.battery_v),
        "pinv": whole(upload.flow.ac_out_w),
        "prec": whole(upload.flow.ac_in_w),
        "peps": 0 if upload.grid_up else whole(upload.flow.ac_out_w),
        "maxBatteryCharge": whole(upload.capacity_ah),
        "currentBatteryCharge": round(remain, 1),
        "batteryArray": [_module(inverter, upload, module) for module in upload.modules],
        "remainCapacity": whole(remain),
        "fullCapacity": whole(upload.capacity_ah),
        "capacityPercent": whole(upload.soc_pct),
        "totalNumber": len(upload.modules),
        "currentText": f"{abs(amps):.1f}",
        "currentType": "charge" if amps > 0.05 else "discharge" if amps < -0.05 else "unknown",
        "totalVoltageText": f"{upload.battery_v:.1f}",
    }


def _module(inverter: Inverter, upload: Upload, module: ModuleReading) -> Body:
    name = f"Battery_ID_{module.index + 1:02d}"
    cells = module.cells_mv
    warm = tenths(module.temperature_c)
    return {
        "batteryKey": f"{inverter.serial}_{name}",
        "batterySn": name,
        "batteryType": "BATT_default",
        "batteryTypeText": "",
        "lastUpdateTime": pages.utc_text(upload.at),
        "batIndex": module.index,
        "batBmsModelText": "",
        "lost": False,
        "totalVoltage": round(module.voltage_v * 100),
        "current": tenths(module.current_a),
        "soc": whole(module.soc_pct),
        "soh": module.soh_pct,
        "currentRemainCapacity": whole(module.capacity_ah * module.soc_pct / 100),
        "currentFullCapacity": whole(module.capacity_ah),
        "currentCapacityPercent": whole(module.soc_pct),
        "maxBatteryCharge": whole(upload.capacity_ah),
        "batMaxCellTemp": warm + 5,
        "batMinCellTemp": warm - 5,
        "batMaxCellVoltage": max(cells),
        "batMinCellVoltage": min(cells),
        "batChargeMaxCur": 2000,
        "batChargeVoltRef": 560,
        "batMaxCellNumTemp": 3,
        "batMinCellNumTemp": 9,
        "batMaxCellNumVolt": cells.index(max(cells)) + 1,
        "batMinCellNumVolt": cells.index(min(cells)) + 1,
        "cycleCnt": module.cycles,
        "fwVersionText": "2.17",
        **dict.fromkeys(("chgCapacity", "disChgCapacity", "ambientTemp", "mosTemp", "noticeInfo"), ""),
    }


def _battery_offline(inverter: Inverter) -> Body:
    return {
        "success": True,
        "serialNum": inverter.serial,
        "lost": True,
        **dict.fromkeys(("capacityPercent", "remainCapacity", "fullCapacity", "totalNumber"), 0),
        "currentType": "unknown",
        "hasCellExtremes": False,
        **dict.fromkeys(
            (
                "chargeVoltRef", "currentText", "totalVoltageText", "globalMaxCellTemp", "globalMinCellTemp",
                "globalMaxCellVoltage", "globalMinCellVoltage",
            ),
            "",
        ),
    }  # fmt: skip


def battery_list(world: World, request: Request) -> Body:
    """getBatteryInfoForSet: names and nothing more."""
    inverter = world.inverter(request.text("serialNum"))
    if inverter is None:
        return denied(_why_not(world, request))
    upload = world.upload(inverter.serial)
    keys = ("batteryKey", "batterySn", "batIndex", "lost")
    rows = [{key: _module(inverter, upload, m)[key] for key in keys} for m in upload.modules]
    return {
        "success": True,
        "serialNum": inverter.serial,
        "batteryArray": rows,
        "totalNumber": len(rows),
    }


def overview_numbers(world: World, inverter: Inverter | None) -> Body:
    """The figures of an overview row; a GridBOSS has none, a lost inverter frozen totals only."""
    live = inverter is not None and not world.lost(inverter.serial)
    upload = world.upload(inverter.serial) if inverter else None
    powers = dict.fromkeys(_EMPTY_OVERVIEW, 0)
    if upload and live:
        flow = upload.flow
        powers = {
            "ppv": whole(flow.pv_w),
            "pCharge": whole(flow.charge_w),
            "pDisCharge": whole(flow.discharge_w),
            "pConsumption": whole(flow.load_share_w),
        }
    volts = upload.battery_v if upload and live else 0.0
    body: Body = {"soc": f"{whole(upload.soc_pct)} %" if upload and live else ""}
    body |= {"vBat": tenths(volts), "vBatText": f"{volts:.1f} V" if volts else ""}
    for name, watts in powers.items():
        body |= {name: watts, f"{name}Text": f"{int(watts / 1000)} kW"}
    for energy in (Energy.YIELDING, Energy.DISCHARGING, Energy.EXPORT, Energy.USAGE):
        kwh = upload.energy[energy].total if upload else 0.0
        body |= {f"total{energy}": tenths(kwh), f"total{energy}Text": f"{_plain(kwh)} kWh"}
    return body


def _why_not(world: World, request: Request) -> str:
    """Why there is no telemetry for a serial."""
    if not request.text("serialNum"):
        return "PARAM_ERROR"
    return (
        "DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE" if world.is_midbox(request.text("serialNum")) else "noPermission"
    )


ROUTES: dict[str, Handler] = {
    "/WManage/api/inverter/getInverterRuntime": runtime,
    "/WManage/api/inverter/getInverterEnergyInfo": energy,
    "/WManage/api/inverter/getInverterEnergyInfoParallel": energy_parallel,
    "/WManage/api/battery/getBatteryInfo": battery,
    "/WManage/api/battery/getBatteryInfoForSet": battery_list,
}
