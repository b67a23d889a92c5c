"""An outbox that something else has changed: one message is lost at most, and never the agent."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from luxagent.core.alerts.message import Message, told
from luxagent.core.alerts.routing import Way
from luxagent.core.policy.rules import Severity
from luxagent.notify.letters import Letter
from luxagent.notify.post import Channel, Post
from luxagent.store.inspect import inspect
from luxagent.store.ledger import SqliteLedger
from luxagent.store.outbox import SqliteOutbox
from tests.store.things import NOW

FAULT = Message("Fault", "A fan stands still.", Severity.CRITICAL, id="f1")
CELLS = Message("Cell imbalance", "Cells are apart.", Severity.WARNING, id="c1")

DAMAGES = {
    "an unknown severity": "severity = 'criticam'",
    "a severity of bytes": "severity = x'ff00'",
    "lines that are no JSON": "more = '{'",
    "lines that are another JSON": "more = '[1]'",
    "lines without a key": "more = '{\"more\": []}'",
    "lines that are one": 'more = \'{"more": "abc", "besides": []}\'',
    "lines nested without end": "more = '" + "[" * 100_000 + "'",
    "an instant of no year": "at = 9223372036854775807",
    "an instant of words": "at = 'noon'",
    "a try at no instant": "due = 9223372036854775807",
    "a try at words": "due = 'later'",
    "a failure at words": "failed_at = 'once'",
    "a count of words": "tries = 'many'",
    "a state that is none": "state = 'waitiog'",
}


class Service:
    """Takes every letter once it works."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, batch: Mapping[str, tuple[str, Letter | None]]) -> dict[str, str]:
        self.taken += [letter.title for _, letter in batch.values() if letter is not None]
        return dict.fromkeys(batch, "")

    def stop(self) -> None:
        pass


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    with SqliteLedger(tmp_path, NOW) as found:
        yield found


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def waiting(folder: Path, ledger: SqliteLedger, *messages: Message) -> None:
    """Messages in journal and outbox, as a process leaves them that ends before it has sent."""
    ledger.append([told(one, NOW) for one in messages])
    with closing(SqliteOutbox(folder)) as box:
        box.collect(lambda _: ["phone"])


def delivered(folder: Path) -> list[str]:
    """The titles that arrive when a new process starts and says nothing itself."""
    service = Service()
    channels = [Channel(Way("phone"), "x")]
    with closing(Post(channels, service, SqliteOutbox(folder), lambda: NOW)) as post:
        post.put([])
        assert post.settle(30)
        assert post.failing() == {}
    return service.taken


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_message_is_said_once_and_keeps_no_other_from_arriving(
    damage: str, tmp_path: Path, ledger: SqliteLedger, caplog: pytest.LogCaptureFixture
) -> None:
    waiting(tmp_path, ledger, FAULT, CELLS)
    change(tmp_path, f"UPDATE deliveries SET {damage} WHERE message = 'f1'")  # noqa: S608 - our own
    assert delivered(tmp_path) == ["Cell imbalance"]
    assert len([row for row in caplog.records if "channel phone is damaged" in row.getMessage()]) == 1


def test_text_that_is_no_text_arrives_with_marks_in_its_place(tmp_path: Path, ledger: SqliteLedger) -> None:
    waiting(tmp_path, ledger, FAULT)
    change(tmp_path, "UPDATE deliveries SET title = CAST(x'46ff6c74' AS TEXT)")
    assert delivered(tmp_path) == ["F\N{REPLACEMENT CHARACTER}lt"]


def test_a_damaged_message_is_told_by_doctor_until_it_is_given_up(
    tmp_path: Path, ledger: SqliteLedger
) -> None:
    waiting(tmp_path, ledger, FAULT, CELLS)
    change(tmp_path, "UPDATE deliveries SET severity = 'criticam' WHERE message = 'f1'")
    found = inspect(tmp_path)
    assert found is not None
    assert [(row.channel, row.count) for row in found.waiting] == [("phone", 1)]
    assert found.unsendable == 1
    delivered(tmp_path)
    after = inspect(tmp_path)
    assert after is not None
    assert (after.waiting, after.unsendable) == ((), 0)


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM outbox",
        "UPDATE outbox SET upto = 'far'",
        "UPDATE outbox SET upto = 1.5",
        "UPDATE outbox SET upto = -1",
        "UPDATE outbox SET upto = 4000000000",
    ],
)
def test_how_far_messages_were_handed_out_is_found_out_anew(
    damage: str, tmp_path: Path, ledger: SqliteLedger
) -> None:
    waiting(tmp_path, ledger, FAULT)
    assert delivered(tmp_path) == ["Fault"]
    change(tmp_path, damage)
    ledger.append([told(CELLS, NOW + timedelta(seconds=5))])
    assert delivered(tmp_path) == ["Cell imbalance"]
    assert delivered(tmp_path) == []
