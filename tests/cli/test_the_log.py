"""What is said on stderr: clean, countable, silent when nothing happens."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from luxagent.cli import logs
from luxagent.cli.calm import KINDS_KEPT, WINDOW_S, Calm
from tests.cli.bench import Desk


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    logs.start(logs.QUIET, 0)


def record(text: str, at: float, level: int = logging.WARNING) -> logging.LogRecord:
    made = logging.LogRecord("luxagent", level, "", 0, text, (), None)
    made.created = at
    return made


def said(calm: Calm, *records: logging.LogRecord) -> list[str]:
    return [one.getMessage() for one in records if calm.filter(one)]


def test_an_hour_of_trouble_every_second_is_a_few_lines_of_each_kind() -> None:
    calm = Calm()
    flood = [
        record(f"{what} failed ({second} in a row): HTTP 50{second % 10}", float(second))
        for second in range(3600)
        for what in ("tick", "login", "message")
    ]
    assert len(said(calm, *flood)) == 3 * 5


def test_what_was_kept_back_is_counted_when_the_hour_is_over() -> None:
    calm = Calm()
    said(calm, *(record("the portal is away", float(second)) for second in range(100)))
    assert said(calm, record("the portal is away", WINDOW_S)) == [
        "the portal is away (and 95 more like it before)"
    ]
    assert said(calm, record("the portal is away", WINDOW_S + 1)) == ["the portal is away"]


def test_a_clock_set_back_begins_a_new_hour() -> None:
    calm = Calm()
    said(calm, *(record("away", 1e9 + second) for second in range(10)))
    assert said(calm, record("away", 0.0)) == ["away (and 5 more like it before)"]


def test_other_words_are_another_kind_and_debug_is_never_kept_back() -> None:
    calm = Calm()
    many = [record("x", 0.0, logging.DEBUG)] * 50 + [record(f"kind {'a' * n}", 0.0) for n in range(50)]
    assert len(said(calm, *many)) == 100
    said(calm, *(record("b" * n, 0.0) for n in range(2 * KINDS_KEPT)))
    assert len(calm._kinds) == KINDS_KEPT


def test_json_is_one_object_a_line_with_a_trace_within(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(logs.TALKATIVE, 0, as_json=True)
    logs.hide("canary-in-json")
    log = logging.getLogger("luxagent.agent")
    log.info("took %s\nand \x1b[2Jmore canary-in-json", "a")
    try:
        int("canary-in-json")
    except ValueError:
        log.exception("failed")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first | {"at": ""} == {
        "at": "", "level": "info", "logger": "luxagent.agent", "message": "took a and [2Jmore (secret)",
    }  # fmt: skip
    assert datetime.fromisoformat(first["at"]).tzinfo == UTC
    assert second["trace"].startswith("Traceback")
    assert "canary" not in second["trace"]


def test_the_format_can_be_chosen_before_and_after_the_verb(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    for arguments in (("--log-format", "json", "once", "-v"), ("once", "-v", "--log-format", "json")):
        lines = desk.say(*arguments).err.splitlines()
        assert {"logging in" in json.loads(line)["message"] for line in lines} >= {True}
    assert desk.say("once", "--log-format", "xml").code == 2
