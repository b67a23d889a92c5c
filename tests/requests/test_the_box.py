"""Requests and answers as files: taken once or never, private, and gone when nobody comes for them."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from luxagent.errors import StateUnusable
from luxagent.store.requests import FOLDER_NAME, Answer, RequestBox

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def box(tmp_path: Path) -> RequestBox:
    return RequestBox(tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / FOLDER_NAME).iterdir())


def test_what_is_left_is_taken_and_the_answer_finds_its_way_back(box: RequestBox, tmp_path: Path) -> None:
    name = box.leave("flag", {"name": "storm", "on": True}, NOW)
    assert box.collect(name) is None
    (request,) = box.take()
    assert (request.kind, request.body, request.at) == ("flag", {"name": "storm", "on": True}, NOW)
    box.answer(request.id, Answer(1, ("No.",)))
    assert box.collect(name) == Answer(1, ("No.",))
    assert box.collect(name) is None
    assert files(tmp_path) == []


def test_requests_are_taken_in_the_order_in_which_they_were_left(box: RequestBox) -> None:
    for second in (3, 1, 2):
        box.leave(f"kind {second}", {}, NOW + timedelta(seconds=second))
    assert [request.kind for request in box.take()] == ["kind 1", "kind 2", "kind 3"]


def test_a_request_is_taken_once(box: RequestBox) -> None:
    box.leave("flag", {}, NOW)
    assert len(box.take()) == 1
    assert box.take() == []


def test_what_was_withdrawn_is_not_taken_and_what_was_taken_cannot_be_withdrawn(box: RequestBox) -> None:
    assert box.withdraw(box.leave("flag", {}, NOW))
    assert box.take() == []
    name = box.leave("flag", {}, NOW)
    box.take()
    assert not box.withdraw(name)


def test_nobody_else_can_read_what_is_asked(box: RequestBox, tmp_path: Path) -> None:
    box.leave("set", {"value": "90%"}, NOW)
    folder = tmp_path / FOLDER_NAME
    (path,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_an_agent_took_before_it_died_is_not_taken_by_the_next(box: RequestBox, tmp_path: Path) -> None:
    box.leave("flag", {}, NOW)
    box.take()
    heir = RequestBox(tmp_path)
    heir.sweep(NOW)
    assert heir.take() == []
    assert files(tmp_path) == []


def test_an_answer_nobody_came_for_is_swept_away_after_a_while(box: RequestBox, tmp_path: Path) -> None:
    box.leave("flag", {}, NOW)
    (request,) = box.take()
    box.answer(request.id, Answer())
    box.sweep(NOW + timedelta(minutes=9))
    assert len(files(tmp_path)) == 1
    box.sweep(NOW + timedelta(minutes=11))
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        '{"kind": "flag"}',
        '{"kind": 3, "at": "2026-06-01T12:00:00+00:00", "body": {}}',
        '{"kind": "flag", "at": "yesterday", "body": {}}',
        '{"kind": "flag", "at": "2026-06-01T12:00:00", "body": {}}',
        '{"kind": "flag", "at": "2026-06-01T12:00:00+00:00", "body": []}',
        "[" * 5000,
    ],
)
def test_a_request_that_makes_no_sense_is_answered_so(box: RequestBox, tmp_path: Path, text: str) -> None:
    name = box.leave("flag", {}, NOW)
    (path,) = (tmp_path / FOLDER_NAME).iterdir()
    path.write_text(text)
    assert box.take() == []
    assert box.collect(name) == Answer(1, ("The request could not be understood.",))


def test_an_answer_that_makes_no_sense_is_a_failure(box: RequestBox, tmp_path: Path) -> None:
    name = box.leave("flag", {}, NOW)
    box.take()
    box.answer(name, Answer())
    (path,) = (tmp_path / FOLDER_NAME).iterdir()
    path.write_text(json.dumps({"code": "fine"}))
    found = box.collect(name)
    assert found is not None
    assert found.code == 1


def test_a_request_grows_stale_and_one_from_the_future_is_stale_too(box: RequestBox) -> None:
    box.leave("flag", {}, NOW)
    (request,) = box.take()
    assert not request.is_stale(NOW + timedelta(minutes=2))
    assert request.is_stale(NOW + timedelta(minutes=2, seconds=1))
    assert request.is_stale(NOW - timedelta(hours=1))


def test_a_box_that_was_never_used_costs_nothing(box: RequestBox, tmp_path: Path) -> None:
    assert box.take() == []
    box.sweep(NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / FOLDER_NAME).write_text("a file")
    with pytest.raises(StateUnusable):
        RequestBox(tmp_path).leave("flag", {}, NOW)
