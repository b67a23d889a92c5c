"""`once`: what it sets, what it leaves alone, and what it ends with."""

import pytest

from luxagent.store.lock import FolderLock
from tests.cli.bench import Desk, StillClock, decision, new_portal, of

FIRST, SECOND, BOSS = "52710E0417", "52710E0583", "46330X0092"
THREE = """\
baseline: {charge_limit: 90%, ac_charge_power: 3 kW}
rules:
  - {name: Fill, when: always, set: {quick_charge: 1 h}}
"""


def outcomes(desk: Desk, *arguments: str) -> dict[tuple[str, str], str]:
    said = desk.say("once", "--json", *arguments)
    assert said.code == 0, said.err
    return {
        (device["serial"], row["setting"]): row["outcome"]
        for device in said.json["devices"]
        for row in device["decisions"]
    }


def test_a_second_once_writes_nothing(desk: Desk) -> None:
    desk.write(THREE)
    assert set(outcomes(desk).values()) == {"confirmed"}
    asked = len(desk.portal.asked)
    desk.later(minutes=2)
    assert set(outcomes(desk).values()) == {"unchanged"}
    assert len(desk.portal.asked) == asked == 3


def test_both_inverters_of_a_pair_are_set_and_the_quick_charge_is_started_once(pair_desk: Desk) -> None:
    pair_desk.write(THREE)
    assert outcomes(pair_desk) == {
        (FIRST, "ac_charge_power"): "confirmed",
        (FIRST, "charge_limit"): "confirmed",
        (FIRST, "quick_charge"): "confirmed",
        (SECOND, "ac_charge_power"): "confirmed",
        (SECOND, "charge_limit"): "confirmed",
    }
    assert [write.name for write in pair_desk.portal.asked].count("quickCharge") == 1


def test_a_gridboss_has_every_key_and_empty_lists(pair_desk: Desk) -> None:
    pair_desk.write(THREE)
    said = pair_desk.say("once", "--json")
    boss = of(said, BOSS)
    assert boss.keys() == of(said, FIRST).keys()
    assert (boss["unit"], boss["batteries"], boss["decisions"], boss["settings"]) == ("A", [], [], {})


def test_the_units_reading_is_the_sum_of_its_inverters(pair_desk: Desk) -> None:
    pair_desk.write(THREE)
    said = pair_desk.say("once", "--json")
    (unit,) = said.json["units"]
    parts = [of(said, serial)["reading"]["pv_power_w"] for serial in (FIRST, SECOND)]
    assert unit["unit"] == "A"
    assert unit["reading"]["pv_power_w"] == sum(parts) > 1000


