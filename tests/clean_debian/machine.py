"""A Debian of its own: debootstrap's smallest system, booted by systemd-nspawn, changed in memory only.

Only what a Debian server has anyway is added: systemd with dbus, sudo, procps and certificates. Asked for by
`make debian`, never by `make test`: it wants root, the network, debootstrap and systemd-container.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".make" / "debian"
SERVER = "systemd,systemd-sysv,dbus,sudo,procps,ca-certificates"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
CHECKOUT = "/home/owner/luxagent"
BOOT_S, STEP_S = 120, 600
JOURNAL = "journalctl --no-pager --lines=30 --output=cat"
OF_A_PERSON = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
    "LANG": "C.UTF-8", "TERM": "dumb", "SYSTEMD_PAGER": "",
}  # fmt: skip


def system(suite: str) -> Path:
    """The unpacked system, fetched the first time."""
    lacking = [tool for tool in ("debootstrap", "systemd-nspawn", "nsenter") if shutil.which(tool) is None]
    if lacking or os.geteuid() != 0:
        raise SystemExit(
            "make debian boots a Debian of its own. It needs root, debootstrap and systemd-container;"
            f" missing: {', '.join(lacking) or 'root'}."
        )
    tree = KEPT / suite
    if not (KEPT / f"{suite}.ready").exists():
        shutil.rmtree(tree, ignore_errors=True)
        KEPT.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", f"--include={SERVER}", suite, str(tree)]
        subprocess.run(command, check=True, stdout=sys.stderr)
        (tree / CHECKOUT[1:]).mkdir(parents=True)
        (KEPT / f"{suite}.ready").touch()
    return tree


@dataclass
class Machine:
    """One that has booted."""

    leader: int
    """Its first process, as this machine numbers it."""

    def run(self, line: str, typed: str = "", cwd: str = CHECKOUT) -> subprocess.CompletedProcess[str]:
        """A line as its owner types it."""
        environ = [f"{name}={value}" for name, value in OF_A_PERSON.items()]
        inside = ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-r", "--"]
        return subprocess.run(
            [*inside, "/usr/bin/env", "-i", *environ, "/bin/sh", "-c", f"cd {cwd} && {line}"],
            input=typed, capture_output=True, text=True, timeout=STEP_S, check=False,
        )  # fmt: skip

    def say(self, line: str, typed: str = "") -> str:
        """What it prints on both streams. It must succeed."""
        done = self.run(line, typed)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def until(self, line: str, words: str, limit_s: int = 60) -> str:
        """What the line prints once it has these words."""
        loop = f"until {line} | grep -qE {quote(words)}; do sleep 0.3; done"
        assert self.run(f"timeout {limit_s} sh -c {quote(loop)}").returncode == 0, (
            line,
            words,
            self.run(line).stdout,
            self.run(JOURNAL).stdout,
        )
        return self.run(line).stdout


@contextmanager
def booted(suite: str) -> Iterator[Machine]:
    """The system, with this checkout in its owner's home and this machine's certificates."""
    tree = system(suite)
    command = [
        "systemd-nspawn", "--quiet", "--boot", "--volatile=overlay", f"--directory={tree}",
        "--machine=luxagent-clean", "--register=no", "--keep-unit", "--console=pipe",
        f"--bind-ro={CERTIFICATES}", f"--overlay={ROOT}::{CHECKOUT}",
    ]  # fmt: skip
    with (KEPT / "console").open("w") as console, subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=console, stderr=console
    ) as nspawn:  # fmt: skip
        try:
            machine = Machine(_first_child(nspawn))
            machine.until("systemctl is-system-running", "running|degraded", BOOT_S)
            yield machine
        finally:
            nspawn.terminate()  # a clean power-off
            nspawn.wait(BOOT_S)


def _first_child(nspawn: "subprocess.Popen[bytes]") -> int:
    """The first process in it."""
    find = f"pgrep -P {nspawn.pid} -x systemd"
    loop = f"until {find}; do readlink /proc/{nspawn.pid}/exe >&2 || exit 1; sleep 0.2; done"
    found = subprocess.run(
        ["timeout", str(BOOT_S), "/bin/sh", "-c", loop], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, f"the Debian did not boot; see {KEPT / 'console'}"
    return int(found.stdout.split()[0])
