"""Messages go out through a helper process, and neither a bad service nor a bad address reaches the loop."""

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from luxagent.core.alerts.message import Message, told
from luxagent.core.alerts.routing import Way
from luxagent.core.policy.rules import Severity
from luxagent.notify.acknowledged import Acknowledged
from luxagent.notify.letters import Letter
from luxagent.notify.post import Channel, Outcome, Post
from luxagent.notify.ram import MOST
from luxagent.notify.sender import HelperSender
from luxagent.store.ledger import SqliteLedger
from luxagent.store.outbox import SqliteOutbox
from tests.notify.conftest import Sink

CANARY = "c4n4ry-s3cr3t"
WAIT_S = 60


def message(title: str = "Cell imbalance", severity: str = "warning", to: Sequence[str] = ()) -> Message:
    return Message(title, "Battery 2: cells differ by 60 mV", Severity(severity), tuple(to))


class Standing:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 6, 1, 19, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def channel(name: str, url: str = "x", severity: Severity = Severity.INFO) -> Channel:
    return Channel(Way(name, severity), url)


@contextmanager
def post(*channels: Channel, **options: Any) -> Iterator[Post]:  # noqa: ANN401 - the sender's own
    found = Post(channels, HelperSender(**options), None, Standing())
    try:
        yield found
    finally:
        found.close()


def script(text: str) -> Sequence[str]:
    """A helper of ours in place of the real one."""
    return (sys.executable, "-c", text)


ECHO = script("""
import json, sys
for one in json.load(sys.stdin)["channels"]:
    print(json.dumps({"channel": one["name"], "error": ""}))
""")
HANG = script("import sys; sys.stdin.read(); sys.stdin.close(); import threading; threading.Event().wait(60)")


def test_messages_arrive_through_apprise_for_real(sink: Sink) -> None:
    with post(channel("phone", f"json://127.0.0.1:{sink.port}/{CANARY}")) as office:
        office.put([message("Inverter fault", "critical")])
        assert office.settle(WAIT_S)
        assert office.outcomes() == (Outcome("phone", "Inverter fault"),)
        assert office.outcomes() == ()
    assert [(path, body["title"], body["message"], body["type"]) for _, path, body in sink.arrived] == [
        (f"/{CANARY}", "Inverter fault", "Battery 2: cells differ by 60 mV", "failure"),
    ]


def test_what_happens_at_once_goes_out_as_one_message_as_loud_as_the_loudest(sink: Sink) -> None:
    with post(channel("phone", f"json://127.0.0.1:{sink.port}")) as office:
        office.put([message("a", "info"), message("b", "critical"), message("c", "warning")])
        assert office.settle(WAIT_S)
        assert [(one.title, one.error) for one in office.outcomes()] == [("a", ""), ("b", ""), ("c", "")]
    ((_, _, body),) = sink.arrived
    assert (body["title"], body["type"]) == ("b (and 2 more)", "failure")
    assert [part.splitlines()[0] for part in body["message"].split("\n\n")] == ["a", "b", "c"]


