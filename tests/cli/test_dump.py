"""`luxagent dump`: enough for a bug report, and nothing of who and where."""

import json
import re

import pytest

from luxagent.cli.disguise import Disguise
from tests.cli.bench import Desk

FILE = """\
notify: {phone: {url: "${NTFY_URL}"}}
# ring Ann on 0171 555 if this breaks
baseline: {charge_limit: 90%}
rules:
  - {name: "Tell ann@example.com", when: {soc: below 90%}, set: {discharge_floor: 25%}, devices: [garage]}
"""


def test_it_holds_versions_file_state_and_journal(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    desk.say("once")
    found = desk.say("dump").json
    assert found["luxagent"]
    assert found["libraries"]["requests"]
    assert found["file"]["baseline"] == {"charge_limit": "90%"}
    assert found["file"]["portal"]["password"] == "(left out)"
    assert found["state"]["ledger.db"] > 0
    assert found["health"]["healthy"] is False
    assert "confirmed" in [line["state"] for line in found["journal"]]


def test_serials_names_account_and_addresses_are_aliases_and_comments_are_gone(desk: Desk) -> None:
    desk.environ["NTFY_URL"] = "ntfy://topic"
    desk.write(FILE)
    desk.say("once")
    out = desk.say("dump").out
    assert re.findall(r"52710E0417|garage|Ann|ann@|0171|127\.0\.0\.1|\btopic\b", out) == []
    found = json.loads(out)
    assert found["file"]["names"] == {"name-1": "serial-1"}
    assert found["file"]["rules"][0]["name"] == "Tell (mail address)"
    assert found["file"]["rules"][0]["devices"] == ["name-1"]
    assert "serial-1" in [line["serial"] for line in found["journal"]]
    assert found["file"]["portal"]["url"] == "http://(address)"


def test_a_file_that_cannot_be_used_is_when_it_is_needed_most(desk: Desk) -> None:
    desk.write("pasword: hunter2-in-the-clear\nsite: {latitude: 33.4484}\n")
    said = desk.say("dump")
    assert said.code == 0
    assert said.json["file"]["pasword"] == "(left out)"
    assert "hunter2" not in said.out
    assert any("pasword" in finding for finding in said.json["findings"])
    desk.file.write_text("version: 1\nrules: [{")
    assert desk.say("dump").json["file"].startswith("cannot be shown")


@pytest.mark.parametrize("rest", ["baseline: {charge_limit: 90%}\n", "tarif: {}\n", "rules: [{"])
@pytest.mark.parametrize("plants", ['["19001", "24680"]', "[orchard house, BEACH HOUSE]", "Orchard House"])
def test_plants_have_aliases_however_the_file_names_them(desk: Desk, plants: str, rest: str) -> None:
    desk.write(rest)
    desk.file.write_text(desk.file.read_text().replace("0.2 s}", f"0.2 s, plants: {plants}}}"))
    desk.state.mkdir(mode=0o700)
    units = [{"unit": "Orchard House/A"}, {"unit": "Beach House/44300E0585"}]
    snapshot = {"devices": units, "units": units, "errors": ["The groups of ORCHARD HOUSE are not told."]}
    (desk.state / "snapshot.json").write_text(json.dumps(snapshot))
    out = desk.say("dump").out
    assert re.findall("orchard|beach", out, re.IGNORECASE) == []
    assert re.fullmatch("plant-[0-9]/A", json.loads(out)["status"]["devices"][0]["unit"])


def test_the_journal_does_not_hold_the_names_of_an_accounts_plants(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    desk.file.write_text(desk.file.read_text().replace("0.2 s}", "0.2 s, plants: [Beach House]}"))
    said = desk.say("once")
    assert "The account has no plant Beach House; it has: Willow Lane." in said.err
    found = desk.say("dump")
    assert any("lists those it has" in str(line["detail"]) for line in found.json["journal"])
    assert re.findall("willow|beach", found.out, re.IGNORECASE) == []


@pytest.mark.parametrize("snapshot", ["", "{}", "[" * 100_000])
def test_without_a_snapshot_the_plant_is_known_by_the_device_it_stands_before(
    desk: Desk, snapshot: str
) -> None:
    desk.write('alerts:\n  - {name: "Some charge", when: {soc: above 1%}, message: "SOC {soc}"}\n')
    desk.say("once")
    (desk.state / "snapshot.json").write_text(snapshot)
    found = desk.say("dump")
    assert found.code == 0
    assert any("plant-1, " in str(line["detail"]) for line in found.json["journal"])
    assert re.findall("willow", found.out, re.IGNORECASE) == []


def test_no_alias_is_taken_for_a_name() -> None:
    disguise = Disguise()
    disguise.alias("plant", "Willow Lane", "Plant", "1")
    assert disguise.text("willow lane/A, PLANT/B, 1/C, Plants") == "plant-1/A, plant-2/B, plant-3/C, Plants"


def test_a_place_is_told_to_a_degree(desk: Desk) -> None:
    desk.write("rules: []\n")
    text = desk.file.read_text().replace("Phoenix}", "Phoenix, latitude: 33.4484, longitude: -112.074}")
    desk.file.write_text(text)
    assert desk.say("dump").json["file"]["site"] == {
        "timezone": "America/Phoenix", "latitude": 33, "longitude": -112,
    }  # fmt: skip


def test_one_serial_is_one_alias_wherever_it_stands() -> None:
    disguise = Disguise(["https://eu.luxpowertek.com"])
    told = disguise.json({"a": "44300E0585: off", "44300E0585": ["BA12345678", "44300E0585"]})
    assert told == {"a": "serial-1: off", "serial-1": ["serial-2", "serial-1"]}
    assert disguise.text("https://eu.luxpowertek.com/x https://my.nas/y me@x.org") == (
        "https://eu.luxpowertek.com https://(address) (mail address)"
    )
    assert disguise.text("BASELINE08 2026-06-01 ledger.db") == "BASELINE08 2026-06-01 ledger.db"
