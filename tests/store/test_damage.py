"""A ledger that was damaged, emptied, or written by another version, and a disk that is full."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from luxagent.core import events as ev
from luxagent.core.memory import Memory
from luxagent.core.sightings import OverrideSeen
from luxagent.errors import StateUnusable
from luxagent.store import db
from luxagent.store.codec import checksum
from luxagent.store.inspect import inspect
from luxagent.store.journal import journal, look
from luxagent.store.ledger import SqliteLedger
from tests.store.things import HOME, MANY, NOW, OWNED, TAKE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger with something owned, closed in order."""
    with SqliteLedger(tmp_path, NOW) as ledger:
        ledger.append([TAKE, *MANY, ev.Ticked(NOW)])
    return tmp_path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def damages() -> dict[str, str]:
    """What happens to the file, and words of what is said about it."""
    return {
        "zero": "is empty",
        "gone": "is gone",
        "garbage": "cannot be read",
        "half": "cannot be read|fails its own check",
        "page": "cannot be read|fails its own check",
        "tables": "does not hold",
        "row": "changed by something else",
        "misread": "cannot be understood",
        "checkpoint": "changed by something else",
    }


def inflict(kind: str, path: Path) -> None:
    whole = path.read_bytes()
    if kind == "zero":
        path.write_bytes(b"")
    elif kind == "gone":
        path.unlink()
    elif kind == "garbage":
        path.write_bytes(os.urandom(8192))
    elif kind == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "page":
        path.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    elif kind == "tables":
        path.unlink()
        change(path, "CREATE TABLE other (x)")
    elif kind == "row":
        change(path, "UPDATE events SET body = replace(body, 'false', 'true') WHERE kind = 'write_intended'")
    elif kind == "misread":
        body = '{"at":"2026-11-22T05:10:00Z","kind":"noted"}'
        insert(path, "noted", body)
    else:
        change(path, "INSERT INTO checkpoint VALUES (1, 5, '{}', 1)")


def insert(path: Path, kind: str, body: str) -> None:
    """A row with a right sum."""
    with closing(sqlite3.connect(path)) as connection, connection:
        row = (0, kind, body, checksum(kind, 0, body))
        connection.execute("INSERT INTO events (at, kind, body, total) VALUES (?, ?, ?, ?)", row)


@pytest.mark.parametrize("kind", sorted(damages()))
def test_after_any_damage_what_is_owned_is_known_and_it_is_said(folder: Path, kind: str) -> None:
    inflict(kind, folder / "ledger.db")
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.damage is not None
        assert re.search(damages()[kind], ledger.damage)
        assert "owned was recovered" in ledger.damage
        assert ledger.load() == Memory(owned=OWNED, last_number=7)
        ledger.append([HOME])
    aside = [
        path.name for path in folder.iterdir() if path.name.startswith("ledger.damaged-20261122T051000Z")
    ]
    assert bool(aside) == (kind != "gone")
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.load().owned == {}


