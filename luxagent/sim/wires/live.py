"""The wire that real portals speak: flat login, `rows`, names instead of numbers, tenths of a kWh."""

from luxagent.sim import pages
from luxagent.sim.wires import live_midbox, live_settings, live_telemetry, live_upkeep
from luxagent.sim.wires.account import (
    INVERTER_TYPE,
    MIDBOX_TYPE,
    gmt_text,
    login_plant,
    plant_rows,
    zone_offsets,
    zone_word,
)
from luxagent.sim.wires.live_common import denied, page_of
from luxagent.sim.wires.runtime import power_rating_text, status_text
from luxagent.sim.wires.wire import Body, Wire, tenths, whole
from luxagent.sim.world import Request, World


def logged_in(world: World) -> Body:
    """The flat login body: no `user` object, the id at the top."""
    account = world.account
    base, _ = zone_offsets(world)
    return {
        "success": True,
        "userId": account.user_id,
        "parentUserId": 12,
        "username": account.username,
        "readonly": account.readonly,
        "role": account.role,
        "realName": "",
        "email": f"{account.username}@example.invalid",
        "countryText": "United States of America",
        "currentContinentIndex": 4,
        "currentRegionIndex": 0,
        "regions": [{"value": "NORTH_AMERICA", "text": "North America"}],
        "currentCountryIndex": 0,
        "countrys": [{"value": "UNITED_STATES_OF_AMERICA", "text": "United States of America"}],
        "timezone": zone_word(base),
        "timezoneText": gmt_text(base),
        "language": "ENGLISH",
        "telNumber": "",
        "address": "",
        "platform": "EG4",
        "userVisitRecord": {"plantId": world.house.site.plant_id, "serialNum": world.serials[0]},
        "plants": [login_plant(world)],
        "clusterId": 1,
        "clusterGroup": "",
        "needHideDisChgEnergy": False,
        "allowRemoteSupport": True,
        "allowViewerVisitOptimalSet": False,
        "allowViewerVisitWeatherSet": False,
        "chartColorValues": "STANDARD",
        "tempUnit": "CELSIUS",
        "tempUnitText": "℃",
        "dateFormat": "yyyy-MM-dd",
        "firewallNotificationEnable": "false",
        "userCreateDate": "2024-04-12 10:11:12",
        "userCreatedDays": 500,
        "quickChargeDefaultDuration": 60,
        "techInfo": {"techInfoCount": 0},
    }


def plants(world: World, request: Request) -> Body:
    """config/plant/list and …/viewer: paged, without `success`."""
    rows = plant_rows(world, request.text("searchText"))
    target = request.text("targetPlantId")
    if target:
        rows = [row for row in rows if str(row["plantId"]) == target]
    return {"total": len(rows), "rows": page_of(rows, request)}


def overview(world: World, request: Request) -> Body:
    """inverterOverview/list: one row a device, paged; says neither `lost` nor the firmware."""
    if request.text("plantId") not in ("", "-1", str(world.house.site.plant_id)):
        return denied("noPermission")
    wanted = request.text("statusText") or "all"
    rows = [_overview_row(world, serial) for serial in world.listed]
    rows = [
        row
        for row in rows
        if wanted in ("all", row["statusText"]) and request.text("searchText") in row["serialNum"]
    ]
    return {"success": True, "total": len(rows), "rows": page_of(rows, request)}


def _overview_row(world: World, serial: str) -> Body:
    house, inverter = world.house, world.inverter(serial)
    index = world.serials.index(serial) + 1
    row: Body = {
        "serialNum": serial,
        "statusText": status_text(world, serial) if inverter else _midbox_status(world, serial),
        "deviceType": INVERTER_TYPE if inverter else MIDBOX_TYPE,
        "deviceTypeText": inverter.build.model if inverter else "Grid Boss",
        "phase": 1,
        "plantId": house.site.plant_id,
        "plantName": house.site.plant_name,
        "parallelGroup": house.group,
        "parallelIndex": str(index) if house.group else "",
        "parallelInfo": f"{house.group}{index}, Parallel" if house.group else "",
        "parallelModel": "PARALLEL" if house.group else "",
        "endUser": world.account.end_user,
    }
    return row | live_telemetry.overview_numbers(world, inverter)


def _midbox_status(world: World, serial: str) -> str:
    return "offline" if world.lost(serial) else "normal"


def group_details(world: World, request: Request) -> Body:
    """getParallelGroupDetails, asked by any member's serial."""
    serial = request.text("serialNum")
    if not serial:
        return denied("PARAM_ERROR")
    if serial not in world.serials:
        return denied("noPermission")
    if not world.house.group:
        return denied("notParallel")
    devices = [_member(world, index, member) for index, member in enumerate(world.listed, 1)]
    body: Body = {"success": True, "deviceType": INVERTER_TYPE, "total": len(devices), "devices": devices}
    if world.house.midbox and world.house.midbox.serial in world.listed:
        body["parallelMidboxSn"] = world.house.midbox.serial
    return body