def test_the_document_wire_is_read_and_written_alike(
    tmp_path_factory: pytest.TempPathFactory, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with new_portal(clock, wire="document") as portal:
        desk = Desk(tmp_path_factory.mktemp("document"), portal, clock, capsys)
        desk.write(THREE)
        said = desk.say("once", "--json")
        assert said.code == 0, said.err
        (device,) = said.json["devices"]
        assert said.json["portal"]["wire"] == "document"
        assert 40 < device["reading"]["battery_voltage_v"] < 60
        assert 220 < device["reading"]["grid_voltage_v"] < 260
        assert {row["outcome"] for row in device["decisions"]} == {"confirmed"}
        desk.later(minutes=2)
        assert set(outcomes(desk).values()) == {"unchanged"}


@pytest.mark.parametrize("arguments", [("--dry-run",), ()], ids=["by option", "by file"])
def test_a_dry_run_writes_nothing_and_says_so(desk: Desk, arguments: tuple[str, ...]) -> None:
    desk.write(THREE, dry_run="off" if arguments else "on")
    said = desk.say("once", "--json", *arguments)
    assert said.json["dry_run"] is True
    assert said.code == 0
    assert {row["reason"] for row in of(said, FIRST)["decisions"]} == {"dry_run"}
    assert desk.portal.asked == []


def test_a_lost_inverter_is_held_as_offline(desk: Desk) -> None:
    desk.write(THREE)
    desk.portal.faults.on("lost")
    said = desk.say("once", "--json")
    device = of(said, FIRST)
    assert device["online"] is False
    assert device["reading"]["soc_pct"] is None
    assert device["reading"]["online"] is False
    assert {row["reason"] for row in device["decisions"]} == {"offline"}
    assert desk.portal.asked == []


def test_an_old_reading_is_held_as_stale(desk: Desk) -> None:
    desk.write(THREE)
    desk.portal.faults.on("stale")
    desk.later(hours=1)
    said = desk.say("once", "--json")
    device = of(said, FIRST)
    assert device["reading"]["data_age_s"] >= 3600
    assert "stale" in decision(said, FIRST, "charge_limit")["reasons"]
    assert desk.portal.asked == []


def test_a_rule_in_doubt_wants_nothing_and_is_held(desk: Desk) -> None:
    desk.write("rules:\n  - {name: Fill, when: {soc: below 90%}, set: {ac_charge: on}}\n")
    desk.portal.faults.on("wild-soc")
    row = decision(desk.say("once", "--json"), FIRST, "ac_charge")
    assert (row["want"], row["outcome"], row["reason"], row["rule"]) == (None, "held", "stale", "Fill")


def test_a_write_that_silently_did_nothing_ends_with_1(desk: Desk) -> None:
    desk.write(THREE)
    desk.portal.faults.on("write-ignored")
    said = desk.say("once", "--json")
    assert decision(said, FIRST, "charge_limit")["outcome"] == "unproven"
    assert said.code == 1


def test_a_refused_write_ends_with_1_and_the_portals_words(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    desk.portal.faults.on("write-refused")
    said = desk.say("once", "--json")
    row = decision(said, FIRST, "charge_limit")
    assert row["outcome"] == "refused"
    assert "REMOTE_SET_ERROR" in row["reason"]
    assert row["reasons"] == []
    assert said.code == 1


def test_wrong_password_is_one_line_one_try_and_77(desk: Desk) -> None:
    desk.write(THREE)
    desk.environ["LUXAGENT_PASSWORD"] = "wrong battery"
    said = desk.say("once", "--json")
    assert said.code == 77
    assert len(said.err.splitlines()) == 1
    assert "refuses the account and password" in said.err
    assert said.json["errors"] == [said.err.removeprefix("luxagent: ").strip()]
    assert desk.portal.requests["/WManage/api/login"] == 1
    assert "wrong battery" not in said.err + said.out


def test_the_folder_of_another_agent_is_left_alone_with_75(desk: Desk) -> None:
    desk.write(THREE)
    with FolderLock(desk.state):
        said = desk.say("once", "--json")
    assert said.code == 75
    assert "process" in said.err
    assert said.json["devices"] == []
    assert sum(desk.portal.requests.values()) == 0


@pytest.mark.parametrize("fault", ["html-everywhere", "truncated-json", "nan", "wrong-serial", "http-500"])
def test_garbage_is_a_sentence_never_a_traceback_never_a_write(desk: Desk, fault: str) -> None:
    desk.write(THREE)
    desk.portal.faults.on(fault)
    said = desk.say("once", "--json")
    assert said.code in (0, 75), said.err
    assert said.json["schema_version"] == 1
    assert "Traceback" not in said.err
    assert desk.portal.asked == []


def test_it_says_to_a_person_what_it_did_and_why(desk: Desk) -> None:
    desk.write(THREE)
    said = desk.say("once")
    assert "garage (52710E0417) 18KPV: SOC 45 %" in said.out
    assert "charge_limit 90 %, confirmed (was 100 %) [baseline]" in said.out
    assert "quick_charge on, confirmed (was off) [Fill: always]" in said.out


def test_an_undelivered_message_is_an_error(desk: Desk) -> None:
    desk.environ["CHANNEL"] = "json://127.0.0.1:9/x"
    desk.write(
        "alerts:\n  - {name: Low, when: {soc: below 99%}, severity: warning}\n"
        'notify: {phone: {url: "${CHANNEL}"}}\n'
    )
    said = desk.say("once", "--json")
    (error,) = said.json["errors"]
    assert "did not reach phone" in error
    assert said.code == 1


def test_a_tick_that_could_not_read_the_plant_still_shows_the_alerts_that_go_on(desk: Desk) -> None:
    """The portal has been away for an hour: the alert about it stands beside the error."""
    desk.write(THREE)
    desk.portal.stop()
    assert desk.say("once", "--json").code == 75
    desk.clock.wait(3600)
    said = desk.say("once", "--json")
    assert said.code == 75
    assert [(one["name"], one["state"]) for one in said.json["alerts"]] == [("portal unreachable", "firing")]
    assert said.json["errors"]


def test_an_alert_without_words_says_which_of_several_devices_it_is_about(pair_desk: Desk) -> None:
    pair_desk.write("alerts: [{name: Wait, when: {soc: above 1%, for: 10 min}, message: 'It waits'}]\n")
    house = pair_desk.say("once").out
    assert f"warning pending: Wait. Orchard House, {SECOND}: It waits" in house
    pair_desk.portal.faults.on("null-soc")
    pair_desk.later(minutes=2)
    pending = [line for line in pair_desk.say("once").out.splitlines() if "pending: Wait" in line]
    assert pending == ["warning pending: Wait (garage).", f"warning pending: Wait ({SECOND})."]


def test_an_alert_of_a_lone_inverter_names_none(desk: Desk) -> None:
    desk.write("alerts: [{name: Wait, when: {soc: above 1%, for: 10 min}}]\n")
    desk.say("once")
    desk.portal.faults.on("null-soc")
    desk.later(minutes=2)
    assert [line for line in desk.say("once").out.splitlines() if "Wait" in line] == [
        "warning pending: Wait."
    ]
