"""A device that appears or goes while the agent runs: noticed, told, written to from then on or no more."""

from pathlib import Path

import pytest

from luxagent.agent.tick import TickReport
from luxagent.core.events.alerts import AlertFired
from luxagent.portal.cache import DISCOVERY_S
from luxagent.sim.server import WireName
from tests.portal.storm import TICK_S, Storm, storm

WIRES: list[WireName] = ["live", "document"]


def seen(found: Storm) -> list[str]:
    result = found.tick()
    assert isinstance(result, TickReport)
    return sorted(device.serial for device in result.plant.inverters)


def fired(found: Storm, name: str) -> list[str]:
    return [
        event.device for event in found.book.events if isinstance(event, AlertFired) and event.name == name
    ]


def until(found: Storm, serials: list[str]) -> float:
    """How long it took until the plant is these inverters."""
    begin = found.clock.monotonic()
    while seen(found) != serials:
        assert found.clock.monotonic() - begin < 2 * DISCOVERY_S, "never noticed"
    return found.clock.monotonic() - begin - TICK_S


@pytest.mark.parametrize("wire", WIRES)
def test_an_inverter_that_is_added_is_noticed_told_and_taken_in_hand(tmp_path: Path, wire: WireName) -> None:
    with storm(tmp_path, wire) as found:
        first, second = sorted(found.portal.house.inverters)
        found.portal.faults.on("unlisted", second)
        assert seen(found) == [first]
        assert {write.serial for write in found.portal.asked} == {first}
        found.portal.faults.off("unlisted")
        assert until(found, [first, second]) <= DISCOVERY_S + TICK_S
        assert {write.serial for write in found.portal.asked} == {first, second}
        assert fired(found, "new device") == [second]
        registers = found.portal.house.inverters[second].registers
        assert registers["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] in (80, 90)


@pytest.mark.parametrize("wire", WIRES)
def test_an_inverter_that_goes_is_noticed_told_and_left_alone_and_one_that_is_back_is_found(
    tmp_path: Path, wire: WireName
) -> None:
    with storm(tmp_path, wire) as found:
        first, second = sorted(found.portal.house.inverters)
        assert seen(found) == [first, second]
        found.portal.faults.on("unlisted", second)
        assert until(found, [first]) <= DISCOVERY_S + TICK_S
        asked, written = len(found.reads), len(found.portal.asked)
        for _ in range(40):
            seen(found)
        assert second not in {serial for _, serial, _ in found.reads[asked:]}
        assert second not in {write.serial for write in found.portal.asked[written:]}
        assert fired(found, "vanished device") == [second]
        found.portal.faults.off("unlisted")
        assert until(found, [first, second]) <= DISCOVERY_S + TICK_S


@pytest.mark.parametrize("wire", WIRES)
def test_one_that_was_missing_for_a_moment_is_back_within_minutes(tmp_path: Path, wire: WireName) -> None:
    with storm(tmp_path, wire) as found:
        both = seen(found)
        found.portal.faults.on("unlisted", both[1])
        until(found, both[:1])
        found.portal.faults.off("unlisted")
        assert until(found, both) <= 2 * TICK_S


def test_a_gridboss_that_is_added_joins_its_group(tmp_path: Path) -> None:
    with storm(tmp_path) as found:
        midbox = found.portal.house.midbox
        assert midbox is not None
        found.portal.faults.on("unlisted", midbox.serial)
        seen(found)
        found.portal.faults.off("unlisted")
        units = set()
        for _ in range(10):
            result = found.tick()
            assert isinstance(result, TickReport)
            units = {device.unit for device in result.plant.devices}
        assert midbox.serial in {device.serial for device in result.plant.devices}
        assert len(units) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_a_group_that_the_portal_refuses_to_tell_stays_the_group_it_was(
    tmp_path: Path, wire: WireName
) -> None:
    """Else each inverter would be a unit of its own: other rules would hold, and settings would go home."""
    with storm(tmp_path, wire) as found:
        found.tick()
        found.portal.faults.on("no-groups")
        begin = found.clock.monotonic()
        while found.clock.monotonic() - begin < 2 * DISCOVERY_S:
            result = found.tick()
            assert isinstance(result, TickReport)
            assert len({device.unit for device in result.plant.inverters}) == 1
            assert [device.primary for device in result.plant.inverters] == [True, False]
