"""What each built-in alert about portal, devices, battery and firmware sees. Pure; called by `builtin`.

Each yields what is true or unknown just now; what it does not yield is false.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from luxagent.core.alerts.life import Peak
from luxagent.core.alerts.situation import Said, Situation, doubt, news_of, shows
from luxagent.core.facts.codes import GRID_CODES, is_fault, spoken
from luxagent.core.facts.metrics import FAULTS_KEY
from luxagent.core.facts.reasons import Unknown
from luxagent.core.facts.settings import MOVES_POWER
from luxagent.core.memory import Owned
from luxagent.core.plant.device import Device
from luxagent.core.plant.freshness import FROZEN_AFTER
from luxagent.core.plant.reading import Reading, Value
from luxagent.core.plant.units import inverter_reading, unit_reading
from luxagent.core.rights import rest
from luxagent.core.values.units import format_duration

Looks = Callable[[Situation], Iterator[Said]]

LOW_PCT, LOW_UNTIL_PCT = 20.0, 25.0
"""A battery that is low in an outage, and from where on it is not."""
HEALTH_STEP_PCT = 3.0

_TROUBLES = {
    "unreachable": "portal unreachable",
    "credentials": "credentials refused",
    "blocked": "account blocked",
    "stuck": "plant not readable",
}


def _lost(kind: str) -> Looks:
    """The plant cannot be read, for this reason. For another reason, nothing is known of this one."""

    def look(about: Situation) -> Iterator[Said]:
        trouble = about.watch.trouble
        if trouble is not None:
            yield shows(trouble.detail, since=trouble.since) if trouble.kind == kind else doubt()

    return look


def _read_only(about: Situation) -> Iterator[Said]:
    plant = about.plant
    if plant is None or not about.policy.managed:
        return
    if not plant.may_write:
        left = [f"{device.name}: {words}" for device in plant.inverters if (words := _left_on(about, device))]
        more = f"; {'; '.join(left)}" if left else ""
        yield shows(f"the account may look but not change settings{more}")
        return
    for device in plant.inverters:
        refused = about.memory.custody.no_rights.get(device.serial)
        if refused is not None:
            words = f" ({refused.detail})" if refused.detail else ""
            left_s = rest(about.memory, device.serial, about.now).total_seconds()
            again = f"in {format_duration(left_s)}" if left_s > 0 else "with the next write"
            text = f"the portal did not let its settings be changed{words}; it is tried again {again}"
            yield shows(text, device.serial, since=refused.at)
        elif not device.may_write:
            yield shows("the account may look at it but not change its settings", device.serial)


def _wire(about: Situation) -> Iterator[Said]:
    plant = about.plant
    if plant is not None and not plant.wire_sure:
        yield shows(plant.wire_trouble or "the portal's dialect is not certain")


def _stale(about: Situation) -> Iterator[Said]:
    after_s = about.policy.guards.stale_after_s
    for device in about.inverters:
        age_s = device.reading.number("data_age_s")
        frozen = Unknown.FROZEN in device.reading.why.values()
        if device.online is False or frozen:
            yield doubt(device.serial)  # its silence has a name of its own
        elif age_s is None or age_s > after_s:
            age = "of unknown age" if age_s is None else f"{format_duration(age_s)} old"
            text = f"the newest reading is {age}; after {format_duration(after_s)} it counts as unknown"
            yield shows(text, device.serial, peak=None if age_s is None else Peak(age_s / 60),
                       worst="{} min old")  # fmt: skip


def _frozen(about: Situation) -> Iterator[Said]:
    for device in about.inverters:
        seen = about.memory.seen.get(device.serial)
        if seen is None or seen.same_since is None or seen.uploaded_at is None:
            yield doubt(device.serial)
        elif seen.uploaded_at - seen.same_since >= FROZEN_AFTER:
            lasted = format_duration((seen.uploaded_at - seen.same_since).total_seconds())
            text = f"it goes on sending, but every reading has been the same for {lasted}"
            yield shows(text, device.serial, since=seen.same_since)


def _offline(about: Situation) -> Iterator[Said]:
    for device in about.devices:
        if device.online is False:
            left = _left_on(about, device)
            yield shows(f"the portal does not hear it{f'; {left}' if left else ''}", device.serial)
        elif device.online is None:
            yield doubt(device.serial)


def _left_on(about: Situation, device: Device) -> str:
    """What luxagent has switched on there that moves power, and cannot switch off meanwhile."""
    owned = about.memory.owned.get(device.serial, {})
    on = sorted(name for name in MOVES_POWER if name in owned and _is_on(owned[name], name, about))
    are = "is" if len(on) == 1 else "are"
    return f"{' and '.join(on)} {are} on there, and luxagent cannot end it meanwhile" if on else ""


def _is_on(mine: Owned, name: str, about: Situation) -> bool:
    """Whether it was proven to be on, and nothing but luxagent would have ended it since."""
    if not mine.proven or mine.value is False or mine.ended:
        return False
    length_s = mine.value if name == "quick_charge" and isinstance(mine.value, int | float) else None
    ends_itself = about.plant is not None and about.plant.wire == "live"
    return length_s is None or not ends_itself or about.now - mine.taken_at < timedelta(seconds=length_s)


def _new(about: Situation) -> Iterator[Said]:
    seen, forgotten = about.memory.seen, about.watch.forgotten
    for device in about.devices if seen else ():
        if device.serial not in seen or device.serial in forgotten:
            model = f" ({device.model})" if device.model else ""
            yield shows(f"the account has a new device, {device.serial}{model}", device.serial)


def _vanished(about: Situation) -> Iterator[Said]:
    listed = {device.serial for device in about.devices}
    for serial in about.memory.seen:
        if serial not in listed and serial not in about.watch.forgotten:
            mine = ", ".join(sorted(about.memory.owned.get(serial, ())))
            left = f"; what luxagent has moved there stays so until it is back: {mine}" if mine else ""
            yield shows(f"{serial} is no longer in the account's list of devices{left}", serial)


def _codes(*, faults: bool) -> Looks:
    def look(about: Situation) -> Iterator[Said]:
        for device in about.devices:
            known = device.reading.get(FAULTS_KEY)
            if not isinstance(known, frozenset):
                yield from _as_before("fault code" if faults else "warning code", device, about)
                continue
            away = inverter_reading(about.plant, device).get("grid") == "down" if about.plant else False
            for code in sorted(known):
                if is_fault(code) is faults and not (away and code in GRID_CODES):
                    word = "fault" if faults else "warning"
                    yield shows(f"{word} {spoken(code)}", device.serial, code)

    return look


def _as_before(name: str, device: Device, about: Situation) -> Iterator[Said]:
    """The event list was not asked this time: every code of this device is as it was."""
    for key in about.watch.alerts.get(name, {}):
        serial, _, part = key.partition("/")
        if serial == device.serial:
            yield doubt(serial, part)


def _grid_lost(about: Situation) -> Iterator[Said]:
    for device in _speaking_for_units(about):
        grid, reading = _outage_of(about, device)
        if grid == "down":
            soc, load = reading.number("soc_pct"), reading.number("load_power_w")
            charge = "" if soc is None else f" The battery is at {soc:g} %."
            load_text = "" if load is None else f" The house takes {load / 1000:.2g} kW."
            yield shows(f"the grid is down.{charge}{load_text}", device.serial)
        elif grid != "up":
            yield doubt(device.serial)


def _low_reserve(about: Situation) -> Iterator[Said]:
    for device in _speaking_for_units(about):
        grid, reading = _outage_of(about, device)
        soc = reading.number("soc_pct")
        if grid == "up":
            continue
        if grid != "down" or soc is None:
            yield doubt(device.serial)
            continue
        below = LOW_UNTIL_PCT if about.firing("low reserve in outage", device.serial) else LOW_PCT
        if soc < below:
            text = f"the grid is down and the battery is at {soc:g} %, below {LOW_PCT:g} %"
            yield shows(text, device.serial, peak=Peak(soc, high=False), worst="{} %")


def _outage_of(about: Situation, device: Device) -> tuple[Value, Reading]:
    """The grid as the inverter that speaks for its unit sees it, and what the whole unit reports."""
    if about.plant is None:
        return device.reading.get("grid"), device.reading
    return inverter_reading(about.plant, device).get("grid"), unit_reading(about.plant, device.unit)


def _speaking_for_units(about: Situation) -> Iterator[Device]:
    """One inverter of each unit: the mains are lost once, however many inverters see it."""
    for unit in dict.fromkeys(device.unit for device in about.inverters):
        members = [device for device in about.inverters if device.unit == unit]
        yield next((device for device in members if device.primary), members[0])


def _module_missing(about: Situation) -> Iterator[Said]:
    for device in about.inverters:
        known = about.watch.modules.get(device.serial, {})
        listed = {module.key for module in about.modules.get(device.serial, ())}
        for key in known:
            if not listed:
                yield doubt(device.serial, key)
            elif key not in listed:
                text = f"battery module {key} is no longer listed; {len(listed)} of {len(known)} are"
                yield shows(text, device.serial, key)


def _health(about: Situation) -> Iterator[Said]:
    for device in about.inverters:
        known = about.watch.modules.get(device.serial, {})
        for module in about.modules.get(device.serial, ()):
            before = known[module.key].soh_pct if module.key in known else None
            if health_dropped(before, module.soh_pct):
                text = f"battery module {module.key}: health fell from {before:g} % to {module.soh_pct:g} %"
                yield shows(text, device.serial, module.key)


def health_dropped(before: float | None, now: float | None) -> bool:
    """Whether people should hear of a module's health."""
    return before is not None and now is not None and before - now >= HEALTH_STEP_PCT


