"""Refused credentials rest on disk, longer each time, whatever restarts in between."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from luxagent.store.refusals import REFUSED_NAME, Refusals

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRINT, OTHER = "f" * 64, "0" * 64


class Watch:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def restart(tmp_path: Path, watch: Watch) -> Callable[[], Refusals]:
    """Another process over the same folder."""
    return lambda: Refusals(tmp_path / "state", watch)


def test_they_rest_a_quarter_of_an_hour_then_one_hour_then_six_then_a_day(
    restart: Callable[[], Refusals], watch: Watch
) -> None:
    for rest in (0.25, 1, 6, 24, 24, 24):
        assert restart().why_not(PRINT) is None
        restart().refused(PRINT, "No.")
        watch.at += timedelta(hours=rest) - timedelta(seconds=1)
        assert restart().why_not(PRINT) is not None
        watch.at += timedelta(seconds=2)


def test_a_process_that_restarts_every_minute_for_three_days_tries_six_times(
    restart: Callable[[], Refusals], watch: Watch
) -> None:
    tries = 0
    for _ in range(3 * 24 * 60):
        gate = restart()
        if gate.why_not(PRINT) is None:
            tries += 1
            gate.refused(PRINT, "No.")
        watch.at += timedelta(minutes=1)
    assert tries == 6  # at once, after 15 min, 1 h, 6 h, 24 h, 24 h


def test_other_credentials_are_tried_at_once(restart: Callable[[], Refusals]) -> None:
    restart().refused(PRINT, "No.")
    assert restart().why_not(OTHER) is None
    assert restart().why_not(PRINT) is not None


def test_good_credentials_take_the_file_away(restart: Callable[[], Refusals], tmp_path: Path) -> None:
    restart().refused(PRINT, "No.")
    restart().refused(OTHER, "No.")
    restart().accepted(PRINT)
    assert restart().why_not(PRINT) is None
    assert restart().why_not(OTHER) is not None
    restart().accepted(OTHER)
    assert not (tmp_path / "state" / REFUSED_NAME).exists()
    restart().accepted(OTHER)  # what was never refused costs nothing


def test_the_sentence_says_when_they_are_tried_again(restart: Callable[[], Refusals], watch: Watch) -> None:
    said = restart().refused(PRINT, "The portal says no.")
    assert said.startswith("The portal says no. They are tried again in 15 min")
    watch.at += timedelta(minutes=16)
    restart().refused(PRINT, "The portal says no.")
    watch.at += timedelta(minutes=5)
    assert "in 55 min" in (restart().why_not(PRINT) or "")


def test_the_file_is_private_and_holds_no_digest_that_could_be_guessed_fast(
    restart: Callable[[], Refusals], tmp_path: Path
) -> None:
    restart().refused(PRINT, "No.")
    file = tmp_path / "state" / REFUSED_NAME
    assert file.stat().st_mode & 0o777 == 0o600
    assert PRINT not in file.read_text()
    first = json.loads(file.read_text())
    file.unlink()
    restart().refused(PRINT, "No.")
    assert json.loads(file.read_text())["refused"].keys() != first["refused"].keys()  # salted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"salt": "x"}',
        '{"salt": "x", "refused": {"a": {}}}',
        "null",
        "[" * 100_000,
        '{"salt": "\\ud800", "refused": {}}',
    ],
)
def test_a_damaged_file_counts_for_nothing_and_is_written_anew(
    restart: Callable[[], Refusals], tmp_path: Path, text: str
) -> None:
    restart().refused(PRINT, "No.")
    (tmp_path / "state" / REFUSED_NAME).write_text(text)
    assert restart().why_not(PRINT) is None
    restart().refused(PRINT, "No.")
    assert restart().why_not(PRINT) is not None


def test_a_clock_set_back_a_year_does_not_lock_anyone_out_for_a_year(
    restart: Callable[[], Refusals], watch: Watch
) -> None:
    restart().refused(PRINT, "No.")
    watch.at -= timedelta(days=365)
    assert "in 15 min" in (restart().why_not(PRINT) or "")


def test_a_folder_that_cannot_be_written_is_remembered_for_in_the_process(
    tmp_path: Path, watch: Watch
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    gate = Refusals(tmp_path / "state", watch)
    gate.refused(PRINT, "No.")
    assert gate.why_not(PRINT) is not None
    gate.accepted(PRINT)
    assert gate.why_not(PRINT) is None


def test_the_file_does_not_grow_without_end(restart: Callable[[], Refusals], tmp_path: Path) -> None:
    for number in range(12):
        restart().refused(f"{number:064d}", "No.")
    assert len(json.loads((tmp_path / "state" / REFUSED_NAME).read_text())["refused"]) == 8
