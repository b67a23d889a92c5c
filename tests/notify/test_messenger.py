"""Messages go out through a helper process, and neither a bad service nor a bad address reaches the loop."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from luxagent.core.alerts.message import Message
from luxagent.core.policy.rules import Severity
from luxagent.notify.messenger import WAITING_MOST, AppriseMessenger, Channel, Delivery
from tests.notify.conftest import Sink

CANARY = "c4n4ry-s3cr3t"
WAIT_S = 60


def message(title: str = "Cell imbalance", severity: str = "warning", to: Sequence[str] = ()) -> Message:
    return Message(title, "Battery 2: cells differ by 60 mV", Severity(severity), tuple(to))


@contextmanager
def messenger(*channels: Channel, **options: object) -> Iterator[AppriseMessenger]:
    found = AppriseMessenger(channels, **options)  # type: ignore[arg-type]
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
    with messenger(Channel("phone", f"json://127.0.0.1:{sink.port}/{CANARY}")) as post:
        post.put([message("Inverter fault", "critical")])
        assert post.settle(WAIT_S)
        assert post.outcomes() == (Delivery("phone", "Inverter fault"),)
        assert post.outcomes() == ()
    assert [(path, body["title"], body["message"], body["type"]) for _, path, body in sink.arrived] == [
        (f"/{CANARY}", "Inverter fault", "Battery 2: cells differ by 60 mV", "failure"),
    ]


def test_what_happens_at_once_goes_out_as_one_message_as_loud_as_the_loudest(sink: Sink) -> None:
    with messenger(Channel("phone", f"json://127.0.0.1:{sink.port}")) as post:
        post.put([message("a", "info"), message("b", "critical"), message("c", "warning")])
        assert post.settle(WAIT_S)
        assert [(one.title, one.error) for one in post.outcomes()] == [("a", ""), ("b", ""), ("c", "")]
    ((_, _, body),) = sink.arrived
    assert (body["title"], body["type"]) == ("b (and 2 more)", "failure")
    assert [part.splitlines()[0] for part in body["message"].split("\n\n")] == ["a", "b", "c"]


def test_failures_are_told_by_channel_without_the_address(
    sink: Sink, closed_port: int, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    sink.status = 403
    channels = [
        Channel("refused", f"json://ann:{CANARY}@127.0.0.1:{sink.port}/{CANARY}"),
        Channel("away", f"json://ann:{CANARY}@127.0.0.1:{closed_port}/{CANARY}"),
        Channel("nonsense", f"nonsense-{CANARY}://{CANARY}"),
        Channel("cut", f"tgram://{CANARY}"),
    ]
    with messenger(*channels) as post:
        post.put([message()])
        assert post.settle(WAIT_S)
        outcomes = post.outcomes()
    assert {one.channel: one.error for one in outcomes} == {
        "refused": "the service answered 403; look at its token or password",
        "away": "the service could not be reached",
        "nonsense": "apprise does not understand the address of this channel",
        "cut": "apprise does not understand the address of this channel",
    }
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err + caplog.text + repr(outcomes) + repr(channels)


def test_addresses_can_be_looked_at_without_sending(sink: Sink) -> None:
    with messenger(Channel("a", f"json://127.0.0.1:{sink.port}"), Channel("b", f"json:/{CANARY}")) as post:
        found = post.check()
    assert [(one.channel, bool(one.error)) for one in found] == [("a", False), ("b", True)]
    assert sink.arrived == []


def test_a_hanging_service_delays_neither_the_loop_nor_the_other_channels(sink: Sink) -> None:
    base = f"json://127.0.0.1:{sink.port}"
    with messenger(Channel("hanging", f"{base}/hang"), Channel("phone", f"{base}/phone")) as post:
        post.put([message()])  # returns, or the next line is never reached
        sink.wait()
        sink.wait()
        assert not post.settle(0)
    assert {path for _, path, _ in sink.arrived} == {"/hang", "/phone"}
    assert {one.channel for one in post.outcomes() if one.error} >= {"hanging"}


def test_the_helper_ends_at_its_limit_whatever_still_hangs(sink: Sink) -> None:
    with messenger(Channel("phone", f"json://127.0.0.1:{sink.port}/hang"), limit_s=0.01) as post:
        post.put([message()])
        assert post.settle(WAIT_S)
        assert post.outcomes() == (Delivery("phone", "Cell imbalance", "it took longer than 0.01 s"),)


def test_a_helper_that_hangs_is_ended_at_the_close() -> None:
    with messenger(Channel("phone", "json://x"), helper=HANG) as post:
        post.put([message()])
        assert not post.settle(0.05)
    assert post.outcomes() == (Delivery("phone", "Cell imbalance", "luxagent stopped before it was sent"),)
    post.put([message()])
    assert post.outcomes()[0].error == "luxagent is stopping"
    assert not [one for one in threading.enumerate() if one.name == "messages"]


def test_a_helper_that_crashes_or_is_missing_is_a_failed_delivery() -> None:
    with messenger(Channel("phone", "json://x"), helper=script("raise SystemExit(3)")) as post:
        post.put([message()])
        assert post.settle(WAIT_S)
        assert post.outcomes()[0].error == "the sending process ended with 3"
    with messenger(Channel("phone", "json://x"), helper=["/nowhere/python"]) as post:
        post.put([message()])
        assert post.settle(WAIT_S)
        assert "could not be started" in post.outcomes()[0].error


def test_the_addresses_are_neither_arguments_nor_environment_of_the_helper() -> None:
    spy = script(
        "import json, os, sys; job = json.load(sys.stdin)\n"
        "seen = open('/proc/self/cmdline').read() + str(dict(os.environ))\n"
        "print(json.dumps({'channel': 'phone', 'error': str('c4n' + '4ry' in seen)}))"
    )
    environ = {"LUXAGENT_PASSWORD": CANARY, "PATH": "/usr/bin"}
    with messenger(Channel("phone", f"json://{CANARY}"), environ=environ, helper=spy) as post:
        post.put([message()])
        assert post.settle(WAIT_S)
        assert post.outcomes()[0].error == "False"


def test_a_channel_gets_what_reaches_its_severity_or_names_it() -> None:
    channels = [Channel("all", "x"), Channel("loud", "x", Severity.CRITICAL)]
    with messenger(*channels, helper=ECHO) as post:
        post.put([message("a", "info"), message("b", "critical"), message("c", "info", ["loud", "gone"])])
        assert post.settle(WAIT_S)
        found = {(one.channel, one.title, one.error) for one in post.outcomes()}
    assert found == {
        ("all", "a", ""),
        ("all", "b", ""),
        ("loud", "b", ""),
        ("loud", "c", ""),
        ("gone", "c", "no such channel"),
    }


def test_nothing_to_say_starts_no_process() -> None:
    with messenger(helper=["/nowhere/python"]) as post:
        post.put([message()])
        assert post.settle(0)
        assert post.outcomes() == ()
        assert post.check() == ()


def test_messages_behind_a_hanging_service_are_bounded() -> None:
    with messenger(Channel("phone", "x"), helper=HANG) as post:
        post.put([message()])
        post.put([message(str(number)) for number in range(WAITING_MOST + 30)])
        dropped = [one for one in post.outcomes() if one.error == "too many messages were waiting"]
        assert len(dropped) in (30, 31)  # the first may not have been taken up yet
