"""What `doctor` finds of an inverter that works against the file, through the portal."""

import pytest

from luxagent.sim.scenario import FIRST, SECOND
from tests.cli.bench import Desk

START, TYPE = "HOLD_AC_CHARGE_START_BATTERY_SOC", "BIT_AC_CHARGE_TYPE"
CHEAP = "rules: [{name: Cheap, when: {time: 01:00 to 05:00}, set: {ac_charge: on}}]\n"


def habits(desk: Desk, rules: str, *, windows: str = "", **registers: float | bool) -> list[tuple[str, str]]:
    """How each line about the first inverter's habits is, and its words; nothing is ever asked of it."""
    desk.write(rules)
    for name, value in registers.items():
        desk.portal.by_another_hand(FIRST, name, value)
    if windows:
        family, start, end = windows.split()
        desk.portal.house.inverters[FIRST].registers.set_window(family, "", start, end)
    said = desk.say("doctor", "--json")
    assert desk.portal.asked == []
    rows = [row for row in said.json["findings"] if row["about"] == "habits of garage"]
    assert all(row["todo"] or row["health"] == "ok" for row in rows)
    return [(row["health"], row["words"]) for row in rows]


WARNED = [
    pytest.param(
        CHEAP,
        {START: 90, TYPE: 1},
        "",
        "ac_charge_start is 90 %: below that it may charge from the grid at any hour",
        id="a start SOC that charges outside all windows",
    ),
    pytest.param(
        "baseline: {charge_limit: 90%, discharge_floor: 20%}\n",
        {"FUNC_BAT_CHARGE_CONTROL": True},
        "",
        "Its charge goes by battery voltage, so that charge_limit would do nothing",
        id="voltage control of the charge",
    ),
    pytest.param(
        "baseline: {charge_limit: 90%, discharge_floor: 20%}\n",
        {"FUNC_BAT_CHARGE_CONTROL": True, "FUNC_BAT_DISCHARGE_CONTROL": True},
        "",
        "goes by battery voltage, so that charge_limit, discharge_floor would do nothing",
        id="voltage control",
    ),
    pytest.param(
        "baseline: {charge_limit: 90%}\n",
        {"FUNC_FORCED_DISCHG_EN": True},
        "HOLD_FORCED_DISCHARGE 17:00 20:00",
        "pushes the battery out on a schedule of its own, 17:00-20:00",
        id="a discharge on its own schedule",
    ),
    pytest.param(
        "baseline: {charge_limit: 90%}\n",
        {"FUNC_FORCED_CHG_EN": True},
        "HOLD_FORCED_CHARGE 09:00 12:00",
        "gives charging priority on a schedule of its own, 09:00-12:00",
        id="charging priority on its own schedule",
    ),
    pytest.param(
        "baseline: {charge_limit: 90%}\n",
        {"FUNC_AC_CHARGE": True},
        "HOLD_AC_CHARGE 23:00 05:00",
        "charges from the grid on a schedule of its own, 23:00-05:00",
        id="a charge from the grid on its own schedule",
    ),
    pytest.param(
        "baseline: {charge_limit: 90%}\n",
        {"FUNC_AC_CHARGE": True, TYPE: 1},
        "",
        "charges from the grid on a schedule of its own, by its SOC",
        id="a charge from the grid by its own SOC",
    ),
    pytest.param(
        CHEAP,
        {TYPE: 0},
        "",
        "has no effect: it charges from the grid only within windows of its own, and has none",
        id="a switch without a window",
    ),
    pytest.param(
        CHEAP,
        {TYPE: 0},
        "HOLD_AC_CHARGE 23:00 05:00",
        "has an effect only within its own windows, 23:00-05:00",
        id="a switch that works in windows alone",
    ),
    pytest.param(
        "baseline: {ac_charge_limit: 80%, ac_charge_power: 4 kW}\n",
        {},
        "",
        "off and the file never turns it on, so that ac_charge_limit, ac_charge_power",
        id="limits of what is off",
    ),
    pytest.param(
        "baseline: {ac_charge: off, ac_charge_limit: 80%}\n",
        {"HOLD_SYSTEM_CHARGE_SOC_LIMIT": 60},
        "",
        "ends all charging at 60 %, before ac_charge_limit 80 %",
        id="a stop below the file's",
    ),
    pytest.param(
        "baseline: {charge_limit: 90%}\n",
        {"FUNC_SET_TO_STANDBY": False},
        "",
        "in standby",
        id="standby",
    ),
]


@pytest.mark.parametrize(("rules", "registers", "windows", "words"), WARNED)
def test_what_works_against_the_file_is_a_warning(
    desk: Desk, rules: str, registers: dict[str, float | bool], windows: str, words: str
) -> None:
    found = habits(desk, rules, windows=windows, **registers)
    assert [health for health, _ in found] == ["warning"], found
    assert words in found[0][1]


HARMLESS = [
    pytest.param(
        "alerts: [{name: Low, when: {soc: below 20%}}]\n", {START: 90}, id="a file that only watches"
    ),
    pytest.param(
        "baseline: {ac_charge: off, ac_charge_start: 0%}\n", {START: 90}, id="a start SOC that the file mends"
    ),
    pytest.param("baseline: {ac_charge: off}\n", {START: 90}, id="a start SOC of a charge that is never on"),
    pytest.param(
        "baseline: {export: on}\n", {"FUNC_BAT_CHARGE_CONTROL": True}, id="voltage control and no SOC setting"
    ),
    pytest.param(
        "baseline: {forced_discharge: off}\n", {"FUNC_FORCED_DISCHG_EN": True}, id="a managed switch"
    ),
    pytest.param(
        "baseline: {ac_charge_type: soc}\n" + CHEAP, {TYPE: 0}, id="a type that the file turns to SOC"
    ),
    pytest.param(
        "baseline: {ac_charge: off, ac_charge_limit: 80%}\n",
        {"HOLD_SYSTEM_CHARGE_SOC_LIMIT": 101},
        id="a stop above the file's",
    ),
]


@pytest.mark.parametrize(("rules", "registers"), HARMLESS)
def test_what_does_no_harm_is_no_warning(desk: Desk, rules: str, registers: dict[str, float | bool]) -> None:
    found = habits(desk, rules, **registers)
    assert [health for health, _ in found] in (["ok"], []), found


def test_a_quick_charge_that_the_file_knows_nothing_of_is_told(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    desk.portal.house.quick.start(desk.portal.house.unit_of(FIRST), desk.clock.now(), 60)
    assert "A quick charge runs" in habits(desk, "baseline: {charge_limit: 90%}\n")[0][1]


def test_each_inverter_is_judged_by_the_rules_that_concern_it(pair_desk: Desk) -> None:
    pair_desk.write(
        "rules: [{name: Cheap, when: {time: 01:00 to 05:00}, devices: [garage], set: {ac_charge: on}}]\n"
    )
    for serial in (FIRST, SECOND):
        pair_desk.portal.by_another_hand(serial, TYPE, 0)
    said = pair_desk.say("doctor", "--json")
    found = [row["about"] for row in said.json["findings"] if row["about"].startswith("habits")]
    assert found == ["habits of garage"]


def test_settings_that_cannot_be_read_are_told_and_nothing_is_made_up(desk: Desk) -> None:
    desk.portal.faults.on("command-timeout")
    desk.write("baseline: {charge_limit: 90%}\n")
    said = desk.say("doctor", "--json")
    assert said.code in (0, 1)
    assert any("could not be read" in row["words"] for row in said.json["findings"])
    assert ("habits of garage", "warning") not in [(r["about"], r["health"]) for r in said.json["findings"]]
