"""A length of time needs no quotes on the command line: `--since 2 h` is `--since "2 h"`."""

import pytest

from luxagent.store.lock import FolderLock
from tests.cli.bench import Desk

RULES = "baseline: {charge_limit: 90%}\n"


def test_log_takes_how_long_ago_in_several_words(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("once")
    desk.later(hours=2)
    for words in (("3 h",), ("3", "h"), ("2", "h", "30", "min")):
        said = desk.say("log", "--since", *words, "--json")
        assert (said.code, '"confirmed"' in said.out) == (0, True)
        assert desk.say("log", "--writes", "--since", *words).out != ""
    assert desk.say("log", "--since", "1", "h").out == ""
    assert desk.say("log", "--since", "2026-06-01", "--writes").code == 0


def test_why_takes_how_long_ago_in_several_words_and_still_finds_the_setting(desk: Desk) -> None:
    desk.write(RULES)
    desk.say("once")
    desk.later(hours=2)
    quoted = desk.say("why", "charge_limit", "--at", "30 min", "--json")
    assert [row["setting"] for row in quoted.json["settings"]] == ["charge_limit"]
    for words in (("charge_limit", "--at", "30", "min"), ("--at", "30", "min", "charge_limit")):
        assert desk.say("why", *words, "--json").json == quoted.json


def test_health_takes_a_length_in_several_words(desk: Desk) -> None:
    desk.write(RULES)
    desk.state.mkdir(mode=0o700)
    (desk.state / "snapshot.json").write_text(f'{{"at": "{desk.clock.now().isoformat()}"}}')
    desk.later(minutes=6)
    with FolderLock(desk.state):
        assert desk.say("health", "--within", "5", "min").code == 1
        assert desk.say("health", "--within", "1", "h", "10", "min", "--json").code == 0


@pytest.mark.parametrize(
    "words",
    [("log", "--since"), ("log", "--since", "h"), ("log", "--since", "2", "hh"), ("why", "--at", "2", "hh"),
     ("health", "--within", "2", "hh")],
)  # fmt: skip
def test_what_is_no_length_stays_a_usage_error(desk: Desk, words: tuple[str, ...]) -> None:
    desk.write(RULES)
    assert desk.say(*words).code == 2
