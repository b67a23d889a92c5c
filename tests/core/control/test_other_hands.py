"""A setting that somebody else changed is seen, named and left alone; the agent's own doing never is."""

from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from luxagent.core.events import Event, LeaseSet, Resumed, Ticked, WriteAnswered, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.conditions import Always
from luxagent.core.policy.policy import Policy
from luxagent.core.sightings import FirmwareUpdate, OverrideEnded, OverrideSeen, SettingsKnown
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
from tests.core.control.test_going_home import Loop

RULES = policy(rule(charge_limit=80.0))


def reads(**settings: SettingValue | None) -> Plant:
    return plant(inverter(settings=settings))


def taken(
    value: float = 80.0, outcome: str = "confirmed", found: float | None = None, minutes: float = 0.1
) -> Memory:
    """A rule took the charge limit from 100 % at noon; so long after it was known what became of that."""
    rules = policy(rule(charge_limit=value))
    _, memory = tick(rules, reads(charge_limit=100.0))
    events: list[Event] = [
        WriteIntended(NOON, 1, SERIAL, "charge_limit", value, 100.0, "Rule", "", homeward=False),
        WriteAnswered(NOON, 1, SERIAL, "charge_limit", "accepted"),
        WriteClosed(after(minutes), 1, SERIAL, "charge_limit", outcome, value if found is None else found),  # type: ignore[arg-type]
    ]
    return fold_all(memory, events)


def overrides(rules: Policy, seen: Plant, memory: Memory, minutes: float) -> list[OverrideSeen]:
    decision, _ = tick(rules, seen, memory, after(minutes))
    return [event for event in decision.events if isinstance(event, OverrideSeen)]


def test_a_managed_setting_that_another_hand_changed_is_named_with_old_and_new() -> None:
    [seen] = overrides(RULES, reads(charge_limit=60.0), taken(), 30)
    assert (seen.serial, seen.setting, seen.before, seen.found, seen.rule) == (
        SERIAL, "charge_limit", 80.0, 60.0, "Rule",
    )  # fmt: skip


def test_ownership_ends_and_the_setting_is_left_alone_for_the_time_the_file_says() -> None:
    decision, memory = tick(RULES, reads(charge_limit=60.0), taken(), after(30))
    assert memory.owned == {}
    assert reasons_of(decision, "charge_limit") == (Reason.OVERRIDE,)
    decision, memory = tick(RULES, reads(charge_limit=60.0), memory, after(30 + 119))
    assert reasons_of(decision, "charge_limit") == (Reason.OVERRIDE,)
    decision, memory = tick(RULES, reads(charge_limit=60.0), memory, after(30 + 120))
    assert changes_of(decision) == [("charge_limit", 80.0)]
    assert decision.changes[0].want.have == 60.0  # the new `before`
    assert any(isinstance(event, OverrideEnded) for event in decision.events)
    assert memory.custody.overrides == {}


def test_a_change_while_the_agent_was_stopped_is_seen_at_its_start() -> None:
    [seen] = overrides(RULES, reads(charge_limit=60.0), taken(), 60 * 24 * 3)
    assert (seen.before, seen.found) == (80.0, 60.0)


def test_a_managed_setting_that_nobody_owns_is_watched_as_well() -> None:
    rules = policy(rule(when=soc_below(10), charge_limit=80.0), baseline={"charge_limit": 100.0})
    _, memory = tick(rules, reads(charge_limit=100.0))
    decision, _ = tick(rules, reads(charge_limit=70.0), memory, after(2))
    assert reasons_of(decision, "charge_limit") == (Reason.OVERRIDE,)


def test_going_home_of_that_very_setting_is_held_and_others_are_not() -> None:
    both = policy(rule(charge_limit=80.0, discharge_floor=50.0))
    loop = Loop(both, charge_limit=100.0, discharge_floor=20.0)
    loop.tick(50)
    loop.settings["charge_limit"] = 60.0
    loop.tick(90)
    loop.tick(90)
    assert loop.sent[2:] == [("discharge_floor", 20.0)]
    assert loop.settings["charge_limit"] == 60.0


