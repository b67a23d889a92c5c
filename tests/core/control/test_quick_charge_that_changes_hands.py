"""A quick charge that runs while another rule or a person takes, or while its group has another first."""

from dataclasses import replace
from itertools import pairwise

import pytest

from luxagent.core.events import FlagSet, LeaseSet, RuleTook, WriteClosed, WriteIntended
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Plant
from luxagent.core.policy.conditions import FlagOn
from luxagent.core.policy.policy import Policy
from luxagent.core.sightings import OverrideSeen, SettingsKnown
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
    soc_below,
    tick,
)
from tests.core.control.test_going_home import Loop

OTHER = "5271004299"
TWO = policy(
    rule("Upper", soc_below(30), quick_charge=1800.0),
    rule("Lower", soc_below(60), quick_charge=3600.0),
)


def loop_on(wire: str, rules: Policy) -> Loop:
    loop = Loop(rules, quick_charge=False)
    loop.wire = wire
    return loop


def minutes(loop: Loop, soc_pct: float, count: int) -> None:
    for _ in range(count):
        loop.tick(soc_pct, 1)


def test_what_an_upper_rule_began_is_ended_when_the_lower_ones_own_time_is_over() -> None:
    loop = loop_on("document", TWO)
    minutes(loop, 20, 10)
    minutes(loop, 50, 50)  # upper lets go; lower held all the while
    assert loop.sent == [("quick_charge", 1800.0)]
    minutes(loop, 50, 600)
    assert loop.sent == [("quick_charge", 1800.0), ("quick_charge", False)]


def test_what_a_lower_rule_began_is_ended_when_the_upper_ones_own_time_is_over() -> None:
    loop = loop_on("document", TWO)
    minutes(loop, 50, 10)
    minutes(loop, 20, 30)
    assert loop.sent == [("quick_charge", 3600.0)]
    minutes(loop, 20, 600)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", False)]


def test_a_person_who_makes_it_longer_gets_the_longer_one() -> None:
    loop = loop_on("document", policy())
    loop.memory = fold_all(loop.memory, [LeaseSet(NOON, "quick_charge", 3600.0)])
    minutes(loop, 50, 30)
    loop.memory = fold_all(loop.memory, [LeaseSet(after(30), "quick_charge", 7200.0)])
    minutes(loop, 50, 118)
    assert loop.sent == [("quick_charge", 3600.0)]
    minutes(loop, 50, 600)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", False)]


def test_a_person_who_sets_one_while_a_rules_runs_has_it_ended_though_the_rule_let_go() -> None:
    loop = loop_on("document", policy(rule("Low", soc_below(60), quick_charge=3600.0)))
    minutes(loop, 50, 10)
    loop.memory = fold_all(loop.memory, [LeaseSet(after(10), "quick_charge", 1800.0)])
    minutes(loop, 70, 600)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", False)]


def test_one_whose_stop_was_refused_is_ended_though_its_rule_took_again() -> None:
    loop = loop_on("document", policy(rule("Low", soc_below(60), quick_charge=3600.0)))
    minutes(loop, 50, 10)
    at = after(10)
    stop = WriteIntended(at, 9, SERIAL, "quick_charge", False, True, None, "Low let go", homeward=True)
    loop.memory = fold_all(
        loop.memory, [stop, WriteClosed(at, 9, SERIAL, "quick_charge", "refused", None, "busy")]
    )
    loop.tick(70, 0.5)  # the rule lets go; the way home waits a little after a miss
    loop.sent.clear()
    minutes(loop, 50, 600)
    assert loop.sent[-1] == ("quick_charge", False)
    assert loop.settings["quick_charge"] is False


def test_a_rule_that_has_had_its_own_starts_no_other_after_a_persons() -> None:
    loop = loop_on("live", policy(rule("Low", soc_below(60), quick_charge=3600.0)))
    minutes(loop, 50, 60)
    loop.settings["quick_charge"] = False
    minutes(loop, 50, 15)
    loop.memory = fold_all(loop.memory, [LeaseSet(after(75), "quick_charge", 1800.0, after(105))])
    minutes(loop, 50, 29)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", 1800.0)]
    loop.settings["quick_charge"] = False
    minutes(loop, 50, 600)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", 1800.0)]
    minutes(loop, 70, 5)
    minutes(loop, 50, 5)
    assert loop.sent[-1] == ("quick_charge", 3600.0)
    assert len(loop.sent) == 3


