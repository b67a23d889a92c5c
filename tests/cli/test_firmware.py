"""Firmware is shown to anyone, and updated only for a person who types the serial again."""

import ast
import io
from datetime import timedelta
from pathlib import Path

import pytest

import luxagent
from luxagent.agent import ports
from luxagent.cli import upgrade
from luxagent.core.facts.needs import Need
from luxagent.portal import forms
from luxagent.portal.hand import PortalHand
from tests.cli.bench import Desk, Said

FIRST, SECOND = "52710E0417", "52710E0583"
RUN = "/WManage/web/maintain/standardUpdate/run"
INFO = "/WManage/web/maintain/remoteUpdate/info"


def update(desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, *more: str, serial: str = FIRST) -> Said:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    return desk.say("firmware", "update", serial, *more)


def started(desk: Desk) -> int:
    return desk.portal.requests[RUN]


@pytest.fixture
def offered(desk: Desk) -> Desk:
    """A file that writes, and newer firmware on offer."""
    desk.write()
    desk.portal.world.firmware.offer_next(FIRST)
    return desk


def test_versions_are_shown_and_hexadecimal(offered: Desk) -> None:
    said = offered.say("firmware")
    assert said.code == 0
    assert "garage (52710E0417): fAAB-2526, update available: app 37 to 41, parameters 38 to 42" in said.out
    said = offered.say("firmware", "--json")
    (row,) = said.json["devices"]
    assert (row["serial"], row["code"], row["app"], row["available"]) == (FIRST, "fAAB-2526", 37, True)
    assert said.json["running"] is False


def test_a_group_with_nothing_on_offer_is_current(pair_desk: Desk) -> None:
    pair_desk.write()
    out = pair_desk.say("firmware").out
    assert out.count("fAAB-2526, current") == 2
    assert "46330X0092: IAAB-1400, current" in out


