"""Answers that are nearly as usual: a word for a number, a row twice, a counter in the place of a power."""

from datetime import timedelta
from typing import Any

import pytest

from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.device import Kind
from luxagent.portal import firmware
from luxagent.portal.records import Group
from luxagent.portal.wire import DOCUMENT, LIVE
from tests.portal.bench import BOSS, SERIAL, live_battery, live_midbox, live_runtime

UTC_STAMPS = timedelta()


@pytest.mark.parametrize(
    ("status", "legs_w", "load_w"),
    [
        (1, (250, 50), 2500),
        (0, (250, 50), 2200),
        (2, (-250, -50), 2200),
        *((unknown, (250, 50), None) for unknown in (None, "--", 3, "", True)),
        *((unknown, (None, 50), None) for unknown in (None, "--", 3)),
        *((unknown, (0, 0), 2200) for unknown in (None, "--", 3)),
    ],
)
def test_a_port_of_unknown_use_makes_the_load_unknown_unless_nothing_flows_through_it(
    status: object, legs_w: tuple[object, object], load_w: float | None
) -> None:
    first, second = legs_w
    port = {
        "smartPort3Status": status,
        "smartLoad3L1ActivePower": first,
        "smartLoad3L2ActivePower": second,
    }
    report = LIVE.answers.gridboss(live_midbox(**port), {}, UTC_STAMPS)
    assert report.values["load_power_w"] == load_w


def test_a_port_that_the_answer_does_not_name_is_not_there() -> None:
    box: Any = live_midbox()
    whole = LIVE.answers.gridboss(box, {}, UTC_STAMPS).values["load_power_w"]
    rows = box["midboxData"].items()
    told = {key: value for key, value in rows if not key.startswith(("smartPort4", "smartLoad4"))}
    report = LIVE.answers.gridboss({**box, "midboxData": told}, {}, UTC_STAMPS)
    assert report.values["load_power_w"] == whole is not None


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"deviceType": None, "deviceTypeText": "Grid Boss"}, Kind.GRIDBOSS),
        ({"deviceTypeText": "GridBOSS MID"}, Kind.GRIDBOSS),
        ({"deviceType": "", "deviceTypeText": "18KPV"}, Kind.INVERTER),
        ({"deviceType": 6, "deviceTypeText": "Grid Boss"}, Kind.INVERTER),
        ({"deviceType": "9", "deviceTypeText": ""}, Kind.GRIDBOSS),
        ({"deviceType": None, "deviceTypeText": None}, Kind.INVERTER),
    ],
)
def test_a_gridboss_without_a_type_number_is_known_by_its_name(row: dict[str, object], kind: Kind) -> None:
    [found] = LIVE.answers.device_rows({"rows": [{"serialNum": BOSS, **row}]}).found
    assert found.kind is kind


def test_a_gridboss_without_a_type_number_is_no_member_of_its_own_group() -> None:
    rows: list[dict[str, object]] = [
        {"serialNum": SERIAL, "deviceType": 6, "roleText": "Primary"},
        {"serialNum": BOSS, "deviceType": None, "roleText": "Midbox Slave"},
    ]
    alone = Group("", (SERIAL,), BOSS, SERIAL)
    assert LIVE.answers.groups({"devices": rows}) == (alone,)
    rows[1]["roleText"] = None
    assert LIVE.answers.groups({"devices": rows, "parallelMidboxSn": BOSS}) == (alone,)


def test_the_sign_of_a_modules_power_stays_with_it_when_another_module_is_lost() -> None:
    rows = [
        {"batteryKey": "01", "lost": True, "current": 470, "power": 250},
        {"batteryKey": "02", "current": 300, "power": -160},
        {"batteryKey": "03", "current": 200, "power": 110},
    ]
    modules = DOCUMENT.answers.battery({"success": True, "batteryArray": rows}, {}, SERIAL).modules
    assert [(module.key, module.current_a) for module in modules] == [("02", -3), ("03", 2)]


def test_a_module_that_is_sent_twice_is_there_once_and_its_first_row_counts() -> None:
    told = live_battery()
    first, second = told["batteryArray"]  # type: ignore[misc]
    again = {**first, "soc": 12}  # type: ignore[dict-item]
    report = LIVE.answers.battery({**told, "batteryArray": [first, second, again]}, {}, SERIAL)
    assert [(module.key, module.soc_pct) for module in report.modules] == [
        ("Battery_ID_01", 63), ("Battery_ID_02", 65),
    ]  # fmt: skip
    assert (report.values["module_count"], report.values["soc_spread_pct"]) == (2, 2)


def test_modules_that_share_a_serial_number_but_not_a_key_are_two() -> None:
    rows = [{"batterySn": "0000", "batteryKey": f"{SERIAL}_{n}", "soc": 60} for n in (1, 2)]
    report = LIVE.answers.battery({"success": True, "batteryArray": rows}, {}, SERIAL)
    assert report.values["module_count"] == 2


def test_modules_without_any_name_are_told_apart_by_their_place() -> None:
    rows: list[dict[str, object]] = [{"soc": 60}, {"soc": 60, "batterySn": None}]
    report = LIVE.answers.battery({"success": True, "batteryArray": rows}, {}, SERIAL)
    assert [module.key for module in report.modules] == ["#1", "#2"]


NO_NEWER = {"v1": 33, "lastV1": 33, "v2": 34, "lastV2": 34}
FITS = {"pcs1UpdateMatch": True, "pcs2UpdateMatch": True}


