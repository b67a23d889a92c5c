"""The day's counters, as the agent sees them through the portal: set back at noon, and at midnight."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from luxagent.agent.tick import TickReport
from luxagent.core.facts.needs import Need
from luxagent.core.facts.reasons import Unknown
from luxagent.portal.reader import PortalReader
from luxagent.sim.server import WireName
from tests.portal.bench import SERIAL, Enter, FakeClock, client_of, live_runtime
from tests.portal.storm import RULES, Storm, storm
from tests.portal.test_reader import NO_SETTINGS, house

PHOENIX = ZoneInfo("America/Phoenix")
KEY = "load_energy_today_kwh"
COUNTING = (
    RULES
    + """\
  - name: Much used
    when: {load_energy_today: above 0.05 kWh}
    set: {discharge_floor: 25%}
"""
)


def looked(found: Storm) -> tuple[float | None, Unknown | None, bool]:
    """The counter of the first inverter, why it is unknown, and whether the rule on it is in doubt."""
    result = found.tick()
    assert isinstance(result, TickReport)
    reading = result.plant.inverters[0].reading
    states = [state for row in found.agent.state.memory.rules.values() for state in row.items()]
    doubt = any(name == "Much used" and state.unknown_since is not None for name, state in states)
    return reading.number(KEY), reading.why.get(KEY), doubt


@pytest.mark.parametrize("wire", ["live", "document"])
def test_counters_that_start_anew_at_noon_leave_rules_in_doubt_for_one_sample(
    tmp_path: Path, wire: WireName
) -> None:
    with storm(tmp_path, wire, COUNTING) as found:
        kwh, why, doubt = looked(found)
        assert kwh is not None
        assert kwh > 0
        assert (why, doubt) == (None, False)
        found.portal.faults.on("counters-reset")
        assert looked(found) == (None, Unknown.JUMPED, True)
        assert looked(found) == (0.0, None, False)
        found.portal.faults.off("counters-reset")
        kwh, why, doubt = looked(found)
        assert kwh is not None
        assert kwh > 0
        assert (why, doubt) == (None, False)


@pytest.mark.parametrize(
    ("shown", "believed"),
    [
        ("2026-06-01 23:58:40", False),  # yesterday's totals until the next upload
        ("2026-06-02 00:00:40", True),
        ("2026-06-02 00:07:40", True),  # its clock is ahead: it has counted anew for a while
        ("2026-06-01 23:50:40", False),  # its clock is behind: it has not begun anew yet
        (None, False),  # no clock of its own: by the stamp of the upload
    ],
)
def test_yesterdays_counters_are_dropped_after_midnight(
    portal: Enter, shown: str | None, believed: bool
) -> None:
    now = datetime(2026, 6, 2, 0, 1, tzinfo=PHOENIX)
    stamp = (now - timedelta(seconds=90)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    house(
        portal,
        list={"success": True, "rows": [{"serialNum": SERIAL, "deviceType": 6}]},
        getInverterRuntime=lambda _: live_runtime(serverTime=stamp, deviceTime=shown),
        getInverterEnergyInfo={"success": True, "todayUsage": 311},
    )
    reader = PortalReader(client_of(FakeClock(now), zone=PHOENIX))
    reading = reader.read(frozenset({Need.ENERGY}), NO_SETTINGS).inverters[0].reading
    assert reading.get(KEY) == (31.1 if believed else None)
    assert (reading.why.get(KEY) is Unknown.STALE) is not believed
    assert reading.number("soc_pct") == 64  # nothing else is dropped


def test_over_a_whole_midnight_no_rule_sees_yesterdays_total(tmp_path: Path) -> None:
    with storm(tmp_path, "live", COUNTING) as found:
        midnight = found.clock.at.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        found.clock.move((midnight - found.clock.at).total_seconds() - 301)
        totals = [(found.clock.at, looked(found)[0]) for _ in range(8)]
        before = [kwh for at, kwh in totals if at < midnight]
        after = [kwh for at, kwh in totals if at >= midnight]
        assert before[0] is not None
        assert before[0] > 1
        assert all(kwh is None or kwh < 1 for kwh in after)
        assert after[-1] is not None
