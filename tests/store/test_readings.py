"""What devices reported: each upload once, for as long as the file says, and nothing depends on it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from luxagent.errors import StateUnusable
from luxagent.store.readings import FILE_NAME, SWEEP_EVERY, Kept, ReadingsFile, readings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MONTH = timedelta(days=30)


def upload(minute: int, serial: str = "A", soc: float | None = 50.0) -> Kept:
    return Kept(NOON + timedelta(minutes=minute), serial, {"soc_pct": soc, "status": ["normal"]})


def test_each_upload_is_kept_once_and_read_in_order(tmp_path: Path) -> None:
    file = ReadingsFile(tmp_path, MONTH)
    for minute in (0, 0, 5, 5, 5, 10, 5):
        file.keep([upload(minute), upload(minute, "B", None)], NOON)
    found = list(readings(tmp_path))
    file.close()
    assert [(one.at.minute, one.serial) for one in found] == [
        (0, "A"), (0, "B"), (5, "A"), (5, "B"), (10, "A"), (10, "B"),
    ]  # fmt: skip
    assert found[0].values == {"soc_pct": 50.0, "status": ["normal"]}
    assert found[1].values == {"status": ["normal"]}
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_more_than_a_page_and_a_beginning(tmp_path: Path) -> None:
    file = ReadingsFile(tmp_path, MONTH)
    for minute in range(1200):
        file.keep([upload(minute)], NOON)
    file.close()
    assert len(list(readings(tmp_path))) == 1200
    assert len(list(readings(tmp_path, NOON + timedelta(minutes=1000)))) == 200


def test_what_is_too_old_goes_by_itself(tmp_path: Path) -> None:
    file = ReadingsFile(tmp_path, timedelta(days=1))
    minutes = range(0, 10 * 24 * 60, 5)
    for minute in minutes:
        file.keep([upload(minute)], NOON + timedelta(minutes=minute))
    file.close()
    assert 24 * 12 <= len(list(readings(tmp_path))) <= 24 * 12 + SWEEP_EVERY


def test_a_damaged_file_is_set_aside_and_a_restart_goes_on(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all " * 100)
    with pytest.raises(StateUnusable):
        list(readings(tmp_path))
    for minute in (0, 5):
        file = ReadingsFile(tmp_path, MONTH)
        file.keep([upload(minute)], NOON)
        file.close()
    assert len(list(readings(tmp_path))) == 2
    assert len(list(tmp_path.glob("readings.damaged-*"))) == 1


def test_a_file_of_another_shape_is_set_aside(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:
        other.execute("CREATE TABLE readings (serial TEXT, time INTEGER, body BLOB)")
    with closing(ReadingsFile(tmp_path, MONTH)) as file:
        file.keep([upload(0)], NOON)
    assert len(list(readings(tmp_path))) == 1
    assert len(list(tmp_path.glob("readings.damaged-*"))) == 1


@pytest.mark.parametrize(
    "damage",
    ["body = 'text'", "body = 7", "body = x'00'", "at = 9000000000000000000", "at = -9000000000000000000",
     "at = 'noon'", "at = 1.5"],
)  # fmt: skip
def test_a_damaged_row_is_left_out_and_the_others_are_read(tmp_path: Path, damage: str) -> None:
    with closing(ReadingsFile(tmp_path, MONTH)) as file:
        file.keep([upload(0), upload(5), upload(10)], NOON)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other, other:
        other.execute(f"UPDATE readings SET {damage} WHERE at = (SELECT max(at) FROM readings)")  # noqa: S608 - our own
    assert [one.at.minute for one in readings(tmp_path)] == [0, 5]


def test_nothing_is_kept_where_nothing_is_wanted_and_nothing_is_no_error(tmp_path: Path) -> None:
    file = ReadingsFile(tmp_path, timedelta(0))
    file.keep([upload(0)], NOON)
    assert list(tmp_path.iterdir()) == []
    assert list(readings(tmp_path)) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(StateUnusable):
        ReadingsFile(tmp_path / "state", MONTH).keep([upload(0)], NOON)
