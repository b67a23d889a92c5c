"""What `check` says of the requests an hour is what the client then asks."""

from pathlib import Path

import pytest

from luxagent.core.facts.needs import Need
from luxagent.portal.budget import requests_an_hour
from luxagent.portal.reader import PortalReader
from tests.portal.bench import Enter, FakeClock, client_of
from tests.portal.storm import TICK_S, storm
from tests.portal.test_reader import house

FEW: frozenset[Need] = frozenset({Need.RUNTIME})
MORE = frozenset({Need.RUNTIME, Need.GRIDBOSS, Need.BATTERY, Need.ENERGY})


@pytest.mark.parametrize(
    ("needs", "settings"),
    [
        (FEW, frozenset[str]()),
        (FEW, frozenset({"ac_charge"})),
        (MORE, frozenset({"ac_charge", "charge_limit"})),
        (MORE | {Need.QUICK_CHARGE}, frozenset({"ac_charge", "quick_charge"})),
    ],
)
@pytest.mark.parametrize("interval_s", [60.0, 300.0])
def test_the_estimate_is_within_a_tenth_of_what_is_asked(
    portal: Enter, needs: frozenset[Need], settings: frozenset[str], interval_s: float
) -> None:
    clock = FakeClock()
    fake = house(portal)
    reader = PortalReader(client_of(clock))
    hours = 3
    for _ in range(int(hours * 3600 / interval_s)):
        reader.read(needs, settings)
        clock.move(interval_s)
    spent = len(fake.asked) / hours
    told = requests_an_hour(needs, settings, interval_s, inverters=2, gridbosses=1)
    assert told == pytest.approx(spent, rel=0.1, abs=4)


def test_nothing_that_is_not_needed_is_counted() -> None:
    assert requests_an_hour(FEW, (), TICK_S) < 40
    assert requests_an_hour(FEW, (), TICK_S, inverters=2) < 70
    assert requests_an_hour(MORE, (), TICK_S) > requests_an_hour(FEW, (), TICK_S)


def test_a_whole_agent_stays_within_what_was_told(tmp_path: Path) -> None:
    with storm(tmp_path) as found:
        found.tick()
        policy, before = found.agent.policy, sum(found.portal.requests.values())
        for _ in range(30):
            found.tick()
        spent = sum(found.portal.requests.values()) - before
        wrote = len(found.portal.asked)
        told = requests_an_hour(policy.needs, policy.managed, TICK_S, inverters=2, gridbosses=1)
        assert spent <= 1.2 * told + 8 * wrote + 8
