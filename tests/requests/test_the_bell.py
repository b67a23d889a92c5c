"""Who leaves a request wakes the agent at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from luxagent.store import bell
from luxagent.store.requests import RequestBox

NOW = datetime(2026, 6, 1, 19, 0, tzinfo=UTC)
LIMIT_S = 10.0


@pytest.fixture
def rung(tmp_path: Path) -> Iterator[Event]:
    heard = Event()
    with bell.listening(tmp_path, heard.set) as can_hear:
        assert can_hear
        yield heard


def test_a_request_that_is_left_rings(tmp_path: Path, rung: Event) -> None:
    RequestBox(tmp_path).leave("flag", {}, NOW)
    assert rung.wait(LIMIT_S)


def test_only_the_owner_of_the_folder_can_ring(tmp_path: Path, rung: Event) -> None:
    assert not rung.is_set()
    assert (tmp_path / bell.NAME).stat().st_mode & 0o777 == 0o600


def test_with_nobody_there_it_is_no_trouble(tmp_path: Path) -> None:
    bell.ring(tmp_path)
    bell.ring(tmp_path / "nowhere")
    RequestBox(tmp_path).leave("flag", {}, NOW)


def test_the_bell_of_a_dead_agent_is_hung_anew_and_taken_down_at_the_end(tmp_path: Path) -> None:
    (tmp_path / bell.NAME).write_text("left by a dead agent")
    heard = Event()
    with bell.listening(tmp_path, heard.set) as can_hear:
        assert can_hear
        bell.ring(tmp_path)
        assert heard.wait(LIMIT_S)
    assert not (tmp_path / bell.NAME).exists()


def test_a_long_way_to_the_folder_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 40) / ("way" * 40)
    folder.mkdir(parents=True)
    heard = Event()
    with bell.listening(folder, heard.set) as can_hear:
        bell.ring(folder)
        assert can_hear and heard.wait(LIMIT_S)


def test_where_no_bell_can_hang_the_agent_is_told_so(tmp_path: Path) -> None:
    (tmp_path / bell.NAME).mkdir()
    with bell.listening(tmp_path, lambda: None) as can_hear:
        assert not can_hear
