"""`check --live`: what the portal tells about the file, where it stands in it. What the file says by itself:
tests/config."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from luxagent.sim.faults import CATALOGUE, Fault
from luxagent.sim.mischief import without
from luxagent.sim.scenario import FIRST, MIDBOX, SECOND, single_house
from luxagent.sim.server import SimPortal, WireName
from tests.cli.bench import PASSWORD, PLACE, ZONE, Desk, Said, StillClock, new_portal

LOGIN = "/WManage/api/login"
GOOD = "baseline: {charge_limit: 90%}\n"
STRANGER = "52710E9999"
TIMES = "\N{MULTIPLICATION SIGN}"

Row = dict[str, str | int]


@pytest.fixture(params=["live", "document"])
def either(
    request: pytest.FixtureRequest, tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    """Two inverters behind a GridBOSS, on each wire."""
    with new_portal(clock, pair=True, wire=cast("WireName", request.param), password=PASSWORD) as portal:
        yield Desk(tmp_path, portal, clock, capsys)


@pytest.fixture
def document_desk(tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with new_portal(clock, pair=True, wire="document", password=PASSWORD) as portal:
        yield Desk(tmp_path, portal, clock, capsys)


def live(desk: Desk, *more: str) -> Said:
    said = desk.say("check", "--live", *more)
    assert desk.portal.asked == []
    assert desk.portal.mistakes == []
    return said


def found(said: Said, *codes: str) -> list[Row]:
    """The findings of these codes."""
    rows: list[Row] = said.json["findings"]
    return [row for row in rows if row["code"] in codes]


def only(said: Said, code: str) -> Row:
    rows = found(said, code)
    assert len(rows) == 1, said.out
    return rows[0]


def at(desk: Desk, row: Row, word: str, *, after: str = "") -> bool:
    """Whether a finding points at this word of the file, the first that follows `after`."""
    line = desk.file.read_text().splitlines()[int(row["line"]) - 1]
    start = int(row["column"]) - 1
    return line[start:].startswith(word) and after in line[:start]


def in_portal(desk: Desk, keys: str) -> None:
    """Add keys to the file's portal section."""
    desk.file.write_text(desk.file.read_text().replace("settle: 0.2 s", f"settle: 0.2 s, {keys}"))


def test_a_file_that_fits_its_plant_gives_no_finding(either: Desk) -> None:
    either.write("baseline: {charge_limit: 90%}\n")
    said = live(either, "--strict")
    assert said.code == 0, said.out
    assert said.out.splitlines()[0].startswith(f"{either.file} is good: ")
    assert live(either, "--json").json == {"findings": []}
    assert not either.state.exists()


def test_without_live_the_portal_hears_nothing(either: Desk) -> None:
    either.write(GOOD)
    either.say("check", "--strict")
    assert sum(either.portal.requests.values()) == 0


def test_a_file_with_an_error_of_its_own_is_not_taken_to_the_portal(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 9 lemons}\n")
    assert live(desk).code == 78
    assert sum(desk.portal.requests.values()) == 0


def test_a_setting_that_the_wire_lacks_is_told_where_it_is_named(document_desk: Desk) -> None:
    document_desk.write(
        "baseline: {charge_limit: 90%, discharge_floor: 20%}\n"
        "rules:\n"
        "  - name: Night\n"
        f"    devices: {SECOND}\n"
        "    when: {time: 23:00 to 05:00}\n"
        "    set:\n"
        "      discharge_floor:\n"
        "        100%\n"
    )
    said = live(document_desk, "--json")
    assert said.code == 0
    home, night = found(said, "lacking")
    assert at(document_desk, home, "discharge_floor:", after="charge_limit")
    assert at(document_desk, night, "discharge_floor:", after="      ")
    assert home["severity"] == night["severity"] == "warning"
    assert home["message"] == (
        f"garage and {SECOND}: the portal's document wire does not have discharge_floor; never written"
    )
    assert str(night["message"]).startswith(f"{SECOND}: ")
    assert home["hint"] == night["hint"] == "take it out"
    assert live(document_desk, "--strict").code == 1


