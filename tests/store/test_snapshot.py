"""The last snapshot is whole or the one before."""

from pathlib import Path

import pytest

from luxagent.errors import StateUnusable
from luxagent.store.snapshot import Snapshot


def test_the_newest_text_is_kept_for_others_to_see_but_not_for_all(tmp_path: Path) -> None:
    snapshot = Snapshot(tmp_path / "state")
    assert snapshot.load() is None
    for text in ('{"é": 1}\n', "{}"):
        snapshot.save(text)
        assert snapshot.load() == text
    (file,) = (tmp_path / "state").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_text_that_cannot_be_replaced_stays(tmp_path: Path) -> None:
    snapshot = Snapshot(tmp_path)
    snapshot.save("old")
    (tmp_path / ".snapshot.json.new").mkdir()
    with pytest.raises(StateUnusable, match=r"snapshot\.json"):
        snapshot.save("new")
    assert snapshot.load() == "old"


def test_a_snapshot_that_is_no_text_is_none(tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_bytes(b"\xff\xfe\xff")
    assert Snapshot(tmp_path).load() is None


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000])
def test_a_snapshot_that_is_no_json_object_reads_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "snapshot.json").write_text(text)
    assert Snapshot(tmp_path).read() is None
