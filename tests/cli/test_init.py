"""`luxagent init`: the first rules.yaml of an owner, asked for or scripted."""

import re
import stat
from dataclasses import replace
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from luxagent.cli.common import Common
from luxagent.cli.group import luxagent
from luxagent.cli.starter import Answers, Seen, starter
from luxagent.cli.starter_look import look_around
from luxagent.config import load
from luxagent.config.load import Config, Level
from luxagent.sim.server import WireName
from luxagent.store.folder import replace_text
from tests.cli.bench import PASSWORD, Desk, StillClock, new_portal

USUAL = ("--username", "owner", "--timezone", "America/Phoenix")
TARIFF = (
    *("--price", "0.13", "--peak-time", "16:00 to 21:00", "--peak-price", "0.31"),
    *("--cheap-time", "23:30 to 05:30", "--cheap-price", "0.07", "--export-price", "0.02"),
)


def findings(desk: Desk) -> list[str]:
    return [str(one) for one in load.check(desk.file, environ=desk.environ)]


def config(desk: Desk) -> Config:
    return load.load(desk.file, environ=desk.environ, resolve_secrets=True)


def logins(desk: Desk) -> int:
    return sum(count for path, count in desk.portal.requests.items() if path.endswith("/login"))


def config_without_secrets(desk: Desk) -> Config:
    return load.load(desk.file, environ={}, resolve_secrets=False)


def test_a_zone_that_the_portal_contradicts_is_told_once_the_file_is_written(desk: Desk) -> None:
    usual = ("--username", "owner", "--timezone", "Europe/Berlin")
    said = desk.say("init", "--yes", "--url", desk.portal.url, *usual)
    assert said.code == 0
    assert "the file's zone is at UTC+02:00. Correct `timezone` in the file" in said.out
    said = desk.say("init", "--yes", "--force", "--url", desk.portal.url, *USUAL)
    assert "the file's zone" not in said.out


def test_a_password_of_the_environment_goes_into_a_credential_file_where_one_is_asked_for(desk: Desk) -> None:
    kept = desk.folder / "credentials" / "LUXAGENT_PASSWORD"
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL)
    assert (said.code, kept.exists()) == (0, False)
    usual = ("--yes", "--force", "--url", desk.portal.url, *USUAL, "--keep-password", "credential")
    said = desk.say("init", *usual)
    assert (said.code, f"The password is in {kept}" in said.out) == (0, True)
    assert kept.read_text() == PASSWORD + "\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert PASSWORD not in said.out


def test_a_scripted_init_logs_in_fills_the_baseline_and_passes_check(desk: Desk) -> None:
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL, *TARIFF)
    assert (said.code, said.err) == (0, "")
    assert findings(desk) == []
    made = config(desk)
    assert made.ruleset.dry_run
    assert [rule.name for rule in made.ruleset.rules] == [
        "Buy nothing for the battery in the peak",
        "Fill up on cheap power",
    ]
    assert made.ruleset.baseline["charge_limit"] == 100.0
    assert made.ruleset.baseline["discharge_floor"] == 20.0
    assert made.ruleset.baseline["ac_charge_type"] == "time"
    assert made.ruleset.baseline["ac_charge_windows"] == ("23:30-05:30",)
    assert made.ruleset.tariff is not None
    assert [period.import_price for period in made.ruleset.tariff.periods] == [0.31, 0.07, 0.13]
    assert desk.portal.asked == []


def test_what_an_inverter_has_beyond_what_a_file_may_say_is_not_put_into_it(desk: Desk) -> None:
    serial = next(iter(desk.portal.house.inverters))
    desk.portal.by_another_hand(serial, "HOLD_AC_CHARGE_SOC_LIMIT", 101)
    desk.portal.by_another_hand(serial, "HOLD_AC_CHARGE_START_BATTERY_SOC", 95)
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL)
    assert (said.code, findings(desk)) == (0, [])
    assert "# ac_charge_limit: 101%   # more than a file may say" in desk.file.read_text()


def test_a_comment_stands_apart_from_what_it_is_about(desk: Desk) -> None:
    desk.say("init", "--yes", "--url", desk.portal.url, *USUAL, *TARIFF)
    assert "ac_charge_windows: [" in desk.file.read_text()
    assert [line for line in desk.file.read_text().splitlines() if re.search(r"[^\s#]#", line)] == []


def test_only_the_owner_can_read_the_file_and_the_password_is_not_in_it(desk: Desk) -> None:
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL)
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600
    assert PASSWORD not in desk.file.read_text() + said.out + said.err


def test_under_etc_the_service_can_read_the_file_and_its_owner_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luxagent.store.place.SYSTEM_FILES", desk.folder)
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL)
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o644
    assert "Others can read it" in said.out
    assert (said.code, findings(desk)) == (0, [])


