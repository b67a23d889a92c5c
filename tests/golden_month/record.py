"""Records readings.csv from the pretend house, once: python -m tests.golden_month.record

A month with a clock change, a holiday, an outage of the grid, a cell that drifts, an inverter that is away
and readings that are unknown. It need not be recorded again when the house changes: it is only read.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from luxagent.agent.service import Service
from luxagent.agent.tick import TickReport
from luxagent.cli.demo.clock import VirtualClock
from luxagent.cli.wiring import open_agent
from luxagent.config.load import load
from luxagent.core.values.sun import Place
from luxagent.sim.battery import Drift
from luxagent.sim.scenario import single_house
from luxagent.sim.server import SimPortal
from tests.golden_month.month import DAYS, FOLDER, KEYS, START, STEP_S, ZONE, Row

PLACE = Place(40.71, -74.01)
AWAY = (datetime(2026, 11, 7, 7, tzinfo=UTC), datetime(2026, 11, 7, 14, tzinfo=UTC))
IN_DOUBT = (datetime(2026, 11, 14, 1, tzinfo=UTC), datetime(2026, 11, 14, 6, tzinfo=UTC))


def rows() -> list[Row]:
    """One for each tick."""
    zone, found = ZoneInfo(ZONE), []
    house = single_house(
        START, zone, PLACE, 75,
        drifts=[Drift(1, 6, datetime(2026, 11, 10, 13, tzinfo=UTC), datetime(2026, 11, 12, 21, tzinfo=UTC))],
        outages=[(datetime(2026, 11, 3, 4, tzinfo=UTC), datetime(2026, 11, 3, 9, tzinfo=UTC))],
        load_scale=1.3,
    )  # fmt: skip
    clock = VirtualClock(START, START + timedelta(days=DAYS))
    environ = {"LUXAGENT_PASSWORD": "any", "NTFY_URL": "json://127.0.0.1:9"}
    with SimPortal(house, "live", now=clock.now) as portal, TemporaryDirectory() as folder:
        file = Path(folder, "rules.yaml")
        text = (FOLDER / "rules.yaml").read_text().replace("region: eg4-us", f'url: "{portal.url}"')
        file.write_text(text.replace("phone: {url", "unused: {url").replace("notify: [phone]", ""))
        config = load(file, environ=environ, resolve_secrets=True)

        def keep(report: TickReport) -> None:
            (device,) = report.plant.inverters
            at = report.moment.at
            if (at - START).total_seconds() < len(found) * STEP_S:
                return  # an edge of a window woke it
            values: Mapping[str, Any] = {} if AWAY[0] <= at < AWAY[1] else device.reading.values
            row = [plain(values.get(key)) for key in KEYS]
            if IN_DOUBT[0] <= at < IN_DOUBT[1]:
                row[0] = ""
            worst = max(device.modules, key=lambda one: one.cell_delta_mv or 0)
            found.append([*row, plain(worst.cell_delta_mv)])

        with open_agent(config, Path(folder), clock, dry_run=False) as wired:
            Service(wired.agent, clock, interval_s=STEP_S, offset_s=0.0, on_report=keep).run()
    return found


def plain(value: object) -> str:
    """Watts to the nearest ten, the rest as it is."""
    if isinstance(value, float):
        return str(round(value) if value < 200 else round(value / 10) * 10)
    return "+".join(sorted(value)) if isinstance(value, frozenset) else str("" if value is None else value)


def packed(found: list[Row]) -> str:
    """As text, with a double quote for what is as before."""
    lines = [found[0], *(['"' if before == text else text for before, text in zip(*two, strict=True)]
             for two in pairwise(found))]  # fmt: skip
    return "".join(",".join(line) + "\n" for line in lines)


if __name__ == "__main__":
    (FOLDER / "readings.csv").write_text(packed(rows()))