@pytest.mark.parametrize("lets_go", [False, True], ids=["its time is over", "the rule lets go"])
@pytest.mark.parametrize(("left_s", "stops"), [(3000.0, False), (0.0, True), (100.0, True), (None, True)])
def test_one_that_has_longer_to_go_than_ours_is_somebodys(
    lets_go: bool, left_s: float | None, stops: bool
) -> None:
    """A person has pressed the button once more in the app. Where nothing tells, it is taken for ours."""
    loop = loop_on("live", policy(rule("Low", soc_below(60), quick_charge=1200.0)))
    minutes(loop, 50, 10)
    loop.left_s = left_s
    if lets_go:
        minutes(loop, 70, 3)
    else:
        minutes(loop, 50, 20)
    assert (("quick_charge", False) in loop.sent) is stops


def test_one_of_ours_that_came_late_is_not_somebodys_though_it_ends_late_as_well() -> None:
    """It was sent, not seen to run, and found running 20 minutes later: that long it ends later, too."""
    loop = loop_on("live", policy(rule("Low", soc_below(60), quick_charge=3600.0)))
    loop.memory = fold_all(loop.memory, [
        SettingsKnown(NOON, SERIAL, {"quick_charge": False}),
        RuleTook(NOON, SERIAL, "Low", "soc"),
        WriteIntended(NOON, 1, SERIAL, "quick_charge", 3600.0, False, "Low", "soc", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "quick_charge", "unproven", False),
    ])  # fmt: skip
    loop.settings["quick_charge"], loop.left_s = True, 3500.0
    loop.tick(50, 21)
    loop.left_s = 3000.0
    loop.tick(70, 9)
    assert loop.sent == [("quick_charge", False)]


def test_off_by_hand_goes_to_a_groups_first_also_where_another_had_begun_it() -> None:
    """That one may not be there to be asked."""
    memory = fold_all(flagged(started(STORM)), [LeaseSet(after(4), "quick_charge", value=False)])
    owner, first = pair(OTHER, running=True)
    decision, _ = tick(STORM, plant(replace(owner, online=False), first), memory, after(5))
    assert [(change.want.serial, change.value) for change in decision.changes] == [(OTHER, False)]


def test_a_short_one_that_ran_out_leaves_a_persons_alone_at_once_where_it_ends_by_itself() -> None:
    loop = loop_on("live", policy(rule("Low", soc_below(60), quick_charge=600.0)))
    minutes(loop, 50, 10)
    loop.settings["quick_charge"] = False
    minutes(loop, 50, 2)
    loop.settings["quick_charge"] = True
    minutes(loop, 50, 60)
    minutes(loop, 70, 3)
    assert loop.sent == [("quick_charge", 600.0)]


@pytest.mark.parametrize("wire", ["live", "document"])
def test_one_that_begins_long_after_our_last_try_is_not_taken_for_ours(wire: str) -> None:
    memory = Memory()
    for number in (1, 2, 3):
        at = after(number * 10)
        memory = fold_all(memory, [
            WriteIntended(at, number, SERIAL, "quick_charge", 3600.0, False, "Low", "soc", homeward=False),
            WriteClosed(at, number, SERIAL, "quick_charge", "unproven", False),
        ])  # fmt: skip
    loop = loop_on(wire, policy(rule("Low", soc_below(60), quick_charge=3600.0)))
    loop.memory, loop.minute = memory, 40
    minutes(loop, 50, 60)
    loop.settings["quick_charge"] = True
    minutes(loop, 50, 90)
    minutes(loop, 70, 5)
    assert loop.sent == []


def pair(first: str, *, running: bool) -> tuple[Device, ...]:
    return tuple(
        inverter(serial, unit="A", primary=serial == first, settings={"quick_charge": running})
        for serial in (SERIAL, OTHER)
    )


def started(rules: Policy) -> Memory:
    """The group's first inverter has begun an hour at noon."""
    _, memory = tick(rules, plant(*pair(SERIAL, running=False)))
    return fold_all(memory, [
        WriteIntended(NOON, 1, SERIAL, "quick_charge", 3600.0, False, "Storm", "flag", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "quick_charge", "confirmed", True),
    ])  # fmt: skip


