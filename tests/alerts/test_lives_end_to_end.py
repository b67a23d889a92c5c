"""Every life of an alert over weeks, to real services on loopback, through failures, restarts and jumps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from luxagent.core.alerts.routing import Way
from luxagent.core.events import Silenced
from luxagent.core.policy.conditions import Bound, Compare, Op, WordIs
from luxagent.core.policy.rules import AlertRule, Severity
from luxagent.errors import TryLater
from tests.alerts.bench import DirectSender, Household
from tests.alerts.smtp import SmtpSink
from tests.core.builders import policy
from tests.notify.conftest import Sink

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOT = AlertRule(
    "Inverter hot",
    Compare("inverter_temperature_c", Op.ABOVE, Bound(70), Bound(60)),
    Severity.WARNING,
    for_s=1200,
    repeat_s=86400,
)
FAULT = AlertRule("Inverter fault", WordIs("status", "fault"), Severity.CRITICAL, repeat_s=4 * 3600)


def titles(sink: Sink) -> list[str]:
    return [body["title"] for _, _, body in sink.arrived]


def at_home(tmp_path: Path, sink: Sink, *alerts: AlertRule, **more: object) -> Household:
    rules = policy(alerts=alerts)
    return Household(tmp_path, {"phone": f"json://127.0.0.1:{sink.port}"}, rules, **more)  # type: ignore[arg-type]


def heat(house: Household, celsius: float | None) -> None:
    house.reader.shows(inverter_temperature_c=celsius)


def test_two_weeks_of_heat_are_a_start_a_reminder_a_day_and_an_end_with_its_peak(
    tmp_path: Path, sink: Sink
) -> None:
    with at_home(tmp_path, sink, HOT) as house:
        house.live(HOUR)
        heat(house, 75.0)
        house.live(2 * HOUR)
        heat(house, 81.0)
        house.live(14 * DAY, every=HOUR)
        heat(house, 50.0)
        house.live(HOUR)
    assert titles(sink) == ["Inverter hot", *["Still: Inverter hot"] * 14, "Over: Inverter hot"]
    started, ended = sink.arrived[0][2]["message"], sink.arrived[-1][2]["message"]
    assert "inverter_temperature 75 °C above 70 °C" in started
    assert "Since 2026-06-10 13:10, for 20 min." in started
    assert ended.splitlines()[0].startswith("44300E0001: over after 14 days 2 h.")
    assert ended.splitlines()[1] == "At worst: inverter_temperature 81 °C."


def test_mail_gets_the_same_words_as_html_and_plain_text(tmp_path: Path, mail: SmtpSink) -> None:
    with Household(tmp_path, {"mail": mail.url}, policy(alerts=(FAULT,))) as house:
        house.reader.shows(status=frozenset({"fault"}))
        house.tick()
    (letter,) = mail.arrived
    assert letter["subject"] == "Inverter fault"
    html, plain = letter.get_body(("html",)), letter.get_body(("plain",))  # type: ignore[attr-defined]
    assert "<li>Since 2026-06-10 12:00.</li>" in html.get_content()
    assert "44300E0001: status" in plain.get_content()


def test_unknown_ends_nothing_for_a_week(tmp_path: Path, sink: Sink) -> None:
    with at_home(tmp_path, sink, replace(HOT, repeat_s=None)) as house:
        heat(house, 80.0)
        house.live(HOUR)
        heat(house, None)
        house.live(7 * DAY, every=timedelta(hours=1))
        assert titles(sink) == ["Inverter hot"]
        heat(house, 50.0)
        house.tick()
    assert titles(sink)[1:] == ["Over: Inverter hot"]


def test_a_channel_that_is_down_for_a_day_gets_everything_once_it_is_back(
    tmp_path: Path, sink: Sink, mail: SmtpSink
) -> None:
    sender = DirectSender()
    ways = {"phone": Way("phone"), "mail": Way("mail")}
    urls = {"phone": f"json://127.0.0.1:{sink.port}", "mail": mail.url}
    with Household(tmp_path, urls, policy(alerts=(FAULT,)), ways, sender) as house:
        sender.down = {"phone"}
        house.reader.shows(status=frozenset({"fault"}))
        house.live(DAY)
        house.reader.shows(status=frozenset({"normal"}))
        house.tick()
        assert sink.arrived == []
        assert "phone" in house.post.failing()
        sender.down = set()
        house.live(HOUR)
        assert house.post.failing() == {}
    (only,) = sink.arrived
    assert only[2]["title"] == "Inverter fault (and 6 more)"
    told = [line for line in only[2]["message"].splitlines() if line.endswith("Inverter fault")]
    assert told == ["Inverter fault", *["Still: Inverter fault"] * 5, "Over: Inverter fault"]
    subjects = [str(letter["subject"]) for letter in mail.arrived]
    about = [one for one in subjects if "annel failing" in one]
    assert about == ["Channel failing", "Still: channel failing", "Over: channel failing"]
    assert subjects.count("Inverter fault") == 1


def test_what_was_acknowledged_before_a_crash_is_repeated_at_most_once(tmp_path: Path, sink: Sink) -> None:
    class Crash(BaseException):
        pass

    def crash() -> None:
        raise Crash

    sender = DirectSender()
    with at_home(tmp_path, sink, FAULT, sender=sender) as house:
        house.reader.shows(status=frozenset({"fault"}))
        sender.after = crash
        with pytest.raises(Crash):
            house.agent._alarms._messenger.put = lambda _messages: None  # type: ignore[method-assign]
            house.agent.tick()
            house.post._boxes[0].collect(house.post._route)
            house.post._round()
        sender.after = None
        assert titles(sink) == ["Inverter fault"]
        for _ in range(5):
            house.restart()
            house.tick()
    assert titles(sink) == ["Inverter fault", "Inverter fault"]


def test_a_message_that_only_the_journal_had_is_sent_after_the_restart(tmp_path: Path, sink: Sink) -> None:
    with at_home(tmp_path, sink, FAULT) as house:
        house.reader.shows(status=frozenset({"fault"}))
        house.agent._alarms._messenger = house.agent._messenger = Deaf()
        house.agent.tick()
        assert sink.arrived == []
        house.restart()
        house.tick()
        house.tick()
    assert titles(sink) == ["Inverter fault"]


class Deaf:
    """A messenger that dies before it has done anything."""

    def put(self, messages: object) -> None:
        pass


STATES: dict[str, Callable[[Household], None]] = {
    "quiet": lambda house: house.live(HOUR),
    "pending": lambda house: (heat(house, 75.0), house.live(timedelta(minutes=10)))[1],
    "firing": lambda house: (heat(house, 75.0), house.live(HOUR))[1],
    "reminding": lambda house: (heat(house, 75.0), house.live(26 * HOUR))[1],
    "ended": lambda house: (heat(house, 75.0), house.live(HOUR), heat(house, 20.0), house.live(HOUR))[3],
}


@pytest.mark.parametrize("state", STATES)
def test_a_restart_in_any_state_changes_nothing_of_what_is_told(
    state: str, tmp_path: Path, sink: Sink
) -> None:
    def story(folder: Path, *, restart: bool) -> list[str]:
        sink.arrived.clear()
        with at_home(folder, sink, HOT) as house:
            STATES[state](house)
            if restart:
                house.restart()
            heat(house, 75.0)
            house.live(timedelta(hours=30))
            heat(house, 20.0)
            house.live(HOUR)
        return titles(sink)

    assert story(tmp_path / "a", restart=True) == story(tmp_path / "b", restart=False)


@pytest.mark.parametrize("by", [-timedelta(days=2), -HOUR, HOUR, timedelta(days=2)])
def test_a_clock_that_jumps_neither_repeats_nor_swallows(by: timedelta, tmp_path: Path, sink: Sink) -> None:
    with at_home(tmp_path, sink, HOT) as house:
        heat(house, 75.0)
        house.live(HOUR)
        house.clock.jump(by)
        house.live(2 * HOUR)
        reminders = titles(sink).count("Still: Inverter hot")
        assert reminders == (1 if by >= DAY else 0)
        house.live(25 * HOUR)
        assert titles(sink).count("Still: Inverter hot") == reminders + 1
        heat(house, 20.0)
        house.live(HOUR)
    assert titles(sink).count("Inverter hot") == titles(sink).count("Over: Inverter hot") == 1


def test_what_starts_in_one_tick_is_one_message(tmp_path: Path, sink: Sink) -> None:
    with at_home(tmp_path, sink, FAULT, replace(HOT, for_s=0.0)) as house:
        house.reader.shows(status=frozenset({"fault"}), inverter_temperature_c=90.0)
        house.tick()
    assert titles(sink) == ["Inverter fault (and 1 more)"]


def test_quiet_hours_hold_all_but_what_is_critical_and_end_with_one_message(
    tmp_path: Path, sink: Sink
) -> None:
    def night(at: datetime) -> bool:
        return at.hour >= 22 or at.hour < 7

    ways = {"phone": Way("phone", quiet=night)}
    with at_home(tmp_path, sink, FAULT, replace(HOT, for_s=0.0, repeat_s=None), ways=ways) as house:
        house.live(timedelta(hours=4))  # 23:00
        for _ in range(2):
            heat(house, 90.0)
            house.live(HOUR)
            heat(house, 20.0)
            house.live(HOUR)
        assert sink.arrived == []
        house.reader.shows(status=frozenset({"fault"}))
        house.tick()
        assert titles(sink) == ["Inverter fault"]
        house.live(timedelta(hours=5))
    assert titles(sink)[1:] == ["Still: Inverter fault (and 4 more)"]
    assert sink.arrived[1][2]["message"].count("Inverter hot") == 4


def test_a_silenced_alert_says_nothing_and_what_still_holds_is_told_afterwards(
    tmp_path: Path, sink: Sink
) -> None:
    with at_home(tmp_path, sink, replace(HOT, for_s=0.0), FAULT) as house:
        until = house.clock.now() + timedelta(hours=3)
        house.agent.state.record([Silenced(house.clock.now(), "Inverter hot", until)])
        heat(house, 90.0)
        house.live(timedelta(hours=2))
        assert sink.arrived == []
        house.live(timedelta(hours=2))
    assert titles(sink) == ["Inverter hot"]


def test_what_flaps_says_so_and_is_quiet(tmp_path: Path, sink: Sink) -> None:
    with at_home(tmp_path, sink, replace(HOT, for_s=0.0)) as house:
        for minute in range(0, 48 * 60, 10):
            heat(house, 90.0 if minute // 10 % 2 else 20.0)
            house.live(timedelta(minutes=10))
        assert titles(sink) == [
            "Inverter hot", "Over: Inverter hot", "Inverter hot", "Over: Inverter hot", "Inverter hot",
            "Still: Inverter hot",
        ]  # fmt: skip
        assert "3 times within a day: its end is told after 1 h of calm" in sink.arrived[4][2]["message"]
        heat(house, 20.0)
        house.live(timedelta(hours=2))
    assert titles(sink)[6:] == ["Over: Inverter hot"]


def test_a_portal_that_is_away_is_told_after_half_an_hour_and_mutes_what_follows(
    tmp_path: Path, sink: Sink
) -> None:
    with at_home(tmp_path, sink, HOT) as house:
        house.live(HOUR)
        house.reader.error = TryLater("the portal cannot be reached: no connection")
        house.live(timedelta(minutes=20))
        assert sink.arrived == []
        house.live(timedelta(days=2, hours=1))
        house.reader.error = None
        house.live(HOUR)
    assert titles(sink) == [
        "Portal unreachable", *["Still: portal unreachable"] * 2, "Over: portal unreachable",
    ]  # fmt: skip
    first = sink.arrived[0][2]["message"].splitlines()
    assert first[0] == "the portal cannot be reached: no connection"
    assert [line.partition(":")[0] for line in first[2:]] == ["luxagent", "To do"]


class Pulse:
    """What a watcher outside is told."""

    def __init__(self) -> None:
        self.beats: list[bool] = []

    def beat(self, good: bool) -> None:
        self.beats.append(good)


def test_a_watcher_outside_is_told_all_is_well_only_of_fresh_data(tmp_path: Path, sink: Sink) -> None:
    with at_home(tmp_path, sink) as house:
        house.agent._heartbeat = pulse = Pulse()
        house.tick()
        house.reader.error = TryLater("no line")
        house.tick()
        house.reader.error = None
        house.reader.devices = tuple(replace(one, online=False) for one in house.reader.devices)
        house.tick()
    assert pulse.beats == [True, False, False]
