"""If it dies now: what an inverter goes on doing with a setting that is owned, and until when.

Pure. Used by `status`, `plan`, the message when the agent turns dry, and `pause`. The inverter ends by itself
what has a window or, on the live portal, a quick charge; everything else stays until someone changes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from luxagent.core.events import Event
from luxagent.core.facts.clock_windows import in_span, spans, window_of
from luxagent.core.facts.settings import SettingValue
from luxagent.core.facts.words import value_text
from luxagent.core.memory import Memory, Owned
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.policy.policy import Policy
from luxagent.core.sightings import WentDry, WentLive
from luxagent.core.values.moment import Moment
from luxagent.core.values.units import format_duration

Settings = Mapping[str, SettingValue | None]

WINDOWS = {
    "ac_charge": "ac_charge_windows",
    "forced_charge": "forced_charge_windows",
    "forced_discharge": "forced_discharge_windows",
}
"""Switches that act within the inverter's own windows."""
_DOES = {
    "ac_charge": "charges from the grid",
    "forced_charge": "charges from solar power first",
    "forced_discharge": "discharges by force",
}
_STOPS = {
    "ac_charge": ("ac_charge_limit", "up to"),
    "forced_charge": ("forced_charge_limit", "up to"),
    "forced_discharge": ("forced_discharge_floor", "down to"),
}


@dataclass(frozen=True, slots=True)
class Residual:
    """What one setting does without the agent. `until` is None where nothing but a person ends it."""

    setting: str
    words: str
    """After the inverter's name: "charges from the grid until 05:30 …"."""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remainder:
    """What remains of one owned setting of one inverter, as a sentence for people."""

    serial: str
    setting: str
    sentence: str
    until: datetime | None = None
    """None where nothing but a person ends it."""


def residual(
    setting: str,
    value: SettingValue | None,
    settings: Settings,
    *,
    wire: str,
    owned: Owned,
    minute: int,
    now: datetime,
) -> Residual:
    """What an owned setting goes on doing. `minute` is the site's minute of the day."""
    if setting == "quick_charge":
        return _quick_charge(value, wire, owned, now)
    if value is True and setting in WINDOWS:
        return _switch(setting, settings, minute, now)
    return Residual(setting, f"{setting} stays {value_text(setting, value)} until someone changes it")


def remains(device: Device, plant: Plant, memory: Memory, moment: Moment) -> list[Residual]:
    """One for each owned setting of an inverter."""
    found = []
    for name, owned in sorted(memory.owned.get(device.serial, {}).items()):
        have = device.settings.get(name)
        value = have if have is not None or name == "quick_charge" else owned.value
        found.append(
            residual(
                name, value, device.settings, wire=plant.wire, owned=owned, minute=moment.minute,
                now=moment.at,
            )
        )  # fmt: skip
    return found


def remainders(plant: Plant, memory: Memory, moment: Moment) -> tuple[Remainder, ...]:
    """Everything that is owned and what remains of it."""
    devices = {device.serial: device for device in plant.devices}
    found = []
    for serial in sorted(memory.owned):
        device = devices.get(serial) or _unseen(serial, memory)
        for rest in remains(device, plant, memory, moment):
            tail = was(rest.setting, memory.owned[serial][rest.setting])
            sentence = f"{device.name or serial}: {rest.words}{tail}."
            found.append(Remainder(serial, rest.setting, sentence, rest.until))
    return tuple(found)


def left_behind(memory: Memory, names: Mapping[str, str], moment: Moment) -> tuple[Remainder, ...]:
    """The same where nobody can be asked: as it is remembered. `names` are the owner's, by serial."""
    return remainders(as_remembered(memory, names), memory, moment)


def sentences(plant: Plant, memory: Memory, moment: Moment) -> tuple[str, ...]:
    """The same in sentences alone."""
    return tuple(rest.sentence for rest in remainders(plant, memory, moment))


