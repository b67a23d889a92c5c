"""What counts elapsed time goes along with a clock that is set, however that happened."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from luxagent.core.events import ClockSet
from luxagent.core.policy.conditions import FlagOn
from luxagent.core.policy.policy import build
from luxagent.core.policy.rules import Rule, Ruleset
from luxagent.core.policy.rules import Site as Place
from tests.agent.bench import START, ZONE, Site
from tests.agent.clocks import HostClock

RULES = build(
    Ruleset(
        Place(ZONE),
        rules=(Rule("Storm", FlagOn("storm"), {"charge_limit": 80.0}),),
        flags=frozenset({"storm"}),
        dry_run=False,
    )
)
HOUR = 3600.0


class Computer(Site):
    clock: HostClock

    def set_by(self) -> list[float]:
        """By how many hours the agent has found its clock to have been set."""
        return [round(event.by_s / HOUR, 2) for event in self.events if isinstance(event, ClockSet)]


@pytest.fixture
def computer() -> Iterator[Computer]:
    clock = HostClock(START)
    with Computer(None, RULES, "live", clock=clock) as site:
        assert isinstance(site, Computer)
        site.agent.tick()
        clock.move(120)
        yield site


def test_a_clock_that_goes_as_it_should_is_no_news(computer: Computer) -> None:
    for _ in range(5):
        computer.agent.tick()
        computer.clock.move(120)
    computer.begin()
    computer.agent.tick()
    assert computer.set_by() == []


@pytest.mark.parametrize("hours", [-25.0, -1.0, 3.0, 25.0])
def test_a_clock_that_was_set_is_found_out_at_the_next_tick_and_once(
    computer: Computer, hours: float
) -> None:
    computer.clock.error_s = hours * HOUR
    for _ in range(3):
        computer.agent.tick()
        computer.clock.move(120)
    assert computer.set_by() == [hours]
    computer.clock.error_s = 0.0
    computer.agent.tick()
    assert computer.set_by() == [hours, -hours]


@pytest.mark.parametrize("hours", [-25.0, 25.0])
def test_a_tick_that_asks_the_portal_nothing_finds_it_out_as_well(computer: Computer, hours: float) -> None:
    computer.agent.tick()
    computer.clock.error_s = hours * HOUR
    for _ in range(2):
        computer.agent.tick()
    assert computer.set_by() == [hours]
    computer.clock.move(120)
    computer.agent.tick()
    assert computer.set_by() == [hours]


def test_a_clock_that_was_set_while_the_agent_was_away_is_found_out_as_well(computer: Computer) -> None:
    """A board without a battery starts with the time at which it was switched off."""
    computer.clock.move(5 * HOUR)
    computer.clock.error_s = -5 * HOUR
    computer.begin()
    computer.agent.tick()
    computer.clock.error_s = 0.0
    computer.clock.move(120)
    computer.agent.tick()
    assert computer.set_by() == [-5.0, 5.0]


def test_a_computer_that_slept_was_not_set(computer: Computer) -> None:
    computer.clock.move(8 * HOUR)
    computer.clock.ticks -= 8 * HOUR  # the steady clock does not count sleep
    computer.agent.tick()
    assert computer.set_by() == []


def test_a_clock_that_stands_is_put_right_little_by_little(computer: Computer) -> None:
    computer.clock.stands = True
    for _ in range(5):
        computer.agent.tick()
        computer.clock.move(60)
    moved_s = -sum(event.by_s for event in computer.events if isinstance(event, ClockSet))
    assert abs(moved_s - 4 * 60) < 5


def test_a_portal_whose_clock_moves_says_nothing_of_ours(computer: Computer) -> None:
    computer.portal._now = lambda: computer.clock.at + timedelta(hours=3)
    computer.agent.tick()
    assert computer.set_by() == [0.0]