def test_enforce_says_so_and_takes_it_back_at_once() -> None:
    rules = policy(rule(charge_limit=80.0), guards=guards(on_override_s=None))
    decision, memory = tick(rules, reads(charge_limit=60.0), taken(), after(30))
    [seen] = [event for event in decision.events if isinstance(event, OverrideSeen)]
    assert seen.enforced
    assert changes_of(decision) == [("charge_limit", 80.0)]
    assert memory.custody.overrides == {}


def test_resume_by_a_person_lifts_it() -> None:
    _, memory = tick(RULES, reads(charge_limit=60.0), taken(), after(30))
    memory = fold_all(memory, [Resumed(after(31))])
    assert changes_of(tick(RULES, reads(charge_limit=60.0), memory, after(32))[0]) == [("charge_limit", 80.0)]
    _, memory = tick(RULES, reads(charge_limit=60.0), taken(), after(30))
    memory = fold_all(memory, [Resumed(after(31), by_person=False)])
    assert changes_of(tick(RULES, reads(charge_limit=60.0), memory, after(32))[0]) == []


def test_a_value_set_by_hand_here_is_not_held_by_a_hand_elsewhere_before_it() -> None:
    _, memory = tick(RULES, reads(charge_limit=60.0), taken(), after(30))
    memory = fold_all(memory, [LeaseSet(after(31), "charge_limit", 70.0, after(90))])
    assert changes_of(tick(RULES, reads(charge_limit=60.0), memory, after(32))[0]) == [("charge_limit", 70.0)]


def test_whoever_sets_what_is_wanted_is_no_other_hand() -> None:
    rules = policy(baseline={"charge_limit": 95.0}, dry_run=True)
    _, memory = tick(rules, reads(charge_limit=100.0))
    assert overrides(rules, reads(charge_limit=95.0), memory, 2) == []


@pytest.mark.parametrize("outcome", ["unproven", "lapsed", "refused"])
def test_a_number_on_the_way_is_ours_only_until_a_later_write_is_proven(outcome: str) -> None:
    memory = taken(outcome=outcome, found=100.0)
    assert overrides(RULES, reads(charge_limit=97.0), memory, 5) == []
    again: list[Event] = [
        WriteIntended(after(2), 2, SERIAL, "charge_limit", 80.0, 100.0, "Rule", "", homeward=False),
        WriteAnswered(after(2), 2, SERIAL, "charge_limit", "accepted"),
        WriteClosed(after(2.1), 2, SERIAL, "charge_limit", "confirmed", 80.0),
    ]
    [seen] = overrides(RULES, reads(charge_limit=97.0), fold_all(memory, again), 5)
    assert (seen.before, seen.found) == (80.0, 97.0)


@pytest.mark.parametrize("outcome", ["unproven", "lapsed", "refused"])
@pytest.mark.parametrize("minutes", [1.0, 10.0, 29.0])
def test_our_own_late_write_is_not_another_hand(outcome: str, minutes: float) -> None:
    memory = taken(outcome=outcome, found=100.0)
    decision, memory = tick(RULES, reads(charge_limit=80.0), memory, after(minutes))
    assert not [event for event in decision.events if isinstance(event, OverrideSeen)]
    rules = policy(rule(charge_limit=70.0))  # nor if something else is wanted by then
    assert overrides(rules, reads(charge_limit=80.0), taken(outcome=outcome, found=100.0), minutes) == []


def test_a_late_write_that_was_cut_short_on_its_way_is_not_either() -> None:
    assert overrides(RULES, reads(charge_limit=85.0), taken(outcome="unproven", found=100.0), 5) == []
    assert overrides(RULES, reads(charge_limit=60.0), taken(outcome="unproven", found=100.0), 5) != []


def test_what_the_inverter_made_of_a_write_is_a_clamp_and_no_hand() -> None:
    memory = taken(outcome="unproven", found=90.0)
    assert overrides(RULES, reads(charge_limit=90.0), memory, 60) == []
    assert overrides(RULES, reads(charge_limit=97.0), memory, 60) != []


def test_a_clamp_beyond_what_was_asked_for_is_the_inverters_own_too() -> None:
    memory = taken(outcome="unproven", found=75.0)
    assert overrides(RULES, reads(charge_limit=75.0), memory, 60) == []
    assert overrides(RULES, reads(charge_limit=70.0), memory, 60) != []


