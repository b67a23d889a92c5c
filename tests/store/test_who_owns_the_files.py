"""Root types commands; the service, a user of its own, must be able to read what they leave."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from luxagent.errors import StateUnusable
from luxagent.store.folder import replace_text
from luxagent.store.lock import FolderLock
from luxagent.store.requests import RequestBox

SERVICE = 61_234 if os.geteuid() == 0 else os.geteuid()
"""Some user that is not root. Only root can leave files to another; anyone else leaves them to itself."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "state"
    made.mkdir(mode=0o700)
    os.chown(made, SERVICE, -1)
    return made


def test_what_a_command_leaves_belongs_to_the_service(folder: Path) -> None:
    RequestBox(folder).leave("flag", {"name": "storm", "on": True}, datetime(2026, 6, 1, tzinfo=UTC))
    with FolderLock(folder):
        found = [folder / "requests", *(folder / "requests").iterdir(), folder / "agent.lock"]
    assert len(found) == 3
    assert {path.stat().st_uid for path in found} == {SERVICE}


def test_a_link_does_not_lead_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("not to be touched")
    (folder / ".owned.json.new").symlink_to(outside)
    with pytest.raises(StateUnusable):
        replace_text(folder / "owned.json", "new")
    assert outside.read_text() == "not to be touched"
