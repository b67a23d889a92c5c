"""The acting verbs beside a running agent, which gets its turn whenever the verb waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from luxagent.agent.service import Service
from luxagent.cli import ask, wiring
from luxagent.cli.clerk import Clerk
from luxagent.cli.codes import LATER
from luxagent.cli.keeper import Keeper
from luxagent.cli.verbs.run import desk_of
from luxagent.config import load
from luxagent.core.memory import Memory
from luxagent.store import journal
from luxagent.store.lock import FolderLock
from luxagent.store.requests import RequestBox
from luxagent.store.snapshot import Snapshot
from tests.cli.bench import Desk, StillClock

FIRST = "52710E0417"
RULE = """\
flags: [storm]
limits: {charge_limit: 50% to 101%}
baseline: {charge_limit: 90%}
rules:
  - {name: Storm, when: {flag: storm}, set: {charge_limit: 60%}}
"""


class BusyClock(StillClock):
    """Whenever somebody waits, the other side gets its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.turn: Callable[[], object] = lambda: None
        self._busy = False

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        if not self._busy:
            self._busy = True
            try:
                self.turn()
            finally:
                self._busy = False


@pytest.fixture
def clock() -> BusyClock:
    return BusyClock()


@contextmanager
def agent(desk: Desk, rules: str = RULE, *, dry_run: str = "off") -> Iterator[wiring.Wired]:
    """A daemon between two ticks. Its ear is at the box whenever a verb waits."""
    desk.write(rules, dry_run=dry_run)
    config = load.load(desk.file, environ=desk.environ, resolve_secrets=True)
    assert isinstance(desk.clock, BusyClock)
    with wiring.open_agent(config, desk.state, desk.clock, dry_run=config.ruleset.dry_run) as wired:
        keeper = Keeper(wired, Snapshot(desk.state))
        clerk = Clerk(
            RequestBox(desk.state),
            lambda: desk_of(config, wired, keeper, desk.clock),
            desk.clock.now,
        )
        desk.clock.turn = clerk.serve
        keeper.report(wired.agent.tick())
        yield wired
        desk.clock.turn = lambda: None


def memory(desk: Desk) -> Memory:
    return journal.look(desk.state)


def test_the_agent_sets_a_setting_at_once_and_the_proof_comes_back(desk: Desk) -> None:
    with agent(desk):
        desk.later(minutes=11)
        said = desk.say("set", "charge_limit=80%", "--for", "2 h")
    assert said.code == 0
    assert "garage: charge_limit is 80 %, written and read back (was 90 %)." in said.out
    assert "No agent is running" not in said.out


def test_a_flag_moves_the_rules_at_once(desk: Desk) -> None:
    with agent(desk):
        desk.later(minutes=11)
        assert desk.say("flag", "storm", "on").code == 0
    assert memory(desk).owned[FIRST]["charge_limit"].holder == "Storm"


def test_what_the_agent_does_not_take_is_a_matter_of_usage(desk: Desk) -> None:
    with agent(desk):
        assert desk.say("flag", "nope", "on").code == 2
        said = desk.say("set", "charge_limit=40%")
    assert said.code == 2
    assert "`limits` forbid" in said.err


def test_the_agents_own_rules_count_and_not_a_file_that_it_has_not_read_yet(desk: Desk) -> None:
    with agent(desk):
        desk.write("flags: [holiday]\n")
        assert desk.say("flag", "holiday", "on").code == 2
        assert desk.say("flag", "storm", "on").code == 0


def test_a_pause_a_resume_and_what_it_moved(desk: Desk) -> None:
    with agent(desk):
        desk.later(minutes=11)
        desk.say("flag", "storm", "on")
        said = desk.say("pause", "2 h")
        assert (
            "garage: charge_limit stays 60 % until someone changes it (it was 90 % before 'Storm'" in said.out
        )
        desk.say("flag", "storm", "off")
        assert memory(desk).owned
        said = desk.say("resume")
        assert "charge_limit is 90 %, written and read back (was 60 %)" in said.out
    assert memory(desk).pause is None


def test_a_restore_beside_a_running_agent(desk: Desk) -> None:
    with agent(desk) as wired:
        desk.later(minutes=11)
        desk.say("flag", "storm", "on")
        said = desk.say("restore")
        assert said.code == 0
        assert memory(desk).owned == {}
        assert desk.say("status", "--json").json["owned"] == []
        wired.agent.tick()  # the flag is still on, but hands are off
        assert memory(desk).owned == {}


def test_a_set_while_the_portal_is_away_is_kept_for_the_next_good_tick(desk: Desk) -> None:
    with agent(desk) as wired:
        desk.later(minutes=11)
        desk.portal.stop()
        said = desk.say("set", "charge_limit=80%", "--for", "2 h")
        assert said.code == LATER
        assert "as soon as it can" in said.err
        assert wired.agent.state.memory.leases["charge_limit"][""].value == 80.0


def test_an_agent_in_a_dry_run_promises_no_write_for_later_either(desk: Desk) -> None:
    with agent(desk, dry_run="on"):
        desk.later(minutes=11)
        desk.portal.stop()
        said = desk.say("set", "charge_limit=80%")
    assert said.code == LATER
    assert "Nothing is written in a dry run: charge_limit stays wanted at 80 %" in said.err
    assert "as soon as" not in said.err