@pytest.mark.parametrize("bit", [0x10, 0x80], ids=["text stays text", "text becomes none"])
def test_no_flipped_bit_loses_what_is_owned(folder: Path, bit: int) -> None:
    """Most single flips pass SQLite's own check."""
    path = folder / "ledger.db"
    whole = path.read_bytes()
    noticed = 0
    for place in range(0, len(whole), len(whole) // 60):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        with SqliteLedger(folder, NOW) as ledger:
            assert ledger.load().owned == OWNED
            noticed += ledger.damage is not None
    assert noticed > 30


@pytest.mark.parametrize("how", ["flipped", "gone", "cut"])
def test_a_write_ahead_log_that_lost_its_end_loses_nothing_that_is_owned(tmp_path: Path, how: str) -> None:
    """SQLite drops such an end without a word, and the ledger before it looks sound."""
    there, here = tmp_path / "there", tmp_path / "here"
    with SqliteLedger(there, NOW) as ledger:
        ledger.append([ev.Started(NOW, "1", dry_run=False)])
        ledger.append([TAKE])
        ledger.append([ev.Ticked(NOW)])
        shutil.copytree(there, here)  # as a power cut leaves it: nothing was folded into the file
    log = here / "ledger.db-wal"
    whole = log.read_bytes()
    place = whole.find(TAKE.serial.encode())
    if how == "gone":
        log.unlink()
    elif how == "cut":
        os.truncate(log, place)
    else:
        log.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    with SqliteLedger(here, NOW) as ledger:
        assert ledger.load().owned == OWNED
        assert ledger.damage is not None
        assert "lost its newest part" in ledger.damage


@pytest.mark.parametrize(
    "change_of_shape",
    ["DROP TABLE events", "DROP TABLE newest", "DROP TABLE checkpoint", "DROP TABLE notes",
     "DROP TABLE deliveries", "DROP TABLE outbox", "ALTER TABLE events RENAME COLUMN total TO tota",
     "ALTER TABLE outbox RENAME COLUMN upto TO upt", "PRAGMA user_version = 1", "PRAGMA user_version = -1",
     "UPDATE sqlite_sequence SET seq = 9223372036854775807", "UPDATE sqlite_sequence SET seq = 'x'",
     "UPDATE events SET id = 9223372036854775807 WHERE id = 301"],
)  # fmt: skip
def test_a_ledger_of_another_shape_is_set_aside(folder: Path, change_of_shape: str) -> None:
    change(folder / "ledger.db", change_of_shape)
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.damage is not None
        assert ledger.load().owned == OWNED


def test_a_table_of_another_program_is_left_where_it_is(folder: Path) -> None:
    change(folder / "ledger.db", "CREATE TABLE _backup_seq (id INTEGER PRIMARY KEY, seq INTEGER)")
    for _ in range(2):
        with SqliteLedger(folder, NOW) as ledger:
            assert ledger.damage is None
            assert ledger.load().owned == OWNED


def test_half_a_character_in_owned_json_stops_no_start(folder: Path) -> None:
    (folder / "owned.json").write_text('{"owned": "\\ud800", "total": 1, "last_number": 1}')
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.damage is None
        assert ledger.load().owned == OWNED


def test_the_damage_is_remembered_until_a_tick_has_ended(folder: Path) -> None:
    """A crash between the recovery and the first tick must not lead to a tick that writes."""
    inflict("garbage", folder / "ledger.db")
    for _ in range(2):
        with SqliteLedger(folder, NOW) as ledger:
            assert ledger.damage is not None
            ledger.append([ev.Started(NOW, "1", dry_run=False)])
    with SqliteLedger(folder, NOW) as ledger:
        ledger.append([ev.Ticked(NOW)])
        assert ledger.damage is None
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.damage is None


def test_the_sidecars_go_along_and_no_name_is_used_twice(folder: Path) -> None:
    for _ in range(2):
        for end in ("", "-wal", "-shm"):
            (folder / f"ledger.db{end}").write_bytes(b"garbage" * 100)
        with SqliteLedger(folder, NOW) as ledger:
            assert ledger.load().owned == OWNED
    stems = ("ledger.damaged-20261122T051000Z.db", "ledger.damaged-20261122T051000Z-2.db")
    for stem in stems:
        assert all((folder / (stem + end)).read_bytes()[:7] == b"garbage" for end in ("", "-wal"))
        assert (folder / f"{stem}-shm").exists()


def test_without_owned_json_a_damaged_ledger_says_what_is_lost(folder: Path) -> None:
    inflict("garbage", folder / "ledger.db")
    (folder / "owned.json").unlink()
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.damage is not None
        assert "nothing is known" in ledger.damage
        assert ledger.load() == Memory()


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 100_000, '{"owned": 1, "last_number": 1, "total": 1}', "changed"]
)
def test_an_owned_json_that_was_changed_is_not_believed(folder: Path, text: str) -> None:
    file = folder / "owned.json"
    file.write_text(file.read_text().replace("false", "true") if text == "changed" else text)
    inflict("zero", folder / "ledger.db")
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.damage is not None
        assert "is lost as well" in ledger.damage
        assert ledger.load() == Memory()
    assert (folder / "owned.damaged-20261122T051000Z.json").exists()


