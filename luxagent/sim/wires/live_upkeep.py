"""Events and firmware on the live wire: what a keeper of the plant looks at."""

from luxagent.sim import pages
from luxagent.sim.wires import firmware_pages
from luxagent.sim.wires.live_common import denied, page_of
from luxagent.sim.wires.wire import Body, Handler
from luxagent.sim.world import Request, World

_UP_TO_DATE = "The current machine firmware is already the latest version."


def events(world: World, request: Request) -> Body:
    """analyze/event/list: newest first; times are the plant's own."""
    house = world.house
    wanted = request.text("serialNum")
    begun = [h for h in house.happenings if h.start <= world.now and wanted in ("", h.serial)]
    rows: list[Body] = []
    for number, event in sorted(enumerate(begun), key=lambda pair: pair[1].start, reverse=True):
        is_open = event.open_at(world.now)
        start, end = house.local(event.start), house.local(event.end)
        until = world.now if is_open else event.end
        rows.append(
            {
                "recordId": 4100 + number,
                "serialNum": event.serial,
                "datalogSn": house.inverters[event.serial].build.datalog_serial,
                "plantName": house.site.plant_name,
                "event": event.code,
                "eventType": event.kind,
                "eventTypeText": "Fault" if event.is_fault else "Notice",
                "eventText": event.text,
                "status": "OPEN" if is_open else "CLOSE",
                "startTime": pages.clock_text(start),
                "startSlashTime": pages.clock_text(start).replace("-", "/"),
                "renormalTime": None if is_open else pages.clock_text(end),
                "faultDuration": f"{(until - event.start).total_seconds() / 3600:.1f}",
            }
        )
    return {"success": True, "total": len(rows), "rows": page_of(rows, request)}


def check_updates(world: World, request: Request) -> Body:
    """checkUpdates: being up to date is `success:false`, and no failure."""
    serial = request.text("serialNum")
    if serial not in world.serials:
        return denied("noPermission")
    if world.firmware.offer(serial, world.now) is None:
        return {"success": False, "message": _UP_TO_DATE}
    return firmware_pages.check(world, serial)


ROUTES: dict[str, Handler] = {
    "/WManage/api/analyze/event/list": events,
    "/WManage/web/maintain/standardUpdate/checkUpdates": check_updates,
    "/WManage/web/maintain/standardUpdate/check12KParallelStatus": firmware_pages.eligible,
    "/WManage/web/maintain/standardUpdate/run": firmware_pages.run,
    "/WManage/web/maintain/remoteUpdate/info": firmware_pages.info,
}
