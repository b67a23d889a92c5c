"""What was found out about the portal outlives the process, and never stands in its way."""

import json
import logging
from pathlib import Path

import pytest

from luxagent.store.notes import MOST, NOTES_NAME, PortalNotes

KEPT = {"stamps_ahead_min": 480, "blocked": {"settings": {"until": "2026-03-10T12:00:00+00:00"}}}


def test_what_is_kept_is_there_for_the_next_process(tmp_path: Path) -> None:
    PortalNotes(tmp_path / "state").save("one", KEPT)
    again = PortalNotes(tmp_path / "state")
    assert again.load("one") == KEPT
    assert again.load("two") == {}
    file = tmp_path / "state" / NOTES_NAME
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_file_is_there_only_while_something_is_kept(tmp_path: Path) -> None:
    notes = PortalNotes(tmp_path)
    notes.save("one", {})
    assert list(tmp_path.iterdir()) == []
    notes.save("one", KEPT)
    notes.save("two", KEPT)
    notes.save("one", {})
    assert set(json.loads((tmp_path / NOTES_NAME).read_text())) == {"two"}
    notes.save("two", {})
    assert list(tmp_path.iterdir()) == []


def test_the_file_cannot_grow_without_end(tmp_path: Path) -> None:
    notes = PortalNotes(tmp_path)
    for number in range(20):
        notes.save(str(number), KEPT)
    assert list(json.loads((tmp_path / NOTES_NAME).read_text())) == [str(n) for n in range(20 - MOST, 20)]


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '{"one": 3}', '{"one": "text"}', "[" * 100_000])
def test_a_damaged_file_counts_for_nothing_and_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / NOTES_NAME).write_text(text)
    notes = PortalNotes(tmp_path)
    assert notes.load("one") == {}
    notes.save("one", KEPT)
    assert notes.load("one") == KEPT


def test_a_folder_that_cannot_be_written_is_said_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        PortalNotes(tmp_path / "state").save("one", KEPT)
    assert "forgotten when this process ends" in caplog.text
