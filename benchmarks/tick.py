"""What one tick of the daemon costs in processor time, with HTTP and without, each beside its target.

Run: python benchmarks/tick.py [TICKS]. The portal runs in a process of its own. Without HTTP the reader hands
out what it read once, so that what is left is believing, judging, recording with an fsync. Told is the best
tenth: what else runs on the machine only ever adds.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench import portal, rules_file

from luxagent.cli import wiring
from luxagent.cli.clock import SystemClock
from luxagent.config import load


class Hurried(SystemClock):
    """Two minutes pass from tick to tick, so that no answer comes from the cache."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def hurry(self) -> None:
        self._ahead += timedelta(minutes=2)

    def now(self) -> datetime:
        return super().now() + self._ahead

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead.total_seconds()


def milliseconds(tick: Callable[[], Any], clock: Hurried, ticks: int) -> float:
    """The best tenth of so many."""
    found = []
    for _ in range(ticks):
        clock.hurry()
        began = time.process_time()
        tick()
        found.append(time.process_time() - began)
    return statistics.quantiles(found, n=10)[0] * 1e3


def main() -> None:
    ticks = int(sys.argv[1]) if sys.argv[1:] else 200
    clock = Hurried()
    with tempfile.TemporaryDirectory() as name, portal("--speed", "1") as url:
        folder = Path(name)
        rules = rules_file(folder, url, dry_run="on")
        config = load.load(rules, environ={"LUXAGENT_PASSWORD": "x"}, resolve_secrets=True)
        with wiring.open_agent(config, folder / "state", clock, dry_run=True) as wired:
            report = wired.agent.tick()
            before = sum(wired.exchanges.values())
            with_http = milliseconds(wired.agent.tick, clock, ticks)
            requests = (sum(wired.exchanges.values()) - before) / ticks
            reader: Any = wired.agent._reader
            reader.read = lambda *_: report.plant
            without = milliseconds(wired.agent.tick, clock, ticks)
    print(
        f"Python {sys.version.split()[0]}; two inverters and a GridBOSS, 20 rules, {ticks} ticks 2 min apart"
    )
    print(f"tick without HTTP {without:6.2f} ms of CPU   target 1")
    print(f"tick with HTTP    {with_http:6.2f} ms of CPU   target 6")
    print(f"requests          {requests:6.2f} a tick, {requests * 720:.0f} a day at 2 min")


if __name__ == "__main__":
    main()
