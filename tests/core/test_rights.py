"""A right that is wanting holds the inverter it was refused for, for a while, and no other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from luxagent.core import events as ev
from luxagent.core.events import Event, Resumed
from luxagent.core.facts.reasons import Reason
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import Always
from luxagent.core.rights import RESTS, rest
from luxagent.core.sightings import AccountRefused, AccountTried
from tests.core.builders import (
    NOON,
    SERIAL,
    after,
    changes_of,
    inverter,
    plant,
    policy,
    reasons_of,
    rule,
    tick,
)

OTHER = "44300E0002"
RULES = policy(rule(when=Always(), charge_limit=80.0))
PAIR = plant(inverter(unit="A"), inverter(OTHER, unit="A"))


def refused(minute: float, serial: str = SERIAL, setting: str = "charge_limit") -> AccountRefused:
    return AccountRefused(after(minute), "noPermission", "one", serial, setting)


def write(number: int, minute: float, outcome: ev.WriteClosed) -> list[Event]:
    intent = ev.WriteIntended(
        after(minute), number, SERIAL, "charge_limit", 80.0, 90.0, "Rule 1", "", homeward=False
    )
    return [intent, replace(outcome, number=number, at=after(minute))]


NO = ev.WriteClosed(NOON, 1, SERIAL, "charge_limit", "refused")


def test_a_refusal_holds_that_inverter_and_leaves_the_other_alone() -> None:
    decision, _ = tick(RULES, PAIR, fold_all(Memory(), [refused(0)]), after(1))
    assert [(change.want.serial, change.value) for change in decision.changes] == [(OTHER, 80.0)]
    assert [(held.want.serial, held.reasons) for held in decision.held] == [
        (SERIAL, (Reason.READ_ONLY_ACCOUNT,))
    ]


def test_a_guest_of_one_inverter_writes_to_the_others() -> None:
    pair = plant(inverter(unit="A", may_write=False), inverter(OTHER, unit="A"))
    decision, _ = tick(RULES, pair)
    assert [change.want.serial for change in decision.changes] == [OTHER]
    assert [held.reasons for held in decision.held] == [(Reason.READ_ONLY_ACCOUNT,)]


@pytest.mark.parametrize(("times", "wait"), list(enumerate([*RESTS, RESTS[-1]], start=1)))
def test_each_refusal_in_a_row_is_waited_out_longer(times: int, wait: timedelta) -> None:
    memory = fold_all(Memory(), [refused(24 * 60 * n) for n in range(times)])
    last = 24 * 60 * (times - 1)
    assert rest(memory, SERIAL, after(last)) == wait
    just_before, then = last + wait.total_seconds() / 60 - 1, last + wait.total_seconds() / 60
    held, _ = tick(RULES, plant(), memory, after(just_before))
    assert reasons_of(held, "charge_limit") == (Reason.READ_ONLY_ACCOUNT,)
    assert changes_of(tick(RULES, plant(), memory, after(then))[0]) == [("charge_limit", 80.0)]


def test_several_settings_refused_in_one_tick_are_one_refusal() -> None:
    memory = fold_all(Memory(), [refused(0), refused(0.5, setting="export"), refused(2, setting="eps")])
    assert memory.custody.no_rights[SERIAL].times == 1
    assert rest(memory, SERIAL, after(2)) == RESTS[0]


def test_a_clock_set_back_by_a_year_does_not_hold_for_a_year() -> None:
    memory = fold_all(Memory(), [refused(0)])
    assert rest(memory, SERIAL, NOON - timedelta(days=365)) == RESTS[0]


@pytest.mark.parametrize(
    "lifted",
    [
        Resumed(after(1)),
        AccountTried(after(1)),
        ev.WriteAnswered(after(1), 9, SERIAL, "charge_limit", "accepted"),
    ],
)
def test_a_person_another_account_or_a_write_that_is_taken_ends_it(lifted: Event) -> None:
    memory = fold_all(Memory(), [refused(0), lifted])
    assert memory.custody.no_rights == {}
    assert changes_of(tick(RULES, plant(), memory, after(1))[0]) == [("charge_limit", 80.0)]


def test_the_refusal_of_one_inverter_outlives_what_another_takes() -> None:
    taken = ev.WriteAnswered(after(1), 9, OTHER, "charge_limit", "accepted")
    assert set(fold_all(Memory(), [refused(0), taken]).custody.no_rights) == {SERIAL}


def test_a_want_of_rights_jams_no_setting() -> None:
    events: list[Event] = []
    for n in range(5):
        events += [*write(n + 1, n, NO), refused(n)]
    assert fold_all(Memory(), events).misses == {}
    assert fold_all(Memory(), [*write(1, 0, NO), *write(2, 1, NO), refused(1)]).misses == {
        SERIAL: {"charge_limit": 1}
    }