def test_an_update_runs_from_the_checklist_to_its_end(offered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    began = offered.clock.now()
    said = update(offered, monkeypatch, FIRST)
    assert said.code == 0, said.out + said.err
    for name in (
        "portal allows it", "update available", "no other update", "device online", "grid there",
        "no critical operation", "battery", "time of day",
    ):  # fmt: skip
        assert f"{name}:" in said.out
    assert "WARNING  time of day" in said.out  # it is noon
    assert "is done, and 52710E0417 is back" in said.out
    assert started(offered) == 1
    lasted_s = (offered.clock.now() - began).total_seconds()
    assert 25 * 60 <= lasted_s <= 32 * 60
    polls = offered.portal.requests[INFO]
    assert lasted_s / 10 - 20 <= polls <= lasted_s / 5  # every five to ten seconds
    assert "fAAB-292A, current" in offered.say("firmware").out


def test_the_name_of_the_file_will_do_but_the_serial_must_be_typed(
    offered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert update(offered, monkeypatch, "garage", serial="garage").code == 1
    assert started(offered) == 0
    assert update(offered, monkeypatch, FIRST, serial="garage").code == 0
    assert started(offered) == 1


@pytest.mark.parametrize("typed", ["", "y", "yes", "52710e0417", "52710E0418", "52710E041"])
def test_anything_but_the_serial_starts_nothing(
    offered: Desk, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    said = update(offered, monkeypatch, typed)
    assert said.code == 1
    assert "Nothing was started." in said.out
    assert started(offered) == 0


def test_nobody_at_the_keyboard_starts_nothing(offered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert offered.say("firmware", "update", FIRST).code != 0
    assert started(offered) == 0


def test_a_dry_run_starts_nothing(offered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    offered.write(dry_run="on")
    said = update(offered, monkeypatch, FIRST)
    assert said.code == 1
    assert "dry_run" in said.err
    assert started(offered) == 0


def test_without_anything_on_offer_nobody_is_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write()
    said = update(desk, monkeypatch, FIRST)
    assert said.code == 1
    assert "FAILURE  update available: none is on offer" in said.out
    assert "Type" not in said.out
    assert started(desk) == 0


def test_a_device_that_is_away_is_not_updated(offered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    offered.portal.faults.on("lost")
    offered.later(minutes=1)
    said = update(offered, monkeypatch, FIRST)
    assert said.code == 1
    assert "FAILURE  device online" in said.out
    assert started(offered) == 0


def test_a_quick_charge_is_not_cut_off(offered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    offered.portal.house.quick.start(FIRST, offered.clock.now(), 60)
    said = update(offered, monkeypatch, FIRST)
    assert said.code == 1
    assert "FAILURE  no critical operation: a quick charge runs" in said.out
    assert started(offered) == 0


def test_two_updates_never_run_at_once(pair_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pair_desk.write()
    firmware = pair_desk.portal.world.firmware
    firmware.offer_next(FIRST)
    firmware.offer_next(SECOND)
    firmware.begin(SECOND, pair_desk.clock.now())
    said = update(pair_desk, monkeypatch, FIRST)
    assert said.code == 1
    assert "FAILURE  portal allows it: parallelGroupUpdating" in said.out
    assert f"FAILURE  no other update: one runs: {SECOND}" in said.out
    assert started(pair_desk) == 0


def test_what_the_portal_does_not_allow_any_more_when_the_serial_is_typed_is_not_started(
    pair_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair_desk.write()
    firmware = pair_desk.portal.world.firmware
    firmware.offer_next(FIRST)
    firmware.offer_next(SECOND)

    class Slow(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            firmware.begin(SECOND, pair_desk.clock.now())  # while the person reads
            return super().readline(-1 if size is None else size)

    monkeypatch.setattr("sys.stdin", Slow(f"{FIRST}\n"))
    said = pair_desk.say("firmware", "update", FIRST)
    assert said.code == 1, said.out
    assert "does not allow it any more: parallelGroupUpdating" in said.err
    assert started(pair_desk) == 0


def test_an_unknown_device_is_named_with_those_there_are(
    offered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = update(offered, monkeypatch, "X", serial="0000000000")
    assert said.code == 1
    assert FIRST in said.err


def test_no_serial_and_a_wrong_word_are_mistakes_of_use(offered: Desk) -> None:
    assert offered.say("firmware", "update").code == 2
    assert offered.say("firmware", "install", FIRST).code == 2
    assert offered.say("firmware", "update", FIRST, "--json").code == 2


def test_no_option_answers_for_a_person(offered: Desk) -> None:
    text = offered.say("firmware", "--help").out
    for word in ("--yes", "--force", "-y", "--no-confirm", "--unattended"):
        assert word not in text


def test_nothing_but_the_verb_can_reach_the_start_of_an_update() -> None:
    """No rule, no alert, no daemon, no other verb: one call in one function of one verb."""
    root = Path(luxagent.__file__).parent
    callers = set()
    for file in root.rglob("*.py"):
        if file.is_relative_to(root / "sim"):
            continue
        text = file.read_text(encoding="utf-8")
        assert "/maintain/standardUpdate/run" not in text or file == root / "portal" / "forms.py"
        for node in ast.walk(ast.parse(text)):
            name = getattr(node, "attr", getattr(node, "id", None))
            if name == "firmware_start":
                callers.add(str(file.relative_to(root)))
    assert callers == {"cli/verbs/firmware.py", "portal/client.py"}
    assert forms.firmware_start("1", FIRST, fast=False).control
    assert not any(
        "firmware" in name for name in (*dir(ports.Hand), *dir(PortalHand)) if not name.startswith("__")
    )
    assert {need.value for need in Need if "firmware" in need.value} == {"firmware"}  # which only looks
    verb = (root / "cli" / "verbs" / "firmware.py").read_text(encoding="utf-8")
    assert verb.index("click.prompt") < verb.index("firmware_start(")
    importers = [f for f in root.rglob("*.py") if "luxagent.cli.upgrade" in f.read_text(encoding="utf-8")]
    assert [f.name for f in importers] == ["firmware.py"]


def test_the_pace_is_the_documents() -> None:
    assert 5 <= upgrade.ACTIVE_S <= 10
    assert timedelta(seconds=upgrade.IDLE_S) == timedelta(minutes=1)
