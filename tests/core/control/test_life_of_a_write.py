"""What comes next in a write, by what was answered and what was read."""

from dataclasses import replace

import pytest

from luxagent.core.control.answers import Answer, Reply
from luxagent.core.control.writes import (
    Close,
    LeaveOpen,
    LookAgain,
    after_answer,
    after_gap,
    after_look,
    never_left,
)
from luxagent.core.events import Event, Ticked, WriteAnswered, WriteClosed, WriteIntended
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory, Write
from tests.core.builders import NOON, SERIAL, after


def write(
    setting: str = "charge_limit", value: SettingValue = 90.0, answer: str | None = "accepted"
) -> Write:
    return Write(1, NOON, SERIAL, setting, value, 100.0, "Rule", homeward=False, answer=answer)  # type: ignore[arg-type]


def outcome(step: object) -> str:
    assert isinstance(step, Close)
    return step.event.outcome


@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.LOST])
def test_whatever_was_answered_but_a_refusal_is_read_back(answer: Answer) -> None:
    assert after_answer(write(), Reply(answer), NOON) == LookAgain(1)


def test_a_refusal_closes_with_the_portals_words() -> None:
    step = after_answer(write(), Reply(Answer.REFUSED, "REMOTE_SET_ERROR"), NOON)
    assert outcome(step) == "refused"
    assert isinstance(step, Close)
    assert step.event.detail == "REMOTE_SET_ERROR"


def test_the_wanted_value_read_back_confirms() -> None:
    assert outcome(after_look(write(), 90.0, 1, NOON)) == "confirmed"


def test_a_value_within_half_a_step_confirms() -> None:
    power = write("ac_charge_power", 2540.0)
    assert outcome(after_look(power, 2500.0, 1, NOON)) == "confirmed"
    assert after_look(power, 2400.0, 1, NOON) == LookAgain(2)


@pytest.mark.parametrize("found", [100.0, None])
def test_the_first_look_never_condemns(found: float | None) -> None:
    assert after_look(write(), found, 1, NOON) == LookAgain(2)


def test_another_value_twice_is_unproven() -> None:
    assert outcome(after_look(write(), 100.0, 2, NOON)) == "unproven"


def test_what_cannot_be_read_twice_stays_open() -> None:
    assert after_look(write(), None, 2, NOON) == LeaveOpen()


@pytest.mark.parametrize(
    ("answer", "found", "expected"),
    [
        (None, 90.0, "confirmed"),
        ("lost", 90.0, "confirmed"),
        (None, 100.0, "lapsed"),
        ("lost", 100.0, "lapsed"),
        ("accepted", 100.0, "unproven"),
    ],
)
def test_an_open_write_is_settled_by_reading(answer: str | None, found: float, expected: str) -> None:
    closed = after_gap(write(answer=answer), found, NOON)
    assert closed is not None
    assert closed.outcome == expected


def test_an_open_write_that_cannot_be_read_stays_open() -> None:
    assert after_gap(write(), None, NOON) is None


def test_quick_charge_is_proven_by_running_and_its_stop_by_not_running() -> None:
    assert outcome(after_look(write("quick_charge", 3600.0), found=True, looks=1, now=NOON)) == "confirmed"
    assert after_look(write("quick_charge", 3600.0), found=False, looks=1, now=NOON) == LookAgain(2)
    assert (
        outcome(after_look(write("quick_charge", value=False), found=False, looks=1, now=NOON)) == "confirmed"
    )


def intent(number: int, *, rule: str | None = "Rule", homeward: bool = False) -> WriteIntended:
    return WriteIntended(NOON, number, SERIAL, "charge_limit", 90.0, 100.0, rule, "", homeward)


def closed(number: int, outcome: str) -> WriteClosed:
    return WriteClosed(after(1), number, SERIAL, "charge_limit", outcome, 90.0)  # type: ignore[arg-type]


def test_a_setting_is_owned_from_the_intent_on() -> None:
    memory = fold_all(Memory(), [intent(1)])
    owned = memory.owned[SERIAL]["charge_limit"]
    assert (owned.before, owned.holder, owned.proven) == (100.0, "Rule", False)


def test_ownership_ends_when_home_is_proven_and_not_before() -> None:
    events: list[Event] = [intent(1), closed(1, "confirmed"), intent(2, rule=None, homeward=True)]
    memory = fold_all(Memory(), [*events, closed(2, "unproven")])
    assert memory.owned[SERIAL]["charge_limit"].misses_home == 1
    memory = fold_all(Memory(), [*events, closed(2, "confirmed")])
    assert memory.owned == {}


def test_a_baseline_write_owns_nothing() -> None:
    memory = fold_all(Memory(), [intent(1, rule=None), closed(1, "confirmed")])
    assert memory.owned == {}


def test_an_answer_leaves_the_write_open() -> None:
    answered = WriteAnswered(NOON, 1, SERIAL, "charge_limit", "lost")
    memory = fold_all(Memory(), [intent(1), answered])
    assert memory.open[1].answer == "lost"


def test_misses_in_a_row_are_counted_and_cleared_by_a_confirmation() -> None:
    events: list[Event] = [intent(1), closed(1, "unproven"), intent(2), closed(2, "refused")]
    memory = fold_all(Memory(), events)
    assert memory.misses[SERIAL]["charge_limit"] == 2
    memory = fold_all(memory, [intent(3), closed(3, "confirmed")])
    assert memory.misses == {}


@pytest.mark.parametrize(("old", "new", "kept"), [(3, 1, 4), (130, 1, 100), (130, 120, 120)])
def test_attempts_of_the_last_day_are_kept_and_the_last_hundred_of_any_age(
    old: int, new: int, kept: int
) -> None:
    minutes = [-1441] * old + [-1] * new
    events: list[Event] = [
        WriteIntended(
            after(at), n, SERIAL, "eps", value=True, before=False, rule=None, because="", homeward=False
        )
        for n, at in enumerate(minutes, 1)
    ]
    memory = fold_all(Memory(), [*events, Ticked(NOON)])
    assert [one.number for one in memory.attempts[SERIAL]] == list(range(old + new - kept + 1, old + new + 1))


def test_of_the_intents_of_one_instant_only_the_first_without_an_answer_may_have_left() -> None:
    def one(number: int, minutes: float, answer: str | None) -> Write:
        return replace(write(answer=answer), number=number, at=after(minutes))

    writes = [
        one(3, 0, "accepted"), one(4, 0, "lost"), one(5, 0, None), one(6, 0, None), one(7, 0, None),
        one(9, 2, None), one(10, 2, None),
    ]  # fmt: skip
    assert never_left(writes) == {6, 7, 10}
    assert never_left(reversed(writes)) == {6, 7, 10}
    assert never_left([]) == frozenset()


@pytest.mark.parametrize("found", [100.0, 95.0, 90.0])
def test_what_never_left_has_lapsed_whatever_is_found(found: float) -> None:
    closed = after_gap(write(answer=None), found, NOON, left=False)
    assert closed is not None
    assert (closed.outcome, closed.left, closed.found) == ("lapsed", False, found)