def as_remembered(memory: Memory, names: Mapping[str, str]) -> Plant:
    """As much of the plant as memory keeps, for those who cannot ask. `names` are people's, by serial."""
    return Plant(
        tuple(replace(_unseen(serial, memory), name=names.get(serial, "")) for serial in memory.custody.known)
    )


def was(setting: str, owned: Owned) -> str:
    """The tail that says what it was before."""
    if setting == "quick_charge" or owned.before is None:
        return ""
    return f" (it was {value_text(setting, owned.before)} before {owned.holder!r} took it)"


def asked_for(memory: Memory) -> frozenset[str]:
    """Settings to be read as well: they say how far an owned switch goes, and why it may have no effect."""
    switches = {name for row in memory.owned.values() for name in row if name in WINDOWS}
    switches |= {name for row in memory.custody.effects.values() for name in row if name in WINDOWS}
    names = {WINDOWS[name] for name in switches} | {_STOPS[name][0] for name in switches}
    return frozenset(names | ({"ac_charge_type"} if "ac_charge" in switches else set()))


def dryness(plant: Plant, memory: Memory, moment: Moment, policy: Policy) -> list[Event]:
    """Said once when nothing is written any more while settings are owned, and when writing goes on.

    The first tick of a ledger that was damaged is dry too; that is said elsewhere, and lasts one tick.
    """
    since = memory.custody.dry_since
    if policy.dry_run and memory.owned and since is None and memory.ticked_at is not None:
        return [WentDry(moment.at, sentences(plant, memory, moment))]
    return [WentLive(moment.at)] if since is not None and not policy.dry_run else []


def _quick_charge(value: SettingValue | None, wire: str, owned: Owned, now: datetime) -> Residual:
    name = "quick_charge"
    if value is False or owned.value is False:
        return Residual(name, "no quick charge is running")
    if owned.ended:
        return Residual(name, "the quick charge is over; the one that runs is somebody else's")
    if wire == "document":
        return Residual(name, "the quick charge goes on until someone stops it: this portal does not end it")
    if not wire:
        return Residual(name, "the quick charge goes on until its time is over or someone stops it")
    seconds = owned.value if isinstance(owned.value, int | float) and owned.value is not True else None
    if seconds is None:
        return Residual(name, "the quick charge goes on until someone stops it")
    until = owned.taken_at + timedelta(seconds=seconds)
    if until <= now:
        return Residual(name, "the quick charge is over", until)
    left = format_duration((until - now).total_seconds())
    return Residual(name, f"the quick charge ends by itself in {left}", until)


def _switch(setting: str, settings: Settings, minute: int, now: datetime) -> Residual:
    does, (stop, direction) = _DOES[setting], _STOPS[setting]
    limit, windows = settings.get(stop), settings.get(WINDOWS[setting])
    far = f" {direction} {value_text(stop, limit)}" if limit is not None else ""
    for_ever = "every day until someone changes it"
    kind = settings.get("ac_charge_type") if setting == "ac_charge" else "time"
    if kind != "time":
        why = " at any hour" if kind in ("soc", "both") else ""
        return Residual(setting, f"it {does}{far}{why} {for_ever}")
    if not isinstance(windows, tuple):
        return Residual(setting, f"it {does}{far} in the inverter's own windows, {for_ever}")
    used = sorted(spans(windows))
    if not used:
        return Residual(setting, f"{setting} stays on, but the inverter has no window and does nothing")
    shown = ", ".join(window_of(span) for span in used)
    inside = next((span for span in used if in_span(span, minute)), None)
    if inside is None:
        return Residual(setting, f"it {does}{far} from {shown}, {for_ever}")
    left_min = (inside[1] - minute) % 1440
    until = now + timedelta(minutes=left_min)
    end = window_of(inside).split("-")[1]
    return Residual(setting, f"it {does}{far} until {end}, and again from {shown}, {for_ever}", until)


def _unseen(serial: str, memory: Memory) -> Device:
    """An inverter as it was known last."""
    return Device(serial, Kind.INVERTER, serial, settings=memory.custody.known.get(serial, {}))
