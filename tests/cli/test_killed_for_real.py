"""The real agent is killed, stopped and ended in the middle of what it does; then it is started again.

`tests/agent/test_crash_points.py` stops it at every numbered step in one process; here the process, its files
and the line to the portal are real, and so is the signal.
"""

import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from luxagent.cli.clock import SystemClock
from luxagent.core.events import Started, WriteClosed
from luxagent.store.journal import journal, look
from tests.cli.deadly import LIMIT_S, Home, Trap, home, until

NUMBER, SWITCH, EDGE = "remoteSet/write", "remoteSet/functionControl", "remoteSet/writeTime"
START, STOP = "quickCharge/start", "quickCharge/stop"
FULL = "ac_charge: on, ac_charge_limit: {}%"
WINDOWS = 'ac_charge_windows: ["12:00 to 13:00", "01:00 to 02:00"]'
QUICK = "quick_charge: 60 min"

LIVES = (
    (FULL.format(70), Trap("arrives", NUMBER)),  # intended, not carried out
    (FULL.format(70), Trap("landed", NUMBER)),  # carried out, and the answer never came
    (FULL.format(70), Trap("landed", SWITCH)),
    (FULL.format(75), Trap("looked", NUMBER)),  # answered, being read back
    (FULL.format(80), Trap("settling", NUMBER, later_s=0.05)),  # answered, about to be read back
    (FULL.format(80) + ", " + WINDOWS, Trap("arrives", EDGE, 3)),  # between two edges of a window
    (QUICK, Trap("arrives", SWITCH)),  # on the way home
    (QUICK, Trap("landed", SWITCH)),
    (QUICK, Trap("looked", NUMBER)),  # between two settings
    (QUICK, Trap("landed", EDGE, 2)),
    (QUICK, Trap("landed", START)),
    ("", Trap("arrives", STOP)),
    ("", Trap("landed", STOP)),
)
"""What the owner wants, and when the agent is killed. Each life goes on where the last one ended."""
CLOCK = SystemClock()
RUNTIME = "/WManage/api/inverter/getInverterRuntime"
SLEEPS_S = 31.0
"""Longer than the interval in the file, and than the portal's client waits for a command."""


@dataclass
class Asleep:
    """An agent that was stopped while the portal's answer was on its way to it."""

    site: Home
    process: subprocess.Popen[bytes]
    since: float

    def finish(self) -> None:
        """Let it go on, once it has slept longer than the time between two ticks and than any deadline."""
        left = self.since + SLEEPS_S - CLOCK.monotonic()
        threading.Event().wait(max(0.0, left))
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="module", autouse=True)
def asleep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asleep]:
    """It sleeps while the other tests of this file run, so that nobody has to wait for it as long."""
    with home(tmp_path_factory.mktemp("asleep")) as site:
        site.want("")
        with site.agent(Trap("landed", NUMBER, number=signal.SIGSTOP)) as process:
            until(lambda: process.poll() is not None or site.portal.sprung.is_set())
            yield Asleep(site, process, CLOCK.monotonic())


def test_killed_at_thirteen_instants_it_sends_nothing_twice_and_all_goes_home(tmp_path: Path) -> None:
    with home(tmp_path) as site:
        was = site.portal.registers()
        for sets, trap in LIVES:
            site.want(sets)
            site.die(trap)
            site.mind_what_is_kept(was)
        site.live()
        site.mind_what_was_sent()
        assert site.portal.registers() == was | {"HOLD_SYSTEM_CHARGE_SOC_LIMIT": 90}
        assert not site.portal.charging_quickly
        memory = look(site.portal.state)
        assert (memory.owned, memory.open) == ({}, {})
        starts = [entry for entry in journal(site.portal.state) if isinstance(entry.event, Started)]
        assert len(starts) == len(LIVES) + 1


def test_asked_to_end_in_the_middle_of_a_write_it_settles_that_one_first_and_then_goes_home(
    tmp_path: Path,
) -> None:
    with home(tmp_path, on_stop="restore") as site:
        was = site.portal.registers()
        site.want(FULL.format(70))
        with site.agent(Trap("landed", SWITCH, number=signal.SIGTERM)) as process:
            assert process.wait(LIMIT_S) == 0, site.log
        site.mind_what_was_sent()
        assert [one.value for one in site.portal.sent if one.name == "FUNC_AC_CHARGE"] == ["true", "false"]
        assert closed(site, "ac_charge") == ["confirmed", "confirmed"]
        assert site.portal.registers() == was | {"HOLD_SYSTEM_CHARGE_SOC_LIMIT": 90}
        assert look(site.portal.state).owned == {}


def test_stopped_for_longer_than_a_tick_while_an_answer_waits_it_reads_back_and_goes_on(
    asleep: Asleep,
) -> None:
    """The command's deadline and the next tick have both passed when the process is let go on."""
    site, process = asleep.site, asleep.process
    asleep.finish()
    until(lambda: process.poll() is not None or site.ticked_at is not None)
    assert closed(site, "charge_limit") == ["confirmed"]
    ticked, asked = site.ticked_at, site.portal.requests[RUNTIME]
    process.send_signal(signal.SIGHUP)
    until(lambda: process.poll() is not None or site.ticked_at != ticked)
    assert site.portal.requests[RUNTIME] <= asked + 1  # one late tick: none is made up for
    process.terminate()
    assert process.wait(LIMIT_S) == 0, site.log
    site.mind_what_was_sent()
    assert [one.value for one in site.portal.sent] == ["90"]


def closed(site: Home, setting: str) -> list[str]:
    """What became of each write of a setting, in order."""
    told = (entry.event for entry in journal(site.portal.state))
    return [event.outcome for event in told if isinstance(event, WriteClosed) and event.setting == setting]
