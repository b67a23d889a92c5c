"""A machine without systemd-analyze does not pass for one that has it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.systemd.unit import MANY, ONE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("way", [["-n", "0"], ["-n", "1"]], ids=["in one process", "beside each other"])
def test_what_a_machine_without_systemd_analyze_leaves_untried_is_said_at_the_end(
    tmp_path: Path, way: list[str]
) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "pytest", *way, "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}",
         "tests/systemd/test_the_units.py", "-k", "finds_nothing_wrong"],
        cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout
    for unit in (ONE, MANY):
        assert f"systemd-analyze verify {unit.name}: it is not installed here" in told.stdout
