"""The wire of the written API: forms, shapes and units as the text has them."""

import pytest

from luxagent.sim.house import House
from luxagent.sim.scenario import FIRST, MIDBOX, SECOND, single_house
from tests.sim.worlds import PLACE, ZONE, Clock, Enter, Owner

READ, SET = "/web/maintain/remoteRead/read", "/web/maintain/remoteSet"


def values(owner: Owner, numbers: str = "21,22,23,64,65,66") -> list[int]:
    answer = owner.ask(READ, serialNum=FIRST, paramIds=numbers)
    return [row["value"] for row in answer["parameters"]]


def test_the_login_has_a_user_and_an_empty_list_of_groups(single: House, move_in: Enter) -> None:
    answer = move_in(single, "document", login=False).login()
    assert answer["user"]["userId"] == 31702
    assert "userId" not in answer
    assert answer["plants"][0]["parallelGroups"] == []


def test_devices_come_as_devices_with_their_firmware(pair: House, move_in: Enter) -> None:
    answer = move_in(pair, "document").ask("/api/inverterOverview/list", plantId=20418)
    assert [row["serialNum"] for row in answer["devices"]] == [FIRST, SECOND, MIDBOX]
    assert "rows" not in answer
    assert answer["devices"][0]["firmwareVersion"] == "fAAB-2526"


def test_groups_are_asked_for_by_plant(pair: House, move_in: Enter) -> None:
    owner = move_in(pair, "document")
    path = "/api/inverterOverview/getParallelGroupDetails"
    (group,) = owner.ask(path, plantId=20418)["parallelGroups"]
    assert [row["serialNum"] for row in group["inverters"]] == [FIRST, SECOND]
    assert group["midDevice"]["serialNum"] == MIDBOX
    assert owner.ask(path, serialNum=FIRST)["message"] == "Device not found or not accessible"


def test_volts_follow_the_written_sample_as_physics_reads_it(pair: House, move_in: Enter) -> None:
    owner = move_in(pair, "document")
    runtime = owner.ask("/api/inverter/getInverterRuntime", serialNum=FIRST)
    battery = owner.ask("/api/battery/getBatteryInfo", serialNum=FIRST)
    midbox = owner.ask("/api/midbox/getMidboxRuntime", serialNum=MIDBOX)
    assert 510 <= runtime["vBat"] == battery["vBat"] <= 545
    assert 5100 <= battery["batteryArray"][0]["voltage"] <= 5450
    assert 11_800 <= midbox["gridVoltageL1"] <= 12_200
    assert battery["iBat"] / 100 * battery["vBat"] / 10 == pytest.approx(battery["pBat"], rel=0.01)


def test_each_module_shows_its_sixteen_cells(single: House, move_in: Enter) -> None:
    battery = move_in(single, "document").ask("/api/battery/getBatteryInfo", serialNum=FIRST)
    for module in battery["batteryArray"]:
        cells = module["cellVoltages"]
        assert len(cells) == 16
        assert module["cellVoltageDelta"] == max(cells) - min(cells)
        assert sum(cells) == pytest.approx(module["voltage"] * 10, abs=5)


def test_energy_is_kwh_by_day_month_and_year(single: House, move_in: Enter, clock: Clock) -> None:
    owner = move_in(single, "document")
    clock.forward(hours=3)
    energy = owner.ask("/api/inverter/getInverterEnergyInfo", serialNum=FIRST)
    assert isinstance(energy["eToday"], float)
    assert 0 < energy["eToday"] < energy["eMonth"] < energy["eYear"] < energy["eTotal"]


def test_six_numbered_parameters_can_be_read(single: House, move_in: Enter) -> None:
    owner = move_in(single, "document")
    assert values(owner) == [100, 5000, 12000, 0, 0, 1]
    assert owner.ask(READ, serialNum=FIRST, paramIds="21,67")["success"] is False


