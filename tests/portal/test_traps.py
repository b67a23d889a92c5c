"""The ways in which the portal misleads someone who believes its document, or its face. One test each."""

from datetime import UTC, datetime, timedelta

import pytest

from luxagent.core.facts.needs import Need
from luxagent.core.facts.reasons import Unknown
from luxagent.core.facts.settings import SETTINGS
from luxagent.core.plant.device import Kind
from luxagent.errors import AnswerLost, CredentialsRefused, PortalRefused, TryLater
from luxagent.portal import firmware
from luxagent.portal.account import utc_offset_min
from luxagent.portal.client import PortalClient
from luxagent.portal.document import settings as document_settings
from luxagent.portal.line import Request
from luxagent.portal.live import settings as live_settings
from luxagent.portal.reader import PortalReader
from luxagent.portal.records import Report
from luxagent.portal.runtime import decode_runtime
from luxagent.portal.wire import DOCUMENT, LIVE, WIRES, devices_in
from tests.portal.bench import (
    PAGE,
    SERIAL,
    Enter,
    client_of,
    live_battery,
    live_lost_runtime,
    live_midbox,
    live_runtime,
    sure,
)

UTC_STAMPS = timedelta()


def runtime(**changes: object) -> Report:
    return decode_runtime(live_runtime(**changes), {}, UTC_STAMPS)


def live_write(client: PortalClient, portal: Enter, name: str, value: object) -> dict[str, str]:
    fake = portal(
        write={"success": True}, functionControl={"success": True}, bitParamControl={"success": True}
    )
    sure(client, "live").write(SERIAL, name, value)  # type: ignore[arg-type]
    return fake.asked[-1][1]


def test_trap_1_and_2_the_documents_numbers_never_go_to_a_live_portal(portal: Enter) -> None:
    """21, 64 and 65 are other registers there; `data=` bodies look fine and do nothing."""
    assert not live_settings.supports("parameter:21")
    assert not any(row.key.isdigit() for row in live_settings.TABLE)
    form = live_write(client_of(), portal, "charge_limit", 90.0)
    assert "data" not in form
    assert form["holdParam"] == "HOLD_SYSTEM_CHARGE_SOC_LIMIT"
    assert form["valueText"] == "90"


def test_trap_3_standby_is_upside_down_on_the_live_wire_only(portal: Enter) -> None:
    assert live_write(client_of(), portal, "operating_mode", "normal")["enable"] == "true"
    assert live_write(client_of(), portal, "operating_mode", "standby")["enable"] == "false"
    assert live_settings.value("operating_mode", {"FUNC_SET_TO_STANDBY": True}) == "normal"
    assert live_settings.value("operating_mode", {"FUNC_SET_TO_STANDBY": False}) == "standby"
    assert document_settings.value("operating_mode", {"64": 1}) == "standby"
    request = document_settings.encode(SERIAL, "operating_mode", "standby")
    assert dict(request.form) == {"serialNum": SERIAL, "function": "operatingMode", "value": "1"}


@pytest.mark.parametrize("wire", ["document", "live"])
def test_trap_4_voltages_are_tenths_on_both_wires(wire: str) -> None:
    answer = live_runtime(vBat=530, vacr=2411, vepsr=2410, vBus1=3703, vpv1=3789, fac=5998)
    values = WIRES[wire].answers.runtime(answer, {}, UTC_STAMPS).values
    assert values["battery_voltage_v"] == 53.0
    assert values["grid_voltage_v"] == 241.1
    assert values["eps_voltage_v"] == 241.0
    assert values["bus_voltage_v"] == 370.3
    assert values["pv1_voltage_v"] == 378.9
    assert values["grid_frequency_hz"] == 59.98


