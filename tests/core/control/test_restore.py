"""Everything home at once: what a person's `restore`, and the end of the service, ask of the core."""

from dataclasses import replace

import pytest

from luxagent.core.decide import Decision, decide_about, decide_home
from luxagent.core.events import LeaseSet, Paused, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Reason
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.conditions import Always
from luxagent.core.policy.policy import Policy
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
    tick,
)
from tests.core.control.test_going_home import Loop

RULES = policy(rule(when=Always(), charge_limit=80.0, ac_charge=True, ac_charge_limit=70.0))


def taken(minutes: float = 0) -> Loop:
    """A rule that holds has moved three settings."""
    loop = Loop(RULES, charge_limit=97.0, ac_charge=False, ac_charge_limit=90.0)
    loop.tick(50, minutes)
    assert len(loop.sent) == 3
    return loop


def home(loop: Loop, rules: Policy = RULES, seen: Plant | None = None, minutes: float = 1) -> Decision:
    seen = seen or plant(inverter(settings=loop.settings))
    return decide_home(rules.calendar.moment(after(minutes)), seen, loop.memory, rules)


def test_everything_goes_home_though_its_rule_still_holds_and_the_switch_goes_first() -> None:
    decision = home(taken())
    ordered = sorted(decision.changes, key=lambda change: change.stage)
    assert ordered[0].want.setting == "ac_charge"
    assert dict(changes_of(decision)) == {"ac_charge": False, "ac_charge_limit": 90.0, "charge_limit": 97.0}
    assert all(change.want.homeward for change in decision.changes)


def test_the_baseline_is_home_where_it_speaks_and_other_settings_of_it_are_left_alone() -> None:
    loop = taken()
    rules = policy(*RULES.ruleset.rules, baseline={"charge_limit": 95.0, "discharge_floor": 40.0})
    assert dict(changes_of(home(loop, rules)))["charge_limit"] == 95.0
    assert "discharge_floor" not in dict(changes_of(home(loop, rules)))


def test_it_is_held_neither_by_a_pause_nor_by_what_was_sent_a_moment_ago_nor_by_the_hour() -> None:
    loop = taken()
    loop.memory = fold_all(loop.memory, [Paused(NOON)])
    tight = replace(RULES.ruleset, guards=guards(writes_per_hour=1))
    assert len(home(loop, replace(RULES, ruleset=tight)).changes) == 3


def test_a_second_restore_at_once_tries_again_what_was_not_proven() -> None:
    loop = taken()
    events = [
        WriteIntended(after(1), 9, SERIAL, "charge_limit", 97.0, 80.0, None, "", True),
        WriteClosed(after(1), 9, SERIAL, "charge_limit", "unproven", 80.0),
    ]
    loop.memory = fold_all(loop.memory, events)
    assert "charge_limit" in dict(changes_of(home(loop, minutes=2)))
    vanished = policy()
    held, _ = tick(vanished, plant(inverter(settings=loop.settings)), loop.memory, after(2))
    assert reasons_of(held, "charge_limit") == (Reason.TOO_SOON,)


def test_a_restore_tries_what_is_jammed_as_well() -> None:
    loop = taken()
    for n in range(3):
        events = [
            WriteIntended(after(n), 9 + n, SERIAL, "charge_limit", 97.0, 80.0, None, "", True),
            WriteClosed(after(n), 9 + n, SERIAL, "charge_limit", "unproven", 80.0),
        ]
        loop.memory = fold_all(loop.memory, events)
    held, _ = tick(policy(), plant(inverter(settings=loop.settings)), loop.memory, after(20))
    assert reasons_of(held, "charge_limit") == (Reason.JAMMED,)
    assert "charge_limit" in dict(changes_of(home(loop, minutes=20)))


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (plant(inverter(online=False)), Reason.OFFLINE),
        (plant(may_write=False), Reason.READ_ONLY_ACCOUNT),
        (plant(wire_sure=False), Reason.WIRE_UNSURE),
        (plant(inverter(updating=True)), Reason.FIRMWARE_UPDATING),
    ],
)
def test_what_makes_a_write_unsafe_holds_it_all_the_same(seen: Plant, reason: Reason) -> None:
    device = replace(seen.devices[0], settings=taken().settings)
    decision = home(taken(), seen=replace(seen, devices=(device,)))
    assert decision.changes == []
    assert reason in reasons_of(decision, "charge_limit")


def test_the_days_budget_holds_it_and_a_fifth_of_it_was_kept_for_this() -> None:
    loop = taken()
    for allowed, written in ((4, 1), (6, 3), (3, 0)):
        tight = replace(RULES.ruleset, guards=guards(writes_per_day=allowed))
        assert len(home(loop, replace(RULES, ruleset=tight)).changes) == written


def test_a_dry_run_holds_it_last() -> None:
    dry = replace(RULES, ruleset=replace(RULES.ruleset, dry_run=True))
    assert reasons_of(home(taken(), dry), "charge_limit") == (Reason.DRY_RUN,)


def test_a_value_set_by_hand_goes_home_too() -> None:
    loop = Loop(policy(), charge_limit=97.0)
    loop.memory = fold_all(loop.memory, [LeaseSet(NOON, "charge_limit", 70.0)])
    loop.tick(50)
    assert changes_of(home(loop, policy())) == [("charge_limit", 97.0)]


def test_what_is_found_at_home_is_owned_no_longer_and_nothing_is_written() -> None:
    loop = taken()
    loop.settings.update({"charge_limit": 97.0, "ac_charge": False, "ac_charge_limit": 90.0})
    decision = home(loop)
    assert decision.changes == []
    assert fold_all(loop.memory, decision.events).owned == {}


def test_rules_and_alerts_are_not_judged() -> None:
    assert home(taken()).events == []


def test_nothing_owned_is_nothing_to_do() -> None:
    decision = decide_home(RULES.calendar.moment(NOON), plant(), Memory(), RULES)
    assert (decision.changes, decision.held, decision.events) == ([], [], [])


def test_deciding_about_one_setting_leaves_the_others_and_the_rules_alone() -> None:
    memory = fold_all(Memory(), [LeaseSet(NOON, "discharge_floor", 40.0)])
    decision = decide_about("discharge_floor")(RULES.calendar.moment(NOON), plant(), memory, RULES)
    assert changes_of(decision) == [("discharge_floor", 40.0)]
    assert decision.held == []
    assert decision.events == []
