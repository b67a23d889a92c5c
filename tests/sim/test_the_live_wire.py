"""The live wire: forms, shapes and units as real portals have them."""

import base64
import struct
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.values.sun import Place
from luxagent.sim.house import House
from luxagent.sim.scenario import FIRST, MIDBOX, SECOND, single_house
from tests.sim.worlds import Clock, Enter, Owner

READ, SET = "/web/maintain/remoteRead/read", "/web/maintain/remoteSet"
QUICK = "/web/config/quickCharge"


def block(owner: Owner, first: int, count: int = 127, serial: str = FIRST) -> dict[str, Any]:
    found: dict[str, Any] = owner.ask(
        READ, inverterSn=serial, startRegister=first, pointNumber=count, autoRetry="true"
    )
    return found


class TestDiscovery:
    def test_the_login_is_flat_and_a_lone_inverter_has_no_groups(self, single: House, move_in: Enter) -> None:
        answer = move_in(single, login=False).login()
        assert answer["userId"] == 31702
        assert "user" not in answer
        assert "parallelGroups" not in answer["plants"][0]

    def test_the_plant_list_says_nothing_of_success(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        answer = owner.ask("/web/config/plant/list/viewer", page=1, rows=20, searchText="")
        assert set(answer) == {"rows", "total"}
        assert answer == owner.ask("/web/config/plant/list")

    def test_the_overview_is_paged_and_tells_soc_as_text(self, pair: House, move_in: Enter) -> None:
        owner = move_in(pair)
        first = owner.ask("/api/inverterOverview/list", page=1, rows=2, plantId=-1, statusText="all")
        second = owner.ask("/api/inverterOverview/list", page=2, rows=2, plantId=-1, statusText="all")
        assert first["total"] == second["total"] == 3
        assert [row["serialNum"] for row in first["rows"] + second["rows"]] == [FIRST, SECOND, MIDBOX]
        assert first["rows"][0]["soc"] == "45 %"
        assert second["rows"][0]["soc"] == ""
        assert not {"lost", "fwCode"} & set(first["rows"][0])

    def test_the_zone_is_written_in_hours_and_minutes(self, move_in: Enter, clock: Clock) -> None:
        house = single_house(clock(), ZoneInfo("Asia/Kolkata"), Place(18.5, 73.9))
        row = move_in(house).ask("/web/config/plant/list/viewer")["rows"][0]
        assert (row["currentTimezoneWithMinute"], row["timezone"]) == (530, "GMT +5:30")

    def test_a_lone_inverter_is_not_parallel(self, single: House, move_in: Enter) -> None:
        answer = move_in(single).ask("/api/inverterOverview/getParallelGroupDetails", serialNum=FIRST)
        assert answer == {"success": False, "msg": "notParallel"}


class TestTelemetry:
    def test_raw_integers_are_scaled_as_physics_wants(self, single: House, move_in: Enter) -> None:
        runtime = move_in(single).ask("/api/inverter/getInverterRuntime", serialNum=FIRST)
        assert 510 <= runtime["vBat"] <= 545
        assert 2350 <= runtime["vacr"] <= 2450
        assert 5990 <= runtime["fac"] <= 6010
        assert 3000 <= runtime["vpv1"] <= 4500
        assert runtime["ppv1"] + runtime["ppv2"] + runtime["ppv3"] == runtime["ppv"]
        assert runtime["batPower"] == runtime["pCharge"] - runtime["pDisCharge"]

    def test_server_time_is_the_last_uploads_in_utc_and_device_time_the_plants(
        self,
        single: House,
        move_in: Enter,
        clock: Clock,
    ) -> None:
        owner = move_in(single)
        clock.forward(seconds=119)
        runtime = owner.ask("/api/inverter/getInverterRuntime", serialNum=FIRST)
        assert runtime["serverTime"] == "2026-01-15 19:01:00"
        assert runtime["deviceTime"] == "2026-01-15 12:01:00"

    def test_energies_are_tenths_with_text_beside_them(
        self, single: House, move_in: Enter, clock: Clock
    ) -> None:
        owner = move_in(single)
        clock.forward(hours=3)
        energy = owner.ask("/api/inverter/getInverterEnergyInfo", serialNum=FIRST)
        assert energy["todayYielding"] > 10
        assert float(energy["todayYieldingText"]) == energy["todayYielding"] / 10

    def test_module_currents_add_up_to_the_banks(self, single: House, move_in: Enter) -> None:
        battery = move_in(single).ask("/api/battery/getBatteryInfo", serialNum=FIRST)
        amps = sum(module["current"] for module in battery["batteryArray"]) / 10
        assert amps == pytest.approx(float(battery["currentText"]), abs=0.3)
        assert battery["currentType"] == "charge"
        assert battery["batteryArray"][0]["batteryKey"] == f"{FIRST}_Battery_ID_01"
        assert all(5000 < module["totalVoltage"] < 5600 for module in battery["batteryArray"])

    def test_the_gridboss_balances(self, pair: House, move_in: Enter, clock: Clock) -> None:
        owner = move_in(pair)
        clock.forward(hours=9)
        answer = owner.ask("/api/midbox/getMidboxRuntime", serialNum=MIDBOX)
        data = answer["midboxData"]
        grid = data["gridL1ActivePower"] + data["gridL2ActivePower"]
        backup = data["upsL1ActivePower"] + data["upsL2ActivePower"]
        assert data["hybridPower"] == pytest.approx(backup - grid, abs=2)
        assert answer["deviceData"]["gridPower"] == pytest.approx(-grid, abs=2)
        assert "serverTime" in data
        assert "serverTime" not in answer

    def test_an_inverter_is_no_gridboss(self, single: House, move_in: Enter) -> None:
        answer = move_in(single).ask("/api/midbox/getMidboxRuntime", serialNum=FIRST)
        assert answer == {"success": False, "msg": "DEVICE_ERROR_UNSUPPORT_DEVICE_TYPE"}

    def test_a_lost_inverter_leaves_out_what_is_unknown_and_freezes_the_rest(
        self,
        single: House,
        move_in: Enter,
        clock: Clock,
    ) -> None:
        owner = move_in(single)
        before = owner.ask("/api/inverter/getInverterRuntime", serialNum=FIRST)
        owner.portal.faults.on("lost")
        clock.forward(hours=2)
        after = owner.ask("/api/inverter/getInverterRuntime", serialNum=FIRST)
        assert (after["success"], after["lost"], after["statusText"]) == (True, True, "offline")
        assert not {"soc", "vBat", "status", "ppv", "batPower"} & set(after)
        assert after["serverTime"] == before["serverTime"]
        assert after["pToUser"] == before["pToUser"]
        battery = owner.ask("/api/battery/getBatteryInfo", serialNum=FIRST)
        assert battery["capacityPercent"] == 0
        assert not {"soc", "vBat", "batteryArray"} & set(battery)


class TestReadingSettings:
    def test_a_block_holds_its_own_keys_alone(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        low, middle, high = (block(owner, first) for first in (0, 127, 240))
        assert "HOLD_AC_CHARGE_POWER_CMD" in low
        assert "HOLD_SYSTEM_CHARGE_SOC_LIMIT" not in low
        assert "HOLD_SYSTEM_CHARGE_SOC_LIMIT" in middle
        assert "HOLD_GEN_START_HOUR_1" in high
        assert "FUNC_AC_CHARGE" not in middle

    def test_values_are_text_switches_boolean_and_bits_whole(self, single: House, move_in: Enter) -> None:
        low = block(move_in(single), 0)
        assert low["HOLD_AC_CHARGE_POWER_CMD"] == "5.0"
        assert low["HOLD_AC_CHARGE_START_HOUR"] == "00"
        assert low["FUNC_SET_TO_STANDBY"] is True
        assert low["BIT_AC_CHARGE_TYPE"] == 0

    def test_the_frame_holds_the_raw_registers(self, single: House, move_in: Enter) -> None:
        single.inverters[FIRST].registers.set_window("HOLD_AC_CHARGE", "", "23:30", "05:45")
        frame = base64.b64decode(block(move_in(single), 0)["valueFrame"])
        words = struct.unpack("<127H", frame)
        assert words[66] == 50
        assert (words[68], words[69]) == (23 + 30 * 256, 5 + 45 * 256)
        assert words[21] >> 9 & 1 == 1

    def test_what_lies_far_out_times_out(self, single: House, move_in: Enter) -> None:
        assert block(move_in(single), 600) == {"success": False, "msg": "DATAFRAME_TIMEOUT", "msgCode": 1002}

    def test_a_lost_device_cannot_be_read(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, faults=["lost"])
        assert block(owner, 0) == {"success": False, "msg": "DEVICE_OFFLINE"}


class TestWriting:
    def test_a_write_lands_before_its_answer(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        form = {"holdParam": "HOLD_SYSTEM_CHARGE_SOC_LIMIT", "valueText": "85", "clientType": "WEB"}
        assert owner.ask(f"{SET}/write", inverterSn=FIRST, **form) == {"success": True}
        assert block(owner, 227, 1)["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] == "85"
        assert owner.portal.writes[-1][1:] == (FIRST, "HOLD_SYSTEM_CHARGE_SOC_LIMIT", "85")

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("HOLD_SYSTEM_CHARGE_SOC_LIMIT", "102", "OUT_RANGE_ERROR"),
            ("HOLD_AC_CHARGE_POWER_CMD", "2500", "OUT_RANGE_ERROR"),
            ("HOLD_SYSTEM_CHARGE_SOC_LIMIT", "lots", "PARAM_ERROR"),
            ("HOLD_SYSTEM_CHARGE_SOC_LIMIT", "nan", "PARAM_ERROR"),
            ("HOLD_SYSTEM_CHARGE_SOC_LIMIT", "85.5", "PARAM_ERROR"),
            ("SNA_HOLD_QUICK_CHARGE_MINUTE", "30", "REMOTE_SET_ERROR"),
            ("_12K_HOLD_GRID_PEAK_SHAVING_POWER", "3.0", "DATAFRAME_TIMEOUT"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, single: House, move_in: Enter, name: str, value: str, code: str
    ) -> None:
        owner = move_in(single)
        answer = owner.ask(f"{SET}/write", inverterSn=FIRST, holdParam=name, valueText=value)
        assert (answer["success"], answer["msg"]) == (False, code)
        assert owner.portal.writes == []

    @pytest.mark.parametrize(
        "name", ["HOLD_AC_CHARGE_START_VOLTAGE", "FUNC_AC_CHARGE", "21", "HOLD_CHARGE_POWER_PERCENT_CMD"]
    )
    def test_an_unknown_name_is_http_400(self, single: House, move_in: Enter, name: str) -> None:
        answer = move_in(single).post(f"{SET}/write", inverterSn=FIRST, holdParam=name, valueText="1")
        assert answer.status_code == 400

    def test_a_value_is_rounded_to_the_registers_step(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        owner.ask(f"{SET}/write", inverterSn=FIRST, holdParam="HOLD_AC_CHARGE_POWER_CMD", valueText="4.26")
        assert block(owner, 66, 1)["HOLD_AC_CHARGE_POWER_CMD"] == "4.3"

    def test_a_time_is_set_at_once(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        form = {"timeParam": "HOLD_FORCED_DISCHARGE_END_TIME_2", "hour": 7, "minute": 5}
        assert owner.ask(f"{SET}/writeTime", inverterSn=FIRST, **form)["success"]
        found = block(owner, 84, 6)
        assert found["HOLD_FORCED_DISCHARGE_END_HOUR_2"] == "07"
        assert found["HOLD_FORCED_DISCHARGE_END_MINUTE_2"] == "05"

    def test_switches_and_bits_have_doors_of_their_own(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        switch = {"functionParam": "FUNC_CHARGE_LAST", "enable": "True"}
        assert owner.ask(f"{SET}/functionControl", inverterSn=FIRST, **switch)["success"]
        bit = {"bitParam": "BIT_AC_CHARGE_TYPE", "value": 2}
        assert owner.ask(f"{SET}/bitParamControl", inverterSn=FIRST, **bit)["success"]
        found = block(owner, 0)
        assert (found["FUNC_CHARGE_LAST"], found["BIT_AC_CHARGE_TYPE"]) == (True, 2)

    def test_turning_peak_shaving_off_zeroes_its_power(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        power = {"holdParam": "_12K_HOLD_GRID_PEAK_SHAVING_POWER", "valueText": "3.0"}
        for enable in ("true", "false"):
            owner.ask(
                f"{SET}/functionControl",
                inverterSn=FIRST,
                functionParam="FUNC_GRID_PEAK_SHAVING",
                enable=enable,
            )
            if enable == "true":
                assert owner.ask(f"{SET}/write", inverterSn=FIRST, **power)["success"]
        assert block(owner, 206, 1)["_12K_HOLD_GRID_PEAK_SHAVING_POWER"] == "0.0"

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            (READ, {"serialNum": FIRST, "paramIds": "21,22"}),
            (f"{SET}/write", {"serialNum": FIRST, "data": "21:90"}),
            (f"{SET}/functionControl", {"serialNum": FIRST, "function": "quickCharge", "value": 1}),
            (f"{QUICK}/getStatusInfo", {"serialNum": FIRST}),
            ("/api/inverterOverview/getParallelGroupDetails", {"plantId": 20417}),
        ],
    )
    def test_the_written_apis_forms_are_refused(
        self, single: House, move_in: Enter, path: str, form: dict[str, object]
    ) -> None:
        owner = move_in(single)
        assert owner.ask(path, **form) == {"success": False, "msg": "PARAM_ERROR"}
        assert owner.portal.asked == []

    def test_anothers_inverter_is_out_of_reach(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        for path in ("/api/inverter/getInverterRuntime", "/api/battery/getBatteryInfo"):
            assert owner.ask(path, serialNum="99999Z9999")["msg"] == "noPermission"
        assert block(owner, 0, serial="99999Z9999")["msg"] == "noPermission"