def test_trap_4_the_owner_may_overrule_any_divisor_by_the_portals_own_name() -> None:
    answer = live_runtime(vBat=5300)
    assert decode_runtime(answer, {"vBat": 100}, UTC_STAMPS).values["battery_voltage_v"] == 53.0
    battery = LIVE.answers.battery(live_battery(vBat=5310), {"vBat": 100, "totalVoltage": 10}, SERIAL)
    assert battery.values["battery_voltage_v"] == 53.1
    assert battery.modules[0].voltage_v == 531.1


def test_trap_5_module_and_gridboss_currents_are_tenths_and_module_current_is_signed() -> None:
    battery = LIVE.answers.battery(live_battery(), {}, SERIAL)
    assert [module.current_a for module in battery.modules] == [-4.7, -7.4]
    assert battery.values["battery_current_a"] == -12.1
    assert LIVE.answers.gridboss(live_midbox(), {}, UTC_STAMPS).more["ups_current_l1_a"] == 8.5


@pytest.mark.parametrize(
    ("way", "amps"), [("charge", 18.1), ("discharge", -18.1), ("unknown", None), (None, None)]
)
def test_trap_5_the_banks_current_is_text_and_its_sign_a_word(way: object, amps: object) -> None:
    answer = live_battery(currentText="18.1", currentType=way)
    assert LIVE.answers.battery(answer, {}, SERIAL).values["battery_current_a"] == amps


def test_trap_5_the_documents_currents_are_hundredths() -> None:
    answer = {
        "iBat": 1500,
        "pBat": -795,
        "batteryArray": [{"batteryKey": "01", "current": 500, "power": -265}],
    }
    battery = DOCUMENT.answers.battery(answer, {}, SERIAL)
    assert battery.values["battery_current_a"] == -15.0
    assert battery.modules[0].current_a == -5.0


def test_trap_6_energy_integers_are_tenths_of_a_kwh() -> None:
    energy = LIVE.answers.energy({"todayImport": 191, "todayImportText": "19.1", "eToday": 99}, {})
    assert energy.values["import_energy_today_kwh"] == 19.1
    assert energy.values["pv_energy_today_kwh"] is None
    assert energy.why["pv_energy_today_kwh"] is Unknown.MISSING


@pytest.mark.parametrize("wire", ["document", "live"])
def test_trap_7_what_the_document_calls_load_is_grid_import(wire: str) -> None:
    values = WIRES[wire].answers.runtime(live_runtime(pToUser=1030, pToGrid=0), {}, UTC_STAMPS).values
    assert values["grid_import_power_w"] == 1030
    assert values["load_power_w"] == 1450


def test_trap_7_gridboss_legs_are_plus_for_import_whatever_device_data_says() -> None:
    values = LIVE.answers.gridboss(live_midbox(), {}, UTC_STAMPS).values
    assert values["grid_import_power_w"] == 1500
    out = live_midbox(gridL1ActivePower=-400, gridL2ActivePower=-100)
    values = LIVE.answers.gridboss(out, {}, UTC_STAMPS).values
    assert (values["grid_import_power_w"], values["grid_export_power_w"]) == (0, 500)


def test_trap_7_a_leg_that_could_not_be_read_makes_its_sums_unknown() -> None:
    values = LIVE.answers.gridboss(live_midbox(gridL2ActivePower=None, upsL1ActivePower=None), {}, UTC_STAMPS)
    assert values.values["grid_import_power_w"] is None
    assert values.values["load_power_w"] is None
    assert values.values["grid_power_l1_w"] == 700


def test_trap_8_a_lost_inverter_says_success_and_all_it_shows_is_frozen() -> None:
    report = decode_runtime(live_lost_runtime(), {}, UTC_STAMPS)
    assert report.online is False
    assert report.uploaded_at == datetime(2026, 3, 10, 11, 59, 40, tzinfo=UTC)
    told = {key: value for key, value in report.values.items() if value is not None}
    assert told == {"status": frozenset({"offline"}), "online": "no"}
    assert report.why["grid_import_power_w"] is Unknown.LOST
    assert report.why["soc_pct"] is Unknown.LOST
    assert report.why["quick_charge"] is Unknown.LOST


