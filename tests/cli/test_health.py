"""`luxagent health`: 0 while the daemon runs and its last good tick is recent."""

from datetime import UTC, datetime

import pytest

from luxagent.store.lock import FolderLock
from tests.cli.bench import Desk, StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime(2026, 6, 1, 19, 0, tzinfo=UTC))


def leave_a_snapshot(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    desk.state.mkdir(mode=0o700)
    at = desk.clock.now().isoformat()
    (desk.state / "snapshot.json").write_text(f'{{"at": "{at}"}}')


def test_without_a_daemon_it_is_not_well_however_recent_the_tick(desk: Desk) -> None:
    leave_a_snapshot(desk)
    said = desk.say("health")
    assert (said.code, said.out) == (1, f"No agent is using {desk.state}.\n")


def test_a_recent_good_tick_is_well_and_an_old_one_is_not(desk: Desk) -> None:
    leave_a_snapshot(desk)
    with FolderLock(desk.state):
        said = desk.say("health", "--json")
        assert (said.code, said.json["healthy"], said.json["age_s"]) == (0, True, 0.0)
        desk.later(seconds=150)
        assert desk.say("health").out == "The last good tick was 2 min 30 s ago.\n"
        desk.later(seconds=1)
        assert desk.say("health").code == 1
        assert desk.say("health", "--within", "10 min").code == 0
        desk.later(days=-365)
        assert desk.say("health").code == 1


def test_the_interval_in_force_counts_and_not_one_that_the_file_says_since(desk: Desk) -> None:
    desk.write()
    desk.state.mkdir(mode=0o700)
    at = desk.clock.now().isoformat()
    (desk.state / "snapshot.json").write_text(f'{{"at": "{at}", "interval_s": 600}}')
    with FolderLock(desk.state):
        desk.later(minutes=31)
        assert desk.say("health").code == 0
        desk.later(seconds=1)
        assert desk.say("health").code == 1


def test_a_daemon_that_has_seen_nothing_yet_is_not_well(desk: Desk) -> None:
    desk.write()
    with FolderLock(desk.state):
        said = desk.say("health", "--json")
    assert (said.code, said.json["last_good_tick"]) == (1, None)


def test_it_needs_no_secret_and_asks_no_portal(desk: Desk) -> None:
    leave_a_snapshot(desk)
    desk.environ.pop("LUXAGENT_PASSWORD")
    with FolderLock(desk.state):
        assert desk.say("health").code == 0
    assert desk.portal.requests == {}


def test_a_length_of_time_that_is_none_is_a_usage_error(desk: Desk) -> None:
    desk.write()
    assert desk.say("health", "--within", "a while").code == 2
