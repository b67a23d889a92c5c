"""Leaving a dry run: what it would have written, and the list and the question before the first write."""

import io
from collections.abc import Callable

import pytest

from luxagent.store import journal
from tests.cli.bench import Desk, decision

FIRST = "52710E0417"
RULES = "baseline: {charge_limit: 90%, ac_charge_power: 3 kW}\n"


class Terminal(io.StringIO):
    """A person who has typed this, and looks on."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Terminal]:
    def type_(text: str) -> Terminal:
        shown = Terminal()
        monkeypatch.setattr("sys.stdin", Terminal(text))
        monkeypatch.setattr("sys.stderr", shown)
        return shown

    return type_


def test_the_sum_of_what_a_dry_run_would_have_written(desk: Desk) -> None:
    desk.write(RULES, dry_run="on")
    desk.say("once")
    desk.later(minutes=2)
    desk.say("once")
    said = desk.say("log", "--dry")
    assert "In all 2 writes would have been begun" in said.out
    assert "charge_limit 1" in said.out
    assert "the baseline 2" in said.out
    assert f"2 to {FIRST}, on 2026-06-01" in said.out
    assert len(desk.say("log", "--dry", "--json").out.splitlines()) == 2


def test_what_other_guards_held_as_well_is_not_counted(desk: Desk) -> None:
    desk.write("guards: {writes_per_hour: 1}\n" + RULES, dry_run="on")
    desk.say("pause")
    desk.say("once")
    said = desk.say("log", "--dry")
    assert said.out == ""
    assert "Nothing of that kind" in said.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_where_nobody_can_answer_the_list_is_in_the_log_and_in_the_journal(desk: Desk, form: str) -> None:
    desk.write(RULES)
    said = desk.say("--log-format", form, "once", "--json")
    assert decision(said, FIRST, "charge_limit")["outcome"] == "confirmed"
    assert "From here on it writes settings." in said.err
    assert "charge_limit 100 % -> 90 % (baseline)" in said.err
    first = desk.say("log").out.splitlines()[0]
    assert "began" in first
    assert "charge_limit 100 % -> 90 %" in first


def test_a_person_is_asked_and_no_means_that_nothing_was_written(
    desk: Desk, typed: Callable[[str], Terminal]
) -> None:
    desk.write(RULES)
    shown = typed("n\n")
    assert desk.say("once").code == 1
    assert "charge_limit 100 % -> 90 %" in shown.getvalue()
    assert "Nothing was written" in shown.getvalue()
    assert desk.portal.asked == []
    assert not journal.look(desk.state).began


def test_a_person_who_says_yes_is_not_asked_again(desk: Desk, typed: Callable[[str], Terminal]) -> None:
    desk.write(RULES)
    typed("y\n")
    assert desk.say("once").code == 0
    assert len(desk.portal.asked) == 2
    shown = typed("")
    assert desk.say("once").code == 0
    assert "Go on" not in shown.getvalue()


def test_with_yes_nobody_is_asked(desk: Desk, typed: Callable[[str], Terminal]) -> None:
    desk.write(RULES)
    shown = typed("")
    assert desk.say("once", "--yes").code == 0
    assert "Go on" not in shown.getvalue()
    assert "charge_limit 100 % -> 90 %" in shown.getvalue()


def test_after_going_back_to_a_dry_run_it_is_asked_anew(desk: Desk, typed: Callable[[str], Terminal]) -> None:
    desk.write(RULES)
    desk.say("once")
    desk.write(RULES, dry_run="on")
    desk.say("once")
    desk.write(RULES)
    shown = typed("n\n")
    assert desk.say("once").code == 1
    assert "Nothing has to be changed just now." in shown.getvalue()


def test_a_look_with_the_dry_run_option_alone_changes_nothing_of_that(
    desk: Desk, typed: Callable[[str], Terminal]
) -> None:
    desk.write(RULES)
    desk.say("once")
    desk.say("once", "--dry-run")
    shown = typed("")
    assert desk.say("once").code == 0
    assert "Go on" not in shown.getvalue()


def test_the_dry_run_itself_asks_nothing(desk: Desk, typed: Callable[[str], Terminal]) -> None:
    desk.write(RULES, dry_run="on")
    shown = typed("")
    assert desk.say("once").code == 0
    assert "Go on" not in shown.getvalue()


def test_a_person_who_would_not_see_the_question_is_told_and_nothing_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write(RULES)
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))  # as with `once 2>&1 | tee first.log`
    said = desk.say("once")
    assert said.code == 1
    assert "--yes" in said.err
    assert desk.portal.asked == []
    assert desk.say("once", "--yes").code == 0


def test_going_back_to_a_dry_run_tells_by_name_what_stays_and_until_when(desk: Desk) -> None:
    charge = "{ac_charge: on, ac_charge_windows: [11:00 to 14:00]}"
    night = f"rules: [{{name: Fill up, when: always, set: {charge}}}]\n"
    desk.write(night)
    desk.say("once", "--yes")
    desk.write(night, dry_run="on")
    found = {alert["name"]: alert for alert in desk.say("once", "--json").json["alerts"]}
    message = found["went dry while owning"]["message"]
    assert "garage: it charges from the grid up to 90 % until 14:00, and again" in message
    assert "(it was off before 'Fill up' took it)" in message
    assert "52710E0417" not in message


def test_a_tick_that_could_not_see_the_plant_does_not_use_the_announcement_up(desk: Desk) -> None:
    desk.write(RULES)
    right = desk.file.read_text()
    desk.file.write_text(right.replace("portal: {", "portal: {wire: document, "))
    said = desk.say("once")
    assert "From here on it writes settings" not in said.err
    desk.file.write_text(right)
    desk.later(minutes=12)
    said = desk.say("once")
    assert "From here on it writes settings" in said.err
    assert "charge_limit 100 % -> 90 %" in said.err
