"""Ending a charge or a discharge by force goes out like going home, whoever wants it, time and again."""

import pytest

from luxagent.core.events import Event, LeaseSet, Paused, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SettingValue
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
    soc_below,
    tick,
)  # fmt: skip

SWITCHES = ("ac_charge", "forced_charge", "forced_discharge")
LET_GO = soc_below(10)


def write(
    number: int,
    minutes: float,
    value: SettingValue,
    rule_name: str | None,
    *,
    setting: str = "ac_charge",
    home: bool = False,
    outcome: str = "confirmed",
) -> list[Event]:
    at, found = after(minutes), value if outcome == "confirmed" else not value
    return [
        WriteIntended(at, number, SERIAL, setting, value, not value, rule_name, "", homeward=home),
        WriteClosed(at, number, SERIAL, setting, outcome, found),  # type: ignore[arg-type]
    ]


def taken(setting: str = "ac_charge", by: str = "Low") -> list[Event]:
    return write(1, -600, True, by, setting=setting)


def on(setting: str = "ac_charge", **more: SettingValue) -> Plant:
    return plant(inverter(settings={setting: True}, values=more))


STALE = {"data_age_s": 3600.0}


def below(setting: str = "ac_charge") -> Policy:
    return policy(rule("Low", LET_GO, **{setting: True}), rule("Rest", Always(), **{setting: False}))


def above(setting: str = "ac_charge") -> Policy:
    return policy(rule("Peak", Always(), **{setting: False}), rule("Low", Always(), **{setting: True}))


@pytest.mark.parametrize("setting", SWITCHES)
@pytest.mark.parametrize("rules", [below, above])
def test_a_rules_stop_of_what_was_ours_goes_out_on_stale_data(setting: str, rules: object) -> None:
    file: Policy = rules(setting)  # type: ignore[operator]
    decision, _ = tick(file, on(setting, **STALE), fold_all(Memory(), taken(setting)))
    assert changes_of(decision) == [(setting, False)]


def test_a_persons_stop_of_what_was_ours_goes_out_on_stale_data_and_beyond_the_budget_of_takes() -> None:
    memory = fold_all(Memory(), [*taken(), LeaseSet(NOON, "ac_charge", value=False)])
    many = [event for n in range(12) for event in write(9 + n, -30, True, "Low", setting="export")]
    memory = fold_all(memory, many)
    assert changes_of(tick(policy(), on(**STALE), memory)[0]) == [("ac_charge", False)]


def test_what_nobody_of_us_began_is_stopped_by_a_rule_with_all_care() -> None:
    decision, _ = tick(above(), on(**STALE), Memory())
    assert Reason.STALE in reasons_of(decision, "ac_charge")


@pytest.mark.parametrize("rules", [below(), above()])
def test_a_stop_that_is_not_proven_is_tried_once_an_hour_and_never_given_up(rules: Policy) -> None:
    stopper = rules.rules[0 if rules.rules[0].rule.name == "Peak" else 1].rule.name
    memory, sent = fold_all(Memory(), taken()), []
    for minute in range(0, 24 * 60, 5):
        decision, memory = tick(rules, on(), memory, after(minute))
        for change in decision.changes:
            sent.append(minute)
            memory = fold_all(
                memory,
                write(
                    9 + len(sent),
                    minute,
                    change.value,
                    stopper,
                    home=change.want.homeward,
                    outcome="unproven",
                ),
            )
    assert sent[:3] == [0, 10, 20]
    assert sent[3:] == list(range(80, 24 * 60, 60))


def test_a_stop_that_no_rule_of_ours_began_is_tried_on_as_well() -> None:
    rules = policy(baseline={"ac_charge": False})
    tries = [e for n in range(3) for e in write(1 + n, -60 + n, False, None, outcome="unproven")]
    memory = fold_all(Memory(), tries)
    assert reasons_of(tick(rules, on(), memory, NOON)[0], "ac_charge") == (Reason.JAMMED,)
    assert changes_of(tick(rules, on(), memory, after(5))[0]) == [("ac_charge", False)]


def test_ways_home_that_were_proven_do_not_take_the_place_of_a_stuck_stop() -> None:
    rules = policy(rule("Low", LET_GO, ac_charge=True), baseline={"ac_charge": False})
    proven = [e for n in range(14) for e in write(2 + n, -300 + n, False, None, setting="export", home=True)]
    stuck = [e for n in range(3) for e in write(30 + n, -120 + n, False, None, home=True, outcome="unproven")]
    memory = fold_all(Memory(), [*taken(), *proven, *stuck])
    assert changes_of(tick(rules, on(), memory)[0]) == [("ac_charge", False)]


def test_nor_do_those_of_other_settings_that_were_not() -> None:
    rules = policy(rule("Low", LET_GO, ac_charge=True), baseline={"ac_charge": False}, guards=guards())
    others = [
        e for n in range(14)
        for e in write(2 + n, -300 + n, False, None, setting="export", home=True, outcome="unproven")
    ]  # fmt: skip
    stuck = [e for n in range(3) for e in write(30 + n, -120 + n, False, None, home=True, outcome="unproven")]
    memory = fold_all(Memory(), [*taken(), *others, *stuck])
    assert changes_of(tick(rules, on(), memory)[0]) == [("ac_charge", False)]


def test_a_value_by_hand_and_everything_sent_home_do_not_undo_each_other() -> None:
    """Off by hand, then `pause --home`: nothing is written while it is paused."""
    said = [LeaseSet(NOON, "ac_charge", value=False), Paused(NOON, None, home=True)]
    decision, _ = tick(policy(), on(), fold_all(Memory(), said), after(2))
    assert decision.changes == []
    assert reasons_of(decision, "ac_charge") == (Reason.PAUSED,)
