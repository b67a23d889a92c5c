"""I6: each start tells once, reminders keep their distance, every start has exactly one end, none is lost.

Hypothesis plays weeks of readings, portal failures, channels that fail, crashes and restarts against the real
ledger and outbox; the services are a list in memory, so that what arrived can be compared with what was due.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luxagent.core import events as ev
from luxagent.core.policy.conditions import WordIs
from luxagent.core.policy.rules import AlertRule, Severity
from luxagent.errors import TryLater
from luxagent.notify.letters import Letter
from luxagent.store.journal import journal
from tests.alerts.bench import Household
from tests.core.builders import policy

REPEAT_S = 3600.0
FAULT = AlertRule("Fault", WordIs("status", "fault"), Severity.CRITICAL, for_s=0.0, repeat_s=REPEAT_S)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["fault", "normal", "unknown", "portal away"]),
        st.sampled_from([2, 5, 10, 30, 90]),
        st.sampled_from(["", "", "", "crash", "crash before sending", "channel down", "channel up"]),
    ),
    min_size=1,
    max_size=25,
)


class ListSender:
    """Keeps what it takes; `down` refuses."""

    def __init__(self) -> None:
        self.taken: list[Letter] = []
        self.down = False

    def send(self, batch: Mapping[str, tuple[str, Letter | None]]) -> dict[str, str]:
        if self.down:
            return dict.fromkeys(batch, "down")
        self.taken += [letter for _, letter in batch.values() if letter is not None]
        return dict.fromkeys(batch, "")

    def stop(self) -> None:
        pass


class Deaf:
    def put(self, messages: object) -> None:
        pass


def play(house: Household, sender: ListSender, steps: list[tuple[str, int, str]]) -> None:
    for shown, minutes, accident in steps:
        house.clock.wait(minutes * 60)
        sender.down = (sender.down or accident == "channel down") and accident != "channel up"
        house.reader.error = TryLater("no line") if shown == "portal away" else None
        house.reader.shows(status=None if shown == "unknown" else frozenset({shown}))
        if accident == "crash before sending":
            house.agent._messenger = house.agent._alarms._messenger = Deaf()
        house.tick()
        if accident.startswith("crash"):
            house.restart()
    sender.down = False
    house.reader.error = None
    house.reader.shows(status=frozenset({"normal"}))
    for _ in range(30):
        house.clock.wait(900)
        house.tick()


def heard(sender: ListSender) -> list[str]:
    """Titles of the alert's messages in the order in which they arrived, letters taken apart."""
    found = []
    for letter in sender.taken:
        if " more)" not in letter.title:
            found.append(letter.title)
            continue
        lines = letter.text.splitlines()
        found += [
            line.partition(":")[0] if line.startswith(("Over", "Still")) is False else line for line in lines
        ]
    return [one for one in found if one in ("Fault", "Still: Fault", "Over: Fault")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_whatever_happens_each_start_has_one_message_and_one_end(steps: list[tuple[str, int, str]]) -> None:
    sender = ListSender()
    with TemporaryDirectory() as folder:
        with Household(Path(folder), {"phone": "x"}, policy(alerts=(FAULT,)), sender=sender) as house:
            play(house, sender, steps)
            assert house.agent.state.memory.watch.alerts == {}
        events = [entry.event for entry in journal(Path(folder))]
    mine = [event for event in events if getattr(event, "name", "") == "Fault"]
    starts = [event for event in mine if isinstance(event, ev.AlertFired)]
    ends = [event for event in mine if isinstance(event, ev.AlertEnded)]
    reminders = [event for event in mine if isinstance(event, ev.AlertReminded)]
    assert len(starts) == len(ends)
    titles = heard(sender)
    assert titles.count("Fault") == len(starts)
    assert titles.count("Over: Fault") == len(ends)
    assert titles.count("Still: Fault") == len(reminders)
    for start, end in zip(starts, ends, strict=True):
        between = [start.at, *(one.at for one in reminders if start.at <= one.at <= end.at)]
        gaps = [later - sooner for sooner, later in pairwise(between)]
        assert all(gap >= timedelta(seconds=REPEAT_S) for gap in gaps)
        assert start.at < end.at
    order = [title for title in titles if title != "Still: Fault"]
    assert order == ["Fault", "Over: Fault"] * len(starts)
