"""Real processes: what only a shell, a signal or a closed pipe can show."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.bench import HEAD
from tests.processes import Process

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 30
RULES = "baseline: {charge_limit: 90%}\n"


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Nothing of whoever runs the tests; bytecode is kept for the next process."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    caches = str(tmp_path_factory.mktemp("bytecode"))
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": caches,
        "HOME": caches,
        "LUXAGENT_PASSWORD": "correct horse",
    }


@pytest.fixture(scope="module")
def portal_url(environ: dict[str, str]) -> Iterator[str]:
    """`luxagent portal`, as a person starts it."""
    with Process(environ, "portal", "--plant", "single", "--password", "correct horse") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        yield line.split()[-1]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=LIMIT_S)
        assert (process.returncode, out, err) == (0, "", "")


@dataclass
class House:
    """A rules file beside a portal."""

    folder: Path
    environ: dict[str, str]

    @property
    def where(self) -> tuple[str, ...]:
        return "-c", str(self.folder / "rules.yaml"), "--state", str(self.folder / "state")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = Process(self.environ, *arguments, *self.where)
        out, err = process.communicate(timeout=LIMIT_S)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


@pytest.fixture
def house(tmp_path: Path, portal_url: str, environ: dict[str, str]) -> House:
    (tmp_path / "rules.yaml").write_text(HEAD.format(dry_run="off", url=portal_url) + RULES)
    return House(tmp_path, dict(environ))


def test_the_daemon_writes_tells_and_ends_cleanly_on_sigterm(house: House) -> None:
    with Process(house.environ, "run", *house.where) as process:
        assert process.stderr is not None
        heard = []
        for line in process.stderr:
            heard.append(line)
            if "confirmed" in line:
                break
        wait_for(house.folder / "state" / "snapshot.json")

        second = house.run("once", "--json")
        assert second.returncode == 75
        assert f"process {process.pid}" in second.stderr
        status = house.run("status", "--json")
        assert json.loads(status.stdout)["devices"][0]["settings"] == {"charge_limit": 90.0}
        assert "process" in house.run("status").stdout
        journal = house.run("log", "--writes")
        assert "charge_limit 100 % -> 90 %" in journal.stdout

        process.send_signal(signal.SIGTERM)
        out, rest = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, out) == (0, "")
    assert rest.endswith("ending, as asked\n")
    assert "Traceback" not in "".join(heard) + rest
    last = json.loads(house.run("log", "--json").stdout.splitlines()[-1])
    assert (last["kind"], last["state"]) == ("agent", "stopped")


def wait_for(path: Path) -> None:
    """A file that another process is about to write."""
    deadline = time.monotonic() + LIMIT_S  # noqa: TID251 - the other process has a clock of its own
    while not path.exists():
        assert time.monotonic() < deadline  # noqa: TID251
        time.sleep(0.02)  # noqa: TID251


def test_the_daemon_leaves_with_77_only_if_the_first_login_is_refused(house: House) -> None:
    house.environ["LUXAGENT_PASSWORD"] = "wrong battery"
    found = house.run("run")
    assert found.returncode == 77
    assert "refuses the account and password" in found.stderr.splitlines()[-1]
    assert "wrong battery" not in found.stderr


def test_the_daemon_stays_while_the_portal_is_away_and_ends_on_ctrl_c(house: House) -> None:
    text = HEAD.format(dry_run="off", url="http://127.0.0.1:9")
    (house.folder / "rules.yaml").write_text(text + RULES)
    with Process(house.environ, "run", *house.where) as process:
        assert process.stderr is not None
        heard = next(line for line in process.stderr if "tick failed" in line)
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=LIMIT_S)
    assert "cannot be reached" in heard
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_a_second_daemon_says_who_holds_the_folder_and_does_not_say_try_later(house: House) -> None:
    with Process(house.environ, "run", *house.where) as first:
        wait_for(house.folder / "state" / "snapshot.json")
        second = house.run("run")
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=LIMIT_S)
    assert second.returncode == 1
    assert f"process {first.pid}" in second.stderr


def test_a_hangup_reads_the_file_anew_and_a_broken_one_changes_nothing(house: House) -> None:
    good = (house.folder / "rules.yaml").read_text()
    with Process(house.environ, "run", *house.where) as process:
        assert process.stderr is not None
        wait_for(house.folder / "state" / "snapshot.json")
        (house.folder / "rules.yaml").write_text(good + "tarif: {}\n")
        process.send_signal(signal.SIGHUP)
        complaint = next(line for line in process.stderr if "old one stays" in line)
        (house.folder / "rules.yaml").write_text(good.replace("charge_limit: 90%", "charge_limit: 85%"))
        process.send_signal(signal.SIGHUP)
        confirmed = next(line for line in process.stderr if "85 %, confirmed" in line)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT_S)
    assert "unknown key 'tarif'" in complaint
    assert "was 9" in confirmed
    assert process.returncode == 0


def test_a_hangup_while_the_file_is_still_being_read_ends_nothing(house: House) -> None:
    file = house.folder / "rules.yaml"
    text = file.read_text()
    file.unlink()
    os.mkfifo(file)
    with Process(house.environ, "run", *house.where) as process:
        assert process.stderr is not None
        with file.open("w") as pipe:  # opens when the daemon does
            process.send_signal(signal.SIGHUP)
            pipe.write(text)
        heard = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT_S)
    assert "watches" in heard
    assert process.returncode == 0


@pytest.mark.parametrize("verb", ["status", "plan", "why", "check", "log"])
def test_a_verb_whose_streams_are_closed_does_its_work(house: House, verb: str) -> None:
    house.run("once")
    command = f'exec "{sys.executable}" -m luxagent {verb} {" ".join(house.where)} 0<&- 1>&-'
    found = subprocess.run(
        ["sh", "-c", command], env=house.environ, stderr=subprocess.PIPE, timeout=LIMIT_S, check=False
    )
    assert (found.returncode, found.stderr) == (0, b"")


def test_ctrl_c_leaves_no_traceback(environ: dict[str, str]) -> None:
    with Process(environ, "portal") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=LIMIT_S)
    assert err == ""
    assert process.returncode == 0


def test_ctrl_c_while_the_portal_hangs_is_quiet(house: House, environ: dict[str, str]) -> None:
    with Process(environ, "portal", "--fault", "hang") as portal:
        assert portal.stdout is not None
        url = portal.stdout.readline().split()[-1]
        (house.folder / "rules.yaml").write_text(HEAD.format(dry_run="off", url=url) + RULES)
        with Process(environ, "once", "-v", *house.where) as once:
            assert once.stderr is not None
            assert "logging in" in once.stderr.readline()
            once.send_signal(signal.SIGINT)
            out, err = once.communicate(timeout=LIMIT_S)
        portal.send_signal(signal.SIGTERM)
        portal.communicate(timeout=LIMIT_S)
    assert (once.returncode, out, err) == (130, "", "")


@pytest.mark.parametrize("arguments", [("schema",), ("--help",), ("--version",)])
def test_a_closed_pipe_leaves_no_traceback(arguments: tuple[str, ...], environ: dict[str, str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
        [sys.executable, "-m", "luxagent", *arguments], env=environ, stdout=writer, stderr=subprocess.PIPE
    ) as process:
        os.close(writer)
        _, err = process.communicate(timeout=LIMIT_S)
    assert err == b""
    assert process.returncode == 141


def test_a_full_disk_is_a_sentence(environ: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "luxagent", "schema"],
            env=environ, stdout=full, stderr=subprocess.PIPE, timeout=LIMIT_S, check=False,
        )  # fmt: skip
    assert found.returncode == 1
    assert b"Traceback" not in found.stderr
    assert b"No space left" in found.stderr


def test_the_version_is_told_before_anything_heavy_is_imported(environ: dict[str, str]) -> None:
    code = "import sys; sys.argv = ['luxagent', '--version']\nfrom luxagent.cli.main import entry\n"
    code += (
        "try:\n    entry()\nfinally:\n    print(sorted(sys.modules.keys() & {'click', 'yaml', 'requests'}))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=LIMIT_S, check=True
    )
    assert found.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("verbs", "absent"),
    [
        (("once", "run", "check", "status", "log", "portal", "schema"), ("rich", "apprise")),
        (("check", "schema", "log", "portal"), ("requests",)),
    ],
)
def test_a_verb_does_not_pay_for_what_it_does_not_use(
    verbs: tuple[str, ...], absent: tuple[str, ...], environ: dict[str, str]
) -> None:
    code = "import sys\n" + "".join(f"import luxagent.cli.verbs.{verb}\n" for verb in verbs)
    code += f"print(sorted(sys.modules.keys() & set({absent!r})))"
    found = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=LIMIT_S, check=True
    )
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("arguments", [["--version"], ["schema"]])
def test_a_full_disk_behind_the_output_is_said_in_one_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "luxagent", *arguments], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert done.stderr.strip() == "luxagent: the output cannot be written: No space left on device."
