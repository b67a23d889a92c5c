"""A setting that a rule moved goes back: to the next rule, the baseline, or what it was before."""

import pytest

from luxagent.core.control.answers import Answer, Reply
from luxagent.core.control.writes import Close, after_answer, after_look
from luxagent.core.decide import Decision
from luxagent.core.events import Event, LeaseEnded, LeaseSet, WriteClosed, WriteIntended
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
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
    rule,
    soc_below,
    tick,
)


class Loop:
    """Ticks one inverter, and lets every change land and be proven."""

    def __init__(self, rules: Policy, **settings: SettingValue) -> None:
        self.rules = rules
        self.settings: dict[str, SettingValue | None] = dict(settings)
        self.memory = Memory()
        self.minute = 0.0
        self.wire = "live"
        self.left_s: float | None = None
        self.sent: list[tuple[str, SettingValue]] = []

    def tick(self, soc_pct: float | None, minutes: float = 11) -> Decision:
        self.minute += minutes
        values = {"soc_pct": soc_pct}
        seen = plant(
            inverter(values=values, settings=self.settings, quick_charge_left_s=self.left_s), wire=self.wire
        )
        at = after(self.minute)
        decision, self.memory = tick(self.rules, seen, self.memory, at)
        for change in sorted(decision.changes, key=lambda change: change.stage):
            self._land(change.want.setting, change.value, decision)
        return decision

    def _land(self, setting: str, value: SettingValue, decision: Decision) -> None:
        want = next(change.want for change in decision.changes if change.want.setting == setting)
        number = self.memory.last_number + 1
        at = after(self.minute)
        intent = WriteIntended(
            at, number, SERIAL, setting, value, want.have, want.rule, want.because, want.homeward
        )
        self.memory = fold_all(self.memory, [intent])
        self.sent.append((setting, value))
        found = value is not False if setting == "quick_charge" else value
        self.settings[setting] = found
        write = self.memory.open[number]
        after_answer(write, Reply(Answer.ACCEPTED), at)
        step = after_look(write, found, 1, at)
        assert isinstance(step, Close)
        events: list[Event] = [step.event]
        self.memory = fold_all(self.memory, events)


def test_a_rule_that_lets_go_returns_the_setting_to_what_it_was_before() -> None:
    loop = Loop(policy(rule(charge_limit=80.0)), charge_limit=97.0)
    loop.tick(50)
    assert loop.memory.owned[SERIAL]["charge_limit"].before == 97.0
    loop.tick(70)
    assert loop.sent == [("charge_limit", 80.0), ("charge_limit", 97.0)]
    loop.tick(70)
    assert loop.memory.owned == {}
    assert len(loop.sent) == 2


def test_the_baseline_comes_before_what_was_before() -> None:
    loop = Loop(policy(rule(charge_limit=80.0), baseline={"charge_limit": 95.0}), charge_limit=95.0)
    loop.tick(50)
    loop.tick(70)
    assert loop.sent == [("charge_limit", 80.0), ("charge_limit", 95.0)]


def test_before_is_kept_while_rules_hand_over_to_each_other() -> None:
    rules = policy(
        rule("Low", soc_below(30), charge_limit=70.0), rule("Middle", soc_below(60), charge_limit=80.0)
    )
    loop = Loop(rules, charge_limit=97.0)
    for soc in (20, 50, 70, 70):
        loop.tick(soc)
    assert loop.sent == [("charge_limit", 70.0), ("charge_limit", 80.0), ("charge_limit", 97.0)]
    assert loop.memory.owned == {}


def test_handing_down_to_a_lower_rule_is_going_home_and_taking_over_is_not() -> None:
    rules = policy(
        rule("Low", soc_below(30), charge_limit=70.0), rule("Middle", soc_below(60), charge_limit=80.0)
    )
    loop = Loop(rules, charge_limit=97.0)
    assert not loop.tick(50).changes[0].want.homeward
    assert not loop.tick(20).changes[0].want.homeward
    assert loop.tick(50).changes[0].want.homeward


