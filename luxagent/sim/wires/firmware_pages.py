"""Firmware answers, which both wires share but for what "up to date" looks like."""

from luxagent.sim import pages
from luxagent.sim.wires.wire import Body
from luxagent.sim.world import Request, World

_NOTES_URL = "http://127.0.0.1/firmware-notes"


def details(world: World, serial: str) -> Body:
    """What runs on a device and what is on offer; without an offer the `last…` keys are absent."""
    running = world.firmware.version(serial, world.now)
    offer = world.firmware.offer(serial, world.now)
    midbox = world.is_midbox(serial)
    body: Body = {
        "serialNum": serial,
        "deviceType": 9 if midbox else 6,
        "standard": running.family,
        "firmwareType": "PCS",
        "fwCodeBeforeUpload": running.code,
        "v1": running.app,
        "v1Value": running.app,
        "v2": running.parameters,
        "v2Value": running.parameters,
        "v3Value": 0,
        "m3Version": running.app,
        "pcs1UpdateMatch": bool(offer and offer.app > running.app),
        "pcs2UpdateMatch": bool(offer and offer.parameters > running.parameters and not midbox),
        "pcs3UpdateMatch": False,
        **{f"needRunStep{n}": False for n in range(2, 6)},
        "phase": 1,
        "dtc": 1,
        "midbox": midbox,
        "lowVoltBattery": True,
        "type6": not midbox,
        "type6Series": not midbox,
    }
    if offer:
        body["lastV1"] = offer.app
        body["lastV1FileName"] = f"{offer.family.upper()}-{offer.app:02X}xx_App.hex"
        if not midbox:
            body["lastV2"] = offer.parameters
            body["lastV2FileName"] = f"{offer.family}-xx{offer.parameters:02X}_Para.hex"
    return body


def check(world: World, serial: str) -> Body:
    """checkUpdates when there is something to show."""
    return {"success": True, "details": details(world, serial), "infoForwardUrl": _NOTES_URL}


def info(world: World, request: Request) -> Body:
    """remoteUpdate/info: all updates of the account; carries no `success`."""
    rows = [_row(world, serial) for serial in world.firmware.updates]
    progressing = any(world.firmware.updating(serial, world.now) for serial in world.firmware.updates)
    if request.text("userId") not in (str(world.account.user_id), ""):
        rows, progressing = [], False
    return {"receiving": False, "progressing": progressing, "fileReady": progressing, "deviceInfos": rows}


def eligible(world: World, request: Request) -> Body:
    """check12KParallelStatus: the answer is in `msg`."""
    serial = request.text("serialNum")
    if serial not in world.serials:
        return {"success": False, "msg": "DEVICE_OFFLINE"}
    if world.firmware.updating(serial, world.now):
        return {"success": False, "msg": "deviceUpdating"}
    if world.house.group and any(world.firmware.updating(other, world.now) for other in world.serials):
        return {"success": False, "msg": "parallelGroupUpdating"}
    if serial in world.house.silent:
        return {"success": False, "msg": "deviceBusy"}
    return {"success": True, "msg": "allowToUpdate"}


def run(world: World, request: Request) -> Body:
    """standardUpdate/run: begins an update, if one is on offer and nothing is in the way."""
    serial = request.text("serialNum")
    verdict = eligible(world, request)
    if verdict["msg"] == "deviceUpdating":
        return {"success": False, "msg": "Device is already updating", "code": "UPDATE_IN_PROGRESS"}
    if verdict["msg"] == "parallelGroupUpdating":
        text = "Another device in parallel group is updating"
        return {"success": False, "msg": text, "code": "PARALLEL_GROUP_UPDATING"}
    if not verdict["success"]:
        return verdict
    if world.firmware.offer(serial, world.now) is None:
        return {"success": False, "msg": "No firmware update available", "code": "NO_UPDATE_AVAILABLE"}
    world.firmware.begin(serial, world.now)
    return {"success": True, "msg": "Update initiated successfully"}


def _row(world: World, serial: str) -> Body:
    progress = world.firmware.updates[serial]
    done = progress.done(world.now)
    sent, whole = progress.packages(world.now)
    return {
        "inverterSn": serial,
        "startTime": pages.utc_text(progress.start),
        "stopTime": pages.utc_text(progress.end) if done else "",
        "standardUpdate": True,
        "firmware": f"{progress.target.family.upper()}-{progress.target.app:02X}xx",
        "firmwareType": "PCS",
        "updateStatus": "COMPLETE" if done else "UPLOADING",
        "isSendStartUpdate": True,
        "isSendEndUpdate": done,
        "packageIndex": sent,
        "updateRate": f"{100 * sent // whole}% - {sent} / {whole}",
    }
