"""What is appended is there after any end of the process, and memory is its fold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from luxagent.core import events as ev
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory, Owned
from luxagent.errors import StateUnusable
from luxagent.store.journal import journal, look
from luxagent.store.ledger import SqliteLedger

NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)
TAKE = ev.WriteIntended(
    at=NOW,
    number=1,
    serial="44300E0585",
    setting="ac_charge_limit",
    value=60.0,
    before=90.0,
    rule="Fill up",
    because="soc 31 % < 60 %",
    homeward=False,
)
CONFIRMED = ev.WriteClosed(NOW, 1, "44300E0585", "ac_charge_limit", "confirmed", 60.0)
HOME = ev.CameHome(NOW, "44300E0585", "ac_charge_limit", 90.0)


def notes(count: int, start: datetime = NOW) -> list[ev.Event]:
    return [ev.Noted(start + timedelta(minutes=n), "note", str(n)) for n in range(count)]


def kept(folder: Path) -> list[ev.Event]:
    return [entry.event for entry in journal(folder)]


def test_a_new_folder_holds_nothing_and_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.load() == Memory()
        assert ledger.damage is None
        ledger.append([TAKE])
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        assert len(list(folder.iterdir())) == 4  # the ledger, its two sidecars, owned.json
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_restart_folds_what_was_appended(tmp_path: Path) -> None:
    happened = [
        ev.Started(NOW, "1", dry_run=False),
        TAKE,
        ev.WriteAnswered(NOW, 1, "44300E0585", "x", "lost"),
    ]
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append(happened)
        ledger.append([])
        assert ledger.load() == fold_all(Memory(), happened)
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.load() == fold_all(Memory(), happened)
        assert ledger.load().open[1].answer == "lost"
    assert kept(tmp_path) == happened


def test_what_is_appended_is_synced_before_the_next_step(tmp_path: Path) -> None:
    """SQLite's own word for it: 2 is FULL, a sync at every commit."""
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_only_the_newest_tick_is_kept_and_what_was_seen_adds_up(tmp_path: Path) -> None:
    later = NOW + timedelta(minutes=2)
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append([ev.Ticked(NOW, {"a": ev.Seen(NOW, 31.0)})])
        ledger.append([ev.Ticked(later, {"b": ev.Seen(later, 32.0)})])
        before = ledger.load()
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.load() == before
        assert set(ledger.load().seen) == {"a", "b"}
    assert kept(tmp_path) == []


def test_a_write_after_the_last_tick_keeps_its_own_time(tmp_path: Path) -> None:
    """A tick moves later attempts back to itself (the clock was set back), so its place matters."""
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append([ev.Ticked(NOW - timedelta(days=2))])
        ledger.append([TAKE])
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.load().attempts["44300E0585"][0].at == NOW


def test_a_clock_that_was_set_back_does_not_move_attempts_again_at_each_start(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append([replace(TAKE, at=NOW + timedelta(days=365))])
        ledger.append([ev.Ticked(NOW)])
        ledger.append([ev.Ticked(NOW + timedelta(hours=1))])
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.load().attempts["44300E0585"][0].at == NOW


def test_checkpoints_change_nothing_that_can_be_seen(tmp_path: Path) -> None:
    happened = [TAKE, *notes(7), CONFIRMED, ev.RuleTook(NOW, "u", "r", "b"), *notes(5)]
    with SqliteLedger(tmp_path, NOW, checkpoint_every=4) as ledger:
        for event in happened:
            ledger.append([event])
    with SqliteLedger(tmp_path, NOW, checkpoint_every=4) as ledger:
        assert ledger.load() == fold_all(Memory(), happened)
    assert kept(tmp_path) == happened


def test_events_older_than_two_years_go_but_memory_keeps_what_they_did(tmp_path: Path) -> None:
    old = NOW - timedelta(days=800)
    with SqliteLedger(tmp_path, NOW, checkpoint_every=5, kept_at_least=3) as ledger:
        ledger.append([replace(TAKE, at=old), *notes(8, old)])
        ledger.append([*notes(5)])
        memory = ledger.load()
    assert kept(tmp_path) == notes(5)
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.load() == memory
        assert ledger.load().owned["44300E0585"]["ac_charge_limit"].before == 90.0


def test_a_clock_that_jumps_ahead_does_not_empty_the_journal(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path, NOW, checkpoint_every=2, kept_at_least=50) as ledger:
        ledger.append(notes(20))
        ledger.append(notes(5, NOW + timedelta(days=20_000)))
    assert len(kept(tmp_path)) == 25


def test_owned_json_follows_every_change_of_what_is_owned(tmp_path: Path) -> None:
    file = tmp_path / "owned.json"
    with SqliteLedger(tmp_path, NOW) as ledger:
        empty = file.read_text()
        ledger.append([TAKE])
        taken = file.read_text()
        ledger.append(notes(3))
        assert file.read_text() == taken
        ledger.append([HOME])
        assert file.read_text() != taken
    assert "44300E0585" in taken
    assert "44300E0585" not in empty


def test_owned_json_that_lags_after_a_crash_is_brought_up_to_the_ledger(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path, NOW) as ledger:
        before = (tmp_path / "owned.json").read_text()
        ledger.append([TAKE])
    (tmp_path / "owned.json").write_text(before)
    SqliteLedger(tmp_path, NOW).close()
    (tmp_path / "ledger.db").write_bytes(b"")
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.load().owned["44300E0585"]["ac_charge_limit"] == Owned(90.0, "Fill up", NOW, 60.0)


def test_the_journal_can_be_read_beside_an_agent_at_work(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append([TAKE, *notes(1200)])
        reader = journal(tmp_path)
        assert next(reader).event == TAKE
        ledger.append([CONFIRMED])
        rest = list(reader)
        assert [entry.id for entry in rest] == list(range(2, 1203))
        assert rest[-1].event == CONFIRMED
        assert look(tmp_path) == ledger.load()


def test_the_journal_can_be_asked_for_a_time_for_kinds_and_for_what_is_new(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append([*notes(5), CONFIRMED])
    assert [entry.event for entry in journal(tmp_path, since=NOW + timedelta(minutes=3))] == notes(5)[3:]
    assert [entry.event for entry in journal(tmp_path, kinds=["write_closed", "told"])] == [CONFIRMED]
    assert [entry.id for entry in journal(tmp_path, after=4)] == [5, 6]


def test_looking_where_nothing_is_makes_nothing(tmp_path: Path) -> None:
    assert list(journal(tmp_path / "none")) == []
    assert look(tmp_path / "none") == Memory()
    assert not (tmp_path / "none").exists()


def test_what_json_cannot_hold_is_refused_whole(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path, NOW) as ledger:
        with pytest.raises(StateUnusable, match="write_intended"):
            ledger.append([*notes(2), replace(TAKE, value=float("nan"))])
        assert ledger.load() == Memory()
        ledger.append(notes(1))
    assert kept(tmp_path) == notes(1)
