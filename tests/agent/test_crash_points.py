"""The agent is stopped before every numbered side effect of a scripted day, rebuilt from disk, and run on.

Whatever the step and the fault: no intent is sent twice, none is forgotten, and in the end every setting is
where the rules say.
"""

from contextlib import suppress
from pathlib import Path

import pytest

from luxagent.core.events import WriteClosed, WriteIntended
from luxagent.core.policy.conditions import TimeIn
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import Rule, Ruleset, Site
from luxagent.core.values.windows import Edge, Window
from luxagent.errors import TryLater
from luxagent.sim.server import WireName
from tests.agent.bench import ZONE
from tests.agent.bench import Site as House

pytestmark = pytest.mark.long

MINUTES = (0, 6, 8, 20, 38, 40, 52, 64, 76, 90, 104)
"""When ticks happen, after 12:10. Rules hold from 12:15 to 12:45 and from 12:47 to 13:12."""
FAULT_ENDS = 38
AWAY = ("http-503",)
"""With these a tick has nothing, and says so."""


def between(start: str, end: str) -> TimeIn:
    first, last = ((int(t[:2]) * 60 + int(t[3:])) for t in (start, end))
    return TimeIn((Window(Edge(first), Edge(last)),))


def rules(wire: WireName) -> Policy:
    noon, later = between("12:15", "12:45"), between("12:47", "13:12")
    live = (
        Rule("Charge", noon, {"ac_charge": True, "ac_charge_limit": 70.0}),
        Rule("Windows", noon, {"ac_charge_windows": ("12:00-13:00", "01:00-02:00")}),
        Rule("Quick", later, {"quick_charge": 600.0}),
    )
    document = (Rule("Power", noon, {"ac_charge_power": 3000.0, "charge_limit": 80.0}), live[2])
    made = Ruleset(
        Site(ZONE),
        rules=live if wire == "live" else document,
        baseline={"pv_charge_power": 6000.0},
        dry_run=False,
    )
    return build(made)


HOME: dict[WireName, dict[str, float | bool]] = {
    "live": {
        "FUNC_AC_CHARGE": False,
        "HOLD_AC_CHARGE_SOC_LIMIT": 90.0,
        "HOLD_FORCED_CHG_POWER_CMD": 6.0,
        **{
            f"HOLD_AC_CHARGE_{edge}_{part}{suffix}": 0.0
            for edge in ("START", "END")
            for part in ("HOUR", "MINUTE")
            for suffix in ("", "_1", "_2")
        },
    },
    "document": {
        "HOLD_AC_CHARGE_POWER_CMD": 5.0,
        "HOLD_SYSTEM_CHARGE_SOC_LIMIT": 100.0,
        "HOLD_FORCED_CHG_POWER_CMD": 6.0,
    },
}


def lived(folder: Path | None, wire: WireName, fault: str | None, stop_at: int | None) -> int:
    """The scripted day with one fault and one stop; returns how many steps it had."""
    with House(folder, rules(wire), wire) as site:
        site.steps.at = stop_at
        for minute in MINUTES:
            if fault is not None and minute == MINUTES[1]:
                site.portal.faults.on(fault)
            if fault is not None and minute == FAULT_ENDS:
                site.portal.faults.off(fault)
            with suppress(*([TryLater] if fault in AWAY else [])):
                site.tick_at(minute)
        told = site.told()
        intents = [event.number for event in told if isinstance(event, WriteIntended)]
        closes = [event.number for event in told if isinstance(event, WriteClosed)]
        assert len(site.sent) == len(set(site.sent)), "an intent was sent twice"
        assert set(site.sent) <= set(intents), "something was sent without an intent on disk"
        assert sorted(closes) == sorted(intents), "an intent was forgotten"
        assert site.memory.open == {}
        assert site.memory.owned == {}, "something did not come home"
        there = site.registers()
        assert {name: there[name] for name in HOME[wire]} == HOME[wire]
        serial = next(iter(site.portal.house.inverters))
        assert not site.portal.house.quick.running(site.portal.house.unit_of(serial), site.clock.now())
        return site.steps.count


FAULTS = (None, "timeout-but-applied", "timeout-not-applied", "write-late", "write-ignored", "write-reverts")
DAYS: list[tuple[WireName, str | None]] = [("live", fault) for fault in FAULTS]
DAYS += [("document", None), ("document", "timeout-but-applied"), ("document", "write-ignored")]


@pytest.mark.parametrize(("wire", "fault"), DAYS, ids=str)
def test_stopped_before_any_step_nothing_is_sent_twice_forgotten_or_left_behind(
    wire: WireName, fault: str | None
) -> None:
    """Every step of the days without fault; of the others every third, each fault beginning elsewhere."""
    steps = lived(None, wire, fault, None)
    assert steps > 20
    stride = 1 if fault is None else 3
    for stop_at in range(1 + FAULTS.index(fault) % stride, steps + 1, stride):
        lived(None, wire, fault, stop_at)


@pytest.mark.parametrize("stop_at", [8, 15, 22, 29, 36])
def test_what_is_on_a_real_disk_is_enough_to_go_on(tmp_path: Path, stop_at: int) -> None:
    lived(tmp_path, "live", None, stop_at)
