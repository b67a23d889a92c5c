"""What a command costs before it has done anything: `--version`, and `check` of 300 rules.

Run: python benchmarks/start.py. Targets on the idle machine of the study: `--version` within 90 ms, `check`
of 300 rules within 500 ms. Each figure is the best of several runs, wall and CPU time, beside a Python
that does nothing; the ratio to that one travels between machines, milliseconds do not. Python's own cache of
compiled modules must be allowed (no PYTHONDONTWRITEBYTECODE), as it is where the program is installed.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

RUNS = 9
HEAD = """\
version: 1
portal: {region: eg4-us, username: you, password: "${PW}"}
site: {timezone: America/Phoenix}
on_stop: restore
baseline: {ac_charge: off, ac_charge_type: soc, ac_charge_power: 3 kW, ac_charge_limit: 90%}
rules:
"""
RULE = """\
  - name: Rule {n}
    when:
      time: "{hour:02d}:{minute:02d} to {until:02d}:{minute:02d}"
      days: mon-fri
      soc: below {soc}% until 90%
    set: {{ac_charge: on, ac_charge_power: 4 kW, ac_charge_limit: 95%}}
    hold: 15 min
"""


def cost(command: list[str], folder: str) -> tuple[float, float]:
    """Milliseconds of wall and of CPU time, the best of several runs."""
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PW": "x", "PYTHONPYCACHEPREFIX": f"{folder}/cache"}
    walls, cpus = [], []
    for _ in range(RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run(command, env=environ, check=False, capture_output=True)
        walls.append(time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(walls[1:]) * 1000, min(cpus[1:]) * 1000


def main() -> None:
    with TemporaryDirectory() as folder:
        many, one = Path(folder, "many.yaml"), Path(folder, "one.yaml")
        rules = [
            RULE.format(n=n, hour=n % 20, until=n % 20 + 3, minute=n % 60, soc=20 + n % 60)
            for n in range(300)
        ]
        many.write_text(HEAD + "".join(rules))
        one.write_text(HEAD + rules[0])
        luxagent = [sys.executable, "-m", "luxagent"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "luxagent --version": [*luxagent, "--version"],
            "luxagent --help": [*luxagent, "--help"],
            "check of 1 rule": [*luxagent, "check", "-c", str(one)],
            "check of 300 rules": [*luxagent, "check", "-c", str(many)],
        }
        nothing = None
        for name, command in commands.items():
            wall, cpu = cost(command, folder)
            nothing = nothing or cpu
            print(f"{name:20} {wall:6.0f} ms wall {cpu:6.0f} ms CPU = {cpu / nothing:5.1f}x the first")


if __name__ == "__main__":
    main()