def _member(world: World, index: int, serial: str) -> Body:
    inverter = world.inverter(serial)
    row: Body = {
        "serialNum": serial,
        "deviceType": INVERTER_TYPE if inverter else MIDBOX_TYPE,
        "subDeviceType": inverter.build.sub_device_type if inverter else -1,
        "phase": 1,
        "dtc": 1,
        "machineType": 1 if inverter else 0,
        "parallelIndex": str(index),
        "parallelNumText": f"{world.house.group}{index}",
        "lost": world.lost(serial),
        "roleText": ("Primary" if index == 1 else "Subordinates") if inverter else "Midbox Slave",
    }
    if inverter and not world.lost(serial):
        upload = world.upload(serial)
        row |= {
            "ppv1": whole(upload.flow.pv_w),
            "soc": whole(upload.soc_pct),
            "vBat": tenths(upload.battery_v),
            "pCharge": whole(upload.flow.charge_w),
            "pDisCharge": whole(upload.flow.discharge_w),
            "peps": 0 if upload.grid_up else whole(upload.flow.ac_out_w),
        }
    return row


def inverter_info(world: World, request: Request) -> Body:
    """getInverterInfo: the nameplate and the dongle."""
    inverter = world.inverter(request.text("serialNum"))
    if inverter is None:
        return denied("noPermission")
    version = world.firmware.version(inverter.serial, world.now)
    return {
        "success": True,
        "lost": world.lost(inverter.serial),
        "datalogSn": inverter.build.datalog_serial,
        "serialNum": inverter.serial,
        "deviceType": INVERTER_TYPE,
        "phase": 1,
        "dtc": 1,
        "voltClass": 0,
        "fwVersion": version.app,
        "hardwareVersion": 1,
        "subDeviceType": inverter.build.sub_device_type,
        "allowExport2Grid": True,
        "powerRating": inverter.build.power_rating_code,
        "machineType": 1,
        "deviceTypeText": inverter.build.model,
        "deviceInfo": inverter.build.model,
        "address": 1,
        "powerRatingText": power_rating_text(inverter),
        "batteryType": "LITHIUM",
        "status": world.upload(inverter.serial).status,
        "statusText": status_text(world, inverter.serial),
        "inverterDetail": {
            "deviceText": inverter.build.model,
            "fwCode": version.code,
            "fwCodeText": version.code,
        },
    }


def datalogs(world: World, request: Request) -> Body:
    """config/datalog/list: the dongles."""
    house = world.house
    dongles = [
        (i.build.datalog_serial, serial, world.upload(serial).at) for serial, i in house.inverters.items()
    ]
    if house.midbox and house.midbox_upload:
        dongles.append((house.midbox.datalog_serial, house.midbox.serial, house.midbox_upload.at))
    rows = [
        {
            "datalogSn": datalog,
            "datalogType": "WLAN",
            "datalogTypeText": "WLAN",
            "createDate": "2024-04-12",
            "plantId": house.site.plant_id,
            "plantName": house.site.plant_name,
            "endUserAccount": world.account.username,
            "serverId": 1,
            "lost": world.lost(serial),
            "lastUpdateTime": pages.utc_text(at),
        }
        for datalog, serial, at in dongles
        if request.text("searchText") in datalog
    ]
    return {"total": len(rows), "rows": page_of(rows, request)}


def online_datalog(world: World, request: Request) -> Body:
    """findOnlineDatalog: `msg` is "current" for a dongle that is online, empty for one that is not."""
    rows = datalogs(world, Request("POST", request.path, {"searchText": request.text("serialNum")}))["rows"]
    online = any(not row["lost"] for row in rows)
    return {"success": True, "msg": "current" if online else ""}


WIRE = Wire(
    routes={
        "/WManage/web/config/plant/list": plants,
        "/WManage/web/config/plant/list/viewer": plants,
        "/WManage/api/inverterOverview/list": overview,
        "/WManage/api/inverterOverview/getParallelGroupDetails": group_details,
        "/WManage/api/inverter/getInverterInfo": inverter_info,
        "/WManage/api/system/cluster/search/findOnlineDatalog": online_datalog,
        "/WManage/web/config/datalog/list": datalogs,
        **live_telemetry.ROUTES,
        **live_midbox.ROUTES,
        **live_settings.ROUTES,
        **live_upkeep.ROUTES,
    },
    logged_in=logged_in,
    refused={"success": False, "msg": "Username or password error"},
    no_session=pages.LOGIN,
)
