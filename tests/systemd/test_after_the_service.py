"""ExecStopPost begins as root, which alone can read the credentials, and goes on as the service's user."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from luxagent.cli.stopping import step_down
from tests.systemd.ear import LIMIT_S

ROOT = Path(__file__).resolve().parents[2]
SERVICE = 61_234 if os.geteuid() == 0 else os.geteuid()
"""Some user that is not root. Only root can become another; anyone else stays who they are."""

AFTERWARDS = """
import os, sys
from pathlib import Path
from luxagent.cli.stopping import step_down
folder = Path(sys.argv[1])
found = step_down(folder / "state", {"CREDENTIALS_DIRECTORY": str(folder)}, ["PASSWORD", "NOWHERE"])
print(found["PASSWORD"], os.getresuid(), os.getgroups() if os.getuid() == 61234 else [])
if os.getuid() == 61234:
    os.setuid(0)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir(mode=0o700)
    os.chown(tmp_path / "state", SERVICE, SERVICE if os.geteuid() == 0 else -1)
    (tmp_path / "PASSWORD").write_text("of-a-service\n")
    (tmp_path / "PASSWORD").chmod(0o600)
    return tmp_path


def test_the_credentials_are_read_first_and_then_there_is_no_way_back_to_root(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AFTERWARDS, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == f"of-a-service ({SERVICE}, {SERVICE}, {SERVICE}) []"
    assert ("PermissionError" in done.stderr) == (SERVICE == 61_234)


def test_a_folder_of_ones_own_is_no_reason_to_change(tmp_path: Path) -> None:
    found = step_down(tmp_path, {"PASSWORD": "of-the-environment"}, ["PASSWORD", "NOWHERE"])
    assert found == {"PASSWORD": "of-the-environment"}
    assert os.geteuid() == tmp_path.stat().st_uid
