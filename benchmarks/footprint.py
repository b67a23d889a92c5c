"""What the daemon weighs while nothing happens: memory, processor, requests; each beside its target.

Run: python benchmarks/footprint.py [SECONDS]. It watches two inverters and a GridBOSS of the built-in portal
under 20 rules, for 100 seconds without being told otherwise.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench import daemon, portal, rules_file

DAY_S = 86400.0
INTERVAL_S = 30.0


def main() -> None:
    watch_s = float(sys.argv[1]) if sys.argv[1:] else 100.0
    with tempfile.TemporaryDirectory() as name, portal() as url:
        folder = Path(name)
        with daemon(rules_file(folder, url, dry_run="on"), folder / "state") as running:
            first_mb = running.rss_mb
            cpu_s, began = running.cpu_s, time.perf_counter()
            time.sleep(watch_s)  # noqa: TID251 - it is the daemon that is measured
            spent_s, lasted_s = running.cpu_s - cpu_s, time.perf_counter() - began
            last_mb = running.rss_mb
    ticks = watch_s // INTERVAL_S
    print(f"Python {sys.version.split()[0]}; two inverters and a GridBOSS, 20 rules, a tick every 30 s")
    print(f"memory after the first tick  {first_mb:6.1f} MB")
    print(f"memory after {lasted_s:4.0f} s          {last_mb:6.1f} MB   target 48")
    print(f"processor a day, 30 s ticks  {spent_s / lasted_s * DAY_S:6.1f} s")
    print(f"processor a day, 2 min ticks {day_at_two_minutes(spent_s, lasted_s, ticks):6.1f} s    target 10")


def day_at_two_minutes(spent_s: float, lasted_s: float, ticks: float) -> float:
    """As measured, with a quarter of the ticks; the second-by-second look for requests stays."""
    return spent_s / lasted_s * DAY_S if ticks < 1 else spent_s / ticks * DAY_S / 120.0


if __name__ == "__main__":
    main()
