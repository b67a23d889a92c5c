"""Every step of every day with every fault of a write, on both wires; `make test` takes a third of some.

Beside what becomes of a write, the line and the device may fail: then a stopped agent begins in the middle of
that.
"""

import pytest

from luxagent.sim.server import WireName
from tests.agent.test_crash_points import FAULTS, lived

MORE = (
    "write-clamped", "write-refused", "busy", "command-timeout", "lost", "stale", "http-503", "expired-html",
)  # fmt: skip
WIRES: tuple[WireName, ...] = ("live", "document")


@pytest.mark.parametrize("fault", [fault for fault in (*FAULTS, *MORE) if fault is not None])
@pytest.mark.parametrize("wire", WIRES)
def test_stopped_before_any_step_of_any_day(wire: WireName, fault: str) -> None:
    for stop_at in range(1, lived(None, wire, fault, None) + 1):
        lived(None, wire, fault, stop_at)