def test_having_come_home_a_moment_ago_does_not_hold_the_next_way_home() -> None:
    """Only a way home that was not proven waits ten minutes."""
    rules = policy(rule(charge_limit=80.0), guards=guards(same_setting_every_s=0.0))
    loop = Loop(rules, charge_limit=97.0)
    for soc in (50, 70, 50, 70):
        loop.tick(soc, 2)
    assert loop.sent == [("charge_limit", 80.0), ("charge_limit", 97.0)] * 2


def test_a_setting_that_never_had_to_be_written_is_not_owned() -> None:
    loop = Loop(policy(rule(charge_limit=80.0)), charge_limit=80.0)
    loop.tick(50)
    loop.tick(70)
    assert loop.sent == []
    assert loop.memory.owned == {}


def test_limits_go_first_when_taking_and_the_switch_goes_first_when_going_home() -> None:
    loop = Loop(policy(rule(ac_charge=True, ac_charge_power=4000.0)), ac_charge=False, ac_charge_power=1000.0)
    loop.tick(50)
    loop.tick(70)
    assert loop.sent == [
        ("ac_charge_power", 4000.0), ("ac_charge", True), ("ac_charge", False), ("ac_charge_power", 1000.0),
    ]  # fmt: skip


def test_an_unknown_reading_keeps_a_rule_for_its_grace_and_then_lets_it_go_home() -> None:
    loop = Loop(policy(rule(charge_limit=80.0)), charge_limit=97.0)
    loop.tick(50)
    loop.tick(None, 2)
    loop.tick(None, 14)
    assert loop.sent == [("charge_limit", 80.0)]
    loop.tick(None, 2)
    assert loop.sent[-1] == ("charge_limit", 97.0)


def test_a_rule_that_vanished_from_the_file_lets_go() -> None:
    loop = Loop(policy(rule(charge_limit=80.0)), charge_limit=97.0)
    loop.tick(50)
    loop.rules = policy(rule("Other", ac_charge_limit=90.0))
    loop.tick(50)
    loop.tick(50)
    assert loop.sent == [("charge_limit", 80.0), ("charge_limit", 97.0)]
    assert loop.memory.owned == {}
    assert "Rule" not in loop.memory.rules.get(SERIAL, {})


def test_a_hold_keeps_a_rule_that_the_readings_would_end() -> None:
    loop = Loop(policy(rule(hold_s=1800, charge_limit=80.0)), charge_limit=97.0)
    loop.tick(50)
    loop.tick(90, 20)
    assert len(loop.sent) == 1
    loop.tick(90, 11)
    assert loop.sent[-1] == ("charge_limit", 97.0)


def test_quick_charge_is_started_once_each_time_its_rule_takes() -> None:
    loop = Loop(policy(rule(quick_charge=1800.0)), quick_charge=False)
    loop.tick(50)
    loop.settings["quick_charge"] = False  # it ran out by itself
    loop.tick(50, 31)
    loop.tick(50)
    assert loop.sent == [("quick_charge", 1800.0)]
    loop.tick(70)
    loop.tick(50)
    assert loop.sent == [("quick_charge", 1800.0)] * 2


def test_a_quick_charge_of_ours_that_still_runs_is_stopped_when_the_rule_lets_go() -> None:
    loop = Loop(policy(rule(quick_charge=3600.0)), quick_charge=False)
    loop.tick(50)
    loop.tick(70)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", False)]
    loop.tick(70)
    assert loop.memory.owned == {}


@pytest.mark.parametrize("ended_after", [20, 40, 59], ids=lambda minutes: f"after {minutes} min")
@pytest.mark.parametrize("by_hand", [False, True], ids=["a rule", "set"])
def test_what_somebody_starts_when_ours_has_ended_is_left_alone(ended_after: int, by_hand: bool) -> None:
    """Also when the rule lets go or takes again. A `set` without an end would stop each, for ever."""
    full_pct = 50.0
    loop = Loop(policy(rule(quick_charge=3600.0)), quick_charge=False, charge_limit=full_pct)
    if by_hand:
        loop.rules = policy(rule("Other", ac_charge_limit=90.0))
        loop.memory = fold_all(loop.memory, [LeaseSet(NOON, "quick_charge", 3600.0)])
    loop.tick(50)
    loop.tick(50, ended_after)
    loop.settings["quick_charge"] = False
    loop.tick(50, 1)
    loop.tick(50, 40)
    loop.settings["quick_charge"] = True
    for _ in range(90):
        loop.tick(50, 1)
    if by_hand:
        loop.memory = fold_all(loop.memory, [LeaseEnded(after(loop.minute), "quick_charge", None)])
    for _ in range(3):
        loop.tick(70, 1)
    assert loop.sent == [("quick_charge", 3600.0)]
    assert loop.memory.owned == {}
    for _ in range(3):
        loop.tick(50, 1)
    assert loop.sent == [("quick_charge", 3600.0)]


