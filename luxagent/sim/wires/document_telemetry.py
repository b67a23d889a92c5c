"""Runtime, energy, battery and GridBOSS on the document wire: kWh floats, per-cell voltages, flat midbox.

Raw integers follow the written samples as physics reads them: battery and mains volts are tenths, module
volts, amps and everything of the GridBOSS hundredths.
"""

from luxagent.sim.battery import ModuleReading
from luxagent.sim.counters import Energy, Tally, together
from luxagent.sim.inverter import MidboxUpload
from luxagent.sim.wires import runtime as shared
from luxagent.sim.wires.document_common import NOT_FOUND, denied
from luxagent.sim.wires.wire import Body, Handler, hundredths, tenths, whole
from luxagent.sim.world import Request, World

_NAMES = {
    "e": Energy.YIELDING,
    "gridSell": Energy.EXPORT,
    "gridBuy": Energy.IMPORT,
    "consumption": Energy.USAGE,
    "charge": Energy.CHARGING,
    "discharge": Energy.DISCHARGING,
}
_UNSUPPORTED = "DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE"


def runtime(world: World, request: Request) -> Body:
    """getInverterRuntime."""
    inverter = world.inverter(request.text("serialNum"))
    return shared.runtime(world, inverter) if inverter else _denied(world, request)


def energy(world: World, request: Request) -> Body:
    """getInverterEnergyInfo of one inverter."""
    inverter = world.inverter(request.text("serialNum"))
    if inverter is None:
        return _denied(world, request)
    counted = _counted(world.upload(inverter.serial).energy)
    return {"success": True, "serialNum": inverter.serial, **counted}


def energy_parallel(world: World, request: Request) -> Body:
    """getInverterEnergyInfoParallel: the group's sum; a lone inverter's is its own."""
    serial = request.text("serialNum")
    if serial not in world.serials:
        return denied(NOT_FOUND)
    members = list(world.house.inverters) if world.house.group else [serial]
    uploads = [world.upload(member) for member in members]
    total = together(upload.energy for upload in uploads)
    return {"success": True, "serialNum": serial, **_counted(total)}


def _counted(tallies: dict[Energy, Tally]) -> Body:
    body: Body = {}
    for name, energy in _NAMES.items():
        tally = tallies[energy]
        body |= {
            f"{name}Today": round(tally.today, 1),
            f"{name}Month": round(tally.month, 1),
            f"{name}Year": round(tally.year, 1),
        }
    return body | {"eTotal": round(tallies[Energy.YIELDING].total, 1)}


def battery(world: World, request: Request) -> Body:
    """getBatteryInfo: the bank, its modules and each module's cells."""
    inverter = world.inverter(request.text("serialNum"))
    if inverter is None:
        return _denied(world, request)
    serial, upload = inverter.serial, world.upload(inverter.serial)
    head: Body = {
        "success": True,
        "serialNum": serial,
        "batteryType": "LITHIUM" if upload.modules else "NO_BATTERY",
    }
    if world.lost(serial):
        return head | {"lost": True, "batParallelNum": 0, "batCapacity": 0}
    amps = upload.battery_w / upload.battery_v if upload.battery_v else 0.0
    return head | {
        "batParallelNum": len(upload.modules),
        "batCapacity": whole(upload.capacity_ah),
        "soc": whole(upload.soc_pct),
        "vBat": tenths(upload.battery_v),
        "iBat": hundredths(amps),
        "pBat": whole(upload.battery_w),
        "tBat": whole(upload.battery_c),
        "bmsCharge": upload.soc_pct < 100,
        "bmsDischarge": upload.soc_pct > 0,
        "bmsForceCharge": False,
        "batteryArray": [_module(module) for module in upload.modules],
    }


def _module(module: ModuleReading) -> Body:
    cells = list(module.cells_mv)
    return {
        "batteryKey": f"{module.index + 1:02d}",
        "soc": whole(module.soc_pct),
        "voltage": hundredths(module.voltage_v),
        "current": hundredths(module.current_a),
        "power": whole(module.voltage_v * module.current_a),
        "temperature": whole(module.temperature_c),
        "soh": module.soh_pct,
        "cycleCount": module.cycles,
        "cellVoltageMax": max(cells),
        "cellVoltageMin": min(cells),
        "cellVoltageDelta": max(cells) - min(cells),
        "cellVoltages": cells,
    }


def midbox(world: World, request: Request) -> Body:
    """getMidboxRuntime: flat, three legs of which the third is dead, ports by word."""
    serial = request.text("serialNum")
    upload = world.house.midbox_upload
    if not world.is_midbox(serial) or upload is None:
        return denied(_UNSUPPORTED if serial in world.serials else NOT_FOUND)
    half_v, load_v = upload.grid_v / 2, upload.backup_v / 2
    body: Body = {"success": True, "serialNum": serial, **_legs(upload, half_v)}
    body |= {
        "gridFrequency": hundredths(upload.grid_hz),
        "loadPower": whole(upload.step.load_w),
        "loadVoltage": hundredths(load_v),
        "loadCurrent": hundredths(upload.step.load_w / load_v) if load_v else 0,
    }
    for port in range(1, 5):
        body |= {f"smartPort{port}Status": "OFF", f"smartPort{port}Power": 0}
    return body | {
        "acCoupleEnabled": False,
        "acCouplePower": 0,
        "upsMode": upload.grid_hz == 0,
        "generatorStatus": "IDLE",
        "generatorVoltage": 0,
        "generatorFrequency": 0,
        "generatorPower": 0,
    }


def _legs(upload: MidboxUpload, half_v: float) -> Body:
    body: Body = {"gridVoltageL3": 0, "gridCurrentL3": 0, "gridPowerL3": 0}
    for leg, share in (("L1", 0.52), ("L2", 0.48)):
        watts = upload.grid_w * share
        body |= {
            f"gridVoltage{leg}": hundredths(half_v),
            f"gridCurrent{leg}": hundredths(abs(watts) / half_v) if half_v else 0,
            f"gridPower{leg}": whole(watts),
        }
    return body


def _denied(world: World, request: Request) -> Body:
    return denied(_UNSUPPORTED if world.is_midbox(request.text("serialNum")) else NOT_FOUND)


ROUTES: dict[str, Handler] = {
    "/WManage/api/inverter/getInverterRuntime": runtime,
    "/WManage/api/inverter/getInverterEnergyInfo": energy,
    "/WManage/api/inverter/getInverterEnergyInfoParallel": energy_parallel,
    "/WManage/api/battery/getBatteryInfo": battery,
    "/WManage/api/midbox/getMidboxRuntime": midbox,
}
