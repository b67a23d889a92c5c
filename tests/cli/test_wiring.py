"""Where the parts meet: what a dry run lacks, what a damaged ledger does, when the daemon begins."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from luxagent.cli import wiring
from luxagent.cli.clock import SignalRest, SystemClock
from luxagent.cli.verbs.run import start_offset_s
from luxagent.config import load
from luxagent.config.load import Config
from tests.cli.bench import Desk, decision, of

FIRST = "52710E0417"
GOOD = "baseline: {charge_limit: 90%}\n"


def config_of(desk: Desk, more: str = "") -> Config:
    desk.write(GOOD + more)
    return load.load(desk.file, environ=desk.environ, resolve_secrets=True)


def away(config: Config) -> Config:
    """The same file for a portal on the internet."""
    return replace(config, portal=replace(config.portal, url=None, region="eg4-us"))


def test_a_dry_run_has_no_hand_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a hand was made")

    monkeypatch.setattr(wiring, "PortalHand", refuse)
    desk.write(GOOD)
    assert desk.say("once", "--dry-run").code == 0
    assert desk.say("status").code == 0
    desk.write(GOOD, dry_run="on")
    assert desk.say("once").code == 0
    desk.write(GOOD)
    assert desk.say("once").code == 1


def test_the_tick_after_a_damaged_ledger_writes_nothing_and_the_next_one_does(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    desk.say("once", "--dry-run")
    (desk.state / "ledger.db").write_bytes(b"not a database at all" * 500)
    (desk.state / "ledger.db-wal").unlink(missing_ok=True)
    said = desk.say("once", "--json")
    assert said.json["dry_run"] is True
    assert decision(said, FIRST, "charge_limit")["reason"] == "dry_run"
    assert "set aside" in said.err
    assert desk.portal.asked == []
    assert "damaged ledger" in desk.say("log").out
    said = desk.say("once", "--json")
    assert said.json["dry_run"] is False
    assert decision(said, FIRST, "charge_limit")["outcome"] == "confirmed"


def test_a_status_beside_a_damaged_ledger_says_so_and_mends_nothing(desk: Desk) -> None:
    desk.write(GOOD)
    desk.say("once", "--dry-run")
    (desk.state / "ledger.db").write_bytes(b"not a database at all" * 500)
    (desk.state / "ledger.db-wal").unlink(missing_ok=True)
    said = desk.say("status", "--json")
    assert of(said, FIRST)["reading"]["soc_pct"] == 45.0
    assert len(said.json["errors"]) == 1
    assert (desk.state / "ledger.db").read_bytes().startswith(b"not a database")


def test_a_policy_is_never_livelier_than_what_it_was_wired_with(desk: Desk) -> None:
    config = config_of(desk)
    with wiring.open_agent(config, desk.state, desk.clock, dry_run=True) as wired:
        wired.adopt(wiring.policy_of(config, dry_run=False))
        assert wired.dry_run
        assert wired.agent.tick().decision.changes == []


def test_a_live_policy_can_turn_dry_while_running(desk: Desk) -> None:
    config = config_of(desk)
    with wiring.open_agent(config, desk.state, desk.clock, dry_run=False) as wired:
        wired.adopt(wiring.policy_of(config, dry_run=True))
        wired.agent.tick()
    assert desk.portal.asked == []


def test_every_portal_option_of_the_file_arrives(desk: Desk) -> None:
    desk.write(GOOD)
    text = desk.file.read_text().replace(
        "settle: 0.2 s",
        "settle: 5 s, wire: live, plants: [Willow Lane], server_time: -07:30, scaling: {vBat: 100}",
    )
    desk.file.write_text(text)
    options = wiring.portal_options(load.load(desk.file, environ=desk.environ, resolve_secrets=True))
    assert options.url == desk.portal.url
    assert options.password.reveal() == desk.environ["LUXAGENT_PASSWORD"]
    assert (options.settle_s, options.wire, options.plants) == (5.0, "live", ("Willow Lane",))
    assert (options.server_time, options.scaling) == ("-07:30", {"vBat": 100.0})
    assert options.names == {FIRST: "garage"}


def test_a_region_has_its_address(desk: Desk) -> None:
    assert wiring.portal_url(away(config_of(desk))) == "https://monitor.eg4electronics.com"


def test_the_first_tick_comes_within_the_interval_fixed_for_an_install(desk: Desk) -> None:
    config = config_of(desk)
    folders = [Path(f"/var/lib/luxagent/{number}") for number in range(50)]
    offsets = [start_offset_s(away(config), folder) for folder in folders]
    assert all(0 <= offset < config.interval_s for offset in offsets)
    assert offsets == [start_offset_s(away(config), folder) for folder in folders]
    assert len(set(offsets)) == len(folders)
    assert start_offset_s(config, folders[0]) == 0.0


def test_a_signal_ends_the_rest_at_once_and_a_second_ctrl_c_ends_everything() -> None:
    clock, rest = SystemClock(), SignalRest()
    before = clock.monotonic()
    with rest.listening():
        os.kill(os.getpid(), signal.SIGTERM)
        rest.rest(60)
        assert rest.stopping
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert clock.monotonic() - before < 5


def test_a_hangup_calls_between_ticks_and_does_not_end_anything() -> None:
    heard: list[str] = []
    rest = SignalRest(on_hangup=lambda: heard.append("file"))
    with rest.listening():
        os.kill(os.getpid(), signal.SIGHUP)
        assert heard == []
        rest.rest(60)
    assert (heard, rest.stopping) == (["file"], False)
    rest.rest(0.01)
    assert heard == ["file"]
