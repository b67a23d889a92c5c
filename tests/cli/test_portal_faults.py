"""`luxagent portal`: which faults there are, and what it says to a wrong one."""

import os
import signal

import pytest

from luxagent.sim.faults import CATALOGUE
from tests.cli.bench import Desk
from tests.processes import Process


def test_it_lists_every_fault_with_what_it_does(desk: Desk) -> None:
    said = desk.say("portal", "--list-faults")
    assert said.code == 0
    lines = {line.split()[0]: line for line in said.out.splitlines()}
    assert set(lines) == set(CATALOGUE)
    assert all(fault.about in lines[name] for name, fault in CATALOGUE.items())


@pytest.mark.parametrize("fault", ["nonsense", "busy:2", "busy:0", "busy:often", "busy:-1", "busy:nan"])
def test_a_wrong_name_or_rate_is_refused_in_words(desk: Desk, fault: str) -> None:
    said = desk.say("portal", "--fault", fault)
    assert said.code == 2
    assert "rate" in said.err or "api-blocked" in said.err


@pytest.mark.parametrize("speed", ["nan", "0", "inf"])
def test_a_speed_that_is_none_is_usage(desk: Desk, speed: str) -> None:
    said = desk.say("portal", "--speed", speed)
    assert said.code == 2
    assert "--speed" in said.err


@pytest.mark.parametrize(("speed", "warned"), [("60", True), ("1", False)])
def test_a_hurried_portal_says_at_its_start_what_an_agent_will_do(speed: str, *, warned: bool) -> None:
    with Process(dict(os.environ), "portal", "--speed", speed) as portal:
        assert portal.stdout is not None
        assert portal.stdout.readline().startswith("listening on http://127.0.0.1:")
        portal.send_signal(signal.SIGTERM)
        _, err = portal.communicate(timeout=60)
    assert ("60 times as fast" in err and "holds every write" in err) is warned
