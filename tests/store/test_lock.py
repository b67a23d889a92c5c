"""One agent per state folder, and a killed one is no hindrance."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from luxagent.errors import StateHeld, StateUnusable
from luxagent.store.lock import FolderLock, holder_pid

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from luxagent.store.lock import FolderLock
with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process


def test_the_second_agent_is_told_the_pid_of_the_first(tmp_path: Path) -> None:
    with another_process(tmp_path) as first:
        assert holder_pid(tmp_path) == first.pid
        with pytest.raises(StateHeld, match=f"process {first.pid}"):
            FolderLock(tmp_path).acquire()


def test_a_killed_agent_frees_the_folder(tmp_path: Path) -> None:
    with another_process(tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    assert holder_pid(tmp_path) is None
    with FolderLock(tmp_path):
        assert holder_pid(tmp_path) == os.getpid()


def test_a_released_folder_can_be_taken_again_and_the_file_stays(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    lock = FolderLock(folder)
    for _ in range(2):
        with lock:
            lock.acquire()  # once more is no harm
            with pytest.raises(StateHeld):
                FolderLock(folder).acquire()
        lock.release()
    assert (folder / "agent.lock").stat().st_mode & 0o777 == 0o600


def test_the_lock_does_not_pass_to_children(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    command = ["/bin/sh", "-c", "echo up; read line"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        lock.release()
        FolderLock(tmp_path).acquire()


def test_nobody_holds_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert holder_pid(tmp_path / "none") is None


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateUnusable, match="cannot be made"):
        FolderLock(tmp_path / "file" / "state").acquire()
