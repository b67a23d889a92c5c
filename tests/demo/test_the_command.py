"""`luxagent demo` as a process: ended by hand, read by half, and with a file of its own in the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

START = (sys.executable, "-m", "luxagent", "demo")


def demo(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    root = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", **environ}
    return subprocess.Popen(
        [*START, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )


def first_write(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if "  write  " in line)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_by_hand_it_sums_up_and_leaves_no_folder(number: signal.Signals, tmp_path: Path) -> None:
    process = demo(TMPDIR=str(tmp_path))
    assert "confirmed after 3 s" in first_write(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "The day so far, in figures" in out
    assert "to the portal" in out
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_ends_it_without_a_word(tmp_path: Path) -> None:
    process = demo("--plain", TMPDIR=str(tmp_path))
    first_write(process)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.wait(timeout=30)
    process.stderr.close()
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_owners_world_is_read(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("this: [is no rules file")
    process = demo(
        "--plain",
        LUXAGENT_CONFIG=str(tmp_path / "rules.yaml"),
        HTTP_PROXY="http://127.0.0.1:9",
        TZ="Asia/Tokyo",
    )
    assert first_write(process).startswith("Tue 22:00")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")


@pytest.mark.parametrize("option", ["-c", "--state"])
def test_it_says_that_a_file_or_folder_of_the_owners_counts_for_nothing(option: str, tmp_path: Path) -> None:
    process = demo("--plain", option, str(tmp_path / "mine"))
    first_write(process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "reads no file" in err and "luxagent plan -c FILE" in err
