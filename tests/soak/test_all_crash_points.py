"""Every step of every day with every fault, where `make test` takes a third of those with one."""

import pytest

from luxagent.sim.server import WireName
from tests.agent.test_crash_points import DAYS, lived


@pytest.mark.parametrize(("wire", "fault"), [day for day in DAYS if day[1] is not None], ids=str)
def test_stopped_before_any_step_of_any_day(wire: WireName, fault: str | None) -> None:
    for stop_at in range(1, lived(None, wire, fault, None) + 1):
        lived(None, wire, fault, stop_at)