def _clock(about: Situation) -> Iterator[Said]:
    plant = about.plant
    if plant is not None and not plant.clock_ok:
        ahead_s = plant.clock_ahead_s or 0.0
        way = f"{format_duration(round(abs(ahead_s)))} {'ahead of' if ahead_s > 0 else 'behind'} the portal's"
        text = "the clock of this computer and the portal's disagree, or it was set just now"
        yield shows(f"the clock of this computer is {way}" if abs(ahead_s) > CLOCK_APART_S else text)
    for device in about.inverters:
        error_s = device.clock_error_s
        if error_s is None or device.online is not True:
            yield doubt(device.serial)
        elif abs(error_s) > CLOCK_ERROR_S:
            way = "ahead" if error_s > 0 else "behind"
            text = f"the inverter's own clock is {format_duration(abs(error_s))} {way}"
            yield shows(text, device.serial, peak=Peak(abs(error_s) / 60), worst="{} min off")


CLOCK_APART_S = 60.0
"""Less than that is not worth telling the amount of."""
CLOCK_ERROR_S = 10 * 60.0
"""An inverter's own clock that is so far off begins and ends its charge windows wrongly."""


def _firmware_available(about: Situation) -> Iterator[Said]:
    for device in about.devices:
        word = device.reading.get("firmware")
        if word == "update available":
            yield shows("newer firmware is available", device.serial)
        elif word != "current":
            yield doubt(device.serial)


def _firmware_updating(about: Situation) -> Iterator[Said]:
    for device in about.devices:
        control = about.memory.custody.firmware.get(device.serial)
        if device.updating is True or (control is not None and control.updating):
            yield shows("its firmware is being updated", device.serial)
        elif device.updating is None and device.online is not True:
            yield doubt(device.serial)


def _firmware_done(about: Situation) -> Iterator[Said]:
    for device, part, _ in news_of("firmware done", about):
        yield shows("its firmware update is over", device, part)


SIGHTS: dict[str, Looks] = {
    **{name: _lost(kind) for kind, name in _TROUBLES.items()},
    "account read-only": _read_only,
    "wire unsure": _wire,
    "data stale": _stale,
    "data frozen": _frozen,
    "device offline": _offline,
    "new device": _new,
    "vanished device": _vanished,
    "fault code": _codes(faults=True),
    "warning code": _codes(faults=False),
    "grid lost": _grid_lost,
    "low reserve in outage": _low_reserve,
    "module missing": _module_missing,
    "health dropped": _health,
    "clock off": _clock,
    "firmware available": _firmware_available,
    "firmware updating": _firmware_updating,
    "firmware done": _firmware_done,
}