STORM = policy(rule("Storm", FlagOn("storm"), quick_charge=3600.0), flags=frozenset({"storm"}))


def test_a_group_whose_first_changes_is_not_charged_once_more_when_ours_is_over() -> None:
    memory = flagged(started(STORM))
    for minute in range(1, 200):
        seen = plant(*pair(OTHER, running=minute < 60))
        decision, memory = tick(STORM, seen, memory, after(minute))
        assert changes_of(decision) == []


def test_what_a_person_stopped_is_not_begun_again_by_the_groups_new_first() -> None:
    memory = flagged(started(STORM))
    told = []
    for minute in range(1, 90):
        seen = plant(*pair(OTHER, running=minute < 20))
        decision, memory = tick(STORM, seen, memory, after(minute))
        told += [event for event in decision.events if isinstance(event, OverrideSeen)]
        assert changes_of(decision) == []
        if minute > 21:
            assert reasons_of(decision, "quick_charge")[0].value == "override"
    assert len(told) == 1


def flagged(memory: Memory) -> Memory:
    return fold_all(memory, [FlagSet(NOON, "storm", on=True), RuleTook(NOON, "A", "Storm", "flag storm on")])


def with_first_away(*, running: bool, other_away: bool = False) -> Plant:
    first, other = pair(SERIAL, running=running)
    away = replace(first, online=False, settings={"quick_charge": None})
    return plant(away, replace(other, online=not other_away), wire="document")


def test_what_an_inverter_began_that_is_away_is_ended_by_another_one_of_its_group() -> None:
    memory = flagged(started(STORM))
    decision, memory = tick(STORM, with_first_away(running=True), memory, after(59))
    assert decision.changes == []
    decision, _ = tick(STORM, with_first_away(running=True), memory, after(61))
    [stop] = decision.changes
    assert (stop.want.serial, stop.value, stop.want.homeward) == (OTHER, False, True)
    decision, _ = tick(STORM, with_first_away(running=False), memory, after(61))
    assert decision.changes == []
    decision, _ = tick(STORM, with_first_away(running=True, other_away=True), memory, after(61))
    assert decision.changes == []


def test_so_it_is_where_the_file_speaks_of_none_any_more() -> None:
    decision, _ = tick(policy(), with_first_away(running=True), started(STORM), after(5))
    assert [(one.want.serial, one.value) for one in decision.changes] == [(OTHER, False)]


def test_what_a_person_starts_after_the_one_that_stands_in_has_ended_ours_is_theirs() -> None:
    memory = started(policy())
    for minute in (61, 63):
        _, memory = tick(policy(), with_first_away(running=False), memory, after(minute))
    for minute in (65, 67, 600):
        decision, memory = tick(policy(), with_first_away(running=True), memory, after(minute))
        assert decision.changes == []


def test_a_stop_by_the_one_that_stands_in_is_tried_on_once_an_hour() -> None:
    memory, sent = started(policy()), []
    for minute in range(70, 70 + 12 * 60, 2):
        decision, memory = tick(policy(), with_first_away(running=True), memory, after(minute))
        for change in decision.changes:
            sent.append(minute)
            at, number, name = after(minute), 9 + len(sent), "quick_charge"
            tried = [
                WriteIntended(at, number, OTHER, name, False, True, None, "", homeward=True),
                WriteClosed(at, number, OTHER, name, "unproven", found=True),
            ]
            memory = fold_all(memory, tried)
            assert change.want.serial == OTHER
    assert sent[:3] == [70, 80, 90]
    assert all(later - earlier >= 60 for earlier, later in pairwise(sent[2:]))
    assert len(sent) >= 10


def test_nothing_is_begun_by_the_one_that_stands_in() -> None:
    memory = flagged(started(STORM))
    _, memory = tick(STORM, plant(*pair(SERIAL, running=False), wire="document"), memory, after(61))
    for minute in range(62, 90):
        decision, memory = tick(STORM, with_first_away(running=False), memory, after(minute))
        assert decision.changes == []


def test_as_long_as_the_one_that_began_it_is_there_it_ends_it_itself() -> None:
    decision, _ = tick(
        STORM, plant(*pair(SERIAL, running=True), wire="document"), flagged(started(STORM)), after(61)
    )
    assert [change.want.serial for change in decision.changes] == [SERIAL]
