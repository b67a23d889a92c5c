"""`silence` and `notify-test` as a person types them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from luxagent.store.journal import look
from tests.cli.bench import PASSWORD, Desk, StillClock, new_portal
from tests.notify.conftest import Sink

RULES = "alerts: [{name: Cell imbalance, when: {cell_delta: above 50 mV}}]\n"


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    clock = StillClock()
    with new_portal(clock, password=PASSWORD) as portal:
        yield Desk(tmp_path, portal, clock, capsys)


def test_silence_takes_a_name_of_several_words_and_a_length(desk: Desk) -> None:
    desk.write(RULES)
    said = desk.say("silence", "cell", "imbalance", "3", "h")
    assert (said.code, said.out) == (0, "The alert 'Cell imbalance' is silent until 2026-06-01 15:00.\n")
    assert list(look(desk.state).watch.silenced) == ["Cell imbalance"]
    assert desk.say("silence", "Cell imbalance", "off").out == "The alert 'Cell imbalance' is heard again.\n"
    assert look(desk.state).watch.silenced == {}


def test_what_is_still_silent_by_another_word_is_not_called_heard_again(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("silence", "Cell imbalance", "3 h")
    desk.say("silence", "grid lost", "2 h")
    desk.say("silence", "all", "1 h")
    said = desk.say("silence", "grid lost", "off")
    assert (said.code, said.out.splitlines()) == (0, [
        "The alert 'grid lost' is no longer silent by its name, but it is not heard yet:",
        "Every alert is silent until 2026-06-01 13:00; `luxagent silence all off` ends that.",
    ])  # fmt: skip
    assert desk.say("silence", "all", "off").out.splitlines() == [
        "Alerts are heard again, but for what was silenced by its name:",
        "The alert 'Cell imbalance' is silent until 2026-06-01 15:00; `luxagent silence Cell imbalance off` "
        "ends that.",
    ]
    desk.later(hours=4)  # a silence that is over covers nothing
    assert desk.say("silence", "all", "off").out == "Every alert is heard again.\n"


def test_silence_knows_built_in_alerts_all_of_them_and_what_was_meant(desk: Desk) -> None:
    desk.write(RULES)
    assert desk.say("silence", "grid lost", "90 min").code == 0
    assert desk.say("silence", "all", "1 h").out.startswith("Every alert is silent until")
    said = desk.say("silence", "grid lots", "1 h")
    assert (said.code, "did you mean 'grid lost'?" in said.err) == (2, True)
    assert desk.say("silence", "grid lost").code == 2
    assert desk.say("silence", "3 h").code == 2


def test_notify_test_sends_one_message_per_channel_and_says_what_failed(desk: Desk, sink: Sink) -> None:
    desk.environ |= {"PHONE": f"json://127.0.0.1:{sink.port}/phone", "AWAY": "json://127.0.0.1:1/away"}
    desk.write('notify: {phone: {url: "${PHONE}", severity: critical}, away: {url: "${AWAY}"}}\n')
    said = desk.say("notify-test")
    assert said.code == 1
    assert said.out == "phone: taken by the service\naway: the service could not be reached\n"
    ((_, path, body),) = sink.arrived
    assert (path, body["title"]) == ("/phone", "luxagent: a test")
    again = desk.say("notify-test", "phone", "--json")
    assert (again.code, again.json) == (0, {"channels": [{"name": "phone", "error": None}]})
    assert desk.say("notify-test", "fax").code == 2


def test_notify_test_needs_no_secret_but_those_of_the_channels_it_speaks_to(desk: Desk, sink: Sink) -> None:
    del desk.environ["LUXAGENT_PASSWORD"]
    desk.environ["PHONE"] = f"json://127.0.0.1:{sink.port}/phone"
    desk.write('notify: {phone: {url: "${PHONE}"}, away: {url: "${AWAY}"}}\nheartbeat: ${BEAT}\n')
    said = desk.say("notify-test", "phone")
    assert (said.code, said.out) == (0, "phone: taken by the service\n")
    said = desk.say("notify-test")
    assert said.code == 78
    assert "${AWAY} is neither a credential nor in the environment" in said.err
    assert "LUXAGENT_PASSWORD" not in said.err
    assert len(sink.arrived) == 1


def test_notify_test_without_channels_says_so(desk: Desk) -> None:
    desk.write(RULES)
    said = desk.say("notify-test")
    assert (said.code, said.out) == (
        0,
        "The file has no channel (`notify`); alerts are in the journal alone.\n",
    )


def test_what_is_silenced_is_shown_by_status_and_doctor_until_it_is_over(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("silence", "cell", "imbalance", "3", "h")
    desk.say("silence", "all", "1 h")
    assert desk.say("status", "--json").json["silenced"] == [
        {"name": "Cell imbalance", "until": "2026-06-01T22:00:00+00:00"},
        {"name": "all", "until": "2026-06-01T20:00:00+00:00"},
    ]
    out = desk.say("status").out
    assert "The alert 'Cell imbalance' is silent until 2026-06-01 15:00" in out
    assert "Every alert is silent until 2026-06-01 13:00; `luxagent silence all off` ends that" in out
    found = [row for row in desk.say("doctor", "--json").json["findings"] if row["about"] == "silence"]
    assert [(row["health"], row["todo"]) for row in found] == [
        ("warning", "`luxagent silence Cell imbalance off` ends that."),
        ("warning", "`luxagent silence all off` ends that."),
    ]
    desk.later(hours=3)
    assert desk.say("status", "--json").json["silenced"] == []
    assert "is silent" not in desk.say("status").out + desk.say("doctor").out
