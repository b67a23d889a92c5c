"""What each ledger of the corpus holds: python -m tests.corpus.ledgers.story FOLDER prints one as SQL.

Run once for each schema version, by the program that first wrote it, and committed as NAME.sql with its
owned.json. Never renewed: an owner's disk is not renewed either.
"""

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from luxagent.core import events as ev
from luxagent.store.ledger import SqliteLedger

NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)
ONE, TWO = "44300E0585", "52842P0581"


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def intended(minutes: int, number: int, serial: str, setting: str, value: object, before: object) -> ev.Event:
    made: ev.Event = ev.WriteIntended(
        at(minutes), number, serial, setting, value, before, "Fill up", "soc 31 % below 60 %", False  # type: ignore[arg-type]
    )  # fmt: skip
    return made


def story() -> list[list[ev.Event]]:
    """Two settings owned, one of them proven; one write lost on its way; a flag; a rule, a timer, a latch."""
    return [
        [ev.Started(NOW, "0.1.0", False, policy="a policy")],
        [ev.RuleTook(NOW, "A", "Fill up", "soc 31 % below 60 %"), ev.Latched(NOW, "A", "Fill up/1", True)],
        [ev.TimerSet(NOW, "A", "Fill up/2", at(-3))],
        [intended(0, 1, ONE, "ac_charge", True, False)],
        [ev.WriteAnswered(NOW, 1, ONE, "ac_charge", "accepted")],
        [ev.WriteClosed(at(1), 1, ONE, "ac_charge", "confirmed", True)],
        [ev.Ticked(at(1))],
        [intended(2, 2, TWO, "charge_limit", 80.0, 100.0), ev.FlagSet(at(2), "storm", True, at(600))],
        [ev.WriteAnswered(at(2), 2, TWO, "charge_limit", "lost")],
        [ev.Noted(at(3), "a note", "é")],
    ]


def main(folder: Path) -> str:
    with SqliteLedger(folder, NOW, checkpoint_every=6) as ledger:
        for events in story():
            ledger.append(events)
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        # iterdump leaves the version out.
        return "\n".join([*connection.iterdump(), f"PRAGMA user_version = {version};"])


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])) + "\n")
