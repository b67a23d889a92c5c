"""Answers of the live wire, turned into records."""

from collections.abc import Mapping
from datetime import timedelta

from luxagent.core.plant.device import Kind
from luxagent.portal.fields import (
    Field,
    Sheet,
    flag,
    mapping,
    number,
    rows,
    total,
    whole,
)
from luxagent.portal.modules import ModuleFields
from luxagent.portal.records import DeviceList, Found, Group, PortalEvent, QuickCharge, Report
from luxagent.portal.reports import bank_report, decode_energy, gridboss_report, put_net
from luxagent.portal.runtime import decode_runtime
from luxagent.portal.states import generator_word
from luxagent.portal.text import clean_text, identifier

GRIDBOSS_TYPE = 9

ENERGY: tuple[Field, ...] = tuple(
    Field(
        f"{span}{portal}",
        f"{ours}_energy_{span}_kwh",
        10,
        "whole tenths of a kWh: 191 is 19.1 kWh",
        0,
        1e9,
    )
    for span in ("today", "total")
    for portal, ours in (
        ("Yielding", "pv"),
        ("Import", "import"),
        ("Export", "export"),
        ("Usage", "load"),
        ("Charging", "charge"),
        ("Discharging", "discharge"),
    )
)

BATTERY: tuple[Field, ...] = (
    Field("soc", "soc_pct"),
    Field("vBat", "battery_voltage_v", 10, "530 is 53.0 V"),
)
MODULE = ModuleFields(
    keys=("batterySn", "batteryKey"),
    voltage=("totalVoltage", 100),  # 5305 is 53.05 V: one of the few true hundredths
    current=("current", 10),  # signed, plus is charging: -47 is -4.7 A
    temperature=("batMaxCellTemp", 10),
    cycles="cycleCnt",
    cell_max="batMaxCellVoltage",
    cell_min="batMinCellVoltage",
    cell_max_number="batMaxCellNumVolt",
    cell_min_number="batMinCellNumVolt",
)

_LEGS = ("L1", "L2")
GRIDBOSS: tuple[Field, ...] = (
    Field("gridL1ActivePower", "grid_power_l1_w", 1, "plus is import; deviceData has the other sign"),
    Field("gridL2ActivePower", "grid_power_l2_w"),
    Field("gridRmsVolt", "grid_voltage_v", 10, "2418 is 241.8 V"),
    Field("gridFreq", "grid_frequency_hz", 100, "5998 is 59.98 Hz"),
    Field("upsRmsVolt", "eps_voltage_v", 10),
    Field("genRmsVolt", "generator_voltage_v", 10, "an empty port reads 0.7 to 1 V"),
    Field("genFreq", "generator_frequency_hz", 100),
    *(
        Field(f"{side}{leg}RmsVolt", f"{side}_voltage_{leg.lower()}_v", 10, "1208 is 120.8 V", 0, 600)
        for side in ("grid", "ups", "gen")
        for leg in _LEGS
    ),
    *(
        Field(f"{side}{leg}RmsCurr", f"{side}_current_{leg.lower()}_a", 10, "85 is 8.5 A", -2000, 2000)
        for side in ("grid", "load", "gen", "ups")
        for leg in _LEGS
    ),
    Field("hybridPower", "hybrid_power_w", 1, "minus flows into the inverters", -2e5, 2e5),
)


def device_rows(answer: Mapping[str, object]) -> DeviceList:
    """POST inverterOverview/list: `rows`, one page of `total`, with group letters. `soc` is text here."""
    found = []
    for row in rows(answer.get("rows")):
        serial = identifier(row.get("serialNum"))
        if serial:
            found.append(_found(row, serial))
    return DeviceList(tuple(found), "live", whole(answer.get("total"), 0, 100_000))


