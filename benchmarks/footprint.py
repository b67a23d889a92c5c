"""What the daemon weighs while nothing happens: memory, and processor time a day; each beside its target.

Run: python benchmarks/footprint.py [SECONDS]. It watches two inverters and a GridBOSS of the built-in portal
under 20 rules, first at rest, where it looks at its file every ten seconds, then with a tick
every 30 s; each for 100 seconds without being told otherwise. A day is so many ticks, and the rest between.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench import daemon, empty_s, here, portal, rules_file

DAY_S = 86400.0
INTERVAL_S = 30.0
CALM_S = 10.0


def slept(seconds: float) -> list[float]:
    """Let time pass; what an empty Python takes meanwhile, every two seconds."""
    end_s, empty = time.perf_counter() + seconds, []
    while time.perf_counter() < end_s:
        empty.append(empty_s())
        time.sleep(max(0.0, min(2.0, end_s - time.perf_counter())))  # noqa: TID251 - it is the daemon that is measured
    return empty


def watched(folder: Path, url: str, interval: str, watch_s: float) -> tuple[float, float, float, float]:
    """Processor time of so many seconds after the first tick; memory before and after them, in MB; and what
    an empty Python took meanwhile."""
    folder.mkdir()
    with daemon(rules_file(folder, url, interval=interval), folder / "state") as running:
        first_mb = running.rss_mb
        time.sleep(CALM_S)  # noqa: TID251 - what the first tick set going is over then
        cpu_s = running.cpu_s
        empty = slept(watch_s)
        return running.cpu_s - cpu_s, first_mb, running.rss_mb, statistics.median(empty)


def main() -> None:
    watch_s = float(sys.argv[1]) if sys.argv[1:] else 100.0
    with tempfile.TemporaryDirectory() as name, portal() as url:
        at_rest_s, first_mb, last_mb, _ = watched(Path(name, "rest"), url, "30 min", watch_s)
        busy_s, _, _, empty = watched(Path(name, "busy"), url, f"{INTERVAL_S:.0f} s", watch_s)
    ticks = watch_s // INTERVAL_S
    rest_s, tick_s = at_rest_s / watch_s * DAY_S, (busy_s - at_rest_s) / max(ticks, 1)
    print(f"Python {sys.version.split()[0]}; two inverters and a GridBOSS, 20 rules, {watch_s:.0f} s each")
    print(f"memory after the first tick  {first_mb:6.1f} MB   target 48")
    print(f"memory after {watch_s:4.0f} s          {last_mb:6.1f} MB")
    print(f"processor a day at rest      {rest_s:6.1f} s")
    print(f"processor of a tick          {tick_s * 1e3:6.1f} ms")
    print(f"python -c pass               {empty * 1e3:6.1f} ms, the median meanwhile")
    for minutes, target in ((1, here(10, empty * 1e3)), (2, "")):
        day_s = rest_s + tick_s * DAY_S / 60 / minutes
        print(f"processor a day, {minutes} min ticks {day_s:6.1f} s    {target}".rstrip())


if __name__ == "__main__":
    main()