def test_trap_8_the_zeros_of_a_lost_battery_are_no_flat_battery() -> None:
    answer = {
        "success": True,
        "lost": True,
        "capacityPercent": 0,
        "remainCapacity": 0,
        "fullCapacity": 0,
        "totalNumber": 0,
        "currentText": "",
        "currentType": "unknown",
    }
    battery = LIVE.answers.battery(answer, {}, SERIAL)
    assert set(battery.values.values()) == {None}
    assert battery.capacity_ah is None
    assert battery.modules == ()


def test_trap_8_absent_is_never_zero() -> None:
    answer = {k: v for k, v in live_runtime().items() if k not in ("soc", "ppv", "batPower", "pCharge")}
    values = decode_runtime(answer, {}, UTC_STAMPS).values
    assert values["soc_pct"] is values["pv_power_w"] is values["battery_power_w"] is None


def test_trap_9_server_time_is_the_last_upload_in_utc() -> None:
    assert runtime().uploaded_at == datetime(2026, 3, 10, 11, 59, 40, tzinfo=UTC)
    east = decode_runtime(live_runtime(), {}, timedelta(hours=8))
    assert east.uploaded_at == datetime(2026, 3, 10, 3, 59, 40, tzinfo=UTC)
    for broken in ("2000-00-00 00:00:00", "", None, 17, "1970-01-01 00:00:00", "2026-03-10"):
        assert runtime(serverTime=broken).uploaded_at is None


def test_trap_10_a_login_page_is_a_lost_session_and_a_bad_login_is_not_repeated(portal: Enter) -> None:
    fake = portal(thing=[(200, PAGE), {"success": True}])
    client_of().ask(Request("/x/thing", ()))
    assert fake.count("login") == 2
    fake.answers["login"] = {"success": False, "msg": "wrong"}
    client = client_of()
    for _ in range(3):
        with pytest.raises(CredentialsRefused):
            client.runtime(SERIAL)
    assert fake.count("login") == 3


def test_trap_11_a_timeout_of_a_write_is_neither_yes_nor_no(portal: Enter) -> None:
    fake = portal(write={"success": False, "msg": "DATAFRAME_TIMEOUT", "msgCode": 1002})
    with pytest.raises(AnswerLost):
        sure(client_of(), "live").write(SERIAL, "charge_limit", 80.0)
    assert fake.count("write") == 1


@pytest.mark.parametrize(
    ("name", "value", "key", "text"),
    [
        ("ac_charge_power", 2500.0, "HOLD_AC_CHARGE_POWER_CMD", "2.5"),
        ("pv_charge_power", 12000.0, "HOLD_FORCED_CHG_POWER_CMD", "12.0"),
        ("export_limit", 5000.0, "HOLD_FEED_IN_GRID_POWER_PERCENT", "5.0"),
        ("peak_shaving_power", 3300.0, "_12K_HOLD_GRID_PEAK_SHAVING_POWER", "3.3"),
        ("charge_limit", 101.0, "HOLD_SYSTEM_CHARGE_SOC_LIMIT", "101"),
        ("charge_current", 60.0, "HOLD_LEAD_ACID_CHARGE_RATE", "60"),
    ],
)
def test_trap_12_powers_are_kilowatts_in_text_whatever_their_name(
    portal: Enter, name: str, value: float, key: str, text: str
) -> None:
    form = live_write(client_of(), portal, name, value)
    assert (form["holdParam"], form["valueText"]) == (key, text)
    assert live_settings.value(name, {key: text}) == value
    assert live_settings.value(name, {key: float(text)}) == value


def test_trap_12_a_power_as_off_grid_models_tell_it_is_not_believed() -> None:
    assert live_settings.value("ac_charge_power", {"HOLD_AC_CHARGE_POWER_CMD": "100"}) is None


