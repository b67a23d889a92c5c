"""The wheel in a clean environment, started as the unit starts it: notified, watched, reloaded, stopped."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.systemd.ear import LIMIT_S, Ear
from tests.systemd.unit import ONE, command, environment

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "canary-password-of-a-service"
RULES = """\
version: 1
dry_run: off
interval: 30 s
portal: {{url: "{url}", username: owner, password: "${{LUXAGENT_PASSWORD}}", settle: 0.2 s}}
site: {{timezone: America/Phoenix}}
baseline: {{charge_limit: 90%{more}}}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console script of the wheel, in an environment that has nothing of this checkout.

    What the wheel depends on is taken from the environment of the tests, which the lock made: nothing is
    fetched.
    """
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    home = folder / "venv"
    venv.create(home, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "--no-input", "-qq"]
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", wheel],
        check=True, timeout=60, capture_output=True,
    )  # fmt: skip
    (site,) = (home / "lib").glob("python*/site-packages")
    # A path in a .pth file is not searched for .pth files of its own, so the checkout stays unseen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / "bin" / "luxagent"


@dataclass
class Box:
    """A machine's folders."""

    folder: Path
    program: Path

    @property
    def files(self) -> Path:
        return self.folder / "etc"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def write(self, url: str, more: str = "") -> None:
        self.files.mkdir(exist_ok=True)
        (self.files / "rules.yaml").write_text(RULES.format(url=url, more=more))
        (self.files / "rules.yaml").chmod(0o644)  # it holds no secret
        credentials = self.folder / "credentials"
        credentials.mkdir(exist_ok=True)
        (credentials / "LUXAGENT_PASSWORD").write_text(PASSWORD + "\n")

    @contextmanager
    def started(self, ear: Ear) -> Iterator[subprocess.Popen[str]]:
        """The unit's ExecStart, in the unit's environment."""
        environ = environment(ONE, ear.name, self.folder / "credentials", self.state)
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
    (box.folder / "credentials" / "LUXAGENT_PASSWORD").write_text("another-canary\n")
    with Ear(tmp_path) as ear, box.started(ear) as process:
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(LIMIT_S) == 77
        assert ear.silence()
    assert "another-canary" not in err


def test_what_runs_after_the_service_does_nothing_unless_the_file_says_so(box: Box, portal: str) -> None:
    box.write(portal)
    found = box.run("ExecStopPost", SERVICE_RESULT="success")
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