def test_the_agent_runs_on_what_init_wrote(desk: Desk) -> None:
    desk.say("init", "--yes", "--url", desk.portal.url, *USUAL, *TARIFF)
    assert desk.say("check", "--strict").code == 0
    assert "Fill up on cheap power" in desk.say("plan").out
    assert desk.say("once").code == 0


def test_a_file_that_is_there_stays_unless_it_is_said(desk: Desk) -> None:
    desk.write()
    before = desk.file.read_text()
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL)
    assert said.code == 1
    assert "is there already; --force writes over it" in said.err
    assert desk.file.read_text() == before
    assert desk.say("init", "--yes", "--force", "--url", desk.portal.url, *USUAL).code == 0
    assert desk.file.read_text() != before


def test_a_refused_login_writes_nothing(desk: Desk) -> None:
    desk.environ["LUXAGENT_PASSWORD"] = "wrong"
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL)
    assert said.code == 77
    assert "--no-login writes the file without" in said.err
    assert not desk.file.exists()


def test_without_a_login_the_file_is_a_skeleton_that_passes_check_too(desk: Desk) -> None:
    desk.portal.stop()
    said = desk.say("init", "--yes", "--no-login", "--region", "eu", *USUAL, *TARIFF)
    assert said.code == 0
    assert "`baseline` is yours to fill in" in said.out
    assert findings(desk) == []
    assert config(desk).portal.region == "eu"


@pytest.mark.parametrize("wire", ["live", "document"])
@pytest.mark.parametrize("tariff", [(), TARIFF, TARIFF[:2], TARIFF[:6], (*TARIFF[:2], *TARIFF[6:])])
def test_whatever_is_answered_check_finds_no_error(
    tmp_path: Path,
    clock: StillClock,
    capsys: pytest.CaptureFixture[str],
    wire: WireName,
    tariff: tuple[str, ...],
) -> None:
    with new_portal(clock, pair=True, wire=wire) as portal:
        desk = Desk(tmp_path, portal, clock, capsys)
        said = desk.say(
            "init",
            "--yes",
            "--url",
            portal.url,
            *USUAL,
            "--latitude",
            "33.45",
            "--longitude",
            "-112.07",
            *tariff,
        )
        assert (said.code, said.err) == (0, "")
        errors = [one for one in load.check(desk.file, environ=desk.environ) if one.severity is Level.ERROR]
        assert errors == []
        assert config(desk).ruleset.site.place is not None


PEAKS = (
    None, ("16:00 to 21:00", 0.31), ("16:00-21:00", 0.13), ("06:00 to 23:00", 0.3),
    ("00:00 to 24:00", 0.3), ("20:00 to 02:00", 0.3), ("sunrise to sunset", 0.3),
)  # fmt: skip
CHEAPS = (
    None, ("23:30 to 05:30", 0.07), ("11:00 to 15:00", 0.05), ("17:00 to 18:00", -0.02),
    ("00:00 to 24:00", 0.05), ("20:00 to 22:00", 0.05), ("sunrise + 2 h to sunset - 2 h", 0.05),
)  # fmt: skip


@pytest.mark.parametrize("pair", [True, False])
@pytest.mark.parametrize("wire", ["live", "document"])
def test_no_combination_of_answers_makes_a_file_that_its_own_check_warns_of(
    tmp_path: Path, clock: StillClock, wire: WireName, pair: bool
) -> None:
    file, environ = tmp_path / "rules.yaml", {"LUXAGENT_PASSWORD": PASSWORD}
    with new_portal(clock, pair=pair, wire=wire) as portal:
        plain = Answers("eg4-us", portal.url, "owner", "America/Phoenix", 33.45, -112.07)
        seen = look_around(plain, environ, clock, lambda _: "")
    assert seen.inverters
    for asked_portal, price, peak, cheap in product((Seen(), seen), (None, 0.13), PEAKS, CHEAPS):
        if (price is None and (peak or cheap)) or (peak and cheap and peak[0] == cheap[0]):
            continue  # `init` asks again
        found = replace(
            plain, price=price,
            peak_time=peak and peak[0], peak_price=peak[1] if peak else 0.0,
            cheap_time=cheap and cheap[0], cheap_price=cheap[1] if cheap else 0.0,
        )  # fmt: skip
        replace_text(file, starter(found, asked_portal))
        told = [one for one in load.check(file, environ=environ) if one.severity is not Level.INFO]
        assert told == [], (peak, cheap)


