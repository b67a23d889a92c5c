"""The agent on an inverter that goes away, is exchanged, or whose computer's clock is not to be trusted."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from luxagent.core.facts.needs import Need
from luxagent.core.facts.reasons import Reason
from luxagent.core.plant.device import Plant
from luxagent.core.policy.conditions import Always, TimeIn
from luxagent.core.policy.rules import Rule
from luxagent.core.sightings import OverrideSeen
from luxagent.core.values.windows import Edge, Window
from tests.agent.device import AT_ONCE, Device, Stubborn, silent, stubborn
from tests.core.builders import SERIAL, reasons_of, rule, soc_below

LOW = rule(when=soc_below(60), charge_limit=80.0)


def taken(*rules: Rule) -> Stubborn:
    """A rule has moved the charge limit."""
    site = stubborn(silent(*(rules or (LOW,))), lambda *_: AT_ONCE)
    site.tick()
    assert len(site.device.sent) == 1
    return site


@dataclass
class Away(Device):
    """Not there, though the portal goes on showing its last upload; or another one in its place."""

    since: datetime | None = None
    serial: str = SERIAL

    def read(self, needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        seen = super().read(needs, settings)
        [device] = seen.devices
        if self.since is not None:
            reading = replace(device.reading, uploaded_at=self.since)
            device = replace(device, online=False, reading=reading)
        return replace(seen, devices=(replace(device, serial=self.serial, unit=self.serial),))


def on(site: Stubborn, device: Away) -> Stubborn:
    """The same agent, with another device at its ports."""
    device.settings, device.sent = site.device.settings, site.device.sent
    site.agent._reader = device
    site.agent.grip(device)
    return replace(site, device=device)


def test_an_inverter_that_was_away_for_days_is_read_before_anything_is_done() -> None:
    """Its rule let go meanwhile, and somebody has changed the setting at its panel."""
    site = taken()
    away = on(site, Away(site.clock, site.device.habit, since=site.clock.now()))
    away.tick(1440)
    assert len(away.device.sent) == 1
    assert set(away.memory.owned[SERIAL]) == {"charge_limit"}
    away.device.settings["charge_limit"] = 55.0
    back = on(away, Away(site.clock, site.device.habit))
    report = back.agent.tick()
    assert [event.found for event in report.decision.events if isinstance(event, OverrideSeen)] == [55.0]
    assert len(back.device.sent) == 1
    assert back.memory.owned == {}


def test_another_inverter_in_the_same_place_inherits_nothing() -> None:
    """What the old one owned stays its own; the new one is taken like any other, from what it is now."""
    narrow = replace(LOW, devices=frozenset({SERIAL}))
    site = taken(narrow)
    other = on(site, Away(site.clock, site.device.habit, serial="44300E0999"))
    other.device.settings["charge_limit"] = 60.0
    other.tick(30)
    assert len(other.device.sent) == 1  # neither sent home nor taken: its rule names the old one
    assert other.memory.owned[SERIAL]["charge_limit"].before == 100.0


NIGHT = TimeIn((Window(Edge(23 * 60), Edge(6 * 60)),))


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(hours=1), timedelta(seconds=31)])
@pytest.mark.parametrize("way", [1, -1])
def test_the_tick_after_the_clock_was_set_takes_nothing_new(jump: timedelta, way: int) -> None:
    site = stubborn(silent(rule(when=Always(), charge_limit=80.0)), lambda *_: None)
    site.tick()
    site.clock.at += way * jump
    report = site.agent.tick()
    assert Reason.CLOCK in reasons_of(report.decision, "charge_limit")
    assert len(site.device.sent) == 1


def test_a_computer_that_wakes_up_after_hours_has_one_tick_on_fresh_data_and_makes_up_for_none() -> None:
    """Both of its clocks went on: the edges that it slept through are not played back."""
    site = stubborn(silent(rule(when=NIGHT, charge_limit=80.0)), lambda *_: AT_ONCE)
    site.tick()  # noon
    site.clock.move(20 * 3600)  # the whole night
    site.tick()
    assert site.device.sent == []
    site.clock.move(15 * 3600)  # 23:04 of the next day
    site.tick()
    assert [value for _, _, value in site.device.sent] == [80.0]


def test_a_computer_that_begins_in_1970_waits_for_its_clock() -> None:
    """Its data are from a future that it does not know, so that nothing is fresh."""
    site = stubborn(silent(LOW), lambda *_: AT_ONCE)
    real = site.clock.now()
    site.clock.at = datetime(1970, 1, 1, 0, 2, tzinfo=UTC)
    device = on(site, Away(site.clock, site.device.habit))

    def ahead(needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        seen = Device.read(device.device, needs, settings)
        [one] = seen.devices
        return replace(
            seen, clock_ok=False, devices=(replace(one, reading=replace(one.reading, uploaded_at=real)),)
        )

    device.device.read = ahead  # type: ignore[method-assign]
    device.tick(30)
    assert device.device.sent == []
    del device.device.read  # type: ignore[method-assign]
    site.clock.at = real
    device.tick(3)
    assert [value for _, _, value in device.device.sent] == [80.0]
