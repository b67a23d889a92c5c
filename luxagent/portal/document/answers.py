"""Answers of the document's wire, turned into records."""

from collections.abc import Mapping
from datetime import timedelta

from luxagent.core.plant.device import Kind
from luxagent.portal.fields import Field, Sheet, flag, mapping, rows, total
from luxagent.portal.modules import ModuleFields
from luxagent.portal.records import DeviceList, Found, Group, PortalEvent, QuickCharge, Report
from luxagent.portal.reports import bank_report, decode_energy, gridboss_report, put_net
from luxagent.portal.runtime import decode_runtime
from luxagent.portal.text import clean_text, identifier

_PERIODS = ("month", "year", "total")
ENERGY: tuple[Field, ...] = (
    Field("eToday", "pv_energy_today_kwh", 1, "kWh as it stands, on this wire"),
    Field("gridBuyToday", "import_energy_today_kwh"),
    Field("gridSellToday", "export_energy_today_kwh"),
    Field("consumptionToday", "load_energy_today_kwh"),
    Field("chargeToday", "charge_energy_today_kwh"),
    Field("dischargeToday", "discharge_energy_today_kwh"),
    *(
        Field(f"{portal}{period.title()}", f"{ours}_energy_{period}_kwh", 1, "", 0, 1e9)
        for portal, ours in (
            ("e", "pv"),
            ("gridBuy", "import"),
            ("gridSell", "export"),
            ("consumption", "load"),
            ("charge", "charge"),
            ("discharge", "discharge"),
        )
        for period in _PERIODS
        if portal == "e" or period != "total"
    ),
)

BATTERY: tuple[Field, ...] = (
    Field("soc", "soc_pct"),
    Field("vBat", "battery_voltage_v", 10, "530 is 53.0 V; the document's ÷100 is refuted by its own sample"),
    Field("pBat", "battery_power_w", 1, "plus is charging"),
    Field("tBat", "battery_temperature_c"),
)
MODULE = ModuleFields(
    keys=("batteryKey",),
    voltage=("voltage", 100),
    current=("current", 100),
    temperature=("temperature", 1),
    cycles="cycleCount",
    cell_max="cellVoltageMax",
    cell_min="cellVoltageMin",
    cell_max_number="",
    cell_min_number="",
    power="power",
)

GRIDBOSS: tuple[Field, ...] = (
    Field("gridPowerL1", "grid_power_l1_w", 1, "plus is import"),
    Field("gridPowerL2", "grid_power_l2_w"),
    Field("gridFrequency", "grid_frequency_hz", 100, "6000 is 60.00 Hz"),
    Field("loadPower", "load_power_w"),
    *(Field(f"smartPort{n}Power", f"smart_port{n}_power_w") for n in range(1, 5)),
    Field("acCouplePower", "ac_couple_power_w"),
    Field("generatorPower", "generator_power_w"),
    Field("generatorVoltage", "generator_voltage_v", 100),
    Field("generatorFrequency", "generator_frequency_hz", 100),
    *(Field(f"gridVoltageL{n}", f"grid_voltage_l{n}_v", 100, "12050 is 120.5 V", 0, 600) for n in (1, 2, 3)),
    *(Field(f"gridCurrentL{n}", f"grid_current_l{n}_a", 100, "850 is 8.5 A", -2000, 2000) for n in (1, 2, 3)),
    Field("gridPowerL3", "grid_power_l3_w", 1, "", -2e5, 2e5),
    Field("loadVoltage", "load_voltage_v", 100, "", 0, 600),
    Field("loadCurrent", "load_current_a", 100, "", -2000, 2000),
)
_THIRD_LEG_V = 50.0


def device_rows(answer: Mapping[str, object]) -> DeviceList:
    """POST inverterOverview/list: `devices`, with model names as text and no groups."""
    found = []
    for row in rows(answer.get("devices")):
        serial = identifier(row.get("serialNum"))
        if serial:
            found.append(_found(row, serial))
    return DeviceList(tuple(found), "document", None)