def test_a_node_that_lags_makes_ours_nobody_elses() -> None:
    loop = Loop(policy(rule(quick_charge=3600.0)), quick_charge=False, charge_limit=50.0)
    loop.tick(50)
    for running in (False, True, False, True):
        loop.settings["quick_charge"] = running
        loop.tick(50, 4)
    loop.tick(50, 30)
    loop.tick(70, 1)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", False)]


def test_a_quick_charge_of_somebody_else_is_left_alone() -> None:
    loop = Loop(policy(rule(quick_charge=3600.0)), quick_charge=True)
    loop.tick(50)
    loop.tick(70)
    assert loop.sent == []


def test_a_quick_charge_that_the_portal_does_not_end_is_ended_when_its_time_is_over() -> None:
    loop = Loop(policy(rule(quick_charge=1800.0)), quick_charge=False)
    loop.tick(50)
    loop.tick(50, 20)
    assert len(loop.sent) == 1
    loop.tick(50, 15)
    assert loop.sent == [("quick_charge", 1800.0), ("quick_charge", False)]
    loop.tick(50)
    loop.tick(50)
    assert len(loop.sent) == 2


def test_what_moved_is_told_with_both_sides_of_the_reason() -> None:
    decision, _ = tick(policy(rule(charge_limit=80.0)), plant())
    assert "50" in decision.changes[0].want.because
    assert "60" in decision.changes[0].want.because
    assert decision.changes[0].want.rule == "Rule"
    assert changes_of(decision) == [("charge_limit", 80.0)]
    assert decision.changes[0].want.have == 100.0
    assert decision.outlooks[SERIAL].unit.scene.moment.at == NOON


@pytest.mark.parametrize("outcome", ["unproven", "refused", "lapsed"])
def test_a_quick_charge_whose_stop_was_lost_is_stopped_again_while_its_rule_holds(outcome: str) -> None:
    """On a wire whose quick charge has no end of its own it would go on for ever."""
    loop = Loop(policy(rule("Low", soc_below(40), quick_charge=3600.0)), quick_charge=False)
    loop.tick(20)
    assert loop.sent == [("quick_charge", 3600.0)]
    at = after(loop.minute + 60)
    stop = WriteIntended(at, 9, SERIAL, "quick_charge", False, True, "Low", "its 1 h are over", homeward=True)
    closed = WriteClosed(at, 9, SERIAL, "quick_charge", outcome, True)  # type: ignore[arg-type]
    loop.memory = fold_all(loop.memory, [stop, closed])
    loop.minute += 60
    for _ in range(20):
        loop.tick(20, 2)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", False)]
    assert loop.settings["quick_charge"] is False
    loop.settings["quick_charge"] = True  # a person's, who wants it all the same
    for _ in range(20):
        loop.tick(20, 2)
    assert loop.sent == [("quick_charge", 3600.0), ("quick_charge", False)]


def test_a_way_home_that_was_proven_does_not_hold_the_next_one() -> None:
    """From the upper rule to the lower is one way home, and from that to the baseline the next."""
    rules = policy(
        rule("Upper", soc_below(30), charge_limit=90.0),
        rule("Lower", soc_below(60), charge_limit=80.0),
        baseline={"charge_limit": 100.0},
    )
    loop = Loop(rules, charge_limit=100.0)
    loop.tick(20)
    loop.tick(50, minutes=2)
    loop.tick(70, minutes=2)
    assert loop.sent == [("charge_limit", 90.0), ("charge_limit", 80.0), ("charge_limit", 100.0)]
    assert loop.memory.owned == {}