def test_what_is_read_long_after_an_agent_died_is_a_clamp_only_next_to_what_was_sent() -> None:
    for found, hands in ((79.0, 0), (75.0, 1)):
        memory = taken(outcome="unproven", found=found, minutes=15)
        assert len(overrides(RULES, reads(charge_limit=found), memory, 15)) == hands


def test_windows_that_the_inverter_cut_to_whole_hours_are_its_own_also_long_after() -> None:
    rules = policy(rule(ac_charge_windows=("23:30-05:30", "12:10-13:20")))
    for found, hands in (
        (("23:00-05:00", "12:00-13:00"), 0),
        (("00:00-05:30",), 0),  # the second one was never sent
        (("23:30-05:30", "12:10-14:30"), 1),
        (("22:45-05:45", "12:10-13:20"), 1),
        (("23:30-06:30",), 1),
        (("03:00-05:30",), 1),
    ):
        memory = fold_all(
            Memory(),
            [
                SettingsKnown(NOON, SERIAL, {"ac_charge_windows": ()}),
                WriteIntended(
                    NOON, 1, SERIAL, "ac_charge_windows", ("23:30-05:30", "12:10-13:20"), (), "Rule", "",
                    homeward=False,
                ),
                WriteClosed(after(15), 1, SERIAL, "ac_charge_windows", "unproven", found),
            ],
        )  # fmt: skip
        assert len(overrides(rules, reads(ac_charge_windows=found), memory, 15)) == hands


def test_after_a_write_that_was_never_answered_only_a_value_next_to_it_is_the_inverters_own() -> None:
    for found, hands in ((100.0, 0), (95.0, 0), (79.0, 0), (78.0, 0), (70.0, 1)):
        memory = taken(outcome="lapsed", found=found)
        assert len(overrides(RULES, reads(charge_limit=found), memory, 2)) == hands


def test_half_way_home_is_somebodys_where_the_way_home_was_never_answered() -> None:
    """The inverter has been home, so nothing keeps it from going there whole."""
    for found, hands in ((80.0, 0), (90.0, 1), (100.0, 0)):
        home: list[Event] = [
            WriteIntended(after(2), 2, SERIAL, "charge_limit", 100.0, 80.0, None, "", homeward=True),
            WriteClosed(after(4), 2, SERIAL, "charge_limit", "lapsed", found),
        ]
        memory = fold_all(taken(), home)
        rules = policy(rule("Rule", soc_below(10), charge_limit=80.0))
        assert len(overrides(rules, reads(charge_limit=found), memory, 4)) == hands


def test_after_a_write_that_never_left_every_other_value_is_somebodys() -> None:
    for found, hands in ((100.0, 0), (95.0, 1), (79.0, 1), (80.0, 0)):
        _, memory = tick(RULES, reads(charge_limit=100.0))
        intent = WriteIntended(NOON, 2, SERIAL, "charge_limit", 80.0, 100.0, "Rule", "", homeward=False)
        closed = WriteClosed(after(1), 2, SERIAL, "charge_limit", "lapsed", found, left=False)
        memory = fold_all(memory, [intent, closed])
        assert len(overrides(RULES, reads(charge_limit=found), memory, 2)) == hands


def test_windows_that_go_back_to_what_a_dying_agent_left_half_moved_are_not_another_hand() -> None:
    """Half of a write, the whole of it once more, and an inverter that drops the second after a while."""
    both, half = ("01:00-02:00", "12:00-13:00"), ("01:00-02:00",)
    rules = policy(rule(ac_charge_windows=both))
    _, memory = tick(rules, reads(ac_charge_windows=()))
    setting = "ac_charge_windows"
    events: list[Event] = [
        WriteIntended(NOON, 1, SERIAL, setting, both, (), "Rule", "", homeward=False),
        WriteClosed(after(1), 1, SERIAL, setting, "lapsed", half),
        WriteIntended(after(20), 2, SERIAL, setting, both, half, "Rule", "", homeward=False),
        WriteAnswered(after(20), 2, SERIAL, setting, "accepted"),
        WriteClosed(after(20), 2, SERIAL, setting, "confirmed", both),
    ]
    memory = fold_all(memory, events)
    assert overrides(rules, reads(ac_charge_windows=half), memory, 40) == []
    [seen] = overrides(rules, reads(ac_charge_windows=()), memory, 51)
    assert seen.found == ()
    [seen] = overrides(rules, reads(ac_charge_windows=("05:00-06:00",)), memory, 40)
    assert seen.found == ("05:00-06:00",)


