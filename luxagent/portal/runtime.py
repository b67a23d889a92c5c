"""One inverter now: POST /WManage/api/inverter/getInverterRuntime, form serialNum. Alike on both wires.

The document's table divides voltages by 100; its own sample refutes that (530 would be a 48 V battery at
5.3 V, 2411 mains of 24.11 V), so voltages are tenths of a volt here on both wires. Frequencies are true
hundredths. `scaling` in the file overrides any of it.

Left out on purpose: vacs, vact, vepss and vepst hold garbage on split and single phase (live, captured
sample: 256, 64, 20640); maxChgCurr and maxDischgCurr are contested between 60 A and 600 A; seps is VA.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from luxagent.core.facts.reasons import Unknown
from luxagent.portal.fields import Field, Sheet, fingerprint, flag, instant, worst
from luxagent.portal.records import Report
from luxagent.portal.reports import put_link, sound_capacity_ah
from luxagent.portal.states import (
    PROGRAMMING,
    generator_word,
    grid_word,
    online,
    operating_code,
    status_words,
)
from luxagent.portal.text import clean_text

RUNTIME: tuple[Field, ...] = (
    Field("soc", "soc_pct", 1, "0-100; 144 was seen on a misread frame"),
    Field("vBat", "battery_voltage_v", 10, "530 is 53.0 V"),
    Field("tBat", "battery_temperature_c", 1, "127 is no sensor"),
    Field("ppv", "pv_power_w"),
    *(Field(f"ppv{n}", f"pv{n}_power_w") for n in range(1, 7)),
    *(Field(f"vpv{n}", f"pv{n}_voltage_v", 10, "3789 is 378.9 V") for n in range(1, 7)),
    Field("pToUser", "grid_import_power_w", 1, "the document says load; live it is import, never negative"),
    Field("pToGrid", "grid_export_power_w", 1, "never negative"),
    Field("vacr", "grid_voltage_v", 10, "2411 is 241.1 V"),
    Field("fac", "grid_frequency_hz", 100, "5998 is 59.98 Hz"),
    Field("peps", "eps_power_w"),
    Field("vepsr", "eps_voltage_v", 10, "2410 is 241.0 V"),
    Field("genPower", "generator_power_w", 1, "whatever crosses the port, AC-coupled solar too"),
    Field("genVolt", "generator_voltage_v", 10),
    Field("genFreq", "generator_frequency_hz", 100),
    Field("acCouplePower", "ac_couple_power_w"),
    Field("tinner", "inverter_temperature_c"),
    Field("vBus1", "bus_voltage_v", 10, "3703 is 370.3 V; vBus2 is the half bus"),
    Field("pinv", "inverter_power_w", 1, "DC to AC", -2e5, 2e5),
    Field("prec", "rectifier_power_w", 1, "AC to DC: power drawn to charge", -2e5, 2e5),
    Field("seps", "eps_apparent_power_va", 1, "VA, though the document calls it a status", 0, 2e5),
    Field("feps", "eps_frequency_hz", 100, "", 0, 70),
    Field("vBus2", "half_bus_voltage_v", 10, "", 0, 1100),
)
_HOT_C = 40.0
"""A radiator above this belongs to an inverter that is not at 0 degrees inside."""
_RATING = re.compile(r"(\d{1,3}(?:\.\d{1,3})?) ?kW", re.ASCII | re.IGNORECASE)
"""How an inverter's size is told: "12kW"."""
_LARGEST_W = 25_000.0
"""More than any inverter of this make, for one whose size is not told."""
_OPTIONAL_STRINGS = tuple(f"pv{n}_{what}" for n in range(1, 7) for what in ("power_w", "voltage_v"))