def test_several_can_be_written_at_once_in_watts(single: House, move_in: Enter) -> None:
    owner = move_in(single, "document")
    answer = owner.ask(f"{SET}/write", serialNum=FIRST, data="21:90,22:2500")
    assert answer["message"] == "Parameters updated successfully"
    assert values(owner, "21,22") == [90, 2500]
    assert [tuple(write)[2:] for write in owner.portal.writes] == [("21", "90"), ("22", "2500")]


@pytest.mark.parametrize("data", ["21:101", "21:90,67:20", "21", "22:-5", "21:ninety", ""])
def test_a_bad_pair_spoils_the_whole_write(single: House, move_in: Enter, data: str) -> None:
    owner = move_in(single, "document")
    answer = owner.ask(f"{SET}/write", serialNum=FIRST, data=data)
    assert answer == {"success": False, "message": "Invalid parameter value or out of range"}
    assert values(owner, "21") == [100]


def test_operating_mode_one_is_standby(single: House, move_in: Enter) -> None:
    owner = move_in(single, "document")
    owner.ask(f"{SET}/functionControl", serialNum=FIRST, function="operatingMode", value=1)
    assert values(owner, "64") == [1]
    assert single.inverters[FIRST].registers.on("FUNC_SET_TO_STANDBY") is False


def test_a_quick_charge_runs_until_it_is_stopped(single: House, move_in: Enter, clock: Clock) -> None:
    owner = move_in(single, "document")
    control, status = f"{SET}/functionControl", "/web/config/quickCharge/getStatusInfo"
    assert owner.ask(control, serialNum=FIRST, function="quickCharge", value=1)["value"] == 1
    clock.forward(hours=5)
    open_task = owner.ask(status, serialNum=FIRST)
    assert open_task["hasUnclosedQuickChargeTask"] is True
    assert open_task["taskStartTime"] == "2026-01-15 19:00:00"
    assert open_task["taskEndTime"] == "2026-01-16 03:00:00"
    owner.ask(control, serialNum=FIRST, function="quickCharge", value=0)
    closed = owner.ask(status, serialNum=FIRST)
    assert closed["hasUnclosedQuickChargeTask"] is False
    assert "taskStartTime" not in closed


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (READ, {"inverterSn": FIRST, "startRegister": 0, "pointNumber": 127}),
        (f"{SET}/write", {"inverterSn": FIRST, "holdParam": "HOLD_AC_CHARGE_POWER_CMD", "valueText": "4"}),
        (f"{SET}/functionControl", {"inverterSn": FIRST, "functionParam": "FUNC_EPS_EN", "enable": "false"}),
        ("/web/config/quickCharge/getStatusInfo", {"inverterSn": FIRST}),
    ],
)
def test_the_live_forms_are_refused(
    single: House, move_in: Enter, path: str, form: dict[str, object]
) -> None:
    owner = move_in(single, "document")
    assert owner.ask(path, **form)["success"] is False
    assert owner.portal.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "/web/config/quickCharge/start",
        f"{SET}/bitParamControl",
        f"{SET}/writeTime",
        "/api/analyze/event/list",
    ],
)
def test_paths_of_the_live_portal_alone_are_not_found(single: House, move_in: Enter, path: str) -> None:
    assert move_in(single, "document").post(path, serialNum=FIRST).status_code == 404


def test_being_up_to_date_is_a_success(single: House, move_in: Enter) -> None:
    answer = move_in(single, "document").ask("/web/maintain/standardUpdate/checkUpdates", serialNum=FIRST)
    assert answer["success"] is True
    assert not {"lastV1", "lastV2"} & set(answer["details"])


def test_serials_can_be_ten_digits(move_in: Enter, clock: Clock) -> None:
    house = single_house(clock(), ZONE, PLACE, numeric_serials=True)
    (serial,) = house.inverters
    assert serial.isdecimal()
    assert len(serial) == 10
    runtime = move_in(house, "document").ask("/api/inverter/getInverterRuntime", serialNum=serial)
    assert runtime["serialNum"] == serial