def test_a_value_that_spreads_through_the_group_is_not_another_hand() -> None:
    def pair(second: float) -> Plant:
        one = inverter("A1", unit="A", settings={"charge_limit": 80.0})
        return plant(one, inverter("A2", unit="A", primary=False, settings={"charge_limit": second}))

    rules = policy(rule(when=soc_below(10), charge_limit=80.0))
    _, memory = tick(rules, pair(100.0))
    intent = WriteIntended(after(1), 1, "A1", "charge_limit", 80.0, 100.0, "Rule", "", homeward=False)
    memory = fold_all(memory, [intent, WriteClosed(after(1), 1, "A1", "charge_limit", "confirmed", 80.0)])
    assert overrides(rules, pair(80.0), memory, 3) == []
    assert overrides(rules, pair(70.0), memory, 3) != []
    assert overrides(rules, pair(80.0), memory, 60) != []
    _, memory = tick(rules, pair(100.0), memory, after(8))
    memory = fold_all(memory, [Ticked(after(8))])
    assert overrides(rules, pair(80.0), memory, 10) != []


def test_an_open_write_is_settled_before_anything_is_said_of_hands() -> None:
    memory = fold_all(
        taken(), [WriteIntended(after(5), 2, SERIAL, "charge_limit", 70.0, 80.0, "Rule", "", homeward=False)]
    )
    assert overrides(RULES, reads(charge_limit=60.0), memory, 6) == []


def test_a_hand_between_an_intent_and_the_next_start_is_seen() -> None:
    """The agent died with an open write; days later the setting is neither the old value nor the new one."""
    late = after(60 * 24)
    memory = fold_all(
        taken(),
        [
            WriteIntended(after(5), 2, SERIAL, "charge_limit", 70.0, 80.0, "Rule", "", homeward=False),
            WriteClosed(late, 2, SERIAL, "charge_limit", "lapsed", 95.0),
        ],
    )
    [seen] = overrides(RULES, reads(charge_limit=95.0), memory, 60 * 24)
    assert (seen.before, seen.found) == (80.0, 95.0)


def test_what_a_firmware_update_did_is_not_another_hand() -> None:
    updating = plant(inverter(settings={"charge_limit": 60.0}, updating=True))
    assert overrides(RULES, updating, taken(), 30) == []
    memory = fold_all(taken(), [FirmwareUpdate(after(29), SERIAL, running=False)])
    assert overrides(RULES, reads(charge_limit=60.0), memory, 30) == []


def test_an_unread_setting_is_nobodys_doing() -> None:
    assert overrides(RULES, reads(charge_limit=None), taken(), 30) == []


def test_switching_peak_shaving_off_takes_its_power_with_it() -> None:
    rules = policy(baseline={"peak_shaving": True, "peak_shaving_power": 5000.0})
    _, memory = tick(rules, reads(peak_shaving=True, peak_shaving_power=5000.0))
    seen = overrides(rules, reads(peak_shaving=False, peak_shaving_power=0.0), memory, 2)
    assert [event.setting for event in seen] == ["peak_shaving"]


def charging() -> Loop:
    loop = Loop(policy(rule(quick_charge=3600.0)), quick_charge=False)
    loop.tick(50)
    assert loop.sent == [("quick_charge", 3600.0)]
    return loop


def test_a_quick_charge_that_somebody_stopped_is_an_override() -> None:
    loop = charging()
    loop.settings["quick_charge"] = False
    decision = loop.tick(50, 20)
    assert [type(event) for event in decision.events if isinstance(event, OverrideSeen)]
    assert loop.memory.owned == {}
    loop.tick(50, 60)
    assert len(loop.sent) == 1
    loop.tick(50, 61)
    assert len(loop.sent) == 2


