"""Every endpoint of the API document on both wires: path and form, and what the answer becomes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from luxagent.core.plant.device import Kind
from luxagent.portal.client import PortalClient
from luxagent.portal.records import (
    Eligibility,
    FirmwareRun,
    Found,
    Group,
    LoginInfo,
    PlantInfo,
    QuickCharge,
)
from tests.portal.bench import (
    BOSS,
    PASSWORD,
    SECOND,
    SERIAL,
    Enter,
    client_of,
    live_battery,
    live_midbox,
    sure,
)
from tests.portal.bench import live_runtime as runtime


@dataclass(frozen=True)
class Case:
    """One endpoint on one wire."""

    wire: str
    call: Callable[[PortalClient], Any]
    path: str
    form: dict[str, str]
    answer: object
    becomes: Callable[[Any], object]
    expect: object


def _values(*keys: str) -> Callable[[Any], object]:
    return lambda report: {key: report.values.get(key, report.more.get(key)) for key in keys}


def _itself(found: object) -> object:
    return found


DOC_BATTERY = {
    "success": True,
    "serialNum": SERIAL,
    "batCapacity": 560,
    "soc": 64,
    "vBat": 531,
    "iBat": 1210,
    "pBat": 640,
    "tBat": 22,
    "batteryArray": [
        {
            "batteryKey": "01",
            "soc": 63,
            "voltage": 5311,
            "current": 470,
            "power": -250,
            "temperature": 24,
            "soh": 98,
            "cycleCount": 210,
            "cellVoltageMax": 3325,
            "cellVoltageMin": 3309,
            "cellVoltageDelta": 16,
            "cellVoltages": [3310, 3325, 3309, 3312],
        }
    ],
}
DOC_BOSS = {
    "success": True,
    "serialNum": BOSS,
    "gridVoltageL1": 12160,
    "gridVoltageL2": 12150,
    "gridVoltageL3": 0,
    "gridCurrentL1": 570,
    "gridPowerL1": 700,
    "gridPowerL2": -1900,
    "gridPowerL3": 0,
    "gridFrequency": 6001,
    "loadPower": 1950,
    "loadVoltage": 12025,
    "loadCurrent": 2080,
    "smartPort1Status": "ON",
    "smartPort1Power": 500,
    "smartPort2Status": "OFF",
    "smartPort2Power": 0,
    "smartPort3Status": "AUTO",
    "smartPort3Power": 300,
    "smartPort4Status": "OFF",
    "smartPort4Power": 0,
    "acCouplePower": 1200,
    "generatorStatus": "EXERCISE",
    "generatorVoltage": 24010,
    "generatorFrequency": 5990,
    "generatorPower": 2200,
}
FIRMWARE = {
    "success": True,
    "details": {
        "serialNum": SERIAL,
        "fwCodeBeforeUpload": "fAAB-2122",
        "v1": 33,
        "v2": 34,
        "lastV1": 37,
        "lastV2": 34,
        "pcs1UpdateMatch": True,
        "pcs2UpdateMatch": True,
        "needRunStep2": True,
    },
}
PROGRESS = {
    "progressing": True,
    "deviceInfos": [
        {
            "inverterSn": SERIAL,
            "stopTime": "",
            "updateStatus": "UPLOADING",
            "isSendStartUpdate": True,
            "isSendEndUpdate": False,
            "updateRate": "41% - 230 / 561",
        },
        {
            "inverterSn": SECOND,
            "stopTime": "2026-03-09 10:00:00",
            "updateStatus": "SUCCESS",
            "isSendStartUpdate": True,
            "isSendEndUpdate": True,
            "updateRate": "",
        },
    ],
}
RUNS = (
    FirmwareRun(SERIAL, "UPLOADING", running=True, finished=False, percent=41, package=230, packages=561),
    FirmwareRun(SECOND, "SUCCESS", running=False, finished=True, ended=True),
)
RUNTIME = {
    "soc_pct": 64,
    "battery_voltage_v": 53.3,
    "battery_power_w": 1800,
    "pv_power_w": 4200,
    "pv1_voltage_v": 361.2,
    "grid_export_power_w": 900,
    "grid_voltage_v": 240.5,
    "grid_frequency_hz": 60.02,
    "eps_voltage_v": 239.9,
    "bus_voltage_v": 381.1,
    "load_power_w": 1450,
    "radiator_temperature_c": 47,
    "status": frozenset({"normal", "charging"}),
    "grid": "up",
    "generator": "idle",
    "quick_charge": "off",
    "online": "yes",
}
OK = {"success": True}
SN = {"serialNum": SERIAL}
W = "/WManage/web/maintain/"

CASES: dict[str, Case] = {
    "login": Case(
        "live",
        lambda c: c.login(),
        "/WManage/api/login",
        {"account": "owner@example.org", "password": PASSWORD},
        {
            "success": True,
            "userId": 15001,
            "readonly": False,
            "role": "VIEWER",
            "plants": [
                {
                    "plantId": 19001,
                    "name": "Home",
                    "parallelGroups": [{"parallelGroup": "A", "parallelFirstDeviceSn": SERIAL}],
                }
            ],
        },
        _itself,
        LoginInfo("15001", plants=(PlantInfo("19001", "Home"),), firsts=frozenset({SERIAL})),
    ),
    "login, document": Case(
        "document",
        lambda c: c.login(),
        "/WManage/api/login",
        {"account": "owner@example.org", "password": PASSWORD},
        {"success": True, "plants": [], "user": {"userId": 77, "readonly": True}},
        _itself,
        LoginInfo("77", readonly=True),
    ),
    "plants": Case(
        "live",
        lambda c: c.plants(),
        "/WManage/web/config/plant/list/viewer",
        {"sort": "createDate", "order": "desc", "searchText": "", "page": "1", "rows": "30"},
        {"rows": [{"plantId": 9, "name": "Home", "currentTimezoneWithMinute": -330}], "total": 1},
        _itself,
        (PlantInfo("9", "Home", -210),),
    ),
    "plants, document": Case(
        "document",
        lambda c: c.plants(),
        "/WManage/web/config/plant/list/viewer",
        {"sort": "createDate", "order": "desc", "searchText": ""},
        {"rows": [{"id": 9, "name": "Home", "currentTimezoneWithMinute": -700}], "total": 1},
        _itself,
        (PlantInfo("9", "Home", -420),),
    ),
    "devices": Case(
        "live",
        lambda c: c.devices("9"),
        "/WManage/api/inverterOverview/list",
        {"page": "1", "rows": "30", "plantId": "9", "searchText": "", "statusText": "all"},
        {
            "success": True,
            "total": 2,
            "rows": [
                {
                    "serialNum": SERIAL,
                    "deviceType": 6,
                    "deviceTypeText": "18KPV",
                    "soc": "82 %",
                    "parallelGroup": "A",
                    "parallelIndex": "1",
                    "endUser": "guest",
                },
                {"serialNum": BOSS, "deviceType": 9, "deviceTypeText": "Grid Boss", "soc": ""},
            ],
        },
        _itself,
        (
            Found(SERIAL, Kind.INVERTER, "18KPV", "A", 1, guest=True, parallel=True),
            Found(BOSS, Kind.GRIDBOSS, "Grid Boss"),
        ),
    ),
    "devices, document": Case(
        "document",
        lambda c: c.devices("9"),
        "/WManage/api/inverterOverview/list",
        {"plantId": "9"},
        {
            "success": True,
            "devices": [
                {
                    "serialNum": SERIAL,
                    "model": 624320,
                    "deviceTypeText4APP": "18KPV",
                    "firmwareVersion": "fAAB-2122",
                    "isParallelEnabled": True,
                },
                {"serialNum": BOSS, "modelText": "GridBOSS", "deviceTypeText4APP": "GridBOSS MID"},
            ],
        },
        _itself,
        (
            Found(SERIAL, Kind.INVERTER, "18KPV", parallel=True, firmware="fAAB-2122"),
            Found(BOSS, Kind.GRIDBOSS, "GridBOSS MID"),
        ),
    ),
    "groups": Case(
        "live",
        lambda c: c.groups("9", SECOND),
        "/WManage/api/inverterOverview/getParallelGroupDetails",
        {"serialNum": SECOND},
        {
            "success": True,
            "parallelMidboxSn": BOSS,
            "devices": [
                {"serialNum": SECOND, "deviceType": 6, "parallelIndex": 2, "roleText": "Subordinates"},
                {"serialNum": SERIAL, "deviceType": 6, "parallelIndex": 1, "roleText": "Primary"},
                {"serialNum": BOSS, "deviceType": 9, "roleText": "Midbox Slave"},
            ],
        },
        _itself,
        (Group("", (SERIAL, SECOND), BOSS, SERIAL),),
    ),
    "groups, document": Case(
        "document",
        lambda c: c.groups("9", ""),
        "/WManage/api/inverterOverview/getParallelGroupDetails",
        {"plantId": "9"},
        {
            "success": True,
            "parallelGroups": [
                {
                    "groupId": "group_1",
                    "name": "Garage",
                    "inverters": [{"serialNum": SERIAL}, {"serialNum": SECOND}],
                    "midDevice": {"serialNum": BOSS},
                }
            ],
        },
        _itself,
        (Group("Garage", (SERIAL, SECOND), BOSS, SERIAL),),
    ),
    **{
        f"runtime, {wire}": Case(
            wire,
            lambda c: c.runtime(SERIAL),
            "/WManage/api/inverter/getInverterRuntime",
            SN,
            runtime(),
            _values(*RUNTIME),
            RUNTIME,
        )
        for wire in ("live", "document")
    },
    **{
        f"{name}, live": Case(
            "live",
            call,
            f"/WManage/api/inverter/{path}",
            SN,
            {
                "success": True,
                "todayYielding": 125,
                "todayCharging": 9,
                "todayDischarging": 0,
                "todayImport": 191,
                "todayExport": 34,
                "todayUsage": 196,
                "totalImport": 48475,
                "todayIncomeText": "--",
            },
            _values(
                "pv_energy_today_kwh",
                "charge_energy_today_kwh",
                "discharge_energy_today_kwh",
                "import_energy_today_kwh",
                "export_energy_today_kwh",
                "load_energy_today_kwh",
                "import_energy_total_kwh",
                "export_energy_total_kwh",
            ),
            {
                "pv_energy_today_kwh": 12.5,
                "charge_energy_today_kwh": 0.9,
                "discharge_energy_today_kwh": 0,
                "import_energy_today_kwh": 19.1,
                "export_energy_today_kwh": 3.4,
                "load_energy_today_kwh": 19.6,
                "import_energy_total_kwh": 4847.5,
                "export_energy_total_kwh": None,
            },
        )
        for name, call, path in (
            ("energy", lambda c: c.energy(SERIAL), "getInverterEnergyInfo"),
            ("group energy", lambda c: c.group_energy(SERIAL), "getInverterEnergyInfoParallel"),
        )
    },
    **{
        f"{name}, document": Case(
            "document",
            call,
            f"/WManage/api/inverter/{path}",
            SN,
            {
                "success": True,
                "eToday": 12.5,
                "eMonth": 350.2,
                "eYear": 4200.8,
                "eTotal": 42000.0,
                "gridSellToday": 5.2,
                "gridBuyToday": 2.1,
                "gridBuyYear": 520.7,
                "consumptionToday": 15.3,
                "chargeToday": 8.5,
                "dischargeToday": 6.2,
                "dischargeMonth": 180.4,
            },
            _values(
                "pv_energy_today_kwh",
                "pv_energy_total_kwh",
                "export_energy_today_kwh",
                "import_energy_today_kwh",
                "import_energy_year_kwh",
                "load_energy_today_kwh",
                "charge_energy_today_kwh",
                "discharge_energy_today_kwh",
                "discharge_energy_month_kwh",
            ),
            {
                "pv_energy_today_kwh": 12.5,
                "pv_energy_total_kwh": 42000,
                "export_energy_today_kwh": 5.2,
                "import_energy_today_kwh": 2.1,
                "import_energy_year_kwh": 520.7,
                "load_energy_today_kwh": 15.3,
                "charge_energy_today_kwh": 8.5,
                "discharge_energy_today_kwh": 6.2,
                "discharge_energy_month_kwh": 180.4,
            },
        )
        for name, call, path in (
            ("energy", lambda c: c.energy(SERIAL), "getInverterEnergyInfo"),
            ("group energy", lambda c: c.group_energy(SERIAL), "getInverterEnergyInfoParallel"),
        )
    },
    "battery": Case(
        "live",
        lambda c: c.battery(SERIAL),
        "/WManage/api/battery/getBatteryInfo",
        SN,
        live_battery(),
        lambda r: (
            r.capacity_ah,
            r.values["battery_voltage_v"],
            r.values["battery_current_a"],
            r.values["battery_power_w"],
            r.values["module_count"],
            r.values["soh_pct"],
            r.values["cycles"],
            (r.values["cell_max_mv"], r.values["cell_min_mv"], r.values["cell_delta_mv"]),
            [(m.key, m.voltage_v, m.current_a, m.temperature_c, m.cell_max_number) for m in r.modules],
        ),
        (
            560,
            53.1,
            -12.1,
            -640,
            2,
            98,
            210,
            (3330, 3300, 30),
            [("Battery_ID_01", 53.11, -4.7, 23.6, 5), ("Battery_ID_02", 53.08, -7.4, 24.1, 2)],
        ),
    ),
    "battery, document": Case(
        "document",
        lambda c: c.battery(SERIAL),
        "/WManage/api/battery/getBatteryInfo",
        SN,
        DOC_BATTERY,
        lambda r: (
            r.capacity_ah,
            r.values["battery_voltage_v"],
            r.values["battery_current_a"],
            r.values["battery_temperature_c"],
            r.values["cell_delta_mv"],
            [(m.key, m.voltage_v, m.current_a, m.temperature_c, m.cycles) for m in r.modules],
            [(m.cell_max_number, m.cell_min_number) for m in r.modules],
        ),
        (560, 53.1, 12.1, 22, 16, [("01", 53.11, -4.7, 24, 210)], [(2, 3)]),
    ),
    "gridboss": Case(
        "live",
        lambda c: c.gridboss(BOSS),
        "/WManage/api/midbox/getMidboxRuntime",
        {"serialNum": BOSS},
        live_midbox(),
        lambda r: (
            r.uploaded_at,
            _values(
                "grid_power_l1_w",
                "grid_import_power_w",
                "grid_export_power_w",
                "grid_voltage_v",
                "grid_frequency_hz",
                "load_power_w",
                "ac_couple_power_w",
                "smart_port1",
                "smart_port1_power_w",
                "smart_port2",
                "smart_port2_power_w",
                "smart_port3",
                "grid_voltage_l1_v",
                "grid_current_l1_a",
                "import_energy_today_kwh",
                "load_energy_today_kwh",
                "grid",
                "generator",
            )(r),
        ),
        (
            datetime(2026, 3, 10, 11, 59, 20, tzinfo=UTC),
            {
                "grid_power_l1_w": 700,
                "grid_import_power_w": 1500,
                "grid_export_power_w": 0,
                "grid_voltage_v": 243.1,
                "grid_frequency_hz": 60.01,
                "load_power_w": 2200,
                "ac_couple_power_w": 1200,
                "smart_port1": "ac couple",
                "smart_port1_power_w": -1200,
                "smart_port2": "smart load",
                "smart_port2_power_w": 250,
                "smart_port3": "unused",
                "grid_voltage_l1_v": 121.6,
                "grid_current_l1_a": 5.7,
                "import_energy_today_kwh": 31.2,
                "load_energy_today_kwh": 35.7,
                "grid": "up",
                "generator": "idle",
            },
        ),
    ),
    "gridboss, document": Case(
        "document",
        lambda c: c.gridboss(BOSS),
        "/WManage/api/midbox/getMidboxRuntime",
        {"serialNum": BOSS},
        DOC_BOSS,
        _values(
            "grid_voltage_l1_v",
            "grid_current_l1_a",
            "grid_voltage_v",
            "grid_import_power_w",
            "grid_export_power_w",
            "grid_frequency_hz",
            "load_power_w",
            "load_voltage_v",
            "load_current_a",
            "smart_port1",
            "smart_port2",
            "smart_port3",
            "smart_port3_power_w",
            "ac_couple_power_w",
            "generator",
            "generator_voltage_v",
            "generator_frequency_hz",
            "generator_power_w",
            "grid",
            "online",
        ),
        {
            "grid_voltage_l1_v": 121.6,
            "grid_current_l1_a": 5.7,
            "grid_voltage_v": 243.1,
            "grid_import_power_w": 0,
            "grid_export_power_w": 1200,
            "grid_frequency_hz": 60.01,
            "load_power_w": 1950,
            "load_voltage_v": 120.25,
            "load_current_a": 20.8,
            "smart_port1": "on",
            "smart_port2": "off",
            "smart_port3": "auto",
            "smart_port3_power_w": 300,
            "ac_couple_power_w": 1200,
            "generator": "running",
            "generator_voltage_v": 240.1,
            "generator_frequency_hz": 59.9,
            "generator_power_w": 2200,
            "grid": "up",
            "online": "yes",
        },
    ),
    "parameters": Case(
        "live",
        lambda c: c.parameters(SERIAL, {"ac_charge", "ac_charge_power", "operating_mode", "ac_charge_type"}),
        W + "remoteRead/read",
        {"inverterSn": SERIAL, "startRegister": "0", "pointNumber": "127", "autoRetry": "true"},
        {
            "success": True,
            "inverterSn": SERIAL,
            "HOLD_AC_CHARGE_POWER_CMD": "4.5",
            "FUNC_AC_CHARGE": True,
            "FUNC_SET_TO_STANDBY": True,
            "BIT_AC_CHARGE_TYPE": 2,
        },
        lambda p: p.values,
        {"ac_charge": True, "ac_charge_power": 4500, "operating_mode": "normal", "ac_charge_type": "both"},
    ),
    "parameters, document": Case(
        "document",
        lambda c: c.parameters(SERIAL, {"charge_limit", "ac_charge_power", "pv_charge_power"}),
        W + "remoteRead/read",
        {"serialNum": SERIAL, "paramIds": "21,22,23"},
        {
            "success": True,
            "serialNum": SERIAL,
            "parameters": [
                {"paramId": 21, "value": 95, "unit": "%"},
                {"paramId": 22, "value": 3000, "unit": "W"},
                {"paramId": 23, "value": 12000, "unit": "W"},
            ],
        },
        lambda p: p.values,
        {"charge_limit": 95, "ac_charge_power": 3000, "pv_charge_power": 12000},
    ),
    "write": Case(
        "live",
        lambda c: c.write(SERIAL, "ac_charge_power", 4000.0),
        W + "remoteSet/write",
        {
            "inverterSn": SERIAL,
            "holdParam": "HOLD_AC_CHARGE_POWER_CMD",
            "valueText": "4.0",
            "clientType": "WEB",
            "remoteSetType": "NORMAL",
        },
        OK,
        _itself,
        "",
    ),
    "write, document": Case(
        "document",
        lambda c: c.write(SERIAL, "ac_charge_power", 2500.0),
        W + "remoteSet/write",
        {"serialNum": SERIAL, "data": "22:2500"},
        {"success": True, "serialNum": SERIAL, "message": "Parameters updated successfully"},
        _itself,
        "Parameters updated successfully",
    ),
    "bit": Case(
        "live",
        lambda c: c.write(SERIAL, "ac_charge_type", "soc"),
        W + "remoteSet/bitParamControl",
        {
            "inverterSn": SERIAL,
            "bitParam": "BIT_AC_CHARGE_TYPE",
            "value": "1",
            "clientType": "WEB",
            "remoteSetType": "NORMAL",
        },
        OK,
        _itself,
        "",
    ),
    "function": Case(
        "live",
        lambda c: c.function(SERIAL, "FUNC_EPS_EN", on=False),
        W + "remoteSet/functionControl",
        {
            "inverterSn": SERIAL,
            "functionParam": "FUNC_EPS_EN",
            "enable": "false",
            "clientType": "WEB",
            "remoteSetType": "NORMAL",
        },
        OK,
        _itself,
        "",
    ),
    "function, document": Case(
        "document",
        lambda c: c.function(SERIAL, "batteryBackup", on=True),
        W + "remoteSet/functionControl",
        {"serialNum": SERIAL, "function": "batteryBackup", "value": "1"},
        {**OK, "serialNum": SERIAL, "function": "batteryBackup", "value": 1},
        _itself,
        "",
    ),
    "start quick charge": Case(
        "live",
        lambda c: c.start_quick_charge(SERIAL, 45),
        "/WManage/web/config/quickCharge/start",
        {"inverterSn": SERIAL, "clientType": "WEB", "minute": "45"},
        OK,
        _itself,
        "",
    ),
    "stop quick charge": Case(
        "live",
        lambda c: c.stop_quick_charge(SERIAL),
        "/WManage/web/config/quickCharge/stop",
        {"inverterSn": SERIAL, "clientType": "WEB"},
        OK,
        _itself,
        "",
    ),
    "start quick charge, document": Case(
        "document",
        lambda c: c.start_quick_charge(SERIAL, 45),
        W + "remoteSet/functionControl",
        {"serialNum": SERIAL, "function": "quickCharge", "value": "1"},
        OK,
        _itself,
        "",
    ),
    "stop quick charge, document": Case(
        "document",
        lambda c: c.stop_quick_charge(SERIAL),
        W + "remoteSet/functionControl",
        {"serialNum": SERIAL, "function": "quickCharge", "value": "0"},
        OK,
        _itself,
        "",
    ),
    "quick charge": Case(
        "live",
        lambda c: c.quick_charge(SERIAL),
        "/WManage/web/config/quickCharge/getStatusInfo",
        {"inverterSn": SERIAL},
        {"success": True, "hasUnclosedQuickChargeTask": True, "remainTimeBeforeQuickChargeStop": 3540},
        _itself,
        QuickCharge(running=True, remaining_s=3540),
    ),
    "quick charge, document": Case(
        "document",
        lambda c: c.quick_charge(SERIAL),
        "/WManage/web/config/quickCharge/getStatusInfo",
        SN,
        {"success": True, "serialNum": SERIAL, "hasUnclosedQuickChargeTask": False},
        _itself,
        QuickCharge(running=False),
    ),
    "events": Case(
        "live",
        lambda c: c.events(SERIAL),
        "/WManage/api/analyze/event/list",
        {"page": "1", "rows": "30", "plantId": "-1", "serialNum": SERIAL, "eventText": "_all"},
        {
            "success": True,
            "rows": [
                {"serialNum": SERIAL, "event": "E019", "eventType": "FAULT", "status": "OPEN"},
                {"serialNum": SERIAL, "event": "W016", "eventType": "WARNING", "renormalTime": None},
                {"serialNum": SERIAL, "event": "W018", "eventType": "WARNING", "status": "CLOSE"},
                {"serialNum": SECOND, "event": "E025", "status": "OPEN"},
            ],
        },
        lambda events: [(event.code, event.open) for event in events],
        [("E019", True), ("W016", True), ("W018", False)],
    ),
    **{
        f"{name}, {wire}": Case(wire, call, W + path, form, answer, becomes, expect)
        for wire in ("live", "document")
        for name, call, path, form, answer, becomes, expect in (
            (
                "firmware check",
                lambda c: c.firmware_check(SERIAL),
                "standardUpdate/checkUpdates",
                SN,
                FIRMWARE,
                lambda f: (f.code, f.app, f.parameter, f.newest_app, f.available, f.steps),
                ("fAAB-2122", 33, 34, 37, True, True),
            ),
            (
                "firmware progress",
                lambda c: c.firmware_progress(),
                "remoteUpdate/info",
                {"userId": "15001"},
                PROGRESS,
                lambda p: (p.running, p.runs),
                (True, RUNS),
            ),
            (
                "firmware eligibility",
                lambda c: c.firmware_eligibility(SERIAL),
                "standardUpdate/check12KParallelStatus",
                {"userId": "15001", "serialNum": SERIAL},
                {"success": True, "msg": "allowToUpdate"},
                _itself,
                Eligibility(allowed=True, words="allowToUpdate"),
            ),
            (
                "firmware start",
                lambda c: c.firmware_start(SERIAL, SERIAL, fast=True),
                "standardUpdate/run",
                {"userId": "15001", "serialNum": SERIAL, "tryFastMode": "true"},
                {"success": True, "msg": "Update initiated successfully"},
                _itself,
                "Update initiated successfully",
            ),
        )
    },
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_endpoint_is_asked_in_its_wires_form_and_understood(portal: Enter, case: Case) -> None:
    name = case.path.rsplit("/", 1)[-1]
    fake = portal(**{name: case.answer})
    client = sure(client_of(), case.wire)
    found = case.call(client)
    assert fake.paths[-1] == case.path
    assert fake.form(name) == case.form
    assert case.becomes(found) == case.expect


def test_every_path_of_the_document_is_in_the_table() -> None:
    documented = {
        "/WManage/api/login",
        "/WManage/web/config/plant/list/viewer",
        "/WManage/api/inverterOverview/getParallelGroupDetails",
        "/WManage/api/inverterOverview/list",
        "/WManage/api/inverter/getInverterRuntime",
        "/WManage/api/inverter/getInverterEnergyInfo",
        "/WManage/api/inverter/getInverterEnergyInfoParallel",
        "/WManage/api/battery/getBatteryInfo",
        "/WManage/api/midbox/getMidboxRuntime",
        "/WManage/web/maintain/remoteRead/read",
        "/WManage/web/maintain/remoteSet/write",
        "/WManage/web/maintain/remoteSet/functionControl",
        "/WManage/web/config/quickCharge/getStatusInfo",
        "/WManage/web/maintain/standardUpdate/checkUpdates",
        "/WManage/web/maintain/remoteUpdate/info",
        "/WManage/web/maintain/standardUpdate/check12KParallelStatus",
        "/WManage/web/maintain/standardUpdate/run",
    }
    for wire in ("live", "document"):
        assert documented <= {case.path for case in CASES.values() if case.wire == wire}


def test_an_event_list_is_not_asked_of_a_wire_that_has_none(portal: Enter) -> None:
    fake = portal()
    assert sure(client_of(), "document").events(SERIAL) is None
    assert fake.asked == []


def test_an_installers_plants_are_listed_under_another_path(portal: Enter) -> None:
    fake = portal(login={"success": True, "userId": 1, "role": "INSTALLER"}, list={"rows": [{"plantId": 1}]})
    client = client_of()
    client.login()
    assert client.plants() == (PlantInfo("1", "1"),)
    assert fake.paths[-1] == "/WManage/web/config/plant/list"


def test_on_the_documents_wire_an_installers_plants_are_under_the_one_path_it_has(portal: Enter) -> None:
    fake = portal(
        login={"success": True, "user": {"userId": 1, "role": "INSTALLER"}}, viewer={"rows": [{"plantId": 1}]}
    )
    client = sure(client_of(), "document")
    client.login()
    assert client.plants() == (PlantInfo("1", "1"),)
    assert fake.paths[1:] == ["/WManage/web/config/plant/list/viewer"]


def test_while_the_wire_is_not_known_a_portal_without_an_installers_path_is_asked_in_the_documents_form(
    portal: Enter,
) -> None:
    fake = portal(
        login={"success": True, "user": {"userId": 1, "role": "INSTALLER"}}, viewer={"rows": [{"plantId": 1}]}
    )
    client = client_of()
    client.login()
    assert client.plants() == (PlantInfo("1", "1"),)
    assert [path.rpartition("/plant/")[2] for path in fake.paths[1:]] == ["list", "list/viewer"]


def test_lists_are_read_page_by_page(portal: Enter) -> None:
    def page(form: dict[str, str]) -> object:
        first = 30 * (int(form["page"]) - 1)
        rows = [{"serialNum": f"44310E{n:04}", "deviceType": 6} for n in range(first, min(first + 30, 65))]
        return {"success": True, "total": 65, "rows": rows}

    fake = portal(list=page)
    assert len(client_of().devices("9")) == 65
    assert fake.count("list") == 3


@pytest.mark.parametrize("total", ["65", 65.0, None, "many"])
def test_a_total_in_text_or_none_at_all_ends_no_list_early(portal: Enter, total: object) -> None:
    def page(form: dict[str, str]) -> object:
        first = 30 * (int(form["page"]) - 1)
        rows = [{"serialNum": f"44310E{n:04}", "deviceType": 6} for n in range(first, min(first + 30, 65))]
        return {"success": True, "rows": rows} | ({} if total is None else {"total": total})

    fake = portal(list=page)
    assert len(client_of().devices("9")) == 65
    assert fake.count("list") == 3


@pytest.mark.parametrize(("plants", "asked"), [(65, 3), (60, 3), (29, 1), (30, 2)])
def test_a_bare_list_of_plants_is_read_on_while_its_pages_are_full(
    portal: Enter, plants: int, asked: int
) -> None:
    def page(form: dict[str, str]) -> object:
        first = 30 * (int(form["page"]) - 1)
        return b"[%s]" % b",".join(b'{"plantId": %d}' % n for n in range(first, min(first + 30, plants)))

    fake = portal(viewer=page)
    assert len(client_of().plants()) == plants
    assert fake.count("viewer") == asked


def test_a_bare_list_that_knows_no_pages_is_asked_once_more_and_no_oftener(portal: Enter) -> None:
    fake = portal(viewer=[{"rows": [{"plantId": n} for n in range(40)]}])
    assert len(client_of().plants()) == 40
    assert fake.count("viewer") == 2


def test_a_page_that_repeats_itself_ends_the_paging(portal: Enter) -> None:
    row = {"serialNum": SERIAL, "deviceType": 6}
    fake = portal(list={"success": True, "total": 500, "rows": [row]})
    assert len(client_of().devices("9")) == 1
    assert fake.count("list") == 2