def test_a_setting_that_one_model_lacks_is_told_with_how_to_narrow_it(
    pair_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = without("FUNC_CHARGE_LAST")
    monkeypatch.setitem(
        CATALOGUE,
        "no-charge-last",
        Fault("", alter=lambda w, q, r: gone(w, q, r) if q.serial == SECOND else r),
    )
    pair_desk.portal.faults.on("no-charge-last")
    pair_desk.write(
        "baseline: {charge_last: off}\n"
        "rules:\n"
        "  - {name: Fine, when: {soc: above 50%}, set: {charge_last: on}, devices: garage}\n"
        "  - {name: All, when: {soc: above 90%}, set: {charge_last: on}}\n"
    )
    home, rule = found(live(pair_desk, "--json"), "lacking", "unread")
    assert at(pair_desk, home, "charge_last", after="baseline: ")
    assert at(pair_desk, rule, "charge_last", after="name: All")
    assert home["message"] == f"{SECOND} does not have charge_last, so it is never written there"
    assert home["hint"] == "take it out, or set it in a rule with `devices: [garage]`"
    assert rule["hint"] == "take it out, or narrow the rule with `devices: [garage]`"


def test_a_value_that_the_wire_cannot_say_is_told_where_it_is_set(document_desk: Desk) -> None:
    document_desk.write("baseline: {charge_limit: never}\n")
    row = only(live(document_desk, "--json"), "lacking")
    wire = "the portal's document wire"
    assert row["message"] == f"{wire} takes no charge_limit above 100 %; this is never written"
    assert row["hint"] == "at most 100 %"


def test_what_the_file_knows_of_its_wire_is_told_once(document_desk: Desk) -> None:
    document_desk.write("baseline: {charge_limit: never}\n")
    head = document_desk.file.read_text()
    document_desk.file.write_text(head.replace("portal: {", "portal: {wire: document, "))
    row = only(live(document_desk, "--json"), "lacking")
    assert at(document_desk, row, "never")
    text = document_desk.file.read_text()
    document_desk.file.write_text(text.replace("charge_limit: never", "discharge_floor: 20%"))
    row = only(live(document_desk, "--json"), "lacking")
    assert at(document_desk, row, "20%")


FAULTS = (
    GOOD + "rules:\n"
    "  - {name: Broken, when: {any: [{grid: down}, {fault: [W016, w003]}]}, set: {charge_limit: 80%}}\n"
    "alerts:\n"
    "  - {name: Fault, when: {not: {fault: any}}}\n"
)


def test_codes_of_faults_are_asked_for_in_vain_where_the_portal_lists_none(document_desk: Desk) -> None:
    document_desk.write(FAULTS)
    rule, alert = found(live(document_desk, "--json"), "lacking")
    assert at(document_desk, rule, "fault", after="{grid: down}")
    assert at(document_desk, alert, "fault: any")
    assert rule["message"] == "the portal's document wire lists no codes, so this is never known"
    assert (rule["hint"], alert["hint"]) == ("{status: warning}", "{status: fault}")
    head = document_desk.file.read_text()
    document_desk.file.write_text(head.replace("portal: {", "portal: {wire: document, "))
    assert len(found(live(document_desk, "--json"), "lacking")) == 2


def test_codes_of_faults_are_known_where_the_portal_lists_them(pair_desk: Desk) -> None:
    pair_desk.write(FAULTS)
    assert found(live(pair_desk, "--json"), "lacking") == []


def test_a_raw_setting_that_nobody_knows_is_told_at_its_own_name(document_desk: Desk) -> None:
    document_desk.write("guards: {allow_raw: true}\nbaseline: {raw: {HOLD_NOWHERE: '1'}}\n")
    row = only(live(document_desk, "--json"), "lacking")
    assert at(document_desk, row, "HOLD_NOWHERE", after="raw: {")


def test_devices_that_the_account_does_not_have_are_told_where_they_are_named(either: Desk) -> None:
    either.write(
        GOOD + "rules:\n"
        f"  - {{name: One, when: always, set: {{eps: on}}, devices: [garage, {STRANGER}]}}\n"
        f"  - {{name: Two, when: always, set: {{eps: on}}, devices: [{MIDBOX}]}}\n"
        "alerts:\n"
        "  - {name: Low, when: {soc: below 20%}, devices: shed}\n"
    )
    either.file.write_text(either.file.read_text().replace("names: {", "names: {shed: 52710E8888, "))
    said = live(either, "--json")
    shed, one, two, low = found(said, "no-device")
    assert at(either, shed, "shed", after="names: {")
    assert at(either, one, STRANGER, after="garage, ")
    assert at(either, two, MIDBOX)
    assert at(either, low, "devices", after="Low")
    assert one["message"] == f"the account has no device {STRANGER}"
    assert FIRST in str(one["hint"])
    assert "is a GridBOSS" in str(two["message"])
    assert low["message"] == "the account has no device shed, 52710E8888"
    assert said.code == 0


def test_a_plant_that_the_account_does_not_have_is_an_error_in_the_clients_words(either: Desk) -> None:
    either.write(GOOD)
    in_portal(either, "plants: [Orchard House, Beach House]")
    said = live(either, "--json")
    row = only(said, "no-plant")
    assert said.code == 78
    assert row["message"] == "The account has no plant Beach House; it has: Orchard House"
    assert row["severity"] == "error"
    assert at(either, row, "plants")
    assert live(either).code == 78


def test_soc_without_a_battery_is_told_of_rules_settings_and_alerts(
    tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    house = single_house(clock.now(), ZONE, PLACE, 7, modules=0)
    with SimPortal(house, "live", now=clock.now) as portal:
        desk = Desk(tmp_path, portal, clock, capsys)
        desk.write(
            "baseline: {charge_limit: 90%, eps: on}\n"
            "rules:\n"
            "  - {name: Low, when: {soc: below 20% until 30%, time: 1:00 to 2:00}, set: {eps: on}}\n"
            "alerts:\n"
            "  - {name: Low, when: {any: [{grid: down}, {soc: below 20%}]}}\n"
        )
        limit, rule, alert = found(live(desk, "--json"), "no-soc")
        assert at(desk, limit, "charge_limit")
        assert at(desk, rule, "soc", after="name: Low")
        assert at(desk, alert, "soc", after="grid: down}, ")
        assert limit["message"] == "garage reports no battery, so that charge_limit does nothing there"
        assert rule["message"] == "garage reports no battery, so that its SOC is nothing to go by"


def test_soc_settings_in_voltage_control_are_told_of_the_inverter_that_goes_so(pair_desk: Desk) -> None:
    pair_desk.portal.by_another_hand(SECOND, "FUNC_BAT_CHARGE_CONTROL", True)
    pair_desk.write("baseline: {discharge_floor: 20%, charge_limit: 90%}\n")
    [limit] = found(live(pair_desk, "--json"), "no-soc")
    assert limit["message"] == f"{SECOND} charges by battery voltage, so that charge_limit does nothing there"
    pair_desk.portal.by_another_hand(SECOND, "FUNC_BAT_DISCHARGE_CONTROL", True)
    pair_desk.write(
        GOOD + "rules:\n"
        "  - {name: Mine, when: {soc: below 20% until 30%}, set: {eps: on}, devices: garage}\n"
        "  - {name: Both, when: {soc: below 20% until 30%}, set: {eps: on}}\n"
    )
    _, rule = found(live(pair_desk, "--json"), "no-soc")
    assert rule["message"] == (
        f"{SECOND} charges and discharges by battery voltage, so that its SOC is nothing to go by"
    )
    assert at(pair_desk, rule, "soc", after="name: Both")


def test_an_account_that_may_only_look_is_told(either: Desk) -> None:
    either.write(GOOD)
    either.portal.faults.on("read-only")
    said = live(either, "--json")
    row = only(said, "look-only")
    assert at(either, row, "username")
    assert row["message"] == "The account may look only: it is read-only"
    assert "right to change settings" in str(row["hint"])


def test_a_wire_that_the_portal_contradicts_is_told_and_no_setting_is_judged_by_it(either: Desk) -> None:
    either.write("baseline: {discharge_floor: 20%}\n")
    other = "document" if either.portal.wire == "live" else "live"
    in_portal(either, f"wire: {other}")
    said = live(either, "--json")
    row = only(said, "wire")
    assert at(either, row, "wire: ", after="settle: 0.2 s, ")
    assert f"the portal answers as `{either.portal.wire}`" in str(row["message"])
    by_itself = {"lacking"} if other == "document" else set()
    assert {one["code"] for one in said.json["findings"]} == {"wire", *by_itself}


POWERS = (
    "baseline: {ac_charge_power: 4 kW}\n"
    "rules:\n"
    "  - {name: More, when: {time: 1:00 to 2:00}, set: {ac_charge_power: 6 kW}}\n"
    "  - {name: Mine, when: {time: 3:00 to 4:00}, set: {ac_charge_power: 2 kW}, devices: garage}\n"
    "  - {name: Off, enabled: off, when: always, set: {ac_charge_power: 3 kW}}\n"
)


def test_powers_of_several_inverters_are_added_up(either: Desk) -> None:
    either.write(POWERS)
    assert live(either).out.splitlines()[-2:] == [
        f"ac_charge_power: 4 kW {TIMES} 2 inverters = 8 kW",
        f"ac_charge_power: 6 kW {TIMES} 2 inverters = 12 kW",
    ]


def test_the_power_of_one_inverter_is_what_the_file_says(desk: Desk) -> None:
    desk.write(POWERS)
    assert TIMES not in live(desk).out


def test_an_inverter_that_is_away_is_no_clean_bill(desk: Desk) -> None:
    desk.write(GOOD)
    desk.portal.faults.on("lost")
    desk.later(minutes=1)
    row = only(live(desk, "--json"), "unread")
    assert row["message"] == "garage could not be looked at: the portal does not hear it"
    assert at(desk, row, "portal")
    assert live(desk, "--strict").code == 1


def test_settings_that_cannot_be_read_now_are_not_called_lacking(desk: Desk) -> None:
    desk.write(GOOD)
    desk.portal.faults.on("busy")
    said = live(desk, "--json")
    assert str(only(said, "unread")["message"]).startswith("Settings of garage could not be read: ")
    assert found(said, "lacking") == []


@pytest.mark.parametrize("fault", sorted(set(CATALOGUE) - {"hang", "trickle"}))
def test_it_ends_in_words_whatever_the_portal_does(desk: Desk, fault: str) -> None:
    desk.write(GOOD)
    desk.portal.faults.on(fault)
    said = desk.say("check", "--live", "--json")
    errors = [row["code"] for row in said.json["findings"] if row["severity"] == "error"]
    if errors:
        assert (said.code, errors) == (78, ["no-plant"])
    else:
        assert said.code in (0, 75, 77)
        assert (said.code == 0) == ("luxagent: " not in said.err)
    assert "Traceback" not in said.err
    assert desk.portal.asked == []


WARNED = "flags: [storm]\n" + GOOD


@pytest.mark.parametrize("json", [[], ["--json"]])
def test_a_portal_that_is_away_is_75_after_what_the_file_says_by_itself(desk: Desk, json: list[str]) -> None:
    desk.write(WARNED)
    desk.portal.faults.on("http-503")
    said = desk.say("check", "--live", *json)
    assert said.code == 75
    assert "no alert asks for the flag storm" in said.out
    assert said.err.splitlines()[-1] == "luxagent: The portal cannot log anyone in just now (HTTP 503)."
    if json:
        assert [row["code"] for row in said.json["findings"]] == ["unused"]


def test_refused_credentials_are_77_and_keep_to_their_rest(desk: Desk) -> None:
    desk.write(WARNED)
    desk.environ["LUXAGENT_PASSWORD"] = "wrong"
    for _ in range(3):
        said = desk.say("check", "--live")
        assert said.code == 77
        assert "no alert asks for the flag storm" in said.out
        desk.later(minutes=1)
    assert desk.portal.requests[LOGIN] == 1
    assert "tried again in" in said.err
