"""The unit files as systemd reads them, and what it would start them with."""

import os
import re
import shlex
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "systemd"
ONE, MANY = FOLDER / "luxagent.service", FOLDER / "luxagent@.service"

_TIMES = {"s": 1, "min": 60, "h": 3600}


def settings(unit: Path) -> dict[str, list[str]]:
    """Every setting of a unit with its values, in order."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def seconds(span: str) -> int:
    """A time span of one number and one word."""
    match = re.fullmatch(r"(\d+)(s|min|h)", span)
    assert match is not None, span
    return int(match[1]) * _TIMES[match[2]]


def command(unit: Path, setting: str, program: Path, files: Path) -> list[str]:
    """What the unit starts, with its program and its files put elsewhere."""
    (line,) = settings(unit)[setting]
    words = shlex.split(line.lstrip("-+"))
    put = [word.replace("/etc/luxagent", str(files)) for word in words]
    put[words.index("/opt/luxagent/bin/luxagent")] = str(program)
    return put


def environment(unit: Path, notify: str, credentials: Path, state: Path) -> dict[str, str]:
    """The environment that systemd gives such a unit: nothing of whoever runs the tests."""
    watchdog_us = seconds(settings(unit)["WatchdogSec"][0]) * 1_000_000
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "NOTIFY_SOCKET": notify,
        "WATCHDOG_USEC": str(watchdog_us),
        "CREDENTIALS_DIRECTORY": str(credentials),
        "STATE_DIRECTORY": str(state),
        "INVOCATION_ID": "0" * 32,
    }