def test_trap_13_voltage_control_is_told_where_its_block_was_read(portal: Enter) -> None:
    fake = portal(
        read=lambda form: (
            {"success": True, "FUNC_BAT_CHARGE_CONTROL": True, "FUNC_BAT_DISCHARGE_CONTROL": False}
            if form["startRegister"] == "127"
            else {"success": True, "FUNC_AC_CHARGE": True}
        )
    )
    client = sure(client_of(), "live")
    assert client.parameters(SERIAL, {"ac_charge"}).by_voltage is None
    assert fake.count("read") == 1
    assert client.parameters(SERIAL, {"charge_limit"}).by_voltage == {"charge"}


def test_trap_13_the_start_soc_acts_outside_windows_and_is_a_setting_that_can_be_seen(portal: Enter) -> None:
    """What `doctor` says of it: tests/cli/test_doctor_habits.py."""
    key = "HOLD_AC_CHARGE_START_BATTERY_SOC"
    form = live_write(client_of(), portal, "ac_charge_start", 55.0)
    assert (form["holdParam"], form["valueText"]) == (key, "55")
    assert live_settings.value("ac_charge_start", {key: "55"}) == 55.0
    assert "outside windows too" in SETTINGS["ac_charge_start"].meaning


def test_trap_13_the_end_of_a_charge_is_r67_and_the_one_without_effect_is_never_written(
    portal: Enter,
) -> None:
    """r161 stands for it on off-grid models; a hybrid stores it and goes by r67."""
    form = live_write(client_of(), portal, "ac_charge_limit", 80.0)
    assert (form["holdParam"], form["valueText"]) == ("HOLD_AC_CHARGE_SOC_LIMIT", "80")
    without_effect = "HOLD_AC_CHARGE_END_BATTERY_SOC"
    assert without_effect not in {row.key for row in live_settings.TABLE}
    assert live_settings.value("ac_charge_limit", {without_effect: "80"}) is None


def test_trap_13_101_percent_is_legal(portal: Enter) -> None:
    assert live_write(client_of(), portal, "charge_limit", 101.0)["valueText"] == "101"
    assert live_settings.value("charge_limit", {"HOLD_SYSTEM_CHARGE_SOC_LIMIT": "101"}) == 101.0
    assert SETTINGS["charge_limit"].high == 101


def test_trap_14_refusals_that_are_answers(portal: Enter) -> None:
    portal(
        checkUpdates={
            "success": False,
            "message": "The current machine firmware is already the latest version.",
        },
        getParallelGroupDetails={"success": False, "msg": "notParallel"},
        getInverterEnergyInfoParallel={"success": False, "msg": "notParallel"},
        check12KParallelStatus={"success": False, "msg": "deviceBusy"},
    )
    client = sure(client_of(), "live")
    assert client.firmware_check(SERIAL).available is False
    assert client.groups("9", SERIAL) == ()
    assert client.group_energy(SERIAL) is None
    eligibility = client.firmware_eligibility(SERIAL)
    assert (eligibility.allowed, eligibility.words) == (False, "deviceBusy")


@pytest.mark.parametrize("key", ["msg", "message"])
@pytest.mark.parametrize("words", ["remote_set_error", "REMOTE_SET_ERROR"])
def test_trap_14_a_refusal_is_found_in_either_key_and_any_case(portal: Enter, key: str, words: str) -> None:
    portal(write={"success": False, key: words})
    with pytest.raises(PortalRefused) as caught:
        sure(client_of(), "live").write(SERIAL, "charge_limit", 80.0)
    assert caught.value.words == words


def test_trap_15_the_plant_offset_is_hours_and_minutes() -> None:
    assert utc_offset_min(-700) == -420
    assert utc_offset_min(530) == 330
    assert utc_offset_min(-330) == -210
    assert utc_offset_min("800") == 480
    for broken in (None, True, 99, -1500, "x"):
        assert utc_offset_min(broken) is None