def _found(row: Mapping[str, object], serial: str) -> Found:
    return Found(
        serial=serial,
        kind=Kind.GRIDBOSS if _is_boss(row) else Kind.INVERTER,
        model=clean_text(row.get("deviceTypeText")),
        group=clean_text(row.get("parallelGroup"), 40),
        index=whole(row.get("parallelIndex"), 1, 1000),
        guest=clean_text(row.get("endUser")).lower() == "guest",
        parallel=bool(clean_text(row.get("parallelGroup"))),
    )


def _is_boss(row: Mapping[str, object]) -> bool:
    """By the type's number; where that is missing, by the names of the type and of its role in the group."""
    kind = whole(row.get("deviceType"), 0, 1000)
    if kind is not None:
        return kind == GRIDBOSS_TYPE
    names = f"{clean_text(row.get('deviceTypeText'))} {clean_text(row.get('roleText'))}".lower()
    return any(mark in "".join(names.split()) for mark in ("gridboss", "midbox"))


def groups(answer: Mapping[str, object]) -> tuple[Group, ...]:
    """POST getParallelGroupDetails: the one group of the asked device. `notParallel` is no group."""
    members: list[tuple[int, str]] = []
    primary = None
    boss = identifier(answer.get("parallelMidboxSn")) or None
    for place, row in enumerate(rows(answer.get("devices")), start=1):
        serial = identifier(row.get("serialNum"))
        if not serial:
            continue
        if serial == boss or _is_boss(row):
            boss = boss or serial
            continue
        members.append((whole(row.get("parallelIndex"), 1, 1000) or 100 + place, serial))
        if clean_text(row.get("roleText")).lower() == "primary":
            primary = primary or serial
    serials = tuple(serial for _, serial in sorted(members))
    if not serials and boss is None:
        return ()
    return (Group("", serials, boss, primary or (serials[0] if serials else None)),)


def runtime(answer: Mapping[str, object], scaling: Mapping[str, float], offset: timedelta) -> Report:
    """POST getInverterRuntime."""
    return decode_runtime(answer, scaling, offset)


def energy(answer: Mapping[str, object], scaling: Mapping[str, float]) -> Report:
    """POST getInverterEnergyInfo, and its twin for a group: tenths of a kWh."""
    return decode_energy(answer, scaling, ENERGY)


def battery(answer: Mapping[str, object], scaling: Mapping[str, float], serial: str) -> Report:
    """POST getBatteryInfo: the bank, then each module. The zeros of a lost one are no flat battery."""
    sheet = Sheet(answer, scaling)
    sheet.fill(BATTERY)
    _bank_power(sheet)
    sheet.put("battery_current_a", _bank_current(sheet))
    capacity_ah = sheet.scaled("maxBatteryCharge") or sheet.scaled("fullCapacity")
    return bank_report(sheet, MODULE, serial, capacity_ah)


def _bank_power(sheet: Sheet) -> None:
    power = sheet.scaled("batPower")
    if power is None:
        charge, discharge = sheet.scaled("pCharge"), sheet.scaled("pDisCharge")
        power = charge - discharge if charge is not None and discharge is not None else None
    sheet.put("battery_power_w", power)


def _bank_current(sheet: Sheet) -> float | None:
    """`currentText` is amps without a sign, `currentType` tells the direction: charge is plus."""
    amps = number(sheet.answer.get("currentText"))
    way = sheet.answer.get("currentType")
    if amps is None or amps == 0:
        return amps
    if way == "charge":
        return abs(amps)
    return -abs(amps) if way == "discharge" else None


def gridboss(answer: Mapping[str, object], scaling: Mapping[str, float], offset: timedelta) -> Report:
    """POST getMidboxRuntime: all electrical values under `midboxData`, each leg apart, signed.

    `deviceData` is a summary of the inverters with signs of its own, and `midboxData.smartLoadPower` is
    junk: neither is read. A register that could not be read is null, and so is every sum it belongs to.
    """
    sheet = Sheet(mapping(answer.get("midboxData")), scaling)
    sheet.fill(GRIDBOSS)
    put_net(sheet, _legs(sheet, "grid"))
    sheet.put("eps_power_w", _legs(sheet, "ups"))
    sheet.put("generator_power_w", _legs(sheet, "gen"))
    _ports(sheet)
    sheet.put("load_power_w", _load(sheet))
    for ours, parts in (("import", ("eToUser",)), ("export", ("eToGrid",)), ("load", ("eUps", "eLoad"))):
        sheet.put(f"{ours}_energy_today_kwh", _energy_today(sheet, parts))
    sheet.word(
        "generator",
        generator_word(sheet.known("generator_voltage_v"), sheet.known("generator_frequency_hz")),
    )
    return gridboss_report(answer, sheet, offset)


