"""Going by another file without a restart: what is taken over, what is refused, what lives on."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from luxagent.agent.service import POLL_S, Service
from luxagent.cli import wiring
from luxagent.cli.reload import FileWatch, Reloader
from luxagent.cli.wiring import Wired
from luxagent.config import load
from luxagent.core.events import FileRefused, FileTaken
from luxagent.core.policy.difference import difference
from luxagent.store.journal import journal
from tests.cli.bench import HEAD, Desk
from tests.cli.test_processes import LIMIT_S, ROOT, wait_for
from tests.processes import Process

RULES = """\
baseline: {charge_limit: 90%}
rules:
  - name: Low
    when: {soc: below 95%, for: 10 min}
    set: {ac_charge: on}
"""
SERIAL = "52710E0417"


@dataclass
class Running:
    """An agent with its reloader, ticked by hand."""

    desk: Desk
    wired: Wired
    reloader: Reloader
    paces: list[float] = field(default_factory=list)

    def tick(self, minutes: float = 2) -> dict[str, object]:
        """Let time pass, tick, and return what is wanted of each setting."""
        self.desk.later(minutes=minutes)
        decision = self.wired.agent.tick().decision
        wants = [*decision.unchanged, *(c.want for c in decision.changes), *(h.want for h in decision.held)]
        return {want.setting: want.value for want in wants}

    def write(self, rules: str, **head: str) -> None:
        self.desk.write(rules, **head)

    def events(self) -> list[FileTaken | FileRefused]:
        found = (entry.event for entry in journal(self.desk.state))
        return [event for event in found if isinstance(event, FileTaken | FileRefused)]


@contextmanager
def started(desk: Desk, *, dry_run: bool = False) -> Iterator[Running]:
    config = load.load(desk.file, environ=desk.environ, resolve_secrets=True)
    with wiring.open_agent(config, desk.state, desk.clock, dry_run=dry_run) as wired:
        paces: list[float] = []
        yield Running(desk, wired, Reloader(config, wired, desk.clock, desk.environ, paces.append), paces)


@pytest.fixture
def running(desk: Desk) -> Iterator[Running]:
    desk.write(RULES)
    with started(desk) as running:
        yield running


def test_a_new_file_counts_from_the_next_tick_and_the_journal_tells_what_it_changed(running: Running) -> None:
    assert running.tick()["charge_limit"] == 90.0
    running.write(RULES.replace("90%", "85%") + "guards: {writes_per_day: 30}\n")
    words = running.reloader.hangup()
    assert running.tick()["charge_limit"] == 85.0
    (event,) = running.events()
    assert isinstance(event, FileTaken)
    assert event.detail == "guards changed; baseline charge_limit changed"
    assert words == f"the rules were read anew: {event.detail}"


def test_timers_of_unchanged_rules_live_on(running: Running) -> None:
    for _ in range(4):
        running.tick()
    assert running.tick(1)["ac_charge"] is None
    running.write(RULES.replace("90%", "85%"))
    running.reloader.hangup()
    assert running.tick(3)["ac_charge"] is True


def test_a_rule_that_changed_starts_afresh(running: Running) -> None:
    for _ in range(5):
        running.tick()
    running.write(RULES.replace("95%", "96%"))
    running.reloader.hangup()
    assert running.tick()["ac_charge"] is None


@pytest.mark.parametrize(
    "broken",
    [
        RULES + "tarif: {}\n",
        RULES[: len(RULES) // 2],
        RULES.replace("95%", "9500%"),
        "\t{[",
        RULES + "limits: {charge_limit: at most 50%}\n",
    ],
)
def test_a_bad_file_is_refused_whole_and_the_old_rules_go_on(
    running: Running, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    running.tick()
    running.write(broken)
    words = running.reloader.hangup()
    assert running.tick()["charge_limit"] == 90.0
    (event,) = running.events()
    assert isinstance(event, FileRefused)
    assert f"{running.desk.file}:" in event.detail
    assert "so the old one stays in force" in words
    assert words in caplog.messages


def test_a_file_that_is_gone_or_lacks_its_secret_is_refused_too(running: Running) -> None:
    running.desk.file.unlink()
    running.reloader.hangup()
    running.write(RULES)
    del running.desk.environ["LUXAGENT_PASSWORD"]
    running.reloader.hangup()
    assert [type(event) for event in running.events()] == [FileRefused, FileRefused]
    assert running.tick()["charge_limit"] == 90.0


def test_a_refused_file_is_an_alert_until_a_good_one_is_taken(running: Running) -> None:
    running.tick()
    running.write(RULES + "tarif: {}\n")
    running.reloader.hangup()
    running.desk.later(minutes=2)
    alerts = running.wired.agent.tick().decision.alerts
    assert [(view.name, view.state) for view in alerts if view.name == "file refused"] == [
        ("file refused", "firing")
    ]
    running.write(RULES)
    running.reloader.hangup()
    running.desk.later(minutes=2)
    alerts = running.wired.agent.tick().decision.alerts
    assert not [view for view in alerts if view.name == "file refused" and view.state == "firing"]


def test_a_changed_file_is_seen_once_it_rests(running: Running) -> None:
    assert not running.reloader.poll()
    running.write(RULES.replace("90%", "85%") + "#\n")
    assert not running.reloader.poll()  # an editor may still be at it
    assert running.reloader.poll()
    assert not running.reloader.poll()
    assert running.tick()["charge_limit"] == 85.0


def test_a_file_that_was_saved_between_its_reading_and_the_first_look_is_read(desk: Desk) -> None:
    desk.write(RULES)
    watch = FileWatch(desk.file)
    config = load.load(desk.file, environ=desk.environ, resolve_secrets=True)
    desk.write("baseline: {charge_limit: 80%}\n")
    with wiring.open_agent(config, desk.state, desk.clock, dry_run=False) as wired:
        reloader = Reloader(config, wired, desk.clock, desk.environ, lambda _: None, watch)
        assert [reloader.poll() for _ in range(3)] == [False, True, False]
        assert Running(desk, wired, reloader).tick() == {"charge_limit": 80.0}


def test_a_file_that_is_written_in_steps_is_read_when_it_is_whole(running: Running) -> None:
    whole = running.desk.file.read_text().replace("90%", "85%")
    for end in range(100, len(whole), 60):
        running.desk.file.write_text(whole[:end])
        assert not running.reloader.poll()
    running.desk.file.write_text(whole + "# done\n")
    assert [running.reloader.poll(), running.reloader.poll()] == [False, True]
    assert [type(event) for event in running.events()] == [FileTaken]


def test_a_bad_version_is_refused_once_and_not_at_every_look(running: Running) -> None:
    running.write(RULES + "tarif: {}\n")
    for _ in range(5):
        assert not running.reloader.poll()
    assert [type(event) for event in running.events()] == [FileRefused]


def test_what_was_read_at_a_hangup_is_not_read_again(running: Running) -> None:
    running.write(RULES.replace("90%", "85%") + "#\n")
    running.reloader.hangup()
    assert not running.reloader.poll()
    assert not running.reloader.poll()
    assert len(running.events()) == 1


def test_a_file_put_in_place_of_the_old_one_is_another_file(desk: Desk) -> None:
    desk.write(RULES)
    watch = FileWatch(desk.file)
    kept = desk.file.stat()
    other = desk.file.with_name("other")
    other.write_text(desk.file.read_text())
    os.utime(other, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    other.replace(desk.file)
    assert [watch.changed(), watch.changed(), watch.changed()] == [False, True, False]
    desk.file.unlink()
    assert [watch.changed(), watch.changed()] == [False, False]


def test_dry_to_live_gets_a_hand_and_live_to_dry_loses_it(desk: Desk) -> None:
    desk.write(RULES, dry_run="on")
    with started(desk) as running:
        running.tick()
        assert desk.portal.asked == []
        assert not running.wired.has_hand
        desk.write(RULES)
        assert "dry run switched off" in running.reloader.hangup()
        running.tick()
        written = len(desk.portal.asked)
        assert written == 1
        desk.write(RULES.replace("90%", "80%"), dry_run="on")
        assert "dry run switched on" in running.reloader.hangup()
        running.tick(30)
        assert len(desk.portal.asked) == written
        assert not running.wired.has_hand


def test_what_was_started_with_dry_run_never_writes_whatever_the_file_comes_to_say(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a hand was made")

    monkeypatch.setattr(wiring, "PortalHand", refuse)
    desk.write(RULES, dry_run="on")
    with started(desk, dry_run=True) as running:
        desk.write(RULES)
        assert "started with --dry-run, so still nothing is written" in running.reloader.hangup()
        running.tick()
    assert desk.portal.asked == []


def test_portal_and_account_and_state_need_a_restart_and_it_is_said(running: Running) -> None:
    running.write(RULES + "state: elsewhere\n", url="http://127.0.0.1:9")
    words = running.reloader.hangup()
    assert "only after a restart: the portal or the account, the state folder" in words
    assert running.tick()["charge_limit"] == 90.0


def test_web_and_keep_need_a_restart_and_it_is_said(running: Running) -> None:
    running.write(RULES + "keep: {readings: 7 days}\nweb: {listen: 127.0.0.1:8788}\n")
    words = running.reloader.hangup()
    assert "only after a restart: the web page, how long the state folder remembers" in words


def test_channels_and_heartbeat_change_without_a_restart(running: Running) -> None:
    running.write(
        RULES + "notify: {door: {url: 'json://127.0.0.1:9/'}}\nheartbeat: http://127.0.0.1:9/beat\n"
    )
    assert "channels and heartbeat changed" in running.reloader.hangup()
    running.tick()
    running.write(RULES)
    assert "channels and heartbeat changed" in running.reloader.hangup()


def test_the_interval_changes_without_a_restart(running: Running) -> None:
    head = HEAD.replace("30 s", "45 s")
    running.desk.file.write_text(head.format(dry_run="off", url=running.desk.portal.url) + RULES)
    assert "interval is 45 s" in running.reloader.hangup()
    assert running.paces == [45.0]


def test_a_rule_that_vanishes_lets_go(running: Running) -> None:
    for _ in range(7):
        running.tick()
    memory = running.wired.agent.state.memory
    assert memory.rules[SERIAL]["Low"].on
    running.write("baseline: {charge_limit: 90%}\n")
    assert "rule 'Low' removed" in running.reloader.hangup()
    running.tick()
    assert "Low" not in running.wired.agent.state.memory.rules.get(SERIAL, {})


def test_the_service_looks_at_the_file_while_it_rests_and_ticks_when_it_was_read(running: Running) -> None:
    class Rest:
        stopping = False
        rested: list[float] = []  # noqa: RUF012

        def rest(self, seconds: float) -> bool:
            self.rested.append(seconds)
            return False

    class Nobody:
        def serve(self) -> None:
            return None

    rest, ticks = Rest(), 0
    polls = iter([False, False, True])

    def ended(_: object) -> None:
        nonlocal ticks
        ticks += 1
        rest.stopping = ticks == 2

    service = Service(
        running.wired.agent, rest, interval_s=100, offset_s=0, on_ended=ended, clerk=Nobody(),
        on_poll=lambda: next(polls, False),
    )  # fmt: skip
    service.run()
    assert ticks == 2
    assert rest.rested == [POLL_S, POLL_S]


def test_each_change_of_a_file_has_its_words(desk: Desk) -> None:
    def rules(text: str) -> "load.Config":
        desk.write(text)
        return load.load(desk.file, environ=desk.environ, resolve_secrets=True)

    old = rules(
        "limits: {charge_limit: at least 50%}\nrules:\n"
        "  - {name: A, when: always, set: {charge_limit: 80%}}\n"
        "  - {name: B, when: always, set: {charge_limit: 81%}}\n"
        "  - {name: C, when: always, set: {charge_limit: 82%}}\n"
        "alerts:\n  - {name: F, when: {status: fault}}\n"
    )
    new = rules(
        "baseline: {charge_limit: 90%}\nrules:\n"
        "  - {name: C, when: {soc: below 5%}, set: {charge_limit: 82%}, hold: 5 min}\n"
        "  - {name: A, when: always, set: {charge_limit: 70%}}\n"
        "  - {name: D, when: always, set: {charge_limit: 80%}}\n"
    )
    assert difference(old.ruleset, new.ruleset) == (
        "limit charge_limit removed",
        "baseline charge_limit added",
        "rule 'A' changed (what it sets)",
        "rule 'B' removed",
        "rule 'C' changed (its condition, hold)",
        "rule 'D' added",
        "rules in another order",
        "alert 'F' removed",
    )
    assert difference(old.ruleset, old.ruleset) == ()


def test_a_running_daemon_notices_an_edited_file_by_itself(desk: Desk) -> None:
    desk.write(RULES)
    environ = {**desk.environ, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with Process(environ, "run", "-c", str(desk.file), "--state", str(desk.state)) as process:
        assert process.stderr is not None
        heard = [next(line for line in process.stderr if "first look" in line)]
        wait_for(desk.state / "snapshot.json")
        desk.write(RULES.replace("90%", "85%") + "# edited\n")
        heard += [next(line for line in process.stderr if "were read anew" in line)]
        desk.write(RULES + "tarif: {}\n")
        heard += [next(line for line in process.stderr if "cannot be used" in line)]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT_S)
    assert heard[1].endswith("the rules were read anew: baseline charge_limit changed\n")
    assert "unknown key 'tarif'" in heard[2]
    assert process.returncode == 0
