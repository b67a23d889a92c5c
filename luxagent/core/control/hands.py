"""Another hand: a managed setting that reads otherwise than it last did, and nothing of ours explains it.

Called by `settle` before anything is wanted of an inverter. The agent's own late write, a write that the
inverter cut short, a quick charge that ran out, and whatever a firmware update did are not another hand.
What landed so late that nobody owned it any more is owned again, or it would stay for ever.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from luxagent.core.control.changes import BY_HAND, Want
from luxagent.core.control.late import landed, read_before
from luxagent.core.control.round import Round
from luxagent.core.control.tasks import is_task, length_s, ran_out
from luxagent.core.control.wants import lease_on, satisfied
from luxagent.core.events import Event
from luxagent.core.facts.settings import KEPT_WHILE_ON, MOVES_POWER, SettingValue, same_value
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Plant
from luxagent.core.plant.reading import Reading
from luxagent.core.policy.policy import Policy
from luxagent.core.sent import CLAMP_WITHIN, LATE
from luxagent.core.sightings import LandedLate, OverrideEnded, OverrideSeen, SettingsKnown, SettingsUnread


def other_hands(device: Device, found: list[Want], reading: Reading, about: Round) -> list[Event]:
    """What each wanted, owned or leased setting reads now, where that is news; and who changed it."""
    memory, serial, now = about.memory, device.serial, about.now
    known, unread = memory.custody.known.get(serial, {}), memory.custody.unread.get(serial, {})
    busy = {write.setting for write in memory.open.values() if write.serial == serial}
    events: list[Event] = []
    learned: dict[str, SettingValue | None] = {}
    for want in found:
        name, have = want.setting, want.have
        if have is None or name in busy:
            continue
        if name in known and same_value(name, known[name], have):
            if name in unread:
                learned[name] = have
            continue
        if name not in known or not _is_other_hand(want, known[name], device, reading, about):
            learned[name] = have
            events += _landed_late(want, known.get(name), about) or _undone(want, about)
            continue
        owned = memory.owned.get(serial, {}).get(name)
        events.append(
            OverrideSeen(
                now, serial, name, known[name], have, want.rule if owned is None else owned.holder,
                enforced=about.policy.guards.on_override_s is None,
                home=None if owned is None else owned.before,
            )
        )  # fmt: skip
    if not about.restoring:
        learned |= dict.fromkeys(known.keys() - {want.setting for want in found})
    if learned:
        events.append(SettingsKnown(now, serial, learned, ended=_is_over(device, learned, about)))
    return events


def unread_news(plant: Plant, memory: Memory, now: datetime) -> list[Event]:
    """What could be read in the last tick and cannot in this one, where a write of it may still land."""
    since, sent = memory.ticked_at, memory.custody.sent.values()
    if since is None:
        return []
    under_way = {name for rows in sent for name, row in rows.items() if since - row[-1].at <= LATE}
    if not under_way:
        return []
    settings = {device.serial: device.settings for device in plant.devices}
    events: list[Event] = []
    for serial, known in memory.custody.known.items():
        there, unread = settings.get(serial, {}), memory.custody.unread.get(serial, {})
        gone = (name for name in known if there.get(name) is None and name not in unread)
        lost = tuple(name for name in gone if name in under_way)
        if lost:
            events.append(SettingsUnread(now, serial, lost, since))
    return events


def overrides_over(memory: Memory, policy: Policy, now: datetime) -> list[Event]:
    """The ends of holds whose time has come."""
    length = policy.guards.on_override_s
    return [
        OverrideEnded(now, serial, name)
        for serial, row in memory.custody.overrides.items()
        for name, override in row.items()
        if length is None or now - override.at >= timedelta(seconds=length)
    ]


def _is_other_hand(want: Want, was: SettingValue, device: Device, reading: Reading, about: Round) -> bool:
    firmware = about.memory.custody.firmware.get(device.serial)
    if device.updating is True or (firmware is not None and firmware.doubted_at is not None):
        return False
    if want.value is not None and satisfied(want):
        return False  # whoever it was, it is what we want
    if want.rule == BY_HAND and _is_older_than_lease(want, about):
        return False
    if want.setting == "quick_charge":
        return _ended_early(want, was, device, reading, about)
    return not (_is_ours(want, device, about) or _follows(want, device))


def _is_older_than_lease(want: Want, about: Round) -> bool:
    """Whether nobody has looked since a person set it by hand: that counts as the later word."""
    lease, looked = lease_on(about.memory, want.setting, want.serial, about.now), about.memory.ticked_at
    return lease is not None and (looked is None or looked <= lease.since)


def _is_ours(want: Want, device: Device, about: Round) -> bool:
    """Whether a write of ours that was not proven has landed now, or spread through the group."""
    landed_now = landed(about.memory, device.serial, want.setting, want.have, about.now)
    return landed_now is not None or _has_spread(want, device, about)


def _has_spread(want: Want, device: Device, about: Round) -> bool:
    """Whether it is what was sent to another inverter of the group.

    What was proven there spreads at once if at all; later, somebody has set the other inverter alike.
    """
    name, have, memory = want.setting, want.have, about.memory
    seen = read_before(memory, device.serial, name, about.now)
    for member in about.plant.members(device.unit):
        row = memory.custody.sent.get(member.serial, {}).get(name, ())
        if member.serial == device.serial or not row:
            continue
        for sent in row:
            sent_at = row[-1].at if isinstance(have, tuple) else sent.at
            within = CLAMP_WITHIN if sent.outcome == "confirmed" else LATE
            recent = seen - sent_at <= within and about.now - sent_at <= LATE
            if recent and same_value(name, sent.value, have):
                return True
    return False


def _landed_late(want: Want, was: SettingValue | None, about: Round) -> list[Event]:
    """A take of ours that is there now although its setting was given up meanwhile: it is owned again."""
    name, have, memory = want.setting, want.have, about.memory
    if have is None or was is None or name in memory.owned.get(want.serial, {}):
        return []
    sent = landed(memory, want.serial, name, have, about.now)
    if (
        sent is None
        or sent.rule is None
        or (want.rule is None and want.value is not None and satisfied(want))
    ):
        return []
    if not (isinstance(have, tuple) or same_value(name, sent.value, have)):
        return []  # a number on the way there may be somebody's
    return [LandedLate(about.now, want.serial, name, sent.value, was, sent.rule)]


def _undone(want: Want, about: Round) -> list[Event]:
    """A charge or discharge that reads again as our rule had set it, which wants it still: ours again.

    A person undid a change, or two readings in a row were wrong. Were it nobody's, nobody would end it.
    """
    name, memory = want.setting, about.memory
    override = memory.custody.overrides.get(want.serial, {}).get(name)
    if override is None or override.home is None or override.rule is None or name not in MOVES_POWER:
        return []
    if want.value is False:
        return []  # off is where it may stay, whoever has it so
    if want.rule != override.rule or want.value is None or not satisfied(want) or is_task(name):
        return []
    if name in memory.owned.get(want.serial, {}) or not same_value(name, want.value, override.was):
        return []
    now, serial = about.now, want.serial
    return [
        OverrideEnded(now, serial, name),
        LandedLate(now, serial, name, want.value, override.home, override.rule),
    ]


def _follows(want: Want, device: Device) -> bool:
    """Switching peak shaving off sets its power to 0."""
    switch = KEPT_WHILE_ON.get(want.setting)
    return switch is not None and want.have == 0 and device.settings.get(switch) is not True


def _is_over(device: Device, learned: Mapping[str, SettingValue | None], about: Round) -> bool:
    """Whether our quick charge has ended where it does so by itself, or what begins now cannot be ours."""
    name, memory, now = "quick_charge", about.memory, about.now
    owned, have = memory.owned.get(device.serial, {}).get(name), learned.get(name)
    if owned is None or have is None:
        return False
    if have is False:
        return owned.proven and ran_out(owned, now) and about.plant.wire == "live"
    return not owned.proven and landed(memory, device.serial, name, have, now) is None


def _ended_early(want: Want, was: SettingValue, device: Device, reading: Reading, about: Round) -> bool:
    """Whether somebody stopped a quick charge of ours. One that somebody else started is not ours."""
    owned = about.memory.owned.get(device.serial, {}).get(want.setting)
    if owned is None or was is not True or want.have is not False:
        return False
    if length_s(owned.value) is None or ran_out(owned, about.now):
        return False
    soc, limit = reading.number("soc_pct"), device.settings.get("charge_limit")
    stop = min(limit, 100.0) if isinstance(limit, int | float) else 100.0
    full = soc is not None and soc >= stop - 1
    return reading.get("grid") == "up" and not full
