"""The units: verified and weighed with systemd's own tools where there are any, and read by us anyway."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.not_tried import NOT_TRIED
from tests.systemd.unit import MANY, ONE, seconds, settings

WORST_EXPOSURE = 1.2
UNKNOWN_TO_OLD_SYSTEMD = re.compile(r"Unknown key '(RestartSteps|RestartMaxDelaySec)'")
"""systemd before 254 says so of these two and goes on."""

UNITS = pytest.mark.parametrize("unit", [ONE, MANY], ids=lambda unit: unit.name)


Analyze = Callable[..., subprocess.CompletedProcess[str] | None]


@pytest.fixture
def analyze(tmp_path: Path, record_property: Callable[[str, object], None]) -> Analyze:
    """systemd-analyze's word on a unit whose program exists; None where it is not installed, which is said
    at the end of the run."""

    def ask(unit: Path, *arguments: str) -> subprocess.CompletedProcess[str] | None:
        tool = shutil.which("systemd-analyze")
        if tool is None:
            asked = " ".join(arguments)
            record_property(NOT_TRIED, f"systemd-analyze {asked} {unit.name}: it is not installed here")
            return None
        return tried(tool, unit, tmp_path, *arguments)

    return ask


def tried(tool: str, unit: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    copy = folder / unit.name
    copy.write_text(unit.read_text(encoding="utf-8").replace("/opt/luxagent/bin/luxagent", "/bin/true"))
    return subprocess.run(
        [tool, *arguments, str(copy)], capture_output=True, text=True, timeout=60, check=False
    )


@UNITS
def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path, analyze: Analyze) -> None:
    found = analyze(unit, "verify")
    if found is not None:
        said = [line for line in found.stderr.splitlines() if not UNKNOWN_TO_OLD_SYSTEMD.search(line)]
        assert (found.returncode, said) == (0, [])


@UNITS
def test_the_unit_is_exposed_to_at_most_1_2_of_10(unit: Path, analyze: Analyze) -> None:
    found = analyze(unit, "security", "--offline=true")
    if found is not None:
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", found.stdout)
        assert level is not None, found.stderr
        assert float(level[1]) <= WORST_EXPOSURE


@UNITS
def test_the_unit_says_when_to_notify_watch_restart_and_give_up(unit: Path) -> None:
    said = settings(unit)
    assert said["Type"] == ["notify"]
    assert said["NotifyAccess"] == ["main"]
    assert seconds(said["WatchdogSec"][0]) >= 3 * (120 + 180)
    assert said["Restart"] == ["on-failure"]
    assert said["RestartPreventExitStatus"] == ["77 78"]
    assert said["StartLimitIntervalSec"] == ["0"]
    assert seconds(said["RestartMaxDelaySec"][0]) > seconds(said["RestartSec"][0])
    assert said["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert " /opt/luxagent/bin/luxagent restore --on-stop " in said["ExecStopPost"][0]


@UNITS
def test_what_runs_after_the_agent_reads_the_same_credentials_that_it_was_given(unit: Path) -> None:
    said = settings(unit)
    folder = said["LoadCredential"][0].partition(":")[2].rpartition("/")[0]
    assert said["ExecStopPost"][0].startswith(f"-+/usr/bin/env CREDENTIALS_DIRECTORY={folder} ")


@UNITS
def test_the_unit_holds_no_secret_and_its_user_exists_only_while_it_runs(unit: Path) -> None:
    said = settings(unit)
    assert said["DynamicUser"] == ["yes"]
    assert said["StateDirectoryMode"] == ["0700"]
    assert "Environment" not in said
    assert "EnvironmentFile" not in said
    assert [value.split(":")[0] for value in said["LoadCredential"]] == ["LUXAGENT_PASSWORD"]
    assert "MemoryMax" in said


@UNITS
def test_each_loosened_line_stands_under_its_reason(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    loosened = text[text.index("# Loosened, each for its reason:") : text.index("[Install]")]
    for word in ("AF_INET and AF_INET6", "AF_UNIX", "PrivateNetwork", "IPAddressDeny", "RootDirectory"):
        assert re.search(rf"^# - .*{word}", loosened, re.MULTILINE), word


def test_the_template_is_the_unit_with_a_name_in_its_places() -> None:
    one, many = settings(ONE), settings(MANY)
    with_name = {
        name: [value.replace("/etc/luxagent/", "/etc/luxagent/%i/") for value in values]
        for name, values in one.items()
    }
    with_name["Description"] = [f"{one['Description'][0]} (%i)"]
    with_name["StateDirectory"] = ["luxagent-%i"]
    assert many == with_name
