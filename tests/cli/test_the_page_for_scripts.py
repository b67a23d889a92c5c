"""docs/scripting.md names the keys that the verbs print, no more and no fewer, and the words in them."""

import re
from pathlib import Path

import pytest

from luxagent.cli import codes
from luxagent.cli.examine.line import Health
from luxagent.cli.render.values import Json
from luxagent.config.load import Level
from luxagent.core.facts.reasons import Outcome
from luxagent.store.lock import FolderLock
from tests.cli.bench import Desk

PAGE = (Path(__file__).parents[2] / "docs" / "scripting.md").read_text(encoding="utf-8")
RULES = """\
baseline: {charge_limit: 90%}
alerts: [{name: Always, when: {soc: above 1%, cell_delta: above 0 mV}, severity: info}]
notify: {phone: {url: "json://127.0.0.1:1/"}}
"""
THE_WHOLE = "the whole"


def on_the_page(title: str) -> dict[str, set[str]]:
    """Of a section's table each place and its keys."""
    [section] = re.findall(rf"^###? `{title} --json`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (?:`([\w.\[\]]+)`|the whole) \| (.*) \|$", section, re.MULTILINE)
    return {where or THE_WHOLE: set(re.findall(r"`(\w+)`", keys)) for where, keys in rows}


def at(found: Json, where: str) -> list[Json]:
    """Every object that stands at a place."""
    if where == THE_WHOLE:
        return [found]
    places = [found]
    for step in where.split("."):
        name, many = step.removesuffix("[]"), step.endswith("[]")
        places = [inner for one in places for inner in (one[name] if many else [one[name]])]
    return places


def differences(title: str, found: Json) -> list[str]:
    wrong = []
    for where, keys in on_the_page(title).items():
        there = at(found, where)
        wrong += [where] if not there else []  # nothing to compare with proves nothing
        wrong += [f"{where}: {sorted(set(one) ^ keys)}" for one in there if set(one) != keys]
    return wrong


@pytest.fixture
def asked(desk: Desk) -> Desk:
    desk.write(RULES)
    return desk


def test_once(asked: Desk) -> None:
    assert differences("once", asked.say("once", "--json").json) == []


def test_status(asked: Desk) -> None:
    asked.say("set", "ac_charge_power=4 kW")
    asked.say("silence", "all", "1 h")
    assert differences("status", asked.say("status", "--json").json) == []


def test_check_and_doctor_and_health(asked: Desk) -> None:
    with FolderLock(asked.state):
        assert differences("health", asked.say("health", "--json").json) == []
    assert differences("doctor", asked.say("doctor", "--json").json) == []
    asked.write("tarif: {}\n")
    assert differences("check", asked.say("check", "--json").json) == []


def test_firmware_and_notify_test(asked: Desk) -> None:
    firmware = asked.portal.world.firmware
    firmware.offer_next("52710E0417")
    firmware.begin("52710E0417", asked.clock.now())
    assert differences("firmware", asked.say("firmware", "--json").json) == []
    assert differences("notify-test", asked.say("notify-test", "--json").json) == []


def test_the_words_are_all_there() -> None:
    for word in (*Outcome, *Level, *Health):
        assert f"`{word.value}`" in PAGE


def test_every_exit_code_has_a_row() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    assert told == {codes.OK, codes.FAILED, codes.USAGE, codes.LATER, codes.REFUSED, codes.BAD_FILE}
    for code in (codes.INTERRUPTED, codes.CLOSED_PIPE):
        assert f"{code} is" in PAGE