def test_failures_are_told_by_channel_without_the_address(
    sink: Sink, closed_port: int, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    sink.status = 403
    channels = [
        channel("refused", f"json://ann:{CANARY}@127.0.0.1:{sink.port}/{CANARY}"),
        channel("away", f"json://ann:{CANARY}@127.0.0.1:{closed_port}/{CANARY}"),
        channel("nonsense", f"nonsense-{CANARY}://{CANARY}"),
        channel("cut", f"tgram://{CANARY}"),
    ]
    with post(*channels) as office:
        office.put([message()])
        assert office.settle(WAIT_S)
        outcomes = office.outcomes()
    assert {one.channel: one.error for one in outcomes} == {
        "refused": "the service answered 403; look at its token or password",
        "away": "the service could not be reached",
        "nonsense": "apprise does not understand the address of this channel",
        "cut": "apprise does not understand the address of this channel",
    }
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err + caplog.text + repr(outcomes) + repr(channels)


def test_addresses_can_be_looked_at_without_sending(sink: Sink) -> None:
    with post(channel("a", f"json://127.0.0.1:{sink.port}"), channel("b", f"json:/{CANARY}")) as office:
        found = office.check()
    assert {name: bool(error) for name, error in found.items()} == {"a": False, "b": True}
    assert set(office.failing()) == {"b"}
    assert sink.arrived == []


def test_a_hanging_service_delays_neither_the_loop_nor_the_other_channels(sink: Sink) -> None:
    base = f"json://127.0.0.1:{sink.port}"
    with post(channel("hanging", f"{base}/hang"), channel("phone", f"{base}/phone")) as office:
        office.put([message()])  # returns, or the next line is never reached
        sink.wait()
        sink.wait()
        assert not office.settle(0)
    assert {path for _, path, _ in sink.arrived} == {"/hang", "/phone"}
    assert {one.channel for one in office.outcomes() if one.error} >= {"hanging"}


def test_the_helper_ends_at_its_limit_whatever_still_hangs(sink: Sink) -> None:
    with post(channel("phone", f"json://127.0.0.1:{sink.port}/hang"), limit_s=0.01) as office:
        office.put([message()])
        assert office.settle(WAIT_S)
        assert office.outcomes() == (Outcome("phone", "Cell imbalance", "it took longer than 0.01 s"),)


def test_a_helper_that_hangs_is_ended_at_the_close() -> None:
    with post(channel("phone", "json://x"), helper=HANG) as office:
        office.put([message()])
        assert not office.settle(0.05)
    assert office.outcomes() == (Outcome("phone", "Cell imbalance", "luxagent stopped before it was sent"),)
    office.put([message()])  # comes too late, and harms nobody
    assert not [one for one in threading.enumerate() if one.name == "messages"]


def test_a_helper_that_crashes_or_is_missing_is_a_failed_delivery() -> None:
    with post(channel("phone", "json://x"), helper=script("raise SystemExit(3)")) as office:
        office.put([message()])
        assert office.settle(WAIT_S)
        assert office.outcomes()[0].error == "the sending process ended with 3"
    with post(channel("phone", "json://x"), helper=["/nowhere/python"]) as office:
        office.put([message()])
        assert office.settle(WAIT_S)
        assert "could not be started" in office.outcomes()[0].error


def test_the_addresses_are_neither_arguments_nor_environment_of_the_helper() -> None:
    spy = script(
        "import json, os, sys; job = json.load(sys.stdin)\n"
        "seen = open('/proc/self/cmdline').read() + str(dict(os.environ))\n"
        "print(json.dumps({'channel': 'phone', 'error': str('c4n' + '4ry' in seen)}))"
    )
    environ = {"LUXAGENT_PASSWORD": CANARY, "PATH": "/usr/bin"}
    with post(channel("phone", f"json://{CANARY}"), environ=environ, helper=spy) as office:
        office.put([message()])
        assert office.settle(WAIT_S)
        assert office.outcomes()[0].error == "False"


def test_a_channel_gets_what_reaches_its_severity_or_names_it() -> None:
    channels = [channel("all", "x"), channel("loud", "x", Severity.CRITICAL)]
    with post(*channels, helper=ECHO) as office:
        office.put([message("a", "info"), message("b", "critical"), message("c", "info", ["loud", "gone"])])
        assert office.settle(WAIT_S)
        found = {(one.channel, one.title, one.error) for one in office.outcomes()}
    assert found == {
        ("all", "a", ""),
        ("all", "b", ""),
        ("loud", "b", ""),
        ("loud", "c", ""),
    }


def test_nothing_to_say_starts_no_process() -> None:
    with post(helper=["/nowhere/python"]) as office:
        office.put([message()])
        assert office.settle(0)
        assert office.outcomes() == ()
        assert office.check() == {}


def test_messages_that_no_disk_keeps_are_bounded() -> None:
    with post(channel("phone", "x"), helper=HANG) as office:
        office.put([message(str(number)) for number in range(MOST + 30)])
        assert office.failing() == {}
        assert len(list(office._ram.waiting())) == MOST


def test_other_channels_are_looked_at_in_the_background_and_a_bad_address_is_a_failing_channel(
    sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    with post(channel("a", f"json://127.0.0.1:{sink.port}")) as office:
        office.adopt([channel("b", f"nonsense-{CANARY}://{CANARY}")])
        for thread in threading.enumerate():
            if thread.name == "addresses":
                thread.join(WAIT_S)
        assert set(office.failing()) == {"b"}
    assert "channel b: apprise does not understand the address of this channel" in caplog.text
    assert CANARY not in caplog.text


class Desk:
    """A sender in this process, which does with the n-th batch what the test says."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []

    def send(self, batch: Mapping[str, tuple[str, Letter | None]]) -> dict[str, str]:
        answer = self.answers.pop(0) if self.answers else ""
        if isinstance(answer, Exception):
            raise answer
        self.sent += [letter.title for _, letter in batch.values() if letter is not None and not answer]
        return dict.fromkeys(batch, answer)

    def stop(self) -> None:
        pass


def test_a_machine_without_a_thread_to_spare_delivers_when_it_has_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    desk = Desk()
    with closing(Post([channel("phone")], desk, None, Standing())) as office:
        with monkeypatch.context() as full:
            full.setattr(threading.Thread, "start", no_thread)
            office.put([message()])
            office.adopt([channel("phone")])
            assert office.settle(WAIT_S)
        assert "can't start new thread" in caplog.text
        office.put([])
        assert office.settle(WAIT_S)
    assert desk.sent == ["Cell imbalance"]


def test_one_letter_that_breaks_the_sender_is_said_and_does_not_end_the_post(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(ValueError("no such letter"))
    with closing(Post([channel("phone")], desk, None, Standing())) as office:
        office.put([message()])
        assert office.settle(WAIT_S)
        assert "sending them failed (ValueError)" in caplog.text
        office.put([])
        assert office.settle(WAIT_S)
    assert desk.sent == ["Cell imbalance"]


def test_what_was_acknowledged_while_the_disk_was_full_is_not_sent_again(tmp_path: Path) -> None:
    clock = Standing()
    fault = Message("Fault", "A fan stands still.", Severity.CRITICAL, id="f1")
    desk = Desk()
    with SqliteLedger(tmp_path, clock.at) as ledger:
        ledger.append([told(fault, clock.at)])
        box = SqliteOutbox(tmp_path)
        box.collect(lambda _: ["phone"])
        box._db.execute("PRAGMA query_only = 1")  # no commit succeeds any more, as on a full disk
        with closing(Post([channel("phone")], desk, box, clock)) as office:
            for _ in range(3):
                office.put([])
                assert office.settle(WAIT_S)
            assert desk.sent == ["Fault"]
            assert [row.message.title for row in box.waiting()] == ["Fault"]
            box._db.execute("PRAGMA query_only = 0")
            office.put([])
            assert office.settle(WAIT_S)
            assert box.waiting() == []
        with closing(Post([channel("phone")], desk, SqliteOutbox(tmp_path), clock)) as office:
            office.put([])
            assert office.settle(WAIT_S)
    assert desk.sent == ["Fault"]


def test_what_stood_in_while_the_disk_was_full_is_done_for_the_channel_it_stood_for_as_well(
    tmp_path: Path,
) -> None:
    clock = Standing()
    fault = Message("Fault", "A fan stands still.", Severity.CRITICAL, id="f1")
    with SqliteLedger(tmp_path, clock.at) as ledger, closing(SqliteOutbox(tmp_path)) as disk:
        ledger.append([told(fault, clock.at)])
        disk.collect(lambda _: ["phone"])
        box = Acknowledged(disk)
        [first] = box.waiting()
        box.pass_on(first, "mail")
        [other] = [row for row in box.waiting() if row.channel == "mail"]
        disk._db.execute("PRAGMA query_only = 1")
        box.sent([other], clock.at)
        assert box.waiting() == []
        assert box.sent_since("mail", clock.at - timedelta(hours=1)) == 1
        disk._db.execute("PRAGMA query_only = 0")
        assert box.collect(lambda _: ["phone"]) == 0
        assert disk.waiting() == []