def test_trap_15_the_device_list_decides_the_wire() -> None:
    row = {"serialNum": SERIAL, "soc": "82 %"}
    assert devices_in({"devices": [row]}).shape == "document"
    assert devices_in({"rows": [row], "total": 1}).shape == "live"
    assert devices_in({"rows": [row], "devices": [row]}).shape is None
    assert devices_in({}).shape is None
    assert devices_in({"rows": [row]}).found[0].kind is Kind.INVERTER


def test_trap_15_serials_are_text_and_keep_their_zeros() -> None:
    found = devices_in(
        {"rows": [{"serialNum": "0044310071"}, {"serialNum": 1234567890}, {"serialNum": None}]}
    )
    assert [device.serial for device in found.found] == ["0044310071", "1234567890"]


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("soc", 144),
        ("soc", 255),
        ("soc", True),
        ("vBat", 65535),
        ("tBat", 127),
        ("tinner", 127),
        ("ppv", -5),
        ("fac", 65535),
        ("pToUser", 10**30),
    ],
)
def test_what_is_physically_impossible_is_unknown_and_says_so(field: str, broken: object) -> None:
    keys = {
        "soc": "soc_pct",
        "vBat": "battery_voltage_v",
        "tBat": "battery_temperature_c",
        "tinner": "inverter_temperature_c",
        "ppv": "pv_power_w",
        "fac": "grid_frequency_hz",
        "pToUser": "grid_import_power_w",
    }
    report = runtime(**{field: broken})
    assert report.values[keys[field]] is None
    assert report.why[keys[field]] is (Unknown.MISSING if broken is True else Unknown.IMPLAUSIBLE)
    assert report.values["grid_export_power_w"] == 900


@pytest.mark.parametrize("broken", [None, "", "--", "-.00", "71 %", "NaN", [], {}, False])
def test_what_is_no_number_is_unknown_and_spoils_nothing_beside_it(broken: object) -> None:
    report = runtime(soc=broken)
    assert report.values["soc_pct"] is None
    assert report.why["soc_pct"] is Unknown.MISSING
    assert report.values["battery_voltage_v"] == 53.3


def test_an_inverter_that_has_never_spoken_tells_nothing() -> None:
    report = runtime(hasRuntimeData=False, soc=0, vBat=0)
    assert report.values["soc_pct"] is None
    assert report.why["soc_pct"] is Unknown.MISSING


def test_numbers_may_be_text() -> None:
    values = runtime(soc="71", vBat=" 530 ").values
    assert (values["soc_pct"], values["battery_voltage_v"]) == (71, 53.0)


def test_garbage_phases_of_split_phase_models_appear_nowhere() -> None:
    report = runtime(vacs=47105, vact=36, vepss=12816, vepst=20640)
    assert (report.values, report.why, report.more) == (runtime().values, runtime().why, runtime().more)


@pytest.mark.parametrize(
    ("status", "mains_dv", "grid"),
    [
        (12, 2400, "up"),
        (64, 0, "down"),
        (192, 15, "down"),
        (64, 2400, None),
        (12, 0, None),
        (1, 2400, "up"),
        (1, 0, "down"),
        (None, 2400, "up"),
        (64, None, "down"),
        (None, None, None),
        (2, 600, None),
    ],
)
def test_the_grid_is_unknown_while_mode_and_voltage_disagree(
    status: object, mains_dv: object, grid: str | None
) -> None:
    assert runtime(status=status, vacr=mains_dv).values["grid"] == grid


@pytest.mark.parametrize(
    ("status", "text", "words"),
    [
        (0, "normal", {"normal", "standby"}),
        (1, "normal", {"fault"}),
        (32, "normal", {"normal", "charging"}),
        (16, "warning", {"warning", "discharging"}),
        (192, "normal", {"normal", "off-grid", "discharging"}),
        (99, "normal", {"normal", "off-grid"}),
        (63, "normal", {"normal"}),
        *((code, "normal", {"normal", "off-grid"}) for code in (68, 72, 132, 144, 160, 200)),
        *((code, "normal", {"normal"}) for code in (256, 1000, 65535)),
        (12, "error", {"fault", "charging"}),
        (None, "normal", {"normal"}),
        (4, None, set()),
    ],
)
def test_status_words_come_from_mode_and_link(status: object, text: object, words: set[str]) -> None:
    assert runtime(status=status, statusText=text).values["status"] == words


