"""Peak shaving and its power, which the firmware keeps only while shaving is on: else it zeroes it."""

import pytest

from luxagent.core.decide import decide_about, decide_home
from luxagent.core.events import Event, LeaseEnded, LeaseSet, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import Always
from luxagent.core.sightings import OverrideSeen
from tests.core.builders import (
    NOON,
    SERIAL,
    after,
    changes_of,
    guards,
    inverter,
    plant,
    policy,
    reasons_of,
    rule,
    soc_below,
    tick,
)

SHAVING = {"peak_shaving": True, "peak_shaving_power": 4000.0}
SHAVES_NOT = plant(inverter(settings={"peak_shaving": False, "peak_shaving_power": 0.0}))
"""The firmware refuses the power while shaving is off, and zeroes it."""


@pytest.mark.parametrize("home", [{"peak_shaving": False}, {}])
def test_a_power_that_is_kept_only_while_shaving_is_on_is_not_written_beside_one_that_is_off(
    home: dict[str, bool],
) -> None:
    rules = policy(baseline={"peak_shaving_power": 4000.0, **home})
    decision, _ = tick(rules, SHAVES_NOT)
    assert (decision.changes, decision.held) == ([], [])


def test_shaving_is_switched_on_before_its_power_which_waits_for_the_proof() -> None:
    decision, _ = tick(policy(baseline=SHAVING), SHAVES_NOT)
    switch, power = sorted(decision.changes, key=lambda change: change.stage)
    assert (switch.want.setting, power.want.setting) == ("peak_shaving", "peak_shaving_power")
    assert power.stage > switch.stage
    assert power.needs == ("peak_shaving",)


def test_the_power_waits_where_shaving_itself_is_held() -> None:
    other = OverrideSeen(after(-5), SERIAL, "peak_shaving", True, found=False)
    decision, _ = tick(policy(baseline=SHAVING), SHAVES_NOT, fold_all(Memory(), [other]))
    assert decision.changes == []
    assert reasons_of(decision, "peak_shaving") == (Reason.OVERRIDE,)
    assert reasons_of(decision, "peak_shaving_power") == (Reason.WAITS,)


def test_what_a_rule_or_a_person_wants_of_it_waits_for_shaving() -> None:
    rules = policy(rule(when=Always(), peak_shaving_power=4000.0))
    decision, _ = tick(rules, SHAVES_NOT)
    assert reasons_of(decision, "peak_shaving_power") == (Reason.WAITS,)
    by_hand = fold_all(Memory(), [LeaseSet(NOON, "peak_shaving_power", value=3000.0)])
    decision, _ = tick(policy(), SHAVES_NOT, by_hand)
    assert reasons_of(decision, "peak_shaving_power") == (Reason.WAITS,)


def test_the_power_is_home_once_shaving_is_off_whatever_it_was_before() -> None:
    rules = policy(rule(when=soc_below(10), **SHAVING), baseline={"peak_shaving": False})
    took = [
        event
        for number, (name, value, before) in enumerate(
            [("peak_shaving", True, False), ("peak_shaving_power", 4000.0, 6000.0)], 1
        )
        for event in (
            WriteIntended(after(-60), number, SERIAL, name, value, before, "Rule", "", homeward=False),
            WriteClosed(after(-60), number, SERIAL, name, "confirmed", value),
        )
    ]
    decision, memory = tick(rules, SHAVES_NOT, fold_all(Memory(), took))
    assert decision.changes == []
    assert memory.owned.get(SERIAL, {}) == {}


def took(**moved: tuple[SettingValue, SettingValue]) -> Memory:
    """A rule took these an hour ago: (to, from)."""
    events: list[Event] = []
    for number, (name, (value, before)) in enumerate(moved.items(), 1):
        events += [
            WriteIntended(after(-60), number, SERIAL, name, value, before, "Rule", "", homeward=False),
            WriteClosed(after(-60), number, SERIAL, name, "confirmed", value),
        ]
    return fold_all(Memory(), events)


SHAVES = plant(inverter(settings={"peak_shaving": True, "peak_shaving_power": 4000.0}))
LET_GO = policy(rule(when=soc_below(10), **SHAVING))


def test_a_switch_that_goes_home_to_on_goes_before_its_power_in_the_same_tick() -> None:
    memory = took(peak_shaving=(False, True), peak_shaving_power=(0.0, 6000.0))
    for decision in (
        tick(LET_GO, SHAVES_NOT, memory)[0],
        decide_home(LET_GO.calendar.moment(NOON), SHAVES_NOT, memory, LET_GO),
    ):
        switch, power = sorted(decision.changes, key=lambda change: change.stage)
        assert (switch.want.setting, switch.value) == ("peak_shaving", True)
        assert (power.want.setting, power.value, power.needs) == (
            "peak_shaving_power",
            6000.0,
            ("peak_shaving",),
        )
        assert power.stage > switch.stage


