"""The wire of the written API: `user` in the login, `devices`, groups by plant, prose failures, 401."""

from luxagent.sim import pages
from luxagent.sim.wires import document_settings, document_telemetry, firmware_pages
from luxagent.sim.wires.account import login_plant, plant_rows
from luxagent.sim.wires.document_common import BAD_LOGIN, NOT_FOUND, denied
from luxagent.sim.wires.runtime import status_text
from luxagent.sim.wires.wire import Body, Wire
from luxagent.sim.world import Request, World

_MIDBOX_MODEL = 624_321


def logged_in(world: World) -> Body:
    """`plants` with their inverters, and `user`."""
    account = world.account
    plant = login_plant(world)
    plant.setdefault("parallelGroups", [])
    return {
        "success": True,
        "plants": [plant],
        "user": {
            "userId": account.user_id,
            "username": account.username,
            "role": account.role,
            "readonly": account.readonly,
        },
    }


def plants(world: World, request: Request) -> Body:
    """config/plant/list/viewer."""
    rows = plant_rows(world, request.text("searchText"))
    return {"rows": rows, "total": len(rows)}


def group_details(world: World, request: Request) -> Body:
    """getParallelGroupDetails, asked by plant; a plant without a group has an empty list."""
    if request.text("plantId") != str(world.house.site.plant_id):
        return denied(NOT_FOUND)
    house = world.house
    if not house.group:
        return {"success": True, "parallelGroups": []}
    group: Body = {
        "groupId": "group_1",
        "name": "Parallel Group 1",
        "inverters": [
            _identity(world, serial) | _status(world, serial)
            for serial in house.inverters
            if serial not in world.unlisted
        ],
    }
    if house.midbox and house.midbox.serial in world.listed:
        group["midDevice"] = _identity(world, house.midbox.serial)
    return {"success": True, "parallelGroups": [group]}


def overview(world: World, request: Request) -> Body:
    """inverterOverview/list: `devices`, with firmware and `lost`."""
    if request.text("plantId") != str(world.house.site.plant_id):
        return denied(NOT_FOUND)
    return {
        "success": True,
        "devices": [
            _identity(world, serial)
            | {"firmwareVersion": world.firmware.version(serial, world.now).code}
            | _status(world, serial)
            | {"lost": world.lost(serial), "isParallelEnabled": bool(world.house.group)}
            for serial in world.listed
        ],
    }


def _identity(world: World, serial: str) -> Body:
    inverter = world.inverter(serial)
    if inverter is None:
        return {
            "serialNum": serial,
            "model": _MIDBOX_MODEL,
            "modelText": "GridBOSS",
            "deviceTypeText4APP": "GridBOSS MID",
        }
    model = inverter.build.model_number
    return {
        "serialNum": serial,
        "model": model,
        "modelText": f"0x{model:X}",
        "deviceTypeText4APP": inverter.build.model,
    }


def _status(world: World, serial: str) -> Body:
    if world.is_midbox(serial):
        return {"status": "offline" if world.lost(serial) else "normal"}
    return {"status": status_text(world, serial)}


def check_updates(world: World, request: Request) -> Body:
    """checkUpdates: always `success:true` with details; newer versions appear in `last…`."""
    serial = request.text("serialNum")
    return firmware_pages.check(world, serial) if serial in world.serials else denied(NOT_FOUND)


WIRE = Wire(
    routes={
        "/WManage/web/config/plant/list/viewer": plants,
        "/WManage/api/inverterOverview/getParallelGroupDetails": group_details,
        "/WManage/api/inverterOverview/list": overview,
        "/WManage/web/maintain/standardUpdate/checkUpdates": check_updates,
        "/WManage/web/maintain/standardUpdate/check12KParallelStatus": firmware_pages.eligible,
        "/WManage/web/maintain/standardUpdate/run": firmware_pages.run,
        "/WManage/web/maintain/remoteUpdate/info": firmware_pages.info,
        **document_telemetry.ROUTES,
        **document_settings.ROUTES,
    },
    logged_in=logged_in,
    refused=denied(BAD_LOGIN),
    no_session=pages.error_page(401),
)
