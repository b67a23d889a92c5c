"""What the README's steps install, started as the unit starts it: notified, watched, reloaded, stopped."""

import json
import os
import re
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.systemd.ear import LIMIT_S, Ear
from tests.systemd.readme import Prefix, steps
from tests.systemd.unit import MANY, ONE, command, environment

pytestmark = pytest.mark.long

PASSWORD = "canary-password-of-a-service"
RULES = """\
version: 1
dry_run: off
interval: 30 s
portal: {{url: "{url}", username: owner, password: "${{LUXAGENT_PASSWORD}}", settle: 0.2 s}}
site: {{timezone: America/Phoenix}}
baseline: {{charge_limit: 90%{more}}}
"""
GOES_HOME = """\
on_stop: restore
rules: [{name: Always, when: always, set: {discharge_floor: 33%}}]
"""


@dataclass
class Box:
    """A machine's folders."""

    folder: Path
    program: Path

    @property
    def files(self) -> Path:
        return self.folder / "etc"

    @property
    def credentials(self) -> Path:
        return self.files / "credentials"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def write(self, url: str, more: str = "", below: str = "") -> None:
        self.files.mkdir(exist_ok=True)
        (self.files / "rules.yaml").write_text(RULES.format(url=url, more=more) + below)
        (self.files / "rules.yaml").chmod(0o644)  # it holds no secret
        self.credentials.mkdir(exist_ok=True)
        (self.credentials / "LUXAGENT_PASSWORD").write_text(PASSWORD + "\n")

    @contextmanager
    def started(self, ear: Ear) -> Iterator[subprocess.Popen[str]]:
        """The unit's ExecStart, in the unit's environment."""
        environ = environment(ONE, ear.name, self.credentials, self.state)
        with subprocess.Popen(
            command(ONE, "ExecStart", self.program, self.files),
            env=environ, stderr=subprocess.PIPE, text=True, cwd="/",
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def run(self, setting: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(ONE, setting, self.program, self.files),
            env={"PATH": os.defpath, "STATE_DIRECTORY": str(self.state), **environ},
            capture_output=True, text=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip


@pytest.fixture
def box(tmp_path: Path, program: Path) -> Box:
    return Box(tmp_path, program)


@pytest.fixture(scope="module")
def portal(program: Path) -> Iterator[str]:
    arguments = [str(program), "portal", "--plant", "single", "--password", PASSWORD]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env={"PATH": os.defpath}) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.send_signal(signal.SIGTERM)


def test_the_readmes_steps_end_with_a_checked_file_a_closed_secret_and_a_start(installed: Prefix) -> None:
    told = [installed.step(line, typed=PASSWORD + "\n") for line in steps()[1]]
    assert "rules.yaml is good" in told[1]
    secret = installed.folder / "etc/luxagent/credentials/LUXAGENT_PASSWORD"
    assert secret.read_text() == PASSWORD + "\n"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    for unit in (ONE, MANY):
        assert (installed.folder / "etc/systemd/system" / unit.name).read_bytes() == unit.read_bytes()
    assert installed.asked == [
        "apt install python3-venv", "systemctl daemon-reload", "systemctl enable --now luxagent",
        "systemctl status luxagent",
    ]  # fmt: skip


def test_what_the_readme_installs_is_a_copy_and_none_of_this_checkout(installed: Prefix) -> None:
    (site,) = (installed.folder / "opt/luxagent/lib").glob("python*/site-packages")
    assert (site / "luxagent" / "cli" / "main.py").is_file()
    assert not list(site.glob("*editable*"))


def test_a_service_is_notified_watched_reloaded_and_stopped(box: Box, portal: str, tmp_path: Path) -> None:
    box.write(portal)
    with Ear(tmp_path) as ear, box.started(ear) as process:
        ready = ear.hear()
        assert ready["READY"] == "1"
        assert "1 inverter, 1 setting as wanted. Last: " in ready["STATUS"]
        assert "charge_limit 90 %, confirmed (was 100 %)" in ready["STATUS"]
        watched = ear.hear()
        assert watched["WATCHDOG"] == "1"
        assert int(watched["WATCHDOG_USEC"]) >= 3 * 30_000_000

        box.write(portal, ", discharge_floor: 25%")
        process.send_signal(signal.SIGHUP)
        told = ear.hear_until("READY")
        assert told[0]["RELOADING"] == "1"
        assert int(told[0]["MONOTONIC_USEC"]) > 0
        assert told[-1]["STATUS"].startswith("the rules were read anew")
        assert "discharge_floor 25 %, confirmed" in ear.hear_until("WATCHDOG")[-1]["STATUS"]

        (box.files / "rules.yaml").write_text("version: 1\nrules: [")
        process.send_signal(signal.SIGHUP)
        assert "the old one stays in force" in ear.hear_until("READY")[-1]["STATUS"]
        ear.hear_until("WATCHDOG")

        process.send_signal(signal.SIGTERM)
        assert ear.hear_until("STOPPING")[-1]["STOPPING"] == "1"
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(LIMIT_S) == 0
    assert PASSWORD not in err
    assert "Traceback" not in err


def test_a_service_that_was_killed_goes_on_where_it_was(box: Box, portal: str, tmp_path: Path) -> None:
    box.write(portal)
    for start in range(2):
        with Ear(box.folder) as ear, box.started(ear) as process:
            assert ear.hear()["READY"] == "1"
            process.kill() if start == 0 else process.terminate()
            assert process.wait(LIMIT_S) == (-signal.SIGKILL if start == 0 else 0)
        (box.folder / "notify").unlink()
    assert not list(box.state.glob("*damaged*"))
    arguments = ["log", "--json", "-c", str(box.files / "rules.yaml"), "--state", str(box.state)]
    told = subprocess.run(
        [str(box.program), *arguments], env={"PATH": os.defpath}, capture_output=True, text=True, check=True,
        timeout=LIMIT_S,
    )  # fmt: skip
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["state"] for line in lines if line["kind"] == "agent"].count("started") == 2


