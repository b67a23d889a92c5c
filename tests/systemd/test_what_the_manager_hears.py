"""What the service manager is told, word for word, and that only finished ticks feed its watchdog."""

import os
from pathlib import Path

import pytest

from luxagent.agent.service import Ended, Service
from luxagent.agent.tick import Agent, TickReport
from luxagent.cli import logs
from luxagent.cli.herald import LONGEST_TICK_S, Herald
from luxagent.cli.systemd import Notifier
from luxagent.errors import CredentialsRefused, TryLater
from tests.systemd.ear import Ear


def notifier(ear: Ear, **more: str) -> Notifier:
    return Notifier({"NOTIFY_SOCKET": ear.name, "WATCHDOG_USEC": "900000000", **more})


def herald(ear: Ear) -> Herald:
    return Herald(notifier(ear), lambda: "12:00 1 inverter, 3 settings as wanted.")


def ended(words: str = "", rest_s: float = 120.0) -> Ended:
    report: TickReport | None = None if words else object()  # type: ignore[assignment] - not looked into
    return Ended(report, words, rest_s)


@pytest.mark.parametrize("abstract", [False, True])
def test_ready_is_said_once_and_with_the_first_good_tick(tmp_path: Path, abstract: bool) -> None:
    with Ear(tmp_path, abstract=abstract) as ear:
        one = herald(ear)
        assert ear.silence()
        one.ended(ended())
        assert ear.hear() == {"READY": "1", "STATUS": "12:00 1 inverter, 3 settings as wanted."}
        assert ear.hear()["WATCHDOG"] == "1"
        one.ended(ended())
        assert ear.hear().keys() == {"STATUS", "WATCHDOG", "WATCHDOG_USEC"}
        assert ear.silence()


def test_a_first_tick_without_the_portal_is_ready_too_and_says_what_is_missing(tmp_path: Path) -> None:
    with Ear(tmp_path) as ear:
        herald(ear).ended(ended("https://portal cannot be reached: no connection.", 30.0))
        status = "degraded: https://portal cannot be reached: no connection. Next try in 30 s."
        assert ear.hear() == {"READY": "1", "STATUS": status}


@pytest.mark.parametrize("rest_s", [30.0, 120.0, 900.0, 3600.0])
def test_the_watchdog_waits_for_three_ticks_whatever_the_interval(tmp_path: Path, rest_s: float) -> None:
    with Ear(tmp_path) as ear:
        herald(ear).ended(ended(rest_s=rest_s))
        asked_s = int(ear.hear_until("WATCHDOG_USEC")[-1]["WATCHDOG_USEC"]) / 1e6
    assert asked_s == 3 * rest_s + LONGEST_TICK_S


def test_without_a_watchdog_in_the_unit_none_is_asked_for(tmp_path: Path) -> None:
    with Ear(tmp_path) as ear:
        Notifier({"NOTIFY_SOCKET": ear.name}).alive("well", 900)
        assert ear.hear() == {"STATUS": "well"}
        other = str(os.getpid() + 1)
        notifier(ear, WATCHDOG_PID=other).alive("well", 900)
        assert ear.hear() == {"STATUS": "well"}
        notifier(ear, WATCHDOG_PID=str(os.getpid())).alive("well", 900)
        assert ear.hear()["WATCHDOG"] == "1"


def test_a_reload_is_told_with_its_instant_and_ends_in_ready(tmp_path: Path) -> None:
    with Ear(tmp_path) as ear:
        one = herald(ear)
        one.reloading(12.5)
        one.reloaded("the rules were read anew: 2 rules, 0 alerts")
        first = ear.hear()
        assert (first["RELOADING"], first["MONOTONIC_USEC"]) == ("1", "12500000")
        assert ear.hear() == {"READY": "1", "STATUS": "the rules were read anew: 2 rules, 0 alerts"}


def test_a_status_is_one_line_without_secrets_whatever_the_portal_said(tmp_path: Path) -> None:
    logs.hide("canary-in-a-status")
    with Ear(tmp_path) as ear:
        notifier(ear).status("plant\nREADY=1\x1b[2J canary-in-a-status " + "x" * 999)
        heard = ear.hear()
    assert heard.keys() == {"STATUS"}
    assert heard["STATUS"].startswith("plant READY=1 [2J (secret) xxx")
    assert len(heard["STATUS"]) == 300


@pytest.mark.parametrize("name", ["", "relative", "@", "/nobody/listens/here"])
def test_nobody_listening_is_nothing_to_worry_about(name: str) -> None:
    Notifier({"NOTIFY_SOCKET": name} if name else {}).stopping()


class Stubborn:
    """An agent whose ticks end as told; it stands where the service expects one."""

    def __init__(self, *ends: Exception) -> None:
        self._ends = iter(ends)

    def tick(self) -> TickReport:
        raise next(self._ends)


class Short:
    """A rest that is over at once and asks for the end after so many."""

    def __init__(self, rests: int) -> None:
        self._left = rests

    @property
    def stopping(self) -> bool:
        return self._left <= 0

    def rest(self, seconds: float) -> None:
        self._left -= 1


def serve(agent: Stubborn, heard: list[Ended], rests: int = 4) -> None:
    fitting: Agent = agent  # type: ignore[assignment] - only its tick is asked for
    Service(fitting, Short(rests), interval_s=60, offset_s=0, on_ended=heard.append).run()


def test_every_finished_tick_counts_a_failed_one_too_and_says_when_the_next_comes() -> None:
    heard: list[Ended] = []
    serve(Stubborn(*[TryLater("The portal is away.")] * 3), heard)
    assert [one.rest_s for one in heard] == [30.0, 60.0, 120.0]
    assert {one.words for one in heard} == {"The portal is away."}


def test_a_tick_that_does_not_finish_feeds_nothing() -> None:
    heard: list[Ended] = []
    with pytest.raises(CredentialsRefused):
        serve(Stubborn(CredentialsRefused("no")), heard)
    with pytest.raises(RuntimeError):
        serve(Stubborn(RuntimeError("a mistake of ours")), heard)
    assert heard == []
