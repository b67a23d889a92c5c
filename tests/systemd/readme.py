"""The README's own steps to a service, word for word, and a prefix in which anybody can run them."""

import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 180


def steps() -> tuple[list[str], list[str]]:
    """The lines up to where a person makes the file theirs, and those after it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    part = text[text.index("\n## As a service") :]
    part = part[: part.index("\n## ", 1)]
    first, second = re.findall(r"```\n(.*?)```", part, re.DOTALL)
    return first.splitlines(), second.splitlines()


@dataclass
class Prefix:
    """A folder that stands for /: /opt and /etc are found in it, and what only a whole system has is noted.

    `sudo` lets through what it is given; `apt` and `systemctl` note their words in `asked`. The virtual
    environment sees what the lock brought to the tests instead of the network, so that pip still checks every
    version that requirements-run.lock names, and builds and installs luxagent itself from this checkout.
    """

    folder: Path

    def prepare(self) -> None:
        (self.folder / "etc" / "systemd" / "system").mkdir(parents=True)
        tools = self.folder / "tools"
        tools.mkdir()
        note = f'echo "$(basename "$0") $*" >> {self.folder / "asked"}'
        for name, does in {
            "sudo": 'exec "$@"', "apt": note, "systemctl": note, "python3": f'exec {sys.executable} "$@"',
        }.items():  # fmt: skip
            (tools / name).write_text(f"#!/bin/sh\n{does}\n")
            (tools / name).chmod(0o755)

    @property
    def program(self) -> Path:
        return self.folder / "opt" / "luxagent" / "bin" / "luxagent"

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def step(self, line: str, typed: str = "") -> str:
        """What it says on both streams. It must succeed."""
        placed = re.sub(r"(?<!\S)/(opt|etc)/|(?<==)/(etc)/", rf"{self.folder}/\1\2/", line)
        done = subprocess.run(
            ["/bin/sh", "-c", placed], cwd=ROOT, input=typed, capture_output=True, text=True, timeout=LIMIT_S,
            check=False,
            env={"PATH": f"{self.folder / 'tools'}:{os.defpath}", "PIP_NO_INDEX": "1", "LANG": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        for site in (self.folder / "opt" / "luxagent" / "lib").glob("python*/site-packages"):
            # A path in a .pth file is not searched for .pth files of its own, so the checkout stays unseen.
            (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        return done.stdout + done.stderr
