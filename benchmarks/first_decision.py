"""How long `luxagent run` takes from its start to the end of its first tick; the best of seven runs.

Run: python benchmarks/first_decision.py. Target 450 ms without the network; here a portal on loopback, in a
process of its own, answers some ten requests meanwhile. Beside it a Python that does nothing: the ratio
travels between machines, milliseconds do not.
"""

import sys
import tempfile
from pathlib import Path

from bench import daemon, empty_s, here, portal, rules_file

RUNS = 7


def main() -> None:
    empty = min(empty_s() for _ in range(RUNS))
    with tempfile.TemporaryDirectory() as name, portal() as url:
        folder = Path(name)
        rules = rules_file(folder, url, dry_run="on")
        times = []
        for number in range(RUNS):
            with daemon(rules, folder / f"state{number}") as running:
                times.append((running.ready_s, running.ready_cpu_s))
    wall, processor = min(one for one, _ in times), min(one for _, one in times)
    print(f"Python {sys.version.split()[0]}; 20 rules, two inverters and a GridBOSS")
    print(f"python -c pass        {empty * 1e3:6.0f} ms of CPU")
    ratio = f"{processor / empty:.1f}x"
    print(
        f"to the first decision {processor * 1e3:6.0f} ms of CPU = {ratio}, {wall * 1e3:.0f} ms by the clock"
    )
    print(here(450, empty * 1e3))


if __name__ == "__main__":
    main()
