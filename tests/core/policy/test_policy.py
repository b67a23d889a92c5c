"""The file's rules made ready."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from luxagent.core.facts.needs import Need
from luxagent.core.policy.conditions import (
    All,
    Always,
    Bound,
    Compare,
    Condition,
    FaultIs,
    FlagOn,
    Held,
    Op,
    TariffIs,
    WordIs,
)
from luxagent.core.policy.naming import slot_name
from luxagent.core.policy.policy import build, placeholders
from luxagent.core.policy.rules import AlertRule, Rule, Ruleset, Scope, Site
from tests.core.policy.scenes import NOON, TARIFF, ZONE, Life, soc

LOW = soc(Op.BELOW, 30, 60)
RULES = Ruleset(
    Site(ZONE),
    rules=(
        Rule("Storm", FlagOn("storm"), {"quick_charge": 3600.0, "charge_limit": 100.0}),
        Rule("Off", Always(), {"eps": False}, enabled=False),
        Rule(
            "Cheap", All((LOW, TariffIs(frozenset({"off-peak"})))), {"ac_charge": True, "charge_limit": 90.0}
        ),
        Rule("Each", LOW, {"export": True}, scope=Scope.INVERTER),
    ),
    baseline={"ac_charge_power": 4000.0},
    tariff=TARIFF,
)


def needs(condition: Condition, message: str = "") -> set[Need]:
    alert = AlertRule("A", condition, message=message)
    return set(build(Ruleset(Site(ZONE), alerts=(alert,))).needs) - {Need.RUNTIME}


def test_disabled_rules_are_left_out() -> None:
    policy = build(RULES)
    assert [compiled.rule.name for compiled in policy.rules] == ["Storm", "Cheap", "Each"]
    assert policy.index_of == {"Storm": 0, "Cheap": 1, "Each": 2}
    assert [compiled.rule.name for compiled in policy.inverter_rules] == ["Each"]
    assert len(policy.unit_rules) == 2


def test_each_setting_knows_its_rules_in_order() -> None:
    policy = build(RULES)
    assert policy.by_setting["charge_limit"] == ((0, 100.0), (1, 90.0))
    assert policy.managed == {"quick_charge", "charge_limit", "ac_charge", "export", "ac_charge_power"}


def test_the_calendar_is_the_sites() -> None:
    assert build(RULES).calendar.moment(NOON).minute == 12 * 60


@pytest.mark.parametrize(
    ("condition", "needed"),
    [
        (Always(), set()),
        (soc(Op.BELOW, 30), set()),
        (Held(Compare("cell_delta_mv", Op.ABOVE, Bound(50)), 60), {Need.BATTERY}),
        (Compare("pv_energy_today_kwh", Op.ABOVE, Bound(0, "soh_pct")), {Need.ENERGY, Need.BATTERY}),
        (Compare("load_power_w", Op.ABOVE, Bound(1)), {Need.GRIDBOSS}),
        (Compare("smart_port1_power_w", Op.ABOVE, Bound(1)), {Need.GRIDBOSS}),
        (WordIs("grid", "down"), {Need.GRIDBOSS}),
        (WordIs("smart_port1", "on"), {Need.GRIDBOSS}),
        (WordIs("quick_charge", "on"), {Need.QUICK_CHARGE}),
        (WordIs("firmware", "current"), {Need.FIRMWARE}),
        (FaultIs(), {Need.EVENTS}),
    ],
)
def test_only_what_is_read_is_asked_for(condition: Condition, needed: set[Need]) -> None:
    assert needs(condition) == needed


def test_a_message_needs_what_it_names() -> None:
    assert needs(Always(), "Battery {battery}: {cell_max_number}") == {Need.BATTERY}
    assert needs(Always(), "{pv_energy_today} and {soc}") == {Need.ENERGY}
    assert needs(Always(), "{faults}") == {Need.EVENTS}
    assert placeholders("broken {") == []


def test_quick_charge_needs_its_status() -> None:
    assert Need.QUICK_CHARGE in build(RULES).needs


def test_an_alert_on_what_a_gridboss_says_of_itself_watches_it_too() -> None:
    def watched(condition: Condition) -> bool:
        return build(Ruleset(Site(ZONE), alerts=(AlertRule("A", condition),))).alerts[0].for_gridboss

    assert watched(WordIs("status", "fault"))
    assert watched(All((WordIs("online", "no"), FlagOn("x"))))
    assert not watched(soc(Op.BELOW, 30))
    assert not watched(WordIs("grid", "down"))
    assert not watched(Always())


def test_the_digest_tells_rules_apart() -> None:
    assert build(RULES).digest == build(RULES).digest
    assert build(replace(RULES, dry_run=False)).digest != build(RULES).digest


def test_slots_are_named_for_rule_node_and_place() -> None:
    assert slot_name("Cheap", (0,), LOW) == slot_name("Cheap", (0,), LOW)
    others = {
        slot_name("Cheap", (1,), LOW),
        slot_name("Other", (0,), LOW),
        slot_name("Cheap", (0,), Always()),
    }
    assert slot_name("Cheap", (0,), LOW) not in others
    assert slot_name("Cheap", (0, 2), LOW).startswith("Cheap#")


def test_slots_are_the_same_in_every_process() -> None:
    """Sets of words print in another order under another hash seed."""
    code = (
        "from luxagent.core.policy.naming import slot_name; "
        "from luxagent.core.policy.conditions import TariffIs; "
        "print(slot_name('r', (0,), TariffIs(frozenset('abcdefgh'))))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1


def test_a_rule_and_an_alert_of_one_name_keep_their_timers_apart() -> None:
    held = Held(soc(Op.BELOW, 30), 600)
    policy = build(Ruleset(Site(ZONE), rules=(Rule("Same", held, {}),), alerts=(AlertRule("Same", held),)))
    life = Life(held)
    slots = []
    for judge in (policy.rules[0].judge, policy.alerts[0].judge):
        seen = life.scene({"soc_pct": 20})
        judge(seen)
        slots += [event.slot for event in seen.moved if hasattr(event, "slot")]
    assert len(set(slots)) == 2
