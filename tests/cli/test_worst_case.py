"""`check` tells in advance how many writes and requests a file can come to."""

from tests.cli.bench import Desk


def test_the_worst_day_is_told_with_the_budget(desk: Desk) -> None:
    desk.write("rules:\n  - {name: Night, when: {time: 22:00 to 06:00}, set: {charge_limit: 80%}}\n")
    said = desk.say("check")
    assert "At worst 2 writes a day to each inverter, of 60 allowed" in said.out
    assert "requests an hour" in said.out


def test_what_a_flag_adds_to_the_worst_day_is_told(desk: Desk) -> None:
    desk.write(
        "flags: [feast, storm, trip]\nrules:\n"
        "  - {name: Storm, when: {flag: storm}, set: {charge_limit: 80%, discharge_floor: 30%}}\n"
        "  - {name: Trip, when: {flag: trip, time: 22:00 to 06:00}, set: {charge_limit: 60%}}\n"
        "  - {name: Feast, when: {flag: feast, soc: below 60%}, set: {eps: on}}\n"
    )
    said = desk.say("check").out
    assert "At worst 0 writes a day to each inverter, of 60 allowed" in said
    assert "; plus 1 each time flag feast is switched and what is left of the 60 while it is on; " in said
    assert "; plus 2 each time flag storm is switched; " in said
    assert "; plus 1 each time flag trip is switched and up to 2 a day while it is on." in said


def test_a_rule_that_could_use_up_the_budget_is_warned_of(desk: Desk) -> None:
    desk.write(
        "baseline: {export: off}\nrules:\n  - {name: Sun, when: {pv_power: above 2 kW}, set: {export: on}}\n"
    )
    said = desk.say("check")
    assert said.code == 0
    assert "could switch this rule" in said.out
    assert "the guards end it at 60" in said.out
    assert desk.say("check", "--strict").code == 1


def test_an_offer_is_shown_and_never_counts(desk: Desk) -> None:
    desk.write(
        "on_stop: restore\nbaseline: {forced_discharge: off, forced_discharge_floor: 30%}\n"
        "rules:\n  - {name: Sell, when: {time: 18:00 to 20:00}, set: {forced_discharge: on}}\n"
    )
    said = desk.say("check", "--strict")
    assert said.code == 0
    assert ": info: luxagent alone would end discharging here" in said.out
    assert " is good: " in said.out
    assert [one["severity"] for one in desk.say("check", "--json").json["findings"]] == ["info"]
    assert "luxagent alone" not in desk.say("once").err