def test_a_flag_while_the_portal_is_away_is_switched_all_the_same(desk: Desk) -> None:
    with agent(desk):
        desk.portal.stop()
        desk.later(minutes=11)
        said = desk.say("flag", "storm", "on")
    assert said.code == 0
    assert "next good look" in said.out
    assert "storm" in memory(desk).flags


def test_an_agent_that_does_not_answer_is_said_and_nothing_is_done_later(desk: Desk) -> None:
    desk.write(RULE)
    with FolderLock(desk.state):
        said = desk.say("flag", "storm", "on")
    assert said.code == LATER
    assert "did not answer; nothing was done" in said.err
    assert RequestBox(desk.state).take() == []


def test_an_agent_that_took_it_up_but_is_slow_is_said(desk: Desk) -> None:
    desk.write(RULE)
    box = RequestBox(desk.state)
    assert isinstance(desk.clock, BusyClock)
    desk.clock.turn = box.take
    with FolderLock(desk.state):
        said = desk.say("flag", "storm", "on")
    assert said.code == LATER
    assert "has not answered yet" in said.err


def test_where_the_agent_ends_before_it_took_the_request_the_verb_does_it_itself(desk: Desk) -> None:
    desk.write(RULE)
    lock = FolderLock(desk.state)
    lock.acquire()
    assert isinstance(desk.clock, BusyClock)
    desk.clock.turn = lock.release
    said = desk.say("flag", "storm", "on")
    assert said.code == 0
    assert "No agent is running" in said.out
    assert RequestBox(desk.state).take() == []


def test_where_the_agent_ends_after_it_took_the_request_it_is_not_done_twice(desk: Desk) -> None:
    desk.write(RULE)
    lock, box = FolderLock(desk.state), RequestBox(desk.state)
    lock.acquire()

    def die() -> None:
        box.take()
        lock.release()

    assert isinstance(desk.clock, BusyClock)
    desk.clock.turn = die
    said = desk.say("flag", "storm", "on")
    assert said.code == LATER
    assert "ended before it answered" in said.err
    assert memory(desk).flags == {}


def test_a_request_that_lay_for_hours_is_not_carried_out(desk: Desk) -> None:
    with agent(desk) as wired:
        box = RequestBox(desk.state)
        name = box.leave("flag", {"name": "storm", "on": True}, desk.clock.now())
        desk.later(hours=3)
        desk.clock.wait(1)
        answer = box.collect(name)
        assert answer is not None
        assert answer.code == 1
        assert "too old" in answer.lines[0]
        assert wired.agent.state.memory.flags == {}


def test_a_request_of_another_version_or_of_nonsense_does_not_end_the_agent(desk: Desk) -> None:
    with agent(desk):
        box = RequestBox(desk.state)
        asked = [
            box.leave("dance", {}, desk.clock.now()),
            box.leave("flag", {"name": 7}, desk.clock.now()),
            box.leave("set", {"setting": "charge_limit", "value": "80%", "for_s": "long"}, desk.clock.now()),
            box.leave("set", {"setting": "charge_limit", "value": "80%", "for_s": 1e99}, desk.clock.now()),
        ]
        desk.clock.wait(1)
        answers = [box.collect(name) for name in asked]
    assert [answer and answer.code for answer in answers] == [1, 2, 2, 2]


def test_every_request_leaves_the_folder_empty(desk: Desk) -> None:
    with agent(desk):
        desk.say("flag", "storm", "on")
        desk.say("pause")
        desk.say("resume")
    assert list((desk.state / "requests").iterdir()) == []


def test_the_verb_waits_as_long_as_a_slow_tick_may_last() -> None:
    assert ask.PATIENCE_S >= 120


class Counted:
    """Rests that are only counted; the end comes after some of them."""

    def __init__(self, most: int) -> None:
        self.rests: list[float] = []
        self._most = most

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)

    @property
    def stopping(self) -> bool:
        return len(self.rests) >= self._most


def test_the_rest_between_two_ticks_is_cut_into_seconds_and_is_no_shorter_for_it(desk: Desk) -> None:
    with agent(desk) as wired:
        rest, ticks = Counted(70), list[object]()
        clerk = Clerk(RequestBox(desk.state), lambda: pytest.fail("nothing was asked"), desk.clock.now)
        Service(wired.agent, rest, interval_s=30, offset_s=0, on_report=ticks.append, clerk=clerk).run()
    assert max(rest.rests) <= 1.0
    assert len(ticks) == 3


def test_a_dump_knows_the_plant_by_what_the_agent_left_and_status_keeps_its_shape(desk: Desk) -> None:
    alert = 'alerts: [{name: "Charge", when: {soc: above 1%}, message: "Look at {plant}!"}]\n'
    with agent(desk, alert):
        assert "plants" not in desk.say("status", "--json").json
        said = desk.say("dump")
    assert "Look at plant-1!" in said.out
    assert "willow" not in said.out.lower()
