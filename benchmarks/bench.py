"""What the benchmarks share: the built-in portal as a process, and an agent as the unit starts it."""

import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIMIT_S = 60.0
os.environ["LUXAGENT_PASSWORD"] = "benchmark"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its modules compiled
PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024

RULES = """\
version: 1
dry_run: {dry_run}
interval: {interval}
portal: {{url: "{url}", username: owner, password: "${{LUXAGENT_PASSWORD}}", settle: 0.2 s}}
site: {{timezone: America/Phoenix, latitude: 33.45, longitude: -112.07}}
tariff:
  currency: USD
  periods:
    - {{name: peak, time: 16:00 to 21:00, days: mon-fri, import: 0.31, export: 0.05}}
    - {{name: off-peak, import: 0.08, export: 0.02}}
baseline: {{charge_limit: 90%, ac_charge: off, discharge_floor: 20%}}
rules:
{rules}
alerts:
  - {{name: Cells apart, when: {{cell_delta: above 50 mV until 40 mV, for: 30 min}}, severity: warning}}
"""
RULE = """\
  - name: Rule {number}
    when: {{time: "23:{number:02d} to 05:30", soc: below {below}% until 78%, price: below 0.12}}
    set: {{ac_charge: on}}
"""


def rules_file(
    folder: Path, url: str, *, rules: int = 20, dry_run: str = "off", interval: str = "30 s"
) -> Path:
    """A household's file with so many rules of three conditions."""
    text = "".join(RULE.format(number=number, below=20 + number % 50) for number in range(rules))
    path = folder / "rules.yaml"
    path.write_text(RULES.format(url=url, rules=text, dry_run=dry_run, interval=interval), encoding="utf-8")
    return path


EMPTY_MS = 13.0
"""Processor time of `python -c pass` where the targets were set."""


def empty_s() -> float:
    """Processor time of `python -c pass` at this moment: what a neighbour slows, it slows as well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def here(target: float, empty_ms: float) -> str:
    """A target, and what it comes to on a machine where an empty Python takes so long."""
    return f"target {target:g}, here {target * empty_ms / EMPTY_MS:.1f}"


@contextmanager
def portal(*options: str) -> Iterator[str]:
    """`luxagent portal`, two inverters and a GridBOSS; its address."""
    command = [sys.executable, "-m", "luxagent", "portal", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.send_signal(signal.SIGTERM)


@dataclass
class Running:
    """A daemon and the ear that it notifies."""

    process: subprocess.Popen[bytes]
    ear: socket.socket
    ready_s: float
    """From its start to READY=1: the first tick has ended."""
    ready_cpu_s: float

    @property
    def rss_mb(self) -> float:
        """Resident memory now."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE_KB / 1024

    @property
    def cpu_s(self) -> float:
        """Processor time so far, its own and the kernel's, to the nanosecond: most of its turns are short."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def daemon(rules: Path, state: Path, *options: str) -> Iterator[Running]:
    """`luxagent run`, ready."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"{folder}/notify")
        ear.settimeout(LIMIT_S)
        environ = {**os.environ, "NOTIFY_SOCKET": f"{folder}/notify"}
        command = [sys.executable, "-m", "luxagent", "run", "-c", str(rules), "--state", str(state), *options]
        began = time.perf_counter()
        with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as process:
            try:
                while b"READY=1" not in ear.recv(4096):
                    continue
                running = Running(process, ear, time.perf_counter() - began, 0.0)
                running.ready_cpu_s = running.cpu_s
                yield running
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(LIMIT_S)