def test_a_switch_that_goes_home_to_off_takes_its_power_home_with_it() -> None:
    memory = took(peak_shaving=(True, False), peak_shaving_power=(4000.0, 0.0))
    decision, _ = tick(LET_GO, SHAVES, memory)
    assert (changes_of(decision), decision.held) == ([("peak_shaving", False)], [])
    off = [
        WriteIntended(NOON, 9, SERIAL, "peak_shaving", False, True, None, "", homeward=True),
        WriteClosed(NOON, 9, SERIAL, "peak_shaving", "confirmed", found=False),
    ]
    assert fold_all(memory, off).owned.get(SERIAL, {}) == {}


def test_the_power_does_not_go_to_nothing_while_its_switch_is_held_on() -> None:
    memory = took(peak_shaving=(True, False), peak_shaving_power=(4000.0, 0.0))
    tried = [
        WriteIntended(after(-5), 9, SERIAL, "peak_shaving", False, True, None, "", homeward=True),
        WriteClosed(after(-5), 9, SERIAL, "peak_shaving", "unproven", found=True),
    ]
    memory = fold_all(memory, tried)
    decision, _ = tick(LET_GO, SHAVES, memory)
    assert changes_of(decision) == []
    assert reasons_of(decision, "peak_shaving_power") == (Reason.WAITS,)


def test_shaving_is_not_switched_on_with_the_last_write_of_the_hour() -> None:
    rules = policy(baseline=SHAVING, guards=guards(writes_per_hour=1))
    decision, _ = tick(rules, SHAVES_NOT)
    assert changes_of(decision) == []
    assert reasons_of(decision, "peak_shaving") == (Reason.HOURLY_BUDGET,)
    has_power = plant(inverter(settings={"peak_shaving": False, "peak_shaving_power": 4000.0}))
    assert changes_of(tick(rules, has_power)[0]) == [("peak_shaving", True)]


OFF = policy(rule("Off", soc_below(60), peak_shaving=False))
IDLE = plant(inverter(settings={"peak_shaving": False, "peak_shaving_power": 0.0}, values={"soc_pct": 99.0}))


def switched_off() -> Memory:
    """A rule has switched off what the owner had on at 4 kW."""
    _, memory = tick(OFF, SHAVES)
    off = [
        WriteIntended(NOON, 1, SERIAL, "peak_shaving", False, True, "Off", "", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "peak_shaving", "confirmed", found=False),
    ]
    return fold_all(memory, off)


def test_a_power_that_a_rule_takes_away_with_the_switch_comes_back_after_it() -> None:
    decision, memory = tick(OFF, SHAVES_NOT, switched_off(), after(2))
    assert decision.changes == []
    assert memory.owned[SERIAL].keys() == {"peak_shaving", "peak_shaving_power"}
    decision, _ = tick(OFF, IDLE, memory, after(30))
    assert sorted(changes_of(decision)) == [("peak_shaving", True), ("peak_shaving_power", 4000.0)]


def test_so_it_does_where_a_person_switches_it_off_and_no_agent_runs() -> None:
    rules, memory = policy(), fold_all(Memory(), [LeaseSet(NOON, "peak_shaving", value=False)])
    decision = decide_about("peak_shaving")(rules.calendar.moment(NOON), SHAVES, memory, rules)
    assert changes_of(decision) == [("peak_shaving", False)]
    off = [
        WriteIntended(NOON, 1, SERIAL, "peak_shaving", False, True, "set by hand", "", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "peak_shaving", "confirmed", found=False),
        LeaseEnded(after(5), "peak_shaving"),
    ]
    memory = fold_all(memory, [*decision.events, *off])
    decision = decide_about("peak_shaving")(rules.calendar.moment(after(30)), SHAVES_NOT, memory, rules)
    assert sorted(changes_of(decision)) == [("peak_shaving", True), ("peak_shaving_power", 4000.0)]


def test_a_power_of_nothing_needs_no_way_home() -> None:
    _, memory = tick(OFF, plant(inverter(settings={"peak_shaving": True, "peak_shaving_power": 0.0})))
    assert memory.owned.get(SERIAL, {}) == {}


def test_a_switch_that_could_not_be_turned_off_leaves_its_power_at_home() -> None:
    _, memory = tick(OFF, SHAVES)
    assert memory.owned[SERIAL].keys() == {"peak_shaving_power"}
    _, memory = tick(policy(), SHAVES, memory, after(2))
    assert memory.owned.get(SERIAL, {}) == {}


def test_a_power_that_a_person_sets_before_the_next_look_is_theirs() -> None:
    memory = switched_off()
    theirs = plant(inverter(settings={"peak_shaving": True, "peak_shaving_power": 3000.0}))
    decision, memory = tick(OFF, theirs, memory, after(20))
    assert decision.changes == []
    assert memory.owned.get(SERIAL, {}) == {}


def test_a_power_waits_for_a_switch_that_could_not_be_read() -> None:
    unread = plant(inverter(settings={"peak_shaving": None, "peak_shaving_power": 0.0}))
    decision, _ = tick(policy(baseline={"peak_shaving_power": 4000.0}), unread)
    assert reasons_of(decision, "peak_shaving_power") == (Reason.WAITS,)