def test_a_quick_charge_that_ran_out_or_filled_the_battery_is_not() -> None:
    loop = charging()
    loop.settings["quick_charge"] = False
    assert not any(isinstance(event, OverrideSeen) for event in loop.tick(50, 58).events)
    loop = Loop(policy(rule(when=Always(), quick_charge=3600.0)), quick_charge=False)
    loop.tick(50)
    loop.settings["quick_charge"] = False
    assert not any(isinstance(event, OverrideSeen) for event in loop.tick(99.5, 20).events)


def test_a_quick_charge_that_somebody_else_started_or_stopped_is_not_ours() -> None:
    rules = policy(rule(when=soc_below(10), quick_charge=3600.0))
    _, memory = tick(rules, reads(quick_charge=False))
    assert overrides(rules, reads(quick_charge=True), memory, 2) == []
    _, memory = tick(rules, reads(quick_charge=True), memory, after(2))
    assert overrides(rules, reads(quick_charge=False), memory, 4) == []


def test_a_clock_set_back_by_a_year_does_not_hold_for_a_year() -> None:
    _, memory = tick(RULES, reads(charge_limit=60.0), taken(), after(30))
    earlier = NOON - timedelta(days=365)
    memory = fold_all(memory, [Ticked(earlier)])
    decision, _ = tick(RULES, reads(charge_limit=60.0), memory, earlier + timedelta(hours=2))
    assert changes_of(decision) == [("charge_limit", 80.0)]


def test_a_setting_nobody_manages_any_more_is_forgotten() -> None:
    _, memory = tick(RULES, reads(charge_limit=100.0))
    assert memory.custody.known[SERIAL] == {"charge_limit": 100.0}
    _, memory = tick(policy(rule(eps=True)), reads(charge_limit=100.0), memory, after(2))
    assert memory.custody.known[SERIAL] == {"eps": True}


_steps = st.lists(
    st.tuples(st.sampled_from([40.0, 90.0]), st.sampled_from([None, None, 60.0, 70.0, 100.0])),
    min_size=3,
    max_size=25,
)


@settings(deadline=None, max_examples=120)
@given(_steps)
@example([(40.0, None), (40.0, 70.0), *[(40.0, None)] * 10, (40.0, 60.0), (40.0, None)])  # as the hold ends
def test_the_agent_never_fights_inside_the_override_time(steps: list[tuple[float, float | None]]) -> None:
    """Whatever rules do: after a hand, nothing is sent to that setting for two hours."""
    loop = Loop(policy(rule(charge_limit=80.0), baseline={"charge_limit": 95.0}), charge_limit=95.0)
    changed_at: float | None = None
    for soc, hand in steps:
        before = loop.settings["charge_limit"]
        if hand is not None and loop.minute > 0:
            loop.settings["charge_limit"] = hand
        sent = len(loop.sent)
        decision = loop.tick(soc, 11)
        if any(isinstance(event, OverrideSeen) for event in decision.events):
            assert before != hand
            changed_at = loop.minute
        if len(loop.sent) > sent and changed_at is not None:
            assert loop.minute - changed_at >= 120


