"""The state folder may only be read: it is said, nothing is sent to the inverter, and it heals by itself."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.bench import HEAD, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 60
AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Root may write where nobody may. Without these two capabilities rights count for root too."""


@dataclass
class House:
    """A rules file and a state folder beside a portal."""

    folder: Path
    url: str
    environ: dict[str, str]

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def wants(self, setting: str) -> None:
        rules = f"baseline: {{{setting}}}\nguards: {{same_setting_every: 0 s}}\n"
        (self.folder / "rules.yaml").write_text(HEAD.format(dry_run="off", url=self.url) + rules)

    def once(self) -> tuple[int, dict[str, str], str]:
        """The exit code, each decision's outcome by its setting, and what it said on stderr."""
        where = ["-c", str(self.folder / "rules.yaml"), "--state", str(self.state)]
        done = subprocess.run(
            [*AS_ANYBODY, sys.executable, "-m", "luxagent", "once", "--json", *where],
            env=self.environ, capture_output=True, text=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        rows = [row for device in json.loads(done.stdout)["devices"] for row in device["decisions"]]
        return done.returncode, {row["setting"]: row["outcome"] for row in rows}, done.stderr

    def may_write(self, *, yes: bool) -> None:
        for path in (self.state, *self.state.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | 0o200 if yes else mode & ~0o222)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    environ = kept | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "LUXAGENT_PASSWORD": PASSWORD}
    command = [sys.executable, "-m", "luxagent", "portal", "--plant", "single"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as portal:
        assert portal.stdout is not None
        yield House(tmp_path, portal.stdout.readline().split()[-1], environ)
        portal.send_signal(signal.SIGTERM)


def test_a_state_folder_that_may_only_be_read_is_said_stops_writes_and_heals(house: House) -> None:
    house.wants("charge_limit: 90%")
    assert house.once()[:2] == (0, {"charge_limit": "confirmed"})
    house.wants("charge_limit: 80%")
    house.may_write(yes=False)
    code, _, err = house.once()
    assert code != 0
    assert str(house.state) in err
    house.may_write(yes=True)
    assert house.once()[:2] == (0, {"charge_limit": "confirmed"})
    log = [json.loads(line) for line in _log(house)]
    sent = [row["value"] for row in log if row["kind"] == "write" and row["state"] == "confirmed"]
    assert sent == [90.0, 80.0]


def _log(house: House) -> list[str]:
    where = ["-c", str(house.folder / "rules.yaml"), "--state", str(house.state)]
    done = subprocess.run(
        [sys.executable, "-m", "luxagent", "log", "--writes", "--json", *where],
        env=house.environ, capture_output=True, text=True, timeout=LIMIT_S, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()
