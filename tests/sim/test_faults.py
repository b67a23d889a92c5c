"""What can be made to go wrong goes wrong as it says, and is over when it is switched off."""

import json
from datetime import datetime
from typing import Any

import pytest
import requests

from luxagent.sim.faults import CATALOGUE
from luxagent.sim.house import House
from luxagent.sim.scenario import FIRST, SECOND
from tests.sim.worlds import Clock, Enter, Owner

RUNTIME = "/api/inverter/getInverterRuntime"
READ = "/web/maintain/remoteRead/read"
WRITE = "/web/maintain/remoteSet/write"
LIMIT = "HOLD_SYSTEM_CHARGE_SOC_LIMIT"


def write(owner: Owner, value: int = 80) -> dict[str, Any]:
    answer: dict[str, Any] = owner.ask(WRITE, inverterSn=FIRST, holdParam=LIMIT, valueText=value)
    return answer


def limit(house: House) -> float:
    return house.inverters[FIRST].registers.number(LIMIT)


class TestWrites:
    def test_ignored_is_acknowledged_and_not_applied(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, faults=["write-ignored"])
        assert write(owner) == {"success": True}
        assert limit(single) == 100
        assert owner.portal.writes == []
        assert len(owner.portal.asked) == 1

    def test_late_lands_after_some_seconds(self, single: House, move_in: Enter, clock: Clock) -> None:
        owner = move_in(single, faults=["write-late"])
        assert write(owner) == {"success": True}
        assert limit(single) == 100
        clock.forward(seconds=5)
        owner.portal.settle()
        assert limit(single) == 80

    def test_a_timeout_may_have_been_applied(self, single: House, move_in: Enter) -> None:
        assert write(move_in(single, faults=["timeout-but-applied"]))["msg"] == "DATAFRAME_TIMEOUT"
        assert limit(single) == 80

    def test_or_not(self, single: House, move_in: Enter) -> None:
        assert write(move_in(single, faults=["timeout-not-applied"]))["msg"] == "DATAFRAME_TIMEOUT"
        assert limit(single) == 100

    def test_a_revert_goes_back_by_itself(self, single: House, move_in: Enter, clock: Clock) -> None:
        owner = move_in(single, faults=["write-reverts"])
        write(owner)
        assert limit(single) == 80
        clock.forward(seconds=31)
        owner.portal.settle()
        assert limit(single) == 100

    def test_clamped_lands_one_step_lower(self, single: House, move_in: Enter) -> None:
        assert write(move_in(single, faults=["write-clamped"])) == {"success": True}
        assert limit(single) == 79

    def test_another_hand_leaves_no_trace_but_the_value(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        owner.portal.by_another_hand(FIRST, LIMIT, 66)
        assert limit(single) == 66
        assert owner.portal.asked == []

    def test_a_read_only_account_may_read_and_not_write(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, login=False, faults=["read-only"])
        assert owner.login()["readonly"] is True
        assert write(owner)["msg"] == "noPermission"
        assert owner.ask(READ, inverterSn=FIRST, startRegister=0, pointNumber=127)["success"]

    def test_a_guest_may_not_even_read_settings(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, faults=["guest"])
        (row,) = owner.ask("/api/inverterOverview/list", plantId=-1)["rows"]
        assert row["endUser"] == "guest"
        answer = owner.ask(READ, inverterSn=FIRST, startRegister=0, pointNumber=127)
        assert answer["msg"] == "noPermission"

    @pytest.mark.parametrize("code", ["busy", "command-timeout", "api-blocked", "no-permission"])
    def test_commands_fail_while_telemetry_goes_on(self, single: House, move_in: Enter, code: str) -> None:
        owner = move_in(single, faults=[code])
        assert write(owner)["success"] is False
        assert limit(single) == 100
        assert owner.ask(RUNTIME, serialNum=FIRST)["success"] is True

    def test_the_documents_writes_meet_the_same_fates(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, "document", faults=["write-ignored"])
        assert owner.ask(WRITE, serialNum=FIRST, data="21:80")["success"]
        assert limit(single) == 100


class TestReadings:
    def test_stale_stops_uploads_without_saying_so(self, single: House, move_in: Enter, clock: Clock) -> None:
        owner = move_in(single, faults=["stale"])
        clock.forward(hours=1)
        runtime = owner.ask(RUNTIME, serialNum=FIRST)
        assert (runtime["lost"], runtime["serverTime"]) == (False, "2026-01-15 19:00:00")
        owner.portal.faults.off("stale")
        clock.forward(minutes=1)
        assert owner.ask(RUNTIME, serialNum=FIRST)["serverTime"] == "2026-01-15 20:01:00"

    def test_a_lagging_node_serves_an_older_upload(self, single: House, move_in: Enter) -> None:
        runtime = move_in(single, faults=["lagging-node"]).ask(RUNTIME, serialNum=FIRST)
        assert runtime["serverTime"] == "2026-01-15 18:50:00"

    def test_nan_is_no_json(self, single: House, move_in: Enter) -> None:
        text = move_in(single, faults=["nan"]).post(RUNTIME, serialNum=FIRST).text
        assert '"soc":NaN' in text

    def test_truncated_json_does_not_parse(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        owner.portal.faults.on("truncated-json")
        text = owner.post(RUNTIME, serialNum=FIRST).text
        with pytest.raises(json.JSONDecodeError):
            json.loads(text)

    def test_another_devices_answer(self, single: House, move_in: Enter) -> None:
        runtime = move_in(single, faults=["wrong-serial"]).ask(RUNTIME, serialNum=FIRST)
        assert runtime["serialNum"] != FIRST

    def test_html_everywhere_covers_the_login_too(self, single: House, move_in: Enter) -> None:
        owner = move_in(single, login=False, faults=["html-everywhere"])
        assert "Maintenance" in owner.post("/api/login", account="a", password="b").text

    def test_a_line_that_breaks_in_the_body(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        owner.portal.faults.on("cut")
        with pytest.raises(requests.RequestException):
            owner.post(RUNTIME, serialNum=FIRST)

    @pytest.mark.parametrize("fault", ["hang", "trickle"])
    def test_a_line_that_never_ends(self, single: House, move_in: Enter, fault: str) -> None:
        owner = move_in(single)
        owner.portal.faults.on(fault)
        address = f"{owner.portal.url}/WManage{RUNTIME}"
        with pytest.raises(requests.RequestException):
            owner.session.post(address, data={"serialNum": FIRST}, timeout=0.05)


class TestSwitching:
    def test_a_fault_may_concern_one_device_alone(self, pair: House, move_in: Enter) -> None:
        owner = move_in(pair)
        owner.portal.faults.on("lost", serial=SECOND)
        assert owner.ask(RUNTIME, serialNum=FIRST)["lost"] is False
        assert owner.ask(RUNTIME, serialNum=SECOND)["lost"] is True

    def test_a_lost_device_that_is_found_speaks_again(
        self, single: House, move_in: Enter, clock: Clock
    ) -> None:
        owner = move_in(single, faults=["lost"])
        owner.portal.faults.off("lost")
        clock.forward(minutes=2)
        assert owner.ask(RUNTIME, serialNum=FIRST)["lost"] is False

    def test_an_unknown_name_is_an_error(self, single: House, move_in: Enter) -> None:
        with pytest.raises(KeyError):
            move_in(single).portal.faults.on("gremlins")

    @pytest.mark.parametrize("name", sorted(CATALOGUE))
    def test_every_fault_can_be_switched_on_and_off(self, single: House, move_in: Enter, name: str) -> None:
        owner = move_in(single)
        owner.portal.faults.on(name)
        assert owner.portal.faults.active == [name]
        owner.portal.faults.off(name)
        assert owner.portal.faults.active == []
        assert owner.ask(RUNTIME, serialNum=FIRST)["success"]


def test_a_rate_strikes_some_requests_and_not_others(single: House, move_in: Enter) -> None:
    owner = move_in(single)
    owner.portal.faults.on("http-500", rate=0.3)
    path = "/api/inverter/getInverterRuntime"
    serial = owner.portal.world.serials[0]
    struck = sum(owner.post(path, serialNum=serial).status_code == 500 for _ in range(100))
    assert 15 < struck < 45
    with pytest.raises(ValueError, match="rate"):
        owner.portal.faults.on("busy", rate=1.5)


def test_frozen_values_wear_fresh_stamps(single: House, move_in: Enter, clock: Clock) -> None:
    owner = move_in(single, faults=["frozen"])
    serial = owner.portal.world.serials[0]
    first = owner.ask("/api/inverter/getInverterRuntime", serialNum=serial)
    clock.forward(minutes=30)
    later = owner.ask("/api/inverter/getInverterRuntime", serialNum=serial)
    assert later.pop("serverTime") != first.pop("serverTime")
    assert later.pop("deviceTime") != first.pop("deviceTime")
    assert {k: v for k, v in later.items() if "Time" not in k} == {
        k: v for k, v in first.items() if "Time" not in k
    }


def test_a_drifting_clock_gains_a_minute_in_the_hour(single: House, move_in: Enter, clock: Clock) -> None:
    owner = move_in(single, faults=["clock-drift"])
    serial = owner.portal.world.serials[0]

    def ahead_s() -> float:
        answer = owner.ask("/api/inverter/getInverterRuntime", serialNum=serial)
        stamps = [datetime.fromisoformat(answer[key]) for key in ("deviceTime", "serverTime")]
        return (stamps[0] - stamps[1]).total_seconds()

    first = ahead_s()
    clock.forward(minutes=180)
    assert ahead_s() - first == pytest.approx(180, abs=2)


def test_a_device_off_the_lists_is_on_none_of_them(single: House, move_in: Enter) -> None:
    owner = move_in(single)
    owner.portal.faults.on("unlisted")
    assert owner.ask("/api/inverterOverview/list", plantId=-1)["rows"] == []
    owner.portal.faults.off("unlisted")
    assert len(owner.ask("/api/inverterOverview/list", plantId=-1)["rows"]) == 1


def test_a_flapping_dongle_comes_and_goes(single: House, move_in: Enter, clock: Clock) -> None:
    owner = move_in(single, faults=["flapping"])
    serial = owner.portal.world.serials[0]
    seen = set()
    for _ in range(6):
        clock.forward(minutes=1)
        seen.add(owner.ask("/api/inverter/getInverterRuntime", serialNum=serial)["lost"])
    assert seen == {True, False}


class TestTheDoorForTestsInOtherProcesses:
    def test_faults_are_switched_from_outside(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        url = f"{owner.portal.url}/sim/"
        known = owner.session.get(url + "faults", timeout=5).json()
        assert set(known["faults"]) == set(CATALOGUE)
        assert known["active"] == []
        form = {"name": "http-503", "on": "true", "rate": "1"}
        assert owner.session.post(url + "faults", data=form, timeout=5).json() == {"active": ["http-503"]}
        assert owner.post("/api/inverter/getInverterRuntime").status_code == 503
        assert owner.session.post(
            url + "faults", data={"name": "http-503", "on": "false"}, timeout=5
        ).json() == {"active": []}

    def test_another_hand_and_what_was_written(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        url, serial = f"{owner.portal.url}/sim/", owner.portal.world.serials[0]
        form = {"serial": serial, "name": "HOLD_SYSTEM_CHARGE_SOC_LIMIT", "value": "66"}
        assert owner.session.post(url + "hand", data=form, timeout=5).json() == {"done": True}
        assert owner.portal.house.inverters[serial].registers.get("HOLD_SYSTEM_CHARGE_SOC_LIMIT") == 66
        assert owner.session.get(url + "writes", timeout=5).json() == {"landed": [], "asked": []}
        assert "/WManage/api/login" in owner.session.get(url + "requests", timeout=5).json()["requests"]

    @pytest.mark.parametrize(
        ("path", "form"), [("faults", {"name": "nonsense"}), ("faults", {}), ("nothing", {}), ("hand", {})]
    )
    def test_what_it_does_not_know_is_a_mistake_of_the_asker(
        self, single: House, move_in: Enter, path: str, form: dict[str, str]
    ) -> None:
        owner = move_in(single)
        answer = owner.session.post(f"{owner.portal.url}/sim/{path}", data=form, timeout=5)
        assert answer.status_code == 400
        assert "error" in answer.json()

    def test_sessions_are_ended(self, single: House, move_in: Enter) -> None:
        owner = move_in(single)
        owner.session.post(f"{owner.portal.url}/sim/sessions", timeout=5)
        answer = owner.post("/api/inverter/getInverterRuntime", serialNum="x")
        assert answer.text.startswith("<")
