"""What an account is and has, as the login and the plant list tell. Alike on both wires."""

from collections.abc import Mapping

from luxagent.portal.fields import flag, mapping, rows, whole
from luxagent.portal.records import LoginInfo, PlantInfo
from luxagent.portal.text import clean_text, identifier

_INSTALLERS = {"INSTALLER", "I_ASSISTANT"}


def decode_login(answer: Mapping[str, object]) -> LoginInfo:
    """POST /WManage/api/login: `user` holds the account (document), or it lies flat (live)."""
    user = mapping(answer.get("user"))
    plants = rows(answer.get("plants"))
    groups = [group for plant in plants for group in rows(plant.get("parallelGroups"))]
    firsts = (identifier(group.get("parallelFirstDeviceSn")) for group in groups)
    ids = (answer.get("userId"), user.get("userId"), user.get("id"))
    return LoginInfo(
        user_id=next((found for found in map(identifier, ids) if found), ""),
        readonly=True in (flag(answer.get("readonly")), flag(user.get("readonly"))),
        installer=clean_text(answer.get("role") or user.get("role")).upper() in _INSTALLERS,
        plants=decode_plants({"rows": plants}),
        firsts=frozenset(serial for serial in firsts if serial),
    )


def decode_plants(answer: Mapping[str, object]) -> tuple[PlantInfo, ...]:
    """POST config/plant/list: `rows`, on both wires."""
    found = {}
    for row in rows(answer.get("rows")):
        plant_id = identifier(row.get("plantId")) or identifier(row.get("id"))
        if plant_id:
            name = clean_text(row.get("name"), 80) or plant_id
            offset = utc_offset_min(row.get("currentTimezoneWithMinute"))
            found[plant_id] = PlantInfo(plant_id, name, offset)
    return tuple(found.values())


def utc_offset_min(told: object) -> int | None:
    """A signed HHMM as minutes: -700 is seven hours west, 530 five and a half hours east.

    The document calls the number minutes; that would put -700 at 11 h 40 min.
    """
    number = whole(told, -1400, 1400)
    if number is None or abs(number) % 100 >= 60:
        return None
    hours, minutes = divmod(abs(number), 100)
    return (hours * 60 + minutes) * (1 if number >= 0 else -1)