def test_a_pause_in_a_lost_end_of_the_write_ahead_log_still_holds(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    with SqliteLedger(there, NOW) as ledger:
        ledger.append([ev.FlagSet(NOW, "vacation", on=True)])
        shutil.copytree(there, here)
        ledger.append([ev.Paused(NOW)])
        shutil.copy(there / "owned.json", here / "owned.json")
    with SqliteLedger(here, NOW) as ledger:
        assert ledger.load().pause is not None
        assert ledger.load().flags == {"vacation": None}
        assert ledger.damage is not None
        assert "lost its newest part" in ledger.damage
        ledger.append([ev.Ticked(NOW), ev.Resumed(NOW)])
    with SqliteLedger(here, NOW) as ledger:  # the new ledger counts from its own beginning
        assert ledger.damage is None
        assert ledger.load().pause is None


SAID = [
    ev.Paused(NOW, NOW + timedelta(hours=10)),
    ev.FlagSet(NOW, "vacation", on=True),
    ev.LeaseSet(NOW, "charge_limit", 50.0, NOW + timedelta(hours=2)),
    OverrideSeen(NOW, "44300E0585", "eps", before=True, found=False, rule="Fill up"),
]


def test_after_damage_what_people_have_said_still_holds(folder: Path) -> None:
    with SqliteLedger(folder, NOW) as ledger:
        ledger.append(SAID)
        before = ledger.load()
    inflict("garbage", folder / "ledger.db")
    with SqliteLedger(folder, NOW) as ledger:
        after = ledger.load()
    assert (after.pause, after.flags, after.leases) == (before.pause, before.flags, before.leases)
    assert after.custody.overrides == before.custody.overrides
    assert after.pause is not None and after.flags and after.leases and after.custody.overrides
    assert after.owned == OWNED


@pytest.mark.parametrize("harm", [{"said": "{}"}, {"said": 1}, {"said_total": None}, {"event": 99}])
def test_damaged_words_of_people_do_not_lose_what_is_owned(folder: Path, harm: dict[str, object]) -> None:
    with SqliteLedger(folder, NOW) as ledger:
        ledger.append(SAID)
    file = folder / "owned.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **harm}))
    inflict("zero", folder / "ledger.db")
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.load() == Memory(owned=OWNED, last_number=7)


def test_a_crash_while_the_first_ledger_is_made_is_still_a_first_run(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"")
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.damage is None


def test_a_ledger_of_a_newer_version_is_left_alone(folder: Path) -> None:
    path = folder / "ledger.db"
    change(path, f"PRAGMA user_version = {db.SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    for use in (lambda: SqliteLedger(folder, NOW), lambda: list(journal(folder)), lambda: look(folder)):
        with pytest.raises(StateUnusable, match="newer luxagent"):
            use()
    assert path.read_bytes() == before


def test_an_older_ledger_is_brought_to_this_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = (*db.MIGRATIONS, ("CREATE TABLE later (x)", "INSERT INTO later VALUES (1)"))
    monkeypatch.setattr(db, "MIGRATIONS", added)
    monkeypatch.setattr(db, "SCHEMA_VERSION", len(added))
    for _ in range(2):
        with SqliteLedger(folder, NOW) as ledger:
            assert ledger.load().owned == OWNED
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        assert connection.execute("SELECT count(*) FROM later").fetchone() == (1,)


def test_events_of_a_newer_version_are_passed_over_and_counted(folder: Path) -> None:
    insert(folder / "ledger.db", "sang", "{}")
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.skipped == 1
        assert ledger.damage is None
        assert ledger.load().owned == OWNED
        ledger.append([ev.Noted(NOW, "after", "")])
    assert [entry.id for entry in journal(folder)][-2:] == [301, 303]


def test_rows_that_cannot_be_read_are_left_out_of_the_journal(folder: Path) -> None:
    inflict("row", folder / "ledger.db")
    assert [entry.id for entry in journal(folder)] == list(range(2, 302))
    with pytest.raises(StateUnusable, match="changed by something else"):
        look(folder)


def test_text_that_a_flipped_bit_has_made_none_leaves_out_its_own_row_only(folder: Path) -> None:
    with SqliteLedger(folder, NOW, checkpoint_every=1) as ledger:
        ledger.append([ev.Noted(NOW, "after", "")])
    change(folder / "ledger.db", "UPDATE events SET body = CAST(x'7bff7d' AS TEXT) WHERE id = 2",
           "UPDATE events SET at = CAST(x'ff' AS TEXT) WHERE id = 3")  # fmt: skip
    assert [entry.id for entry in journal(folder)] == [1, *range(4, 303)]
    found = inspect(folder)
    assert found is not None
    assert (found.unreadable, found.first) == (2, NOW)


def test_a_damaged_file_is_not_touched_by_readers(folder: Path) -> None:
    inflict("garbage", folder / "ledger.db")
    for use in (lambda: list(journal(folder)), lambda: look(folder)):
        with pytest.raises(StateUnusable):
            use()
    assert not list(folder.glob("*damaged*"))


def test_a_folder_in_the_way_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(StateUnusable, match=r"ledger\.db"):
        SqliteLedger(tmp_path, NOW)


def run(script: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    prelude = (
        "import os, resource, sys\nfrom pathlib import Path\nfrom luxagent.errors import StateUnusable\n"
        "from luxagent.store.ledger import SqliteLedger\n"
        "from tests.store.things import MANY, NOW, TAKE, ev\n"
        "folder = Path(sys.argv[1])\n"
    )
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", prelude + script, str(folder), *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_a_full_disk_is_said_keeps_what_was_there_and_heals(tmp_path: Path) -> None:
    result = run(
        """
ledger = SqliteLedger(folder, NOW)
ledger.append([TAKE])
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
try:
    for _ in range(10):
        ledger.append(MANY)
except StateUnusable as error:
    print(error)
assert ledger.load().owned, "what was there is still known"
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
ledger.append([ev.Noted(NOW, "healed", "")])
ledger.close()
""",
        tmp_path,
    )
    assert result.stderr == ""
    assert "ledger.db cannot be used" in result.stdout
    found = [entry.event for entry in journal(tmp_path)]
    assert found[0] == TAKE
    assert found[-1] == ev.Noted(NOW, "healed", "")
    assert (len(found) - 2) % len(MANY) == 0  # each append is whole or not at all


def test_a_disk_too_full_to_begin_is_said_and_nothing_is_set_aside(folder: Path) -> None:
    result = run(
        """
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, -1))
try:
    SqliteLedger(folder, NOW).append(MANY)
except StateUnusable as error:
    print(error)
""",
        folder,
    )
    assert result.stderr == ""
    assert "cannot be used" in result.stdout
    assert not list(folder.glob("*damaged*"))
    with SqliteLedger(folder, NOW) as ledger:
        assert ledger.load().owned == OWNED


def test_an_owned_json_that_cannot_be_written_stops_the_write(folder: Path) -> None:
    draft = folder / ".owned.json.new"
    draft.mkdir()
    with SqliteLedger(folder, NOW) as ledger:
        with pytest.raises(StateUnusable, match=r"owned\.json"):
            ledger.append([HOME])
        draft.rmdir()
        ledger.append([ev.Noted(NOW, "healed", "")])
    assert "44300E0585" not in (folder / "owned.json").read_text()


@pytest.mark.parametrize("round_", range(2))
def test_what_was_appended_outlives_sigkill(tmp_path: Path, round_: int) -> None:
    """The child says each number once it is on disk, and is killed while it goes on."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom luxagent.store.ledger import SqliteLedger\n"
        "from tests.store.things import NOW, ev\n"
        "ledger = SqliteLedger(Path(sys.argv[1]), NOW, checkpoint_every=7)\n"
        "for n in range(1, 100_000):\n"
        "    ledger.append([ev.WriteIntended(NOW, n, 's', f'set{n % 5}', 1.0, 0.0, 'r', '', False)])\n"
        "    print(n, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(20 + 13 * round_):
            child.stdout.readline()
        child.kill()
        said = 20 + 13 * round_ + len(child.stdout.read().split())
    with SqliteLedger(tmp_path, NOW) as ledger:
        assert ledger.damage is None
        assert said <= ledger.load().last_number <= said + 1
        assert len(ledger.load().open) == ledger.load().last_number
    assert [entry.id for entry in journal(tmp_path)][:said] == list(range(1, said + 1))
