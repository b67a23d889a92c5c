"""One inverter of a group must not charge from what another one is made to discharge."""

from dataclasses import replace

import pytest

from luxagent.core.events import WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Reason
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.conditions import Always
from luxagent.core.policy.rules import Rule
from tests.core.builders import after, inverter, plant, policy, rule, tick

OFF = {"ac_charge": False, "forced_charge": False, "forced_discharge": False, "quick_charge": False}
CHARGES = ["ac_charge", "forced_charge", "quick_charge"]


def pair(unit: str = "A", **second: bool) -> Plant:
    return plant(
        inverter("A1", unit="A", settings=OFF),
        inverter("A2", unit=unit, primary=unit != "A", settings={**OFF, **second}),
    )


def charging(name: str) -> Rule:
    return rule("Charge", Always(), **{name: 3600.0 if name == "quick_charge" else True})


def only(serial: str, made: Rule) -> Rule:
    return replace(made, devices=frozenset({serial}))


@pytest.mark.parametrize("charge", CHARGES)
def test_no_charge_begins_beside_a_discharge_of_another_inverter(charge: str) -> None:
    decision, _ = tick(policy(only("A1", charging(charge))), pair(forced_discharge=True))
    [held] = decision.held
    assert (held.want.serial, held.want.setting, held.reasons) == ("A1", charge, (Reason.CONFLICT,))
    assert held.want.because.endswith("forced_discharge, which is on at another inverter of its group")


@pytest.mark.parametrize("charge", CHARGES)
def test_of_two_that_would_begin_in_one_tick_one_is_held(charge: str) -> None:
    sells = only("A2", rule("Sell", Always(), forced_discharge=True))
    decision, _ = tick(policy(only("A1", charging(charge)), sells), pair())
    assert [(one.want.serial, one.want.setting) for one in decision.changes] == [("A1", charge)]
    [held] = decision.held
    assert (held.want.serial, held.reasons) == ("A2", (Reason.CONFLICT,))


def test_an_inverter_of_another_unit_may_do_what_it_likes() -> None:
    decision, _ = tick(policy(only("A1", charging("ac_charge"))), pair("B", forced_discharge=True))
    assert [one.want.setting for one in decision.changes] == ["ac_charge"]


def test_to_end_a_discharge_needs_nobodys_leave() -> None:
    rules = policy(rule("Rest", Always(), forced_discharge=False))
    decision, _ = tick(rules, pair(forced_discharge=True, ac_charge=True))
    assert [(one.want.serial, one.value) for one in decision.changes] == [("A2", False)]


def test_a_charge_waits_until_the_discharge_beside_it_is_proven_off() -> None:
    rules = policy(only("A1", charging("ac_charge")), baseline={"forced_discharge": False})
    first, second = pair(forced_discharge=True).inverters
    for seen in (plant(first, second), plant(second, first)):
        decision, _ = tick(rules, seen)
        assert [(one.want.serial, one.value) for one in decision.changes] == [("A2", False)]


def test_a_charge_goes_home_to_on_beside_a_persons_discharge_but_not_beside_ours() -> None:
    off = [
        WriteIntended(after(-60), 1, "A1", "ac_charge", False, True, "Gone", "", homeward=False),
        WriteClosed(after(-60), 1, "A1", "ac_charge", "confirmed", found=False),
    ]
    theirs = fold_all(Memory(), off)
    assert [one.want.serial for one in tick(policy(), pair(forced_discharge=True), theirs)[0].changes] == [
        "A1"
    ]
    sell = [
        WriteIntended(after(-50), 2, "A2", "forced_discharge", True, False, "Sell", "", homeward=False),
        WriteClosed(after(-50), 2, "A2", "forced_discharge", "confirmed", found=True),
    ]
    rules = policy(only("A2", rule("Sell", Always(), forced_discharge=True)))
    decision, _ = tick(rules, pair(forced_discharge=True), fold_all(theirs, sell))
    assert decision.changes == []
    assert [(one.want.serial, one.reasons) for one in decision.held] == [("A1", (Reason.CONFLICT,))]
