"""Beside a daemon whose file was broken while it ran: it goes by the old rules, and must still be heard."""

import re

import pytest

from luxagent.cli.common import Common
from luxagent.cli.main import run
from tests.cli.bench import Desk, Said
from tests.cli.test_acting_beside import FIRST, BusyClock, agent, memory


@pytest.fixture
def clock() -> BusyClock:
    return BusyClock()


@pytest.mark.parametrize("broken", ["version: 1\nrules: [{", "tarif: {}\n"])
@pytest.mark.parametrize(
    "words",
    [("pause",), ("resume",), ("restore",), ("silence", "all", "3", "h"), ("flag", "storm", "on"),
     ("set", "charge_limit=80%")],
)  # fmt: skip
def test_a_broken_file_keeps_nobody_from_asking_the_running_agent(
    desk: Desk, words: tuple[str, ...], broken: str
) -> None:
    with agent(desk):
        desk.later(minutes=11)
        desk.file.write_text(broken)
        said = desk.say(*words)
    assert said.code == 0, said.err
    assert "the rules file cannot be used" in said.err


def test_the_agent_of_a_broken_file_is_found_by_what_the_file_says_of_its_state(desk: Desk) -> None:
    with agent(desk):
        desk.file.write_text("version: 1\nstate: state\ntarif: {}\nrules: [{")
        environ = {**desk.environ, "XDG_STATE_HOME": "/nowhere"}
        common = Common(config=desk.file, clock=lambda: desk.clock, environ=environ)
        assert run(["pause"], common) == 0
    assert memory(desk).pause is not None


def without_state(desk: Desk, *words: str) -> Said:
    """As `desk.say`, but where the state is the file must say."""
    environ = {**desk.environ, "XDG_STATE_HOME": "/nowhere"}
    code = run(words, Common(config=desk.file, clock=lambda: desk.clock, environ=environ))
    captured = desk.capsys.readouterr()
    return Said(code, captured.out, captured.err)


@pytest.mark.parametrize("broken", ["state: state\nrules: [{", "state: state\ntarif: {}\n"])
def test_a_broken_file_hides_neither_journal_nor_what_the_agent_saw(desk: Desk, broken: str) -> None:
    shown = {
        ("log",): "9.9", ("log", "--json"): '"kind": "agent"',
        ("status",): FIRST, ("status", "--json"): '"devices"',
    }  # fmt: skip
    with agent(desk) as wired:
        wired.agent.started("9.9")
        desk.file.write_text(broken)
        for words, part in shown.items():
            said = without_state(desk, *words)
            assert (said.code, "the rules file cannot be used" in said.err) == (0, True), said
            assert part in said.out
        assert without_state(desk, "status", "--fresh").code == 78
    for words in shown:
        assert without_state(desk, *words).code == 78


def test_times_name_their_zone_where_the_broken_file_hides_the_sites(desk: Desk) -> None:
    here = f"{desk.clock.now().astimezone():%Z}"
    with agent(desk):
        desk.say("silence", "all", "3 h")
        assert f" {here}" not in desk.say("status").out
        assert here not in desk.say("log").err
        desk.file.write_text("tarif: {}\n")
        drawn = desk.say("status").out
        assert re.search(rf"\d\d:\d\d:\d\d {here}, ", drawn)
        assert re.search(rf"silent until \S+ \d\d:\d\d {here};", drawn)
        assert f"times are this computer's ({here})" in desk.say("log").err


def test_a_broken_file_is_what_is_told_where_no_agent_runs(desk: Desk) -> None:
    desk.write("tarif: {}\n")
    said = desk.say("pause")
    assert said.code == 78
    assert "unknown key 'tarif'" in said.err


@pytest.mark.parametrize("broken", ["version: 1\nrules: [{", "tarif: {}\n"])
def test_health_goes_by_the_interval_of_the_running_agent(desk: Desk, broken: str) -> None:
    with agent(desk):
        desk.file.write_text(broken)
        desk.later(seconds=149)  # three intervals of 30 s and a minute are 150
        assert desk.say("health").code == 0
        desk.later(seconds=3)
        said = desk.say("health")
        assert (said.code, said.out.count("over 2 min 30 s")) == (1, 1)
        assert desk.say("health", "--within", "10 min").code == 0
    assert desk.say("health").code == 1


def test_health_needs_no_interval_where_a_time_is_said(desk: Desk) -> None:
    with agent(desk):
        at = desk.clock.now().isoformat()
        (desk.state / "snapshot.json").write_text(f'{{"at": "{at}", "interval_s": null}}')
        desk.file.write_text("tarif: {}\n")
        assert desk.say("health").code == 78
        assert desk.say("health", "--within", "1 min").code == 0


def test_a_file_that_cannot_be_read_is_found_out_by_reading_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked beforehand it would be a wrong option (2), which the service would try again for ever."""
    desk.write()
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    assert desk.say("check", "--config", str(desk.file)).code == 0
    desk.file.unlink()
    desk.file.mkdir()
    said = desk.say("check", "--config", str(desk.file))
    assert (said.code, "cannot read the file" in said.out + said.err) == (78, True)


@pytest.mark.parametrize("verb", ["status", "restore", "run", "pause"])
def test_without_an_agent_a_broken_file_is_told_with_what_stays_moved(desk: Desk, verb: str) -> None:
    desk.write("")
    desk.say("set", "charge_limit=80%")
    desk.file.write_text("tarif: {}\n")
    said = desk.say(verb)
    assert said.code == 78
    assert "so this stays as it is meanwhile:" in said.err
    assert "charge_limit stays 80 % until someone changes it (it was 100 % before" in said.err
    desk.write("")
    desk.say("restore")
    desk.file.write_text("tarif: {}\n")
    assert "stays" not in desk.say(verb).err


@pytest.mark.parametrize("state", ["a" * 300, "/proc/1/root/state", "rules.yaml/state"])
def test_a_broken_file_with_a_state_folder_that_is_none_is_told_all_the_same(desk: Desk, state: str) -> None:
    desk.file.write_text(f"version: 1\nstate: {state}\ntarif: {{}}\n")
    said = without_state(desk, "status")
    assert said.code == 78
    assert "tarif" in said.err
