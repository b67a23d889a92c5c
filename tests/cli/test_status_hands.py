"""`status` tells what bears on writing: people's words, budgets, guards."""

from luxagent.core.sightings import OverrideSeen
from luxagent.store.ledger import SqliteLedger
from tests.cli.bench import NOON, Desk

RULES = "flags: [storm]\nbaseline: {charge_limit: 90%}\n"


def test_nothing_is_said_where_nobody_said_anything(desk: Desk) -> None:
    desk.write()
    out = desk.say("status").out
    assert not any(word in out for word in ("Paused", "Flag", "by hand", "Writes to", "Guards"))


def test_a_persons_words_are_shown_with_their_ends(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("flag", "storm", "on", "--for", "2 h")
    desk.say("set", "charge_limit=80%", "--for", "3 h")
    desk.say("pause", "1 h")
    out = desk.say("status").out
    assert "Flag storm is on until 2026-06-01 14:00" in out
    assert "Set by hand: charge_limit 80 % until 2026-06-01 15:00" in out
    assert "Paused until 2026-06-01 13:00: nothing is written" in out
    desk.later(hours=4)
    out = desk.say("status").out
    assert not any(word in out for word in ("Paused", "Flag storm", "by hand: c"))


def test_the_budget_and_the_guards_are_counted(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("once")
    desk.say("set", "charge_limit=80%")
    out = desk.say("status").out
    assert "Writes to 52710E0417: 1 of 12 in the last hour, 1 of 60 in the last day (12 of these" in out
    assert "Guards in the last day: too_soon 1" in out


def test_what_another_hand_changed_is_shown_for_as_long_as_it_is_left_alone(desk: Desk) -> None:
    desk.write(RULES)
    with SqliteLedger(desk.state, NOON) as ledger:
        ledger.append([OverrideSeen(NOON, "52710E0417", "charge_limit", 90.0, 60.0, None, enforced=False)])
    out = desk.say("status").out
    assert "Another hand: 52710E0417 charge_limit was changed to 60 % and is left alone until 2026" in out
    desk.later(hours=2)
    assert "Another hand" not in desk.say("status").out