@pytest.mark.parametrize(
    ("details", "available"),
    [
        (NO_NEWER, False),
        ({**NO_NEWER, "lastV1": 32}, False),
        ({**NO_NEWER, "lastV1": 37}, None),
        ({**NO_NEWER, "lastV1": 37, **FITS}, True),
        ({**NO_NEWER, "lastV1": 37, "pcs1UpdateMatch": False}, False),
        ({"lastV1": 37, **FITS}, None),
        ({**NO_NEWER, **FITS, "pcs3UpdateMatch": True}, True),
        ({**NO_NEWER, **FITS, "pcs3UpdateMatch": False}, False),
        ({**NO_NEWER, "v3Value": 3, "lastV3": 4, "pcs3UpdateMatch": True}, True),
        ({**NO_NEWER, "v3Value": 4, "lastV3": 4, "pcs3UpdateMatch": True}, False),
        ({**NO_NEWER, "v3Value": 3, "lastV3": 4, "pcs3UpdateMatch": False}, False),
    ],
)
def test_what_is_no_newer_is_no_update_whether_it_fits_or_not(
    details: dict[str, object], available: object
) -> None:
    assert firmware.decode_check({"success": True, "details": details}).available is available


ENDED = {"isSendStartUpdate": True, "isSendEndUpdate": True, "stopTime": "2026-03-09 10:00:00"}
BEGUN = {"isSendStartUpdate": True, "isSendEndUpdate": False, "stopTime": ""}


@pytest.mark.parametrize(
    ("runs", "running"),
    [
        ([{**BEGUN, "updateStatus": "FAILED"}], False),
        ([{**ENDED, "updateStatus": "FAILED"}], False),
        ([{**ENDED, "updateStatus": "SUCCESS"}], False),
        ([{**ENDED, "updateStatus": "UPLOADING"}], False),
        ([{**ENDED, "updateStatus": "SOMETHING"}], False),
        ([{**ENDED, "updateStatus": "SUCCESS"}, {**BEGUN, "updateStatus": "FAILED"}], False),
        ([{**ENDED, "updateStatus": "SUCCESS"}, {**BEGUN, "updateStatus": "SOMETHING"}], True),
        ([{**ENDED, "updateStatus": "SUCCESS"}, {**BEGUN, "updateStatus": "UPLOADING"}], True),
        ([{"updateStatus": "READY"}], True),
        ([], True),
    ],
)
def test_only_runs_that_have_not_ended_hold_anything(runs: list[dict[str, object]], running: bool) -> None:
    rows = [{"inverterSn": SERIAL, **run} for run in runs]
    assert firmware.decode_progress({"progressing": True, "deviceInfos": rows}).running is running


@pytest.mark.parametrize(
    ("told_c", "radiators_c", "known_c"),
    [
        (0, (44, 47), None),
        (0, (41, None), None),
        (0, (127, 41), None),
        (0, (40, 40), 0),
        (0, (127, 127), 0),
        (0, (None, None), 0),
        (1, (44, 47), 1),
        (-1, (44, 47), -1),
    ],
)
def test_exactly_no_degrees_beside_hot_radiators_is_a_sensor_that_is_not_there(
    told_c: int, radiators_c: tuple[object, object], known_c: float | None
) -> None:
    first, second = radiators_c
    told = live_runtime(tinner=told_c, tradiator1=first, tradiator2=second)
    report = LIVE.answers.runtime(told, {}, UTC_STAMPS)
    assert report.values["inverter_temperature_c"] == known_c
    assert report.why.get("inverter_temperature_c") is (Unknown.IMPLAUSIBLE if known_c is None else None)


def test_a_battery_at_no_degrees_beside_hot_radiators_is_believed() -> None:
    report = LIVE.answers.runtime(live_runtime(tBat=0, tradiator1=47), {}, UTC_STAMPS)
    assert report.values["battery_temperature_c"] == 0


RUNS = {"genVolt": 2400, "genFreq": 6000}


@pytest.mark.parametrize(
    ("changes", "known_w"),
    [
        ({"genPower": 28646}, None),
        ({"genPower": 28646, "powerRatingText": "12kW"}, None),
        ({"genPower": 8000, "powerRatingText": "6 kW"}, None),
        ({"genPower": 28646, "genVolt": None, "genFreq": None}, None),
        ({"genPower": 1074, "acCouplePower": 1066, "powerRatingText": "12kW"}, 1074),
        ({"genPower": 1074, "powerRatingText": "12kW"}, 1074),
        ({"genPower": 14000, "acCouplePower": 13900, "powerRatingText": "12kW"}, 14000),
        ({"genPower": 14000}, 14000),
        ({"genPower": 14000, "powerRatingText": "large"}, 14000),
        ({"genPower": 14000, "powerRatingText": "12kW", **RUNS}, 14000),
        ({"genPower": 0, "powerRatingText": "0kW"}, 0),
    ],
)
def test_a_counter_in_the_place_of_the_generators_power_is_not_believed(
    changes: dict[str, object], known_w: float | None
) -> None:
    report = LIVE.answers.runtime(live_runtime(**changes), {}, UTC_STAMPS)
    assert report.values["generator_power_w"] == known_w
    assert report.why.get("generator_power_w") is (Unknown.IMPLAUSIBLE if known_w is None else None)
