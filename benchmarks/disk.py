"""How much the state folder grows in a year, with what is too old taken away.

Run: python benchmarks/disk.py [DAYS]. The built-in house is lived through in process on a fast clock, under
rules that write some ten times a day; a year is worked out from the growth of the second half.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench import rules_file

from luxagent.cli import wiring
from luxagent.cli.recorder import Recorder
from luxagent.config import load
from luxagent.core.values.sun import Place
from luxagent.sim.scenario import pair_house
from luxagent.sim.server import SimPortal

START = datetime(2026, 6, 1, tzinfo=UTC)
TICK = timedelta(minutes=2)
DAILY = """\
rules:
  - {name: Night, when: {time: 23:00 to 05:30}, set: {ac_charge: on}}
  - {name: Peak, when: {tariff: peak}, set: {discharge_floor: 15%}}
  - {name: Full, when: {soc: above 80% until 60%}, set: {charge_limit: 95%}}
"""


class Fast:
    """Goes on only when told to."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of each database, its log with it."""
    found: dict[str, int] = {}
    for path in folder.glob("*.db*"):
        name = path.name.split("-")[0]
        found[name] = found.get(name, 0) + path.stat().st_size
    return found


def lived(days: int, folder: Path) -> Iterator[dict[str, int]]:
    """The sizes after each day."""
    clock = Fast()
    house = pair_house(START, ZoneInfo("America/Phoenix"), Place(33.45, -112.07), 7)
    with SimPortal(house, "live", now=clock.now) as portal:
        path = rules_file(folder, portal.url)
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.index("rules:\n")] + DAILY, encoding="utf-8")
        config = load.load(path, environ={"LUXAGENT_PASSWORD": "x"}, resolve_secrets=True)
        config = replace(config, heartbeat=None)
        state = folder / "state"
        with (
            wiring.open_agent(config, state, clock, dry_run=False) as wired,
            closing(Recorder(state, config.keep.readings_s)) as recorder,
        ):
            for _ in range(days):
                for _ in range(timedelta(days=1) // TICK):
                    recorder.report(wired.agent.tick())
                    clock.at += TICK
                yield sizes(state)


def main() -> None:
    days = int(sys.argv[1]) if sys.argv[1:] else 10
    with tempfile.TemporaryDirectory() as name:
        daily = list(lived(days, Path(name)))
    half, last = daily[days // 2 - 1], daily[-1]
    for file, kept_days in (("ledger.db", 730), ("readings.db", 30)):
        growth = (last[file] - half[file]) / (days - days // 2)
        year, most = growth * min(365, kept_days) / 1e6, growth * kept_days / 1e6
        print(f"{file:12} {growth / 1e3:6.1f} kB a day; {year:5.1f} MB after a year, {most:5.1f} MB at most")


if __name__ == "__main__":
    main()