def _found(row: Mapping[str, object], serial: str) -> Found:
    model = clean_text(row.get("deviceTypeText4APP")) or clean_text(row.get("modelText"))
    names = "".join(f"{model} {clean_text(row.get('modelText'))}".lower().split())
    return Found(
        serial=serial,
        kind=Kind.GRIDBOSS if "gridboss" in names or names.startswith("mid") else Kind.INVERTER,
        model=model,
        guest=clean_text(row.get("endUser")).lower() == "guest",
        parallel=flag(row.get("isParallelEnabled")) is True,
        firmware=clean_text(row.get("firmwareVersion")),
        lost=flag(row.get("lost")),
    )


def groups(answer: Mapping[str, object]) -> tuple[Group, ...]:
    """POST inverterOverview/getParallelGroupDetails: groups with their inverters and GridBOSS."""
    found = []
    for row in rows(answer.get("parallelGroups")):
        members = tuple(s for s in (identifier(r.get("serialNum")) for r in rows(row.get("inverters"))) if s)
        midbox = mapping(row.get("midDevice"))
        boss = identifier(midbox.get("serialNum")) or None
        model = clean_text(midbox.get("deviceTypeText4APP"))
        name = clean_text(row.get("name")) or clean_text(row.get("groupId"))
        if members or boss:
            found.append(Group(name, members, boss, members[0] if members else None, model))
    return tuple(found)


def runtime(answer: Mapping[str, object], scaling: Mapping[str, float], offset: timedelta) -> Report:
    """POST getInverterRuntime."""
    return decode_runtime(answer, scaling, offset)


def energy(answer: Mapping[str, object], scaling: Mapping[str, float]) -> Report:
    """POST getInverterEnergyInfo, and its twin for a group: kWh."""
    return decode_energy(answer, scaling, ENERGY)


def battery(answer: Mapping[str, object], scaling: Mapping[str, float], serial: str) -> Report:
    """POST getBatteryInfo: the bank, then each module. Currents take the sign of their power."""
    sheet = Sheet(answer, scaling)
    sheet.fill(BATTERY)
    current, power = sheet.scaled("iBat", 100), sheet.scaled("pBat")
    if current is not None and power is not None and power < 0 < current:
        current = -current
    sheet.put("battery_current_a", current)
    return bank_report(sheet, MODULE, serial, sheet.scaled("batCapacity"))


def gridboss(answer: Mapping[str, object], scaling: Mapping[str, float], offset: timedelta) -> Report:
    """POST getMidboxRuntime: flat, voltages and currents in hundredths, ports and generator in words."""
    sheet = Sheet(answer, scaling)
    sheet.fill(GRIDBOSS)
    net = total([sheet.known("grid_power_l1_w"), sheet.known("grid_power_l2_w")])
    third = sheet.known("grid_power_l3_w")
    net = net + third if net is not None and third is not None else net
    put_net(sheet, net)
    sheet.put("grid_voltage_v", _mains_v(sheet))
    for n in range(1, 5):
        word = clean_text(answer.get(f"smartPort{n}Status")).lower()
        sheet.word(f"smart_port{n}", word if word in ("on", "off", "auto") else None)
    generator = clean_text(answer.get("generatorStatus")).upper()
    sheet.word("generator", {"IDLE": "idle", "RUNNING": "running", "EXERCISE": "running"}.get(generator))
    return gridboss_report(answer, sheet, offset)


def _mains_v(sheet: Sheet) -> float | None:
    """The mains as an inverter sees them: between the legs on split phase, one leg on three phases."""
    first, second = sheet.known("grid_voltage_l1_v"), sheet.known("grid_voltage_l2_v")
    third = sheet.known("grid_voltage_l3_v")
    if third is not None and third > _THIRD_LEG_V:
        return first
    return total([first, second])


def quick_charge(answer: Mapping[str, object]) -> QuickCharge:
    """POST quickCharge/getStatusInfo: whether a task is open. Its times are of unknown zone: left out."""
    return QuickCharge(flag(answer.get("hasUnclosedQuickChargeTask")))


def events(_: Mapping[str, object]) -> tuple[PortalEvent, ...]:
    """This wire has no event list."""
    return ()
