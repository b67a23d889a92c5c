"""Real processes: a running `luxagent run`, the built-in portal, and the verbs a person types beside them."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.bench import HEAD
from tests.processes import Process

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 60
RULES = """\
on_stop: restore
flags: [storm]
baseline: {charge_limit: 90%}
guards: {same_setting_every: 0 s}
rules:
  - {name: Storm, when: {flag: storm}, set: {charge_limit: 60%}}
"""


@dataclass
class House:
    """A rules file beside a portal."""

    folder: Path
    environ: dict[str, str]

    def start(self, *arguments: str) -> Process:
        return Process(self.environ, *arguments)

    def say(self, *arguments: str) -> tuple[int, str]:
        where = ("-c", str(self.folder / "rules.yaml"), "--state", str(self.folder / "state"))
        with self.start(*arguments, *where) as process:
            out, err = process.communicate(timeout=LIMIT_S)
        assert "Traceback" not in err
        return process.returncode, out

    def run(self) -> Process:
        return self.start("run", "-c", str(self.folder / "rules.yaml"), "--state", str(self.folder / "state"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """`luxagent portal`, as a person starts it, and a file that asks it."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    environ = kept | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "LUXAGENT_PASSWORD": "correct horse"}
    found = House(tmp_path, environ)
    with found.start("portal", "--plant", "single") as portal:
        assert portal.stdout is not None
        url = portal.stdout.readline().split()[-1]
        (tmp_path / "rules.yaml").write_text(HEAD.format(dry_run="off", url=url) + RULES)
        yield found
        portal.send_signal(signal.SIGTERM)
        portal.communicate(timeout=LIMIT_S)


def heard(process: Process, words: str) -> str:
    """The line of a daemon's log with these words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


def test_a_daemon_serves_verbs_survives_a_kill_and_goes_home_at_the_end(house: House) -> None:
    with house.run() as daemon:
        heard(daemon, "90 %, confirmed")
        code, out = house.say("set", "charge_limit=80%", "--for", "2 h")
        assert (code, "written and read back (was 90 %)" in out) == (0, True)
        daemon.kill()
        daemon.communicate(timeout=LIMIT_S)
    with house.run() as daemon:
        heard(daemon, "watches")
        code, out = house.say("restore")
        assert (code, "charge_limit is 90 %, written and read back (was 80 %)" in out) == (0, True)
        assert house.say("flag", "storm", "on")[0] == 0
        assert house.say("resume")[0] == 0
        heard(daemon, "60 %, confirmed")
        daemon.send_signal(signal.SIGTERM)
        _, rest = daemon.communicate(timeout=LIMIT_S)
    assert "charge_limit is 90 %, written and read back (was 60 %)" in rest
    assert daemon.returncode == 0


def test_what_cannot_go_home_at_the_end_is_named_in_the_log_and_in_the_journal(house: House) -> None:
    with house.start("portal", "--plant", "single") as portal:
        assert portal.stdout is not None
        url = portal.stdout.readline().split()[-1]
        (house.folder / "rules.yaml").write_text(HEAD.format(dry_run="off", url=url) + RULES)
        with house.run() as daemon:
            heard(daemon, "90 %, confirmed")
            assert house.say("set", "charge_limit=80%")[0] == 0
            portal.kill()
            portal.communicate(timeout=LIMIT_S)
            daemon.send_signal(signal.SIGTERM)
            _, rest = daemon.communicate(timeout=LIMIT_S)
    assert "charge_limit stays 80 % until someone changes it" in rest
    assert "luxagent restore" in rest
    assert "not home at the end" in house.say("log")[1]


def test_a_daemon_that_keeps_what_it_has_moved_names_it_at_the_end(house: House) -> None:
    file = house.folder / "rules.yaml"
    file.write_text(file.read_text().replace("on_stop: restore", "on_stop: keep"))
    with house.run() as daemon:
        heard(daemon, "90 %, confirmed")
        assert house.say("set", "charge_limit=60%")[0] == 0
        daemon.send_signal(signal.SIGTERM)
        _, rest = daemon.communicate(timeout=LIMIT_S)
    assert "stays as it is: " in rest
    assert "charge_limit stays 60 %" in rest