def test_with_no_network_at_boot_the_service_is_ready_and_says_that_it_is_degraded(
    box: Box, tmp_path: Path
) -> None:
    box.write("http://127.0.0.1:9")
    with Ear(tmp_path) as ear, box.started(ear) as process:
        ready = ear.hear()
        assert ready["READY"] == "1"
        assert ready["STATUS"].startswith("degraded: http://127.0.0.1:9 cannot be reached")
        process.send_signal(signal.SIGTERM)
        ear.hear_until("STOPPING")
        assert process.wait(LIMIT_S) == 0


def test_a_refused_password_is_never_ready_and_ends_with_a_code_that_is_not_restarted(
    box: Box, portal: str, tmp_path: Path
) -> None:
    box.write(portal)
    (box.credentials / "LUXAGENT_PASSWORD").write_text("another-canary\n")
    with Ear(tmp_path) as ear, box.started(ear) as process:
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(LIMIT_S) == 77
        assert ear.silence()
    assert "another-canary" not in err


def test_a_service_that_was_killed_while_it_stopped_goes_home_by_what_runs_after_it(
    box: Box, portal: str, tmp_path: Path
) -> None:
    box.write(portal, below=GOES_HOME)
    with Ear(tmp_path) as ear, box.started(ear) as process:
        assert "discharge_floor 33 %, confirmed" in ear.hear()["STATUS"]
        process.kill()
        assert process.wait(LIMIT_S) == -signal.SIGKILL
    found = box.run("ExecStopPost", SERVICE_RESULT="timeout")
    assert (found.returncode, found.stderr) == (0, "")
    assert re.search(r"discharge_floor is \d+ %, written and read back \(was 33 %\)", found.stdout)
    assert json.loads((box.state / "owned.json").read_text())["owned"] == "{}"


def test_what_runs_after_the_service_does_nothing_unless_the_file_says_so(box: Box, portal: str) -> None:
    box.write(portal)
    found = box.run("ExecStopPost", SERVICE_RESULT="success")
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