def test_a_cheap_price_that_is_not_cheap_and_hours_that_are_dear_are_asked_for_again(desk: Desk) -> None:
    answers = [
        "owner", "America/Phoenix", "", "0.13", "sunrise to sunset", "16:00 to 21:00", "0.10", "0.31",
        "16:00-21:00", "23:30 to 05:30", "", "0.13", "0.2", "0.07", "0.02", "", "y",
    ]  # fmt: skip
    code, out = asked(desk, "\n".join(answers) + "\n", "--url", desk.portal.url)
    assert code == 0, out
    assert "give latitude and longitude, or clock times" in out
    assert "0.1 is below the price by day, 0.13" in out
    assert "those are the dear hours already" in out
    assert "0.13 is not below the price by day, 0.13" in out
    assert "0.2 is not below the price by day, 0.13" in out
    tariff = config(desk).ruleset.tariff
    assert tariff is not None
    assert [period.import_price for period in tariff.periods] == [0.31, 0.07, 0.13]
    assert findings(desk) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--cheap-time", "23:30 to 05:30", "--cheap-price", "0.2"), "0.2 is not below the price by day"),
        (("--cheap-time", "23:30 to 05:30"), "--cheap-time without --cheap-price"),
        (("--peak-time", "16:00 to 21:00", "--peak-price", "0.1"), "0.1 is below the price by day"),
        (("--peak-time", "sunset to 23:00", "--peak-price", "0.3"), "latitude and longitude"),
    ],
)
def test_options_are_held_to_the_same(desk: Desk, options: tuple[str, ...], words: str) -> None:
    said = desk.say("init", "--yes", "--no-login", "--region", "eu", *USUAL, "--price", "0.13", *options)
    assert said.code == 2
    assert words in said.err
    assert not desk.file.exists()


def test_odd_names_are_quoted(desk: Desk) -> None:
    said = desk.say(
        "init", "--yes", "--no-login", "--username", 'a"b: ${X} #', "--timezone", "Europe/London",
        "--price", "1", "--currency", "£",
    )  # fmt: skip
    assert said.code == 0
    assert config(desk).portal.username == 'a"b: ${X} #'


def asked(desk: Desk, answers: str, *arguments: str) -> tuple[int, str]:
    """Run it with a person's answers at stdin."""
    common = Common(config=desk.file, state=desk.state, clock=lambda: desk.clock, environ=dict(desk.environ))
    found = CliRunner().invoke(luxagent, ["init", *arguments], input=answers, obj=common)
    return found.exit_code, found.output


def test_a_person_is_asked_and_a_wrong_answer_is_asked_again(desk: Desk) -> None:
    del desk.environ["LUXAGENT_PASSWORD"]
    answers = [
        "owner", PASSWORD, "PST", "America/Phonix", "America/Phoenix", "33.45, -112.07", "0.13",
        "16:00 to 16:00", "16:00 to 21:00", "0.31", "", "0.02", "", "y", "credential",
    ]  # fmt: skip
    code, out = asked(desk, "\n".join(answers) + "\n", "--url", desk.portal.url)
    assert code == 0, out
    assert "did you mean 'America/Los_Angeles'" in out
    assert "did you mean 'America/Phoenix'" in out
    assert "begins and ends at the same moment" in out
    assert PASSWORD not in out + desk.file.read_text()
    kept = desk.folder / "credentials" / "LUXAGENT_PASSWORD"
    assert kept.read_text() == PASSWORD + "\n"
    assert (stat.S_IMODE(kept.stat().st_mode), stat.S_IMODE(kept.parent.stat().st_mode)) == (0o600, 0o700)
    desk.environ["CREDENTIALS_DIRECTORY"] = str(kept.parent)
    assert findings(desk) == []
    assert config(desk).ruleset.site.place is not None


def test_saying_no_leaves_the_file_that_is_there(desk: Desk) -> None:
    desk.write()
    before = desk.file.read_text()
    code, out = asked(desk, "n\n")
    assert "Write over it?" in out
    assert code != 0
    assert desk.file.read_text() == before


WITHOUT_A_TARIFF = ["America/Phoenix", "", "0", "y"]
"""The last: to log in."""


def test_a_mistyped_password_is_asked_for_again_and_no_answer_is_lost(desk: Desk) -> None:
    del desk.environ["LUXAGENT_PASSWORD"]
    answers = ["owner", "wrong", *WITHOUT_A_TARIFF, PASSWORD, "credential"]
    code, out = asked(desk, "\n".join(answers) + "\n", "--url", desk.portal.url)
    assert code == 0, out
    assert "a dry run with what the inverter is set to now" in out
    assert (desk.folder / "credentials" / "LUXAGENT_PASSWORD").read_text() == PASSWORD + "\n"


