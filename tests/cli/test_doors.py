"""The command line's own manners: options on either side, exit codes, streams, no traceback."""

import io
import sys
from pathlib import Path

import click
import pytest

from luxagent import __version__
from luxagent.cli import main, wiring
from luxagent.cli.common import Common, Verb
from luxagent.cli.group import VERBS, luxagent
from luxagent.errors import NeedsPerson
from tests.cli.bench import Desk, Said

GOOD = "baseline: {charge_limit: 90%}\n"


def say(capsys: pytest.CaptureFixture[str], *arguments: str, common: Common | None = None) -> Said:
    code = main.run(arguments, common or Common(environ={}))
    captured = capsys.readouterr()
    return Said(code, captured.out, captured.err)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, verb, "--help")
    assert said.code == 0
    assert f"Usage: luxagent {verb}" in said.out
    assert "--config" in said.out


def test_the_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "--help")
    assert said.code == 0
    assert all(verb in said.out for verb in VERBS)


def test_every_verb_of_the_table_takes_the_common_options() -> None:
    context = click.Context(luxagent)
    assert all(isinstance(luxagent.get_command(context, verb), Verb) for verb in VERBS)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "--version")
    assert (said.code, said.out) == (0, f"luxagent {__version__}\n")


@pytest.mark.parametrize(
    "arguments", [("nope",), ("once", "--nope"), ("portal", "--port", "x"), ("log", "--since", "soon")]
)
def test_a_wrong_word_is_usage(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, *arguments)
    assert said.code == 2
    assert said.out == ""
    assert "Error: " in said.err


@pytest.mark.parametrize("before", [True, False], ids=["before the verb", "after the verb"])
def test_the_common_options_stand_on_either_side(desk: Desk, before: bool) -> None:
    desk.write(GOOD)
    options = ("-c", str(desk.file), "--state", str(desk.folder / "other"), "-v")
    arguments = (*options, "once", "--dry-run") if before else ("once", *options, "--dry-run")
    common = Common(clock=lambda: desk.clock, environ=dict(desk.environ))
    said = say(desk.capsys, *arguments, common=common)
    assert said.code == 0, said.err
    assert (desk.folder / "other" / "ledger.db").exists()
    assert "INFO logged in" in said.err


def test_no_file_is_78_and_says_where_it_was_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = say(capsys, "once", common=Common(environ={"HOME": str(tmp_path)}))
    assert said.code == 78
    assert str(tmp_path / "rules.yaml") in said.err
    assert str(tmp_path / ".config/luxagent/rules.yaml") in said.err


def test_a_program_that_checks_no_file_hears_so_in_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = say(capsys, "check", "--json", common=Common(environ={"HOME": str(tmp_path)}))
    assert said.code == 78
    (finding,) = said.json["findings"]
    assert (finding["severity"], finding["code"]) == ("error", "unreadable")
    assert str(tmp_path / "rules.yaml") in finding["message"]


def test_a_broken_file_is_78_with_its_place_relative_to_where_one_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("tarif: {}\n")
    monkeypatch.chdir(desk.folder)
    for verb in ("once", "status", "run", "check", "log"):
        common = Common(clock=lambda: desk.clock, environ=dict(desk.environ))
        said = say(desk.capsys, verb, common=common)
        assert said.code == 78
        place, _, words = (said.err or said.out).splitlines()[0].partition(": error: ")
        assert place == "rules.yaml:7:1"
        assert words == "unknown key 'tarif' (did you mean 'tariff'?)"


def test_check_says_one_friendly_line(desk: Desk) -> None:
    desk.write(GOOD)
    said = desk.say("check")
    assert said.code == 0
    assert said.out.splitlines()[0] == (
        f"{desk.file} is good: 0 rules, 0 alerts, 1 setting managed, live: settings are written."
    )


def test_warnings_count_under_strict_alone(desk: Desk) -> None:
    desk.write("rules:\n  - {name: Top up, when: {soc: below 90%}, set: {quick_charge: 45 min}}\n")
    assert [desk.say("check").code, desk.say("check", "--strict").code] == [0, 1]


def test_check_never_touches_the_network(desk: Desk) -> None:
    desk.write(GOOD)
    desk.say("check")
    assert sum(desk.portal.requests.values()) == 0


def test_a_mistake_of_ours_is_a_sentence_and_1(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write(GOOD)

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh\x1b[31m dear")

    monkeypatch.setattr(wiring, "build", fail)
    said = desk.say("once")
    assert said.code == 1
    assert said.err == (
        "luxagent: something went wrong that should not have (ZeroDivisionError: oh [31m dear). "
        "Run again with -vv for the details.\n"
    )
    said = desk.say("once", "-vv")
    assert "Traceback" in said.err
    assert "\x1b" not in said.err


def test_the_log_holds_no_secret(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write(GOOD)

    def fail(*_: object, **__: object) -> None:
        raise NeedsPerson(f"the password is {desk.environ['LUXAGENT_PASSWORD']}")

    monkeypatch.setattr("luxagent.cli.wiring.PortalClient", fail)
    said = desk.say("-vv", "status")
    assert desk.environ["LUXAGENT_PASSWORD"] not in said.err


@pytest.mark.parametrize("verb", ["schema", "check"])
def test_an_ascii_terminal_gets_question_marks(
    verb: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("rules: [{name: Grün, when: always, set: {}}]\n")
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", out)
    assert desk.say(verb).code in (0, 78)
