"""Plants, zones and device rows that the login and the plant list of both wires share."""

from datetime import timedelta

from luxagent.sim.inverter import Inverter
from luxagent.sim.wires.wire import Body
from luxagent.sim.world import World

MIDBOX_TYPE, INVERTER_TYPE = 9, 6


def zone_offsets(world: World) -> tuple[timedelta, timedelta]:
    """The plant's offset from UTC without summer time, and the summer time now in force."""
    local = world.house.local(world.now)
    summer = local.dst() or timedelta()
    return (local.utcoffset() or timedelta()) - summer, summer


def hhmm(offset: timedelta) -> int:
    """An offset as the portal writes it: signed hours and minutes, -700 for seven hours west."""
    minutes = round(offset.total_seconds() / 60)
    sign = -1 if minutes < 0 else 1
    return sign * (abs(minutes) // 60 * 100 + abs(minutes) % 60)


def gmt_text(base: timedelta) -> str:
    """Such as "GMT -8"."""
    minutes = round(base.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT {'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def zone_word(base: timedelta) -> str:
    """Such as "WEST8" or "EAST5_30"."""
    minutes = round(base.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return ("WEST" if minutes < 0 else "EAST") + str(hours) + (f"_{rest}" if rest else "")


def plant_rows(world: World, search: str) -> list[Body]:
    """The plant list, filtered by a part of the name."""
    site = world.house.site
    if search.lower() not in site.plant_name.lower():
        return []
    base, summer = zone_offsets(world)
    rated = sum(inverter.build.rated_w for inverter in world.house.inverters.values())
    return [
        {
            "id": site.plant_id,
            "plantId": site.plant_id,
            "name": site.plant_name,
            "nominalPower": round(rated),
            "country": "United States of America",
            "currentTimezoneWithMinute": hhmm(base + summer),
            "timezone": gmt_text(base),
            "daylightSavingTime": bool(summer),
            "createDate": "2024-04-12",
            "noticeFault": False,
            "noticeWarn": False,
            "noticeEmail": "",
            "noticeEmail2": "",
            "contactPerson": "",
            "contactPhone": "",
            "address": "",
        }
    ]


def login_plant(world: World) -> Body:
    """The one plant with its devices, as the login tells it. A lone inverter has no groups at all."""
    house = world.house
    base, _ = zone_offsets(world)
    minutes = round(base.total_seconds() / 60)
    plant: Body = {
        "plantId": house.site.plant_id,
        "name": house.site.plant_name,
        "timezoneHourOffset": int(minutes / 60),
        "timezoneMinuteOffset": abs(minutes) % 60,
        "inverters": [_inverter_row(world, serial, world.inverter(serial)) for serial in world.listed],
    }
    if house.group:
        first = next(iter(house.inverters))
        plant["parallelGroups"] = [{"parallelGroup": house.group, "parallelFirstDeviceSn": first}]
    return plant


def _inverter_row(world: World, serial: str, inverter: Inverter | None) -> Body:
    version = world.firmware.version(serial, world.now)
    midbox = world.house.midbox
    row: Body = {
        "serialNum": serial,
        "phase": 1,
        "lost": world.lost(serial),
        "dtc": 1,
        "deviceType": INVERTER_TYPE if inverter else MIDBOX_TYPE,
        "subDeviceType": inverter.build.sub_device_type if inverter else -1,
        "allowExport2Grid": True,
        "powerRating": inverter.build.power_rating_code if inverter else 6,
        "deviceTypeText4APP": inverter.build.model if inverter else "Grid Boss",
        "deviceTypeText": inverter.build.model if inverter else "Grid Boss",
        "batteryType": "LITHIUM",
        "batteryTypeText": "Lithium battery",
        "standard": version.family,
        "slaveVersion": version.parameters,
        "fwVersion": version.app,
        "allowGenExercise": bool(inverter),
        "withbatteryData": bool(inverter),
        "hardwareVersion": 1,
        "voltClass": 0,
        "machineType": 1 if inverter else 0,
        "odm": 4 if inverter else 0,
        "protocolVersion": 5,
    }
    if inverter is None and midbox:
        row |= {
            "parallelMidboxSn": midbox.serial,
            "parallelMidboxDeviceText": "Grid Boss",
            "parallelMidboxLost": world.lost(midbox.serial),
        }
    return row
