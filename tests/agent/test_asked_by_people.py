"""Who says `set` or `restore` to a running agent means what is there now, not what was read minutes ago."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from luxagent.agent.tick import TickReport
from luxagent.cli.errands import restore
from luxagent.cli.errands import set as set_by_hand
from luxagent.cli.errands.desk import Desk
from luxagent.core.events import FlagSet
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.plant.device import Plant
from luxagent.core.policy.conditions import FlagOn
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import Rule, Ruleset
from luxagent.core.policy.rules import Site as Place
from luxagent.core.sightings import OverrideSeen
from luxagent.sim.scenario import pair_house
from luxagent.sim.server import WireName
from luxagent.store.requests import Answer
from tests.agent.bench import ZONE, Site

AC_CHARGE = "FUNC_AC_CHARGE"


def storm(**wanted: SettingValue) -> Policy:
    rules = (Rule("Storm", FlagOn("storm"), wanted),)
    return build(Ruleset(Place(ZONE), rules=rules, flags=frozenset({"storm"}), dry_run=False))


def flag(site: Site, *, on: bool) -> None:
    site.agent.state.record([FlagSet(site.clock.now(), "storm", on=on)])


def desk(site: Site) -> Desk:
    return Desk(site.agent.state, site.agent.policy, site.clock.now, {}, site.agent, daemon=True)


def say_restore(site: Site, body: Mapping[str, object] | None = None) -> Answer:
    return restore.carry_out(desk(site), dict(body or {}))


def taken_late(site: Site) -> None:
    """A charge was switched on, and arrived when the agent had looked twice and found it off."""
    site.tick_at(0)
    flag(site, on=True)
    site.portal.faults.on("write-late")
    site.tick_at(10)
    site.portal.faults.off("write-late")
    assert not site.memory.owned[next(iter(site.memory.owned))]["ac_charge"].proven
    site.clock.move(60)
    site.portal.settle()
    assert site.registers()[AC_CHARGE] is True


@pytest.mark.parametrize("body", [{}, {"on_stop": True}], ids=["restore", "on_stop"])
def test_restore_sends_home_what_arrived_after_the_last_look(body: Mapping[str, object]) -> None:
    with Site(None, storm(ac_charge=True), "live") as site:
        taken_late(site)
        answer = say_restore(site, body)
        assert site.registers()[AC_CHARGE] is False
        assert (answer.code, site.memory.owned) == (0, {})


def test_what_arrives_after_a_restore_goes_home_although_it_paused() -> None:
    with Site(None, storm(ac_charge=True), "live") as site:
        site.tick_at(0)
        flag(site, on=True)
        site.portal.faults.on("write-late")
        site.tick_at(10)
        answer = say_restore(site)  # at once: nothing has arrived yet
        assert answer.code == 1
        assert any("may still arrive" in line for line in answer.lines)
        site.portal.faults.off("write-late")
        site.clock.move(60)
        site.portal.settle()
        assert site.registers()[AC_CHARGE] is True
        for minute in (20, 30, 60, 120):
            site.tick_at(minute)
        assert site.registers()[AC_CHARGE] is False
        assert site.memory.owned == {}
        assert site.memory.pause is not None


def test_off_by_hand_is_carried_out_though_the_last_look_had_found_it_off() -> None:
    with Site(None, storm(ac_charge=True), "live") as site:
        site.tick_at(0)
        site.tick_at(6)
        serial = next(iter(site.portal.house.inverters))
        site.portal.by_another_hand(serial, AC_CHARGE, True)
        answer = set_by_hand.carry_out(desk(site), {"setting": "ac_charge", "value": "off"})
        assert answer.code == 0
        assert site.registers()[AC_CHARGE] is False
        assert [event for event in site.events if isinstance(event, OverrideSeen)] == []


def test_who_sets_it_in_the_app_after_that_is_another_hand_again() -> None:
    with Site(None, storm(ac_charge=True), "live") as site:
        site.tick_at(0)
        set_by_hand.carry_out(desk(site), {"setting": "ac_charge", "value": "off"})
        site.tick_at(6)
        serial = next(iter(site.portal.house.inverters))
        site.portal.by_another_hand(serial, AC_CHARGE, True)
        site.tick_at(12)
        site.tick_at(18)
        assert [event.found for event in site.events if isinstance(event, OverrideSeen)] == [True]
        assert site.registers()[AC_CHARGE] is True


@pytest.mark.parametrize(
    ("wire", "name", "wanted"), [("document", "quick_charge", 3600.0), ("live", "ac_charge", True)]
)
def test_without_an_agent_taking_a_value_back_begins_nothing_that_nobody_would_end(
    wire: WireName, name: str, wanted: SettingValue
) -> None:
    with Site(None, storm(**{name: wanted}), wire) as site:
        site.tick_at(0)
        alone = replace(desk(site), daemon=False)
        set_by_hand.carry_out(alone, {"setting": name, "value": "off"})
        flag(site, on=True)
        site.clock.move(1200)
        answer = set_by_hand.carry_out(alone, {"setting": name, "end": True})
        assert answer.code == 0
        assert "No agent is running" in answer.lines[-1]
        site.portal.settle()
        house = site.portal.house
        assert house.quick.task(house.unit_of(next(iter(house.inverters))), site.clock.at) is None
        assert site.registers()[AC_CHARGE] is False
        report = site.tick_at(40)
        assert [change.want.setting for change in report.decision.changes] == [name]


def test_without_an_agent_a_charge_set_by_hand_goes_home_though_a_rule_would_have_it_on() -> None:
    with Site(None, storm(ac_charge=True), "live") as site:
        site.tick_at(0)
        alone = replace(desk(site), daemon=False)
        set_by_hand.carry_out(alone, {"setting": "ac_charge", "value": "on"})
        assert site.registers()[AC_CHARGE] is True
        flag(site, on=True)
        site.clock.move(1200)
        set_by_hand.carry_out(alone, {"setting": "ac_charge", "end": True})
        assert site.registers()[AC_CHARGE] is False


def test_a_set_of_what_restore_still_brings_home_is_not_called_done() -> None:
    with Site(None, storm(ac_charge=True), "live") as site:
        taken_late(site)
        site.portal.faults.on("write-late")
        say_restore(site)
        site.portal.faults.off("write-late")
        site.clock.move(300)
        site.portal.settle()
        answer = set_by_hand.carry_out(desk(site), {"setting": "ac_charge", "value": "on"})
        assert (answer.code, site.registers()[AC_CHARGE]) == (1, False)
        assert any("sent home while hands are off" in line for line in answer.lines)


def test_a_setting_that_reads_wrong_once_is_read_again_before_anybody_is_named() -> None:
    with Site(None, storm(ac_charge=True), "live") as site:
        site.tick_at(0)
        flag(site, on=True)
        site.tick_at(10)
        read, lies = site.agent._reader.read, [True]

        def once_wrong(needs: frozenset[Need], names: frozenset[str]) -> Plant:
            plant = read(needs, names)
            if not lies:
                return plant
            lies.clear()
            wrong = (replace(one, settings={**one.settings, "ac_charge": False}) for one in plant.devices)
            return replace(plant, devices=tuple(wrong))

        site.agent._reader.read = once_wrong  # type: ignore[method-assign]
        site.tick_at(16)
        assert lies == []
        assert [event for event in site.events if isinstance(event, OverrideSeen)] == []
        flag(site, on=False)
        site.tick_at(30)
        assert site.registers()[AC_CHARGE] is False


@pytest.mark.parametrize("wire", ["live", "document"])
def test_a_quick_charge_ends_though_another_inverter_is_the_groups_first_by_then(wire: WireName) -> None:
    with Site(None, storm(quick_charge=3600.0), wire, pair_house) as site:
        site.tick_at(0)
        flag(site, on=True)
        site.tick_at(10)
        house = site.portal.house
        first, second = house.inverters
        assert house.quick.task("A", site.clock.at) is not None
        swapped = {serial: house.inverters[serial] for serial in (second, first)}
        house.inverters.clear()
        house.inverters.update(swapped)
        site.tick_at(30)
        flag(site, on=False)
        report = site.tick_at(40)
        assert isinstance(report, TickReport)
        assert [one.serial for one in report.plant.inverters if one.primary] == [second]
        assert house.quick.task("A", site.clock.at) is None
        assert site.memory.owned == {}


def test_a_quick_charge_by_hand_lasts_though_another_inverter_is_the_groups_first_by_then() -> None:
    with Site(None, storm(charge_limit=90.0), "document", pair_house) as site:
        site.tick_at(0)
        set_by_hand.carry_out(desk(site), {"setting": "quick_charge", "value": "1 h"})
        house = site.portal.house
        started = house.quick.task("A", site.clock.at)
        assert started is not None
        first, second = house.inverters
        swapped = {serial: house.inverters[serial] for serial in (second, first)}
        house.inverters.clear()
        house.inverters.update(swapped)
        site.tick_at(30)
        site.tick_at(45)
        assert house.quick.task("A", site.clock.at) == started
        site.tick_at(90)
        assert house.quick.task("A", site.clock.at) is None
