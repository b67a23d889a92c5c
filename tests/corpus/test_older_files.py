"""What an owner wrote and kept with an older luxagent loads, and means what it meant.

The corpus only grows: CONTRIBUTING says how. A file in it is changed never, its meaning only where a release
says so in the changelog.
"""

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from luxagent.core.events import Ticked, WriteIntended
from luxagent.core.memory import Memory
from luxagent.store.db import MIGRATIONS
from luxagent.store.journal import journal, look
from luxagent.store.ledger import SqliteLedger
from tests.corpus.ledgers.story import ONE, TWO, at
from tests.corpus.meaning import meaning

HERE = Path(__file__).parent
RULES = sorted((HERE / "rules").glob("*.yaml"))
LEDGERS = sorted((HERE / "ledgers").glob("*.sql"))
EVERY_LEDGER = pytest.mark.parametrize("dump", LEDGERS, ids=lambda path: f"version {path.stem}")


@pytest.fixture
def folder(dump: Path, tmp_path: Path) -> Path:
    """A state folder as that version left it."""
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    (tmp_path / "owned.json").write_bytes(dump.with_suffix(".owned.json").read_bytes())
    return tmp_path


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_an_older_rules_file_means_what_it_meant(path: Path) -> None:
    assert list(meaning(path)) == path.with_suffix(".meaning").read_text(encoding="utf-8").splitlines()


def test_every_version_of_the_ledger_that_ever_was_is_in_the_corpus() -> None:
    assert [path.stem for path in LEDGERS] == [str(number + 1) for number in range(len(MIGRATIONS))]


def known(memory: Memory) -> None:
    """The story is known whole: ownership, the open write, the budget, the flag, where the rules stand."""
    assert {serial: set(found) for serial, found in memory.owned.items()} == {
        ONE: {"ac_charge"}, TWO: {"charge_limit"},
    }  # fmt: skip
    taken = memory.owned[ONE]["ac_charge"]
    assert (taken.before, taken.value, taken.holder, taken.proven) == (False, True, "Fill up", True)
    assert memory.owned[TWO]["charge_limit"].before == 100.0
    (lost,) = memory.open.values()
    assert (lost.number, lost.setting, lost.answer) == (2, "charge_limit", "lost")
    assert {serial: len(found) for serial, found in memory.attempts.items()} == {ONE: 1, TWO: 1}
    assert memory.flags == {"storm": at(600)}
    assert memory.rules["A"]["Fill up"].on
    assert memory.latched == {"A": {"Fill up/1": True}}
    assert memory.timers["A"]["Fill up/2"].since == at(-3)
    assert memory.last_number == 2


@EVERY_LEDGER
def test_an_older_ledger_is_migrated_and_keeps_everything(dump: Path, folder: Path) -> None:
    later = datetime.fromisoformat("2026-11-22T06:00:00+00:00")
    with SqliteLedger(folder, later) as ledger:
        assert ledger.damage is None
        known(ledger.load())
        ledger.append([Ticked(later)])
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    with SqliteLedger(folder, later) as ledger:
        known(ledger.load())


@EVERY_LEDGER
def test_an_older_ledger_is_read_without_being_changed(dump: Path, folder: Path) -> None:
    before = (folder / "ledger.db").read_bytes()
    known(look(folder))
    assert sum(isinstance(entry.event, WriteIntended) for entry in journal(folder)) == 2
    assert (folder / "ledger.db").read_bytes() == before


@EVERY_LEDGER
def test_an_older_owned_json_stands_in_for_a_ledger_that_is_lost(dump: Path, folder: Path) -> None:
    (folder / "ledger.db").unlink()
    later = datetime.fromisoformat("2026-11-22T06:00:00+00:00")
    with SqliteLedger(folder, later) as ledger:
        assert {serial: set(found) for serial, found in ledger.load().owned.items()} == {
            ONE: {"ac_charge"}, TWO: {"charge_limit"},
        }  # fmt: skip
    assert json.loads((folder / "owned.json").read_text())["last_number"] == 2