def _legs(sheet: Sheet, side: str) -> float | None:
    return total([sheet.scaled(f"{side}{leg}ActivePower") for leg in _LEGS])


_PORT_WORDS = {0: "unused", 1: "smart load", 2: "ac couple"}


def _ports(sheet: Sheet) -> None:
    """Four ports, each a smart load or AC-coupled solar; minus means that the port is producing."""
    produced: list[float | None] = []
    for n in range(1, 5):
        status = whole(sheet.answer.get(f"smartPort{n}Status"), 0, 2)
        sheet.word(f"smart_port{n}", _PORT_WORDS.get(status) if status is not None else None)
        power = _legs(sheet, f"smartLoad{n}")
        sheet.put(f"smart_port{n}_power_w", power)
        if status is None or (status == 2 and power is None):
            produced.append(None)
        elif status == 2 and power is not None:
            produced.append(max(-power, 0))
    sheet.put("ac_couple_power_w", total(produced))


def _load(sheet: Sheet) -> float | None:
    """What the house takes: the backup side, the other side, and ports that are smart loads.

    A port of which nobody knows what it is may be a load, unless nothing flows through it, or the answer does
    not name it at all.
    """
    parts = [_legs(sheet, "ups"), _legs(sheet, "load")]
    for n in range(1, 5):
        word, power = sheet.values.get(f"smart_port{n}"), sheet.known(f"smart_port{n}_power_w")
        if word == "smart load":
            parts.append(power)
        elif word is None and power != 0 and _names_port(sheet, n):
            parts.append(None)
    sum_w = total(parts)
    return None if sum_w is None else max(sum_w, 0)


def _names_port(sheet: Sheet, number: int) -> bool:
    keys = (f"smartPort{number}Status", *(f"smartLoad{number}{leg}ActivePower" for leg in _LEGS))
    return any(key in sheet.answer for key in keys)


def _energy_today(sheet: Sheet, names: tuple[str, ...]) -> float | None:
    """Tenths of a kWh; L1 usually carries the sum, and L2 is 0."""
    return total([sheet.scaled(f"{name}Today{leg}", 10) for name in names for leg in _LEGS])


def quick_charge(answer: Mapping[str, object]) -> QuickCharge:
    """POST quickCharge/getStatusInfo: an open task runs, or waits to run and does not count down yet."""
    remaining_s = number(answer.get("remainTimeBeforeQuickChargeStop"))
    return QuickCharge(
        flag(answer.get("hasUnclosedQuickChargeTask")),
        remaining_s if remaining_s is not None and 0 <= remaining_s <= 1e6 else None,
        waits=answer.get("unclosedQuickChargeTaskStatus") == "WAIT_CHARGE",
    )


def events(answer: Mapping[str, object]) -> tuple[PortalEvent, ...]:
    """POST analyze/event/list: codes like E019 and W016, newest first; open while `renormalTime` is null."""
    found = []
    for row in rows(answer.get("rows")):
        code = identifier(row.get("event"))
        if not code:
            continue
        status = clean_text(row.get("status")).upper()
        found.append(
            PortalEvent(
                serial=identifier(row.get("serialNum")),
                code=code,
                kind=clean_text(row.get("eventType"), 40).upper(),
                text=clean_text(row.get("eventText")),
                open=status == "OPEN" if status else row.get("renormalTime") is None,
                started=clean_text(row.get("startTime"), 40),
                record=identifier(row.get("recordId")),
            )
        )
    return tuple(found)