def test_status_is_unknown_without_mode_and_link() -> None:
    report = runtime(status=None, statusText=None)
    assert report.values["status"] is None
    assert report.why["status"] is Unknown.MISSING


@pytest.mark.parametrize(
    ("volts_dv", "hertz", "word"),
    [(2400, 6000, "running"), (2400, 0, "idle"), (400, 6000, "idle"), (7, None, "idle"), (2400, None, None)],
)
def test_a_generator_runs_above_50_volts_and_40_hertz(
    volts_dv: object, hertz: object, word: str | None
) -> None:
    assert runtime(genVolt=volts_dv, genFreq=hertz).values["generator"] == word


@pytest.mark.parametrize(
    ("fields", "load"),
    [
        ({"pLoad170": 0, "consumptionPower114": 800}, 0),
        ({"pLoad170": 1200, "consumptionPower114": 800}, 1200),
        ({"consumptionPower114": 800, "consumptionPower": 700}, 800),
        ({"consumptionPower114": 0, "consumptionPower": 700}, 700),
        ({"consumptionPower114": 0, "consumptionPower": 0}, None),
        ({"consumptionPower114": None, "consumptionPower": None}, None),
    ],
)
def test_a_placeholder_zero_is_not_a_house_without_load(
    fields: dict[str, object], load: float | None
) -> None:
    assert runtime(**fields).values["load_power_w"] == load


def test_firmware_versions_are_hexadecimal() -> None:
    assert firmware.versions("fAAB-2122") == (33, 34)
    assert firmware.versions("ccaa-1E1415") == (20, 21)
    assert firmware.versions("fAAB") is None


def test_an_update_that_does_not_match_the_model_is_not_available() -> None:
    details = {
        "v1": 33,
        "v2": 34,
        "lastV1": 37,
        "lastV2": 34,
        "pcs1UpdateMatch": False,
        "pcs2UpdateMatch": True,
    }
    assert firmware.decode_check({"success": True, "details": details}).available is False
    assert firmware.decode_check({"success": True, "details": {"v1": 33, "lastV1": 37}}).available is None
    assert firmware.decode_check({"success": True}).available is None


def test_an_answer_for_another_device_is_not_believed(portal: Enter) -> None:
    portal(getInverterRuntime=live_runtime(serialNum="44310E9999"))
    with pytest.raises(TryLater, match="another device"):
        client_of().runtime(SERIAL)


def test_a_firmware_check_of_another_device_is_not_believed(portal: Enter) -> None:
    """The document's answer carries the serial in its details alone."""
    details = {"serialNum": "44310E9999", "fwCodeBeforeUpload": "fAAB-2122"}
    portal(checkUpdates={"success": True, "details": details})
    with pytest.raises(TryLater, match="another device"):
        client_of().firmware_check(SERIAL)


def test_an_older_upload_after_a_newer_one_is_ignored(portal: Enter) -> None:
    fake = portal(
        login={"success": True, "userId": 1, "plants": [{"plantId": 9, "name": "Home"}]},
        list={"success": True, "rows": [{"serialNum": SERIAL, "deviceType": 6}]},
        getInverterRuntime=[
            live_runtime(soc=64),
            live_runtime(soc=60, serverTime="2026-03-10 11:55:00"),
            live_runtime(soc=65, serverTime="2026-03-10 12:01:00"),
        ],
    )
    client = client_of()
    reader = PortalReader(client)
    seen = []
    for _ in range(3):
        client.cache.forget_device(SERIAL)
        seen.append(reader.read(frozenset({Need.RUNTIME}), frozenset()).devices[0].reading.values["soc_pct"])
    assert seen == [64, 64, 65]
    assert fake.count("getInverterRuntime") == 3