def test_a_refused_password_is_sent_once_and_the_file_can_be_had_without_a_login(desk: Desk) -> None:
    del desk.environ["LUXAGENT_PASSWORD"]
    answers = ["owner", "wrong", *WITHOUT_A_TARIFF, "wrong", "y", "credential"]
    code, out = asked(desk, "\n".join(answers) + "\n", "--url", desk.portal.url)
    assert code == 0, out
    assert logins(desk) == 1
    assert config_without_secrets(desk).portal.username == "owner"
    assert not (desk.folder / "credentials").exists()
    assert "Put the password into" in out


@pytest.mark.parametrize("from_environ", [True, False])
def test_who_wants_no_file_without_a_login_is_told_that_nothing_was_written(
    desk: Desk, from_environ: bool
) -> None:
    del desk.environ["LUXAGENT_PASSWORD"]
    if from_environ:
        desk.environ["LUXAGENT_PASSWORD"] = "wrong"
    tries = [] if from_environ else ["wrong"]
    answers = ["owner", *tries, *WITHOUT_A_TARIFF, *(["other", "third"] if tries else []), "n"]
    code, out = asked(desk, "\n".join(answers) + "\n", "--url", desk.portal.url)
    assert code != 0
    assert "Nothing was written" in out
    assert not desk.file.exists()
    assert logins(desk) == (1 if from_environ else 3)


def test_a_portal_that_is_away_costs_no_answer_either(desk: Desk) -> None:
    url = desk.portal.url
    desk.portal.stop()
    code, out = asked(desk, "\n".join(["owner", *WITHOUT_A_TARIFF, "y"]) + "\n", "--url", url)
    assert code == 0, out
    assert "`baseline` is yours to fill in" in out
    assert findings(desk) == []


def test_a_folder_that_is_missing_is_told_before_anything_is_asked(desk: Desk) -> None:
    desk.folder = desk.folder / "nowhere"
    code, out = asked(desk, "")
    assert (code, out) == (1, "")
    said = desk.say("init")
    assert (said.code, said.out) == (1, "")
    assert f"mkdir -p {desk.folder}" in said.err


def test_piped_answers_are_read_plainly_with_no_word_about_passwords_and_terminals(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    del desk.environ["LUXAGENT_PASSWORD"]
    lines = ["owner", "", PASSWORD, *WITHOUT_A_TARIFF, "credential"]  # a line without a password is not one
    monkeypatch.setattr("sys.stdin", StringIO("\n".join(lines) + "\n"))
    said = desk.say("init", "--url", desk.portal.url)
    assert (said.code, said.err) == (0, "")
    assert (desk.folder / "credentials" / "LUXAGENT_PASSWORD").read_text() == PASSWORD + "\n"


@pytest.mark.parametrize("count", range(7))
def test_answers_that_end_too_early_are_a_sentence_and_write_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    del desk.environ["LUXAGENT_PASSWORD"]
    lines = ["owner", PASSWORD, *WITHOUT_A_TARIFF, "credential"][:count]
    monkeypatch.setattr("sys.stdin", StringIO("".join(f"{line}\n" for line in lines)))
    said = desk.say("init", "--url", desk.portal.url)
    assert said.code == 1
    assert said.err.startswith("luxagent: The answers ended before the questions did")
    assert [path.name for path in desk.folder.iterdir()] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--timezone", "Mars/Olympus"), ("--peak-time", "soon"), ("--url", "http://example.com"),
        ("--latitude", "91"), ("--yes", "--timezone", "Europe/London"),
        ("--latitude", "nan"), ("--price", "nan"), ("--peak-price", "inf"), ("--username", ""),
        ("--username", "own\udcffer"), ("--currency", " "),
    ],
)  # fmt: skip
def test_a_wrong_option_is_usage(desk: Desk, arguments: tuple[str, ...]) -> None:
    said = desk.say("init", *arguments)
    assert said.code == 2
    assert not desk.file.exists()


def test_a_plant_that_the_account_has_not_is_told_also_where_it_has_only_one(desk: Desk) -> None:
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL, "--plant", "Beach House")
    assert said.code != 0
    assert "no plant Beach House; it has: Willow Lane" in said.err
    assert not desk.file.exists()
    said = desk.say("init", "--yes", "--url", desk.portal.url, *USUAL, "--plant", "Willow Lane")
    assert said.code == 0
    assert findings(desk) == []


def test_hours_without_a_price_are_not_dropped_unsaid(desk: Desk) -> None:
    said = desk.say("init", "--yes", "--no-login", "--region", "eu", *USUAL, "--cheap-time", "23:30-05:30")
    assert said.code == 2
    assert "--cheap-time without --price" in said.err
    assert not desk.file.exists()