def decode_runtime(answer: Mapping[str, object], scaling: Mapping[str, float], offset: timedelta) -> Report:
    """The report of one inverter. Of a lost one only the time of its last upload is believed."""
    sheet = Sheet(answer, scaling)
    sheet.fill(RUNTIME)
    _without_absent_strings(sheet)
    _battery_power(sheet)
    _load_power(sheet)
    sheet.put("radiator_temperature_c", _radiator(sheet))
    _doubt_cold_beside_heat(sheet)
    code = operating_code(sheet)
    hears = online(sheet)
    sheet.word("status", status_words(sheet, code))
    sheet.word("grid", grid_word(code, sheet.known("grid_voltage_v")))
    sheet.word(
        "generator",
        generator_word(sheet.known("generator_voltage_v"), sheet.known("generator_frequency_hz")),
    )
    _doubt_generator_power(sheet)
    task = flag(answer.get("hasUnclosedQuickChargeTask"))
    if task is not None:
        sheet.word("quick_charge", "on" if task else "off")
    if flag(answer.get("hasRuntimeData")) is False:
        sheet.lose(Unknown.MISSING)  # an inverter that has never spoken to this portal
    put_link(sheet, hears)
    return Report(
        values=sheet.values,
        why=sheet.why,
        more=sheet.more,
        uploaded_at=instant(answer.get("serverTime"), offset),
        online=hears,
        updating=True if hears and code == PROGRAMMING else None,
        capacity_ah=sound_capacity_ah(sheet.scaled("batCapacity")),
        firmware=clean_text(answer.get("fwCode"), 40),
        device_clock=instant(answer.get("deviceTime"), timedelta()),
        operating_code=code if hears else None,
        fingerprint=fingerprint(answer),
    )


def _without_absent_strings(sheet: Sheet) -> None:
    """An inverter with three strings has no fourth: what the answer does not name is not even unknown."""
    for row in RUNTIME:
        if row.ours in _OPTIONAL_STRINGS and row.portal not in sheet.answer:
            sheet.values.pop(row.ours, None)
            sheet.why.pop(row.ours, None)


def _battery_power(sheet: Sheet) -> None:
    """`batPower`, plus is charging; older LXP leave it out: then pCharge less pDisCharge."""
    power = sheet.scaled("batPower")
    if "batPower" not in sheet.answer:
        charge, discharge = sheet.scaled("pCharge"), sheet.scaled("pDisCharge")
        power = charge - discharge if charge is not None and discharge is not None else None
    sheet.put("battery_power_w", power)


def _load_power(sheet: Sheet) -> None:
    """pLoad170 where the firmware has it; else what consumption fields say above 0.

    `consumptionPower` is a placeholder 0 on split phase, `consumptionPower114` reads 0 on FlexBOSS21: 0 there
    is not a house without load.
    """
    load = sheet.scaled("pLoad170")
    for portal in ("consumptionPower114", "consumptionPower"):
        if load is None:
            guess = sheet.scaled(portal)
            load = guess if guess is not None and guess > 0 else None
    sheet.put("load_power_w", load)


def _doubt_cold_beside_heat(sheet: Sheet) -> None:
    """A sensor that some models lack reads 0 degrees to the digit, whatever the radiators do.

    A battery may be as cold as that beside them, and a rule that spares it then must not lose sight of it.
    """
    if (sheet.known("radiator_temperature_c") or 0.0) > _HOT_C and sheet.known("inverter_temperature_c") == 0:
        sheet.doubt("inverter_temperature_c")


def _doubt_generator_power(sheet: Sheet) -> None:
    """Off-grid models show a counter there, 28646 W was seen: told by its size, unless a generator runs.

    AC-coupled solar comes through that port without one; beyond the inverter's rating it is believed where
    `acCouplePower` bears it out.
    """
    power, solar = sheet.known("generator_power_w"), sheet.known("ac_couple_power_w")
    if power is None or sheet.values.get("generator") == "running" or (solar or 0.0) >= power / 2:
        return
    rating = _RATING.fullmatch(clean_text(sheet.answer.get("powerRatingText"), 40))
    if power > (float(rating[1]) * 1000 if rating else _LARGEST_W):
        sheet.doubt("generator_power_w")


def _radiator(sheet: Sheet) -> float | None:
    """The hotter of two radiators; a sensor that reads 127 is none."""
    found = [sheet.scaled("tradiator1"), sheet.scaled("tradiator2")]
    believed = worst(t for t in found if t is None or -40 <= t <= 126)
    return believed if believed is not None else worst(found)
