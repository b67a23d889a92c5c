"""`luxagent why`: what each rule saw, what would turn it, and who decides each setting."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from luxagent.cli.render.values import Json
from luxagent.store.lock import FolderLock
from tests.cli.bench import Desk, Said

RULES = """\
baseline: {charge_limit: 90%, ac_charge: off}
flags: [storm]
rules:
  - name: Fill up
    when: {time: 23:30 to 05:30, soc: below 40% until 78%}
    set: {ac_charge: on}
  - name: Noon
    when: {time: 11:00 to 14:00}
    set: {charge_limit: 80%}
    hold: 4 h
  - name: Also noon
    when: {time: 10:00 to 15:00}
    set: {charge_limit: 85%}
  - name: Either
    when: {any: [{soc: below 20%, for: 10 min}, {flag: storm}], not: {grid: down}}
    set: {charge_limit: never}
"""


@pytest.fixture
def asked(desk: Desk) -> Desk:
    desk.write(RULES)
    return desk


def rule(said: Said, name: str) -> dict[str, Json]:
    found: dict[str, Json] = next(row for row in said.json["rules"] if row["rule"] == name)
    return found


def test_each_condition_tells_what_was_seen_its_age_and_what_would_turn_the_rule(asked: Desk) -> None:
    said = asked.say("why", "--json")
    assert (said.code, said.err) == (0, "")
    fill = rule(said, "Fill up")
    soc = fill["conditions"][1]["observed"]
    assert fill == {
        "rule": "Fill up",
        "who": "52710E0417",
        "holds": False,
        "since": None,
        "because": "not 23:30 to 05:30",
        "conditions": [
            {"depth": 0, "wanted": "23:30 to 05:30", "holds": False, "observed": None, "age_s": None},
            {"depth": 0, "wanted": "soc below 40 % until 78 %", "holds": False, "observed": soc,
             "age_s": fill["conditions"][1]["age_s"]},
        ],
        "would": "take",
        "nearest": [{"text": f"at 23:30 if soc below 40 % (is {soc})", "at": None}],
        "note": None,
        "set": {"ac_charge": True},
    }  # fmt: skip
    assert 0 <= fill["conditions"][1]["age_s"] < 900


def test_a_setting_tells_who_decides_and_why_the_others_do_not(asked: Desk) -> None:
    said = asked.say("why", "charge_limit", "--json")
    assert [row["rule"] for row in said.json["rules"]] == ["Noon", "Also noon", "Either"]
    (row,) = said.json["settings"]
    assert (row["want"], row["have"], row["rule"], row["reasons"]) == (80.0, 100.0, "Noon", [])
    assert row["others"] == [
        {"rule": "Also noon", "value": 85.0, "because": "it holds, but 'Noon' stands above it"},
        {"rule": "Either", "value": 101.0,
         "because": f"it does not hold: soc {_soc(said)} not below 20 %"},
    ]  # fmt: skip


def _soc(said: Said) -> str:
    observed: str = rule(said, "Either")["conditions"][2]["observed"]
    return observed


def test_guards_that_hold_are_named(desk: Desk) -> None:
    desk.write(RULES, dry_run="on")
    said = desk.say("why", "charge_limit", "--json")
    assert said.json["settings"][0]["reasons"] == ["dry_run"]
    assert "should be 80 %; held: dry run" in desk.say("why", "charge_limit").out


def test_a_person_reads_it_as_a_tree_with_the_nearest_change(asked: Desk) -> None:
    said = asked.say("why")
    assert (said.code, said.err) == (0, "")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "○ Fill up does not hold" in lines
    assert "no 23:30 to 05:30" in lines
    assert any(line.startswith("-> would take at 23:30 if soc below 40 % (is ") for line in lines)
    assert "● Noon holds since 12:00" in lines
    assert "-> would let go at 14:00" in lines
    assert "readings cannot end it before 16:00 (hold)" in lines
    assert "or flag storm is off, would take when switched on" in lines
    assert "no any of" in lines
    assert "yes not" in lines
    assert "charge_limit 100 %, should be 80 %; the next tick of the agent writes it" in lines
    assert "not by Also noon (85 %): it holds, but 'Noon' stands above it" in lines
    assert "\x1b" not in said.out


def test_nothing_is_written_and_nothing_is_remembered(asked: Desk) -> None:
    asked.say("why")
    assert not asked.state.exists()


@pytest.fixture
def running(asked: Desk) -> Iterator[Desk]:
    """An agent has ticked, left its snapshot and holds the folder; the portal is gone."""
    from luxagent.cli.render.status_json import status_json

    asked.say("once")
    status = asked.say("status", "--json").json
    asked.portal.stop()
    (asked.state / "snapshot.json").write_text(json.dumps(status))
    assert status_json.__doc__
    with FolderLock(asked.state):
        yield asked


def test_beside_a_running_agent_it_tells_what_that_one_saw_and_asks_nobody(running: Desk) -> None:
    del running.environ["LUXAGENT_PASSWORD"]
    running.later(minutes=3)
    said = running.say("why", "--json")
    assert (said.code, said.err) == (0, "")
    noon = rule(said, "Noon")
    assert noon["holds"] is True
    assert noon["since"] is not None
    row = next(row for row in said.json["settings"] if row["setting"] == "charge_limit")
    assert (row["want"], row["have"], row["rule"]) == (80.0, 80.0, "Noon")
    drawn = running.say("why").out
    assert f"3 min ago, seen by the running agent (process {os.getpid()})" in drawn
    assert "charge_limit 80 %, as it should be" in drawn


def test_a_condition_is_as_old_as_its_reading(running: Desk) -> None:
    before = rule(running.say("why", "--json"), "Fill up")["conditions"][1]["age_s"]
    running.later(minutes=3)
    after = rule(running.say("why", "--json"), "Fill up")["conditions"][1]["age_s"]
    assert after - before == pytest.approx(180)


def test_the_past_is_told_from_the_journal(asked: Desk) -> None:
    asked.say("once")
    noon = asked.clock.now() - timedelta(seconds=1)
    asked.later(hours=3)
    asked.say("once")
    asked.later(hours=1)
    said = asked.say("why", "--at", "2026-06-01T13:00", "--json")
    assert said.json["recorded"] is True
    assert rule(said, "Noon")["holds"] is True
    (row,) = (row for row in said.json["settings"] if row["setting"] == "charge_limit")
    assert (row["want"], row["rule"], row["outcome"]) == (80.0, "Noon", "confirmed")
    later = asked.say("why", "charge_limit", "--at", "30 min", "--json")
    assert rule(later, "Noon")["holds"] is False
    assert later.json["settings"][0]["rule"] == "Also noon" or later.json["settings"][0]["rule"] is None
    drawn = asked.say("why", "--at", "2026-06-01T13:00").out
    assert "As recorded at Mon 01 Jun 2026 13:00:00" in drawn
    assert "Noon [52710E0417] held since Mon 01 Jun 2026 12:00" in drawn
    assert "written 100 % -> 80 % at Mon 01 Jun 2026 12:00" in drawn
    assert noon < asked.clock.now()


def test_a_setting_that_only_a_person_wants_is_read_too(asked: Desk) -> None:
    asked.say("set", "outage_floor=15%")
    said = asked.say("why", "outage_floor", "--json")
    row = said.json["settings"][0]
    assert (row["have"], row["want"], row["rule"]) == (15.0, 15.0, "set by hand")


def test_what_was_held_then_is_told_with_its_guards(desk: Desk) -> None:
    desk.write(RULES, dry_run="on")
    desk.say("once")
    desk.later(hours=1)
    said = desk.say("why", "charge_limit", "--at", "10 min", "--json")
    row = said.json["settings"][0]
    assert (row["want"], row["outcome"], row["reasons"]) == (80.0, "held", ["dry_run"])
    assert "should be 80 %, held since" in desk.say("why", "--at", "10 min").out


def test_before_the_journal_began_there_is_nothing(asked: Desk) -> None:
    said = asked.say("why", "--at", "2020-01-01")
    assert said.code == 0
    assert "The journal has nothing from before that." in said.out


def test_a_setting_that_nobody_speaks_of_is_left_alone(asked: Desk) -> None:
    said = asked.say("why", "eps")
    assert said.code == 0
    assert "Neither a rule nor the baseline speaks of eps; it is left alone." in said.out


def test_a_portal_that_is_away_is_said(asked: Desk) -> None:
    asked.portal.stop()
    said = asked.say("why")
    assert said.code == 75
    assert "cannot be reached" in said.err


@pytest.mark.parametrize(
    "arguments",
    [("charg_limit",), ("--at", "soon"), ("--at", "2126-01-01"), ("--at", "0001-01-01T00:00+14:00")],
)
def test_a_wrong_word_is_usage(asked: Desk, arguments: tuple[str, ...]) -> None:
    said = asked.say("why", *arguments)
    assert said.code == 2
    assert "Error: " in said.err


def test_a_misspelt_setting_is_guessed(asked: Desk) -> None:
    assert "Did you mean charge_limit?" in asked.say("why", "charg_limit").err


def test_each_unit_is_told_apart(pair_desk: Desk) -> None:
    pair_desk.write(RULES + "    scope: inverter\n")
    said = pair_desk.say("why", "--json")
    assert len({row["who"] for row in said.json["rules"]}) == 3
    assert len([row for row in said.json["rules"] if row["rule"] == "Either"]) == 2
    assert len([row for row in said.json["settings"] if row["setting"] == "charge_limit"]) == 2


@pytest.mark.parametrize("scope", ["unit", "inverter"])
def test_a_rule_is_left_out_where_it_is_for_another_inverter(pair_desk: Desk, scope: str) -> None:
    narrowed = f"when: always, devices: garage, scope: {scope}"
    pair_desk.write(
        f"rules:\n  - {{name: Old battery, {narrowed}, set: {{charge_limit: 80%}}}}\n"
        "  - {name: Gone, when: always, devices: 44300E0999, set: {discharge_floor: 30%}}\n"
    )
    rows = pair_desk.say("why", "--json").json["rules"]
    assert [row["rule"] for row in rows] == ["Old battery"]
    assert (rows[0]["who"] == "52710E0417") is (scope == "inverter")
    out = pair_desk.say("why").out
    assert out.count("● Old battery") == 1
    assert "it is not for this inverter" in out
    assert "Gone: its devices are none of the inverters here" in out
    shown = [line for line in pair_desk.say("plan").out.splitlines() if line.startswith("Now")]
    assert [line.endswith("holding: Old battery") for line in shown].count(True) == 1


def test_a_quick_charge_is_told_of_for_its_whole_group(pair_desk: Desk) -> None:
    narrowed = "when: always, devices: garage, scope: inverter"
    pair_desk.write(f"rules: [{{name: Storm, {narrowed}, set: {{quick_charge: 60 min}}}}]\n")
    assert [row["rule"] for row in pair_desk.say("why", "--json").json["rules"]] == ["Storm", "Storm"]
