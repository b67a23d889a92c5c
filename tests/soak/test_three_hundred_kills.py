"""The real agent is killed three hundred times, at instants in order and by chance, on both wires.

Each round is twenty-five lives on one state folder: what the owner wants changes from life to life, and each
life ends by SIGKILL, as some request arrives, has landed or is read back, or some time after any of them.
In the end nothing is wanted any more, and everything must be at home.
"""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from luxagent.core.control.late import on_the_way
from luxagent.sim.server import WireName
from luxagent.store.journal import look
from tests.cli.deadly import LIMIT_S, Home, Moment, Trap, home, until
from tests.cli.test_killed_for_real import EDGE, FULL, NUMBER, QUICK, START, STOP, SWITCH, WINDOWS

LIVES = 25
ROUNDS: list[tuple[WireName, int]] = [("live", n) for n in range(8)] + [("document", n) for n in range(4)]
WISHES: dict[WireName, tuple[str, ...]] = {
    "live": ("", FULL.format(70), FULL.format(80) + ", " + WINDOWS, QUICK, WINDOWS, QUICK + ", " + WINDOWS),
    "document": ("", "ac_charge_power: 3 kW", "ac_charge_power: 2 kW, pv_charge_power: 4 kW", QUICK),
}
PATHS: dict[WireName, tuple[str, ...]] = {
    "live": (NUMBER, SWITCH, EDGE, START, STOP, "remoteRead/read", "quickCharge/getStatusInfo"),
    "document": (NUMBER, SWITCH, "remoteRead/read", "getInverterRuntime"),
}
MOMENTS: tuple[Moment, ...] = ("arrives", "landed", "settling", "looked")
BASELINE = {"HOLD_SYSTEM_CHARGE_SOC_LIMIT": 90}
"""What moves for good."""


def traps(wire: WireName, dice: random.Random) -> list[Trap]:
    """Every moment of every request in turn, then any request and any time after it."""
    ordered = [Trap(moment, path) for path in PATHS[wire] for moment in MOMENTS]
    dice.shuffle(ordered)
    chance = [Trap("landed", "", nth=dice.randint(1, 14), later_s=dice.random() * 0.2) for _ in range(LIVES)]
    return [trap for pair in zip(ordered, chance, strict=False) for trap in pair] + chance


@pytest.mark.parametrize(("wire", "number"), ROUNDS)
def test_twenty_five_lives_that_end_by_sigkill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wire: WireName, number: int
) -> None:
    dice = random.Random(f"{wire} {number}")
    with home(tmp_path, wire=wire) as site:
        was = site.portal.registers()
        met = 0
        for trap in traps(wire, dice)[:LIVES]:
            site.want(dice.choice(WISHES[wire]))
            met += killed_by(site, trap)
            site.mind_what_is_kept(was)
        mind_the_end(site, was | BASELINE)
    with capsys.disabled():
        print(f"\n{wire} round {number}: {LIVES} kills, {met} of them in the middle of a tick")  # noqa: T201
    assert met > LIVES // 3


def killed_by(site: Home, trap: Trap) -> bool:
    """One life that ends by the trap, or between two ticks if nothing meets it. Whether it was met."""
    ticked = site.ticked_at
    with site.agent(trap) as process:
        until(lambda: process.poll() is not None or site.ticked_at != ticked)
        process.kill()
        process.wait(LIMIT_S)
        return site.portal.sprung.is_set()


def mind_the_end(site: Home, at_home: dict[str, float | bool]) -> None:
    """Nothing is wanted any more: two quiet lives bring home what the last kills have left.

    What is still owned then is at home, and waits only for a write of the last half hour that died unproven
    and could land yet. Nothing is owned without one.
    """
    site.want("")
    site.live()
    site.live()
    site.mind_what_was_sent()
    assert site.portal.registers() == at_home
    assert not site.portal.charging_quickly
    memory = look(site.portal.state)
    assert memory.open == {}
    now = datetime.now(UTC)  # noqa: TID251 - the agents were real processes, which go by the real clock
    for serial, row in memory.owned.items():
        for setting, owned in row.items():
            assert owned.before is not None
            assert on_the_way(memory, serial, setting, owned.before, now) is not None, (setting, owned)
