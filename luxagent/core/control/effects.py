"""Whether power flows once a charge from the grid is proven to be on.

Said once for each charge, with the reason if it does not: reading a setting back proves that it is stored,
not that the inverter does anything. Called by `decide`.
"""

from datetime import timedelta

from luxagent.core.control.round import Round
from luxagent.core.events import Event
from luxagent.core.facts.clock_windows import in_windows
from luxagent.core.plant.device import Device
from luxagent.core.plant.reading import Reading
from luxagent.core.sightings import EffectSeen
from luxagent.core.values.moment import Moment
from luxagent.core.values.units import Unit, format_quantity

JUDGED_AFTER = timedelta(minutes=15)
"""Of uploads, counted from the proof: inverters ramp up, and uploads come every few minutes."""
CHARGING_W = 50.0
COLD_C, HOT_C = 3.0, 45.0
"""Outside of these a BMS takes no charge."""


def effects_seen(device: Device, reading: Reading, moment: Moment, about: Round) -> list[Event]:
    """The verdict on each charge of this inverter that waits for one."""
    waiting = about.memory.custody.effects.get(device.serial)
    if not waiting:
        return []
    events: list[Event] = []
    uploaded_at, power_w = device.reading.uploaded_at, device.reading.number("battery_power_w")
    for setting, since in waiting.items():
        if device.settings.get(setting) is False:
            words = "it was off again before power could be seen"
            events.append(EffectSeen(about.now, device.serial, setting, "excused", words))
        elif uploaded_at is None or uploaded_at <= since or power_w is None:
            continue
        elif power_w > CHARGING_W:
            shown = format_quantity(round(power_w), Unit.W)
            words = f"the battery takes {shown}"
            events.append(EffectSeen(about.now, device.serial, setting, "effective", words))
        elif uploaded_at - since >= JUDGED_AFTER:
            excuse = _excuse(setting, device, reading, moment)
            words = excuse or f"battery power is {format_quantity(round(power_w), Unit.W)}"
            effect = EffectSeen(
                about.now, device.serial, setting, "excused" if excuse else "no effect", words
            )
            events.append(effect)
    return events


def _excuse(setting: str, device: Device, reading: Reading, moment: Moment) -> str:
    """Why no power may flow; empty if nothing allows for it."""
    settings = device.settings
    if reading.get("grid") != "up":
        return "the grid is down" if reading.get("grid") == "down" else "whether the grid is up is not known"
    status = reading.get("status")
    if isinstance(status, frozenset) and "fault" in status:
        return "the inverter reports a fault"
    soc = reading.number("soc_pct")
    names = ("charge_limit", "ac_charge_limit") if setting == "ac_charge" else ("charge_limit",)
    stops = [value for name in names if isinstance(value := settings.get(name), int | float)]
    stop = min([100.0, *stops])
    if soc is not None and soc >= stop - 1:
        return f"the battery is full: {soc:.0f} % of {stop:.0f} %"
    cold = reading.number("battery_temperature_c")
    if cold is not None and not COLD_C < cold < HOT_C:
        return f"the battery is at {cold:.0f} °C"
    if setting != "ac_charge":
        return ""
    kind, windows = settings.get("ac_charge_type"), settings.get("ac_charge_windows")
    if kind == "time" and isinstance(windows, tuple) and not in_windows(windows, moment.minute):
        shown = ", ".join(windows)
        return (
            f"it is outside the inverter's own windows ({shown})" if shown else "the inverter has no window"
        )
    start = settings.get("ac_charge_start")
    if kind == "soc" and isinstance(start, int | float) and soc is not None and soc >= start:
        return f"the inverter starts below {start:.0f} %, and the battery is at {soc:.0f} %"
    return ""
