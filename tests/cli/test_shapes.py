"""Each JSON shape, word by word, from the real command against the built-in portal.

The numbers are those of the pretend house at noon with seed 7: 52.8 V x 126.6 A are its 6.68 kW of charge,
and the sun's 7.53 kW are that, the house's 772 W and what the inverter loses. Whoever changes the house
changes them here too.
"""

from luxagent.cli.render.values import Json
from tests.cli.bench import GOLDEN, Desk, Said, golden

RULES = (GOLDEN / "rules.yaml").read_text(encoding="utf-8")


def told(said: Said, desk: Desk) -> Json:
    """The JSON, with the one thing that differs from run to run made alike."""
    found = said.json
    assert found["portal"]["url"] == desk.portal.url
    found["portal"]["url"] = "http://127.0.0.1:PORT"
    return found


def test_once(desk: Desk) -> None:
    desk.write(RULES)
    said = desk.say("once", "--json")
    assert told(said, desk) == golden("once.json")
    assert said.code == 0
    assert "From here on it writes settings." in said.err  # and nothing else than that list
    assert len(said.err.splitlines()) == 1 + said.err.count(" -> ")


def test_once_when_nothing_could_be_read(desk: Desk) -> None:
    desk.write(RULES)
    desk.portal.stop()
    said = desk.say("once", "--json")
    sentence = f"{desk.portal.url} cannot be reached: no connection."
    assert told(said, desk) == {
        "schema_version": 1,
        "at": "2026-06-01T19:00:03+00:00",  # three tries, a second and two apart
        "dry_run": False,
        "portal": {"url": "http://127.0.0.1:PORT", "wire": None},
        "devices": [],
        "units": [],
        "alerts": [
            {
                "name": "portal unreachable",
                "device": None,
                "severity": "warning",
                "state": "pending",  # told when it has lasted half an hour
                "message": sentence,
            }
        ],
        "errors": [sentence],
    }
    assert said.code == 75
    assert sentence in said.err


def test_status(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("once")
    desk.later(minutes=4, seconds=59)
    said = desk.say("status", "--json")
    assert told(said, desk) == golden("status.json")
    assert (said.code, said.err) == (0, "")


def test_status_when_nothing_could_be_read_still_tells_what_is_owned(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("once")
    desk.portal.stop()
    said = desk.say("status", "--json")
    assert said.json.keys() == golden("status.json").keys()
    assert said.json["owned"] == golden("status.json")["owned"]
    assert said.json["devices"] == []
    assert said.code == 75


def test_log(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("once")
    said = desk.say("log", "--json")
    lines = said.out.splitlines()
    assert [Said(0, line, "").json for line in lines] == golden("log.json")
    assert (said.code, said.err) == (0, "")


def test_check(desk: Desk) -> None:
    desk.write(
        "rules:\n  - {name: Top up, when: {soc: bellow 90%}, set: {quick_charge: 45 min}}\ntarif: {}\n"
    )
    said = desk.say("check", "--json")
    assert said.json == {
        "findings": [{**finding, "file": str(desk.file)} for finding in golden("check.json")["findings"]]
    }
    assert said.code == 78


def test_check_of_a_good_file(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    said = desk.say("check", "--json")
    assert said.json == {"findings": []}
    assert said.code == 0