@settings(deadline=None, max_examples=120)
@given(
    st.lists(
        st.tuples(st.sampled_from([70.0, 80.0, 90.0]), st.integers(0, 29), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_writes_that_land_late_in_any_order_are_never_taken_for_a_hand(
    writes: list[tuple[float, int, bool]],
) -> None:
    """Each write reads back as nothing done, and lands, or never does, within half an hour."""
    memory, actual, minute, number = taken(outcome="unproven", found=100.0), 100.0, 1.0, 1
    due: list[tuple[float, float]] = [(20.0, 80.0)]
    for value, late, lands in writes:
        minute += 10
        for at, landing in sorted(due):
            if at <= minute:
                actual = landing
        due = [one for one in due if one[0] > minute]
        rules = policy(rule(charge_limit=value))
        decision, memory = tick(rules, reads(charge_limit=actual), memory, after(minute))
        assert not [event for event in decision.events if isinstance(event, OverrideSeen)]
        number += 1
        memory = fold_all(
            memory,
            [
                WriteIntended(
                    after(minute), number, SERIAL, "charge_limit", value, actual, "Rule", "", homeward=False
                ),
                WriteClosed(after(minute + 0.1), number, SERIAL, "charge_limit", "unproven", actual),
            ],
        )
        if lands:
            due.append((minute + late, value))


CHARGE = policy(rule(ac_charge=True))
LETS_GO = plant(inverter(settings={"ac_charge": True}, values={"soc_pct": 99.0}))


def changed_and_changed_back(rules: Policy = CHARGE) -> Memory:
    """A rule took the charge; then it read off for a tick, and on again."""
    _, memory = tick(rules, reads(ac_charge=False))
    took = [
        WriteIntended(NOON, 1, SERIAL, "ac_charge", True, False, "Rule", "", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "ac_charge", "confirmed", found=True),
    ]
    _, memory = tick(rules, reads(ac_charge=True), fold_all(memory, took), after(40))
    _, memory = tick(rules, reads(ac_charge=False), memory, after(50))
    assert memory.owned.get(SERIAL, {}) == {}
    return memory


def test_a_charge_that_reads_again_as_its_rule_had_set_it_is_ours_again_and_goes_home() -> None:
    memory = changed_and_changed_back()
    _, memory = tick(CHARGE, reads(ac_charge=True), memory, after(52))
    assert memory.owned[SERIAL]["ac_charge"].before is False
    assert memory.custody.overrides.get(SERIAL, {}) == {}
    assert changes_of(tick(CHARGE, LETS_GO, memory, after(60))[0]) == [("ac_charge", False)]


def test_one_that_a_person_sets_on_after_the_rule_has_let_go_is_theirs() -> None:
    memory = changed_and_changed_back()
    idle = plant(inverter(settings={"ac_charge": False}, values={"soc_pct": 99.0}))
    _, memory = tick(CHARGE, idle, memory, after(52))
    decision, memory = tick(CHARGE, LETS_GO, memory, after(54))
    assert decision.changes == []
    assert memory.owned.get(SERIAL, {}) == {}


def test_a_number_that_a_person_changed_and_changed_back_is_left_to_them() -> None:
    _, memory = tick(RULES, reads(charge_limit=70.0), taken(), after(40))
    _, memory = tick(RULES, reads(charge_limit=80.0), memory, after(42))
    assert memory.owned.get(SERIAL, {}) == {}


@pytest.mark.parametrize("cleared", [(), ("01:00-04:00",)])
def test_windows_that_a_person_clears_after_a_second_try_was_proven_are_theirs(
    cleared: tuple[str, ...],
) -> None:
    rules, before = policy(rule(ac_charge_windows=("22:00-05:00",))), ("01:00-04:00",)
    _, memory = tick(rules, reads(ac_charge_windows=before))
    tries: list[Event] = []
    for number, outcome, found in ((1, "unproven", before), (2, "confirmed", ("22:00-05:00",))):
        at, wanted = after(12 * number - 12), ("22:00-05:00",)
        tries += [
            WriteIntended(
                at, number, SERIAL, "ac_charge_windows", wanted, before, "Rule", "", homeward=False
            ),
            WriteClosed(at, number, SERIAL, "ac_charge_windows", outcome, found),  # type: ignore[arg-type]
        ]
    _, memory = tick(rules, reads(ac_charge_windows=("22:00-05:00",)), fold_all(memory, tries), after(13))
    assert [one.found for one in overrides(rules, reads(ac_charge_windows=cleared), memory, 15)] == [cleared]


def test_an_off_that_a_person_gives_back_is_not_turned_into_an_on_when_the_rule_lets_go() -> None:
    rules = policy(rule(ac_charge=False))
    _, memory = tick(rules, reads(ac_charge=True))
    took = [
        WriteIntended(NOON, 1, SERIAL, "ac_charge", False, True, "Rule", "", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "ac_charge", "confirmed", found=False),
    ]
    _, memory = tick(rules, reads(ac_charge=False), fold_all(memory, took), after(40))
    _, memory = tick(rules, reads(ac_charge=True), memory, after(50))
    _, memory = tick(rules, reads(ac_charge=False), memory, after(52))
    idle = plant(inverter(settings={"ac_charge": False}, values={"soc_pct": 99.0}))
    assert changes_of(tick(rules, idle, memory, after(60))[0]) == []
