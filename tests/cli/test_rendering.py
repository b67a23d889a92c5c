"""What people see: safe, plain where it is piped, and never wrong about what is unknown."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luxagent.cli.instants import dated_or_ago
from luxagent.cli.render.remains import NOTHING, remains
from luxagent.cli.render.status_table import draw
from luxagent.cli.render.text import one_line, printable
from luxagent.cli.render.values import Json, fact_json, number_json, setting_json
from luxagent.cli.render.words import fact_text, setting_text
from luxagent.core.events import Noted
from luxagent.store.ledger import SqliteLedger
from tests.cli.bench import NOON, ZONE, Desk, golden

EVIL = "\x1b]0;gotcha\x07\x1b[2Jhouse\u202e[red]evil[/red]\r\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(status: Json, out: io.StringIO | None = None, **environ: str) -> str:
    out = out or io.StringIO()
    draw(status, NOON + timedelta(minutes=5), ZONE, None, out, environ)
    return out.getvalue()


@pytest.fixture
def status() -> Iterator[Json]:
    yield golden("status.json")


def test_text_from_outside_cannot_move_the_cursor() -> None:
    assert one_line(EVIL) == "]0;gotcha [2Jhouse [red]evil[/red]"
    assert printable("Grün 5 °C", keep="\n") == "Grün 5 °C"
    assert printable("a\nb", keep="\n") == "a\nb"


def test_the_status_of_an_evil_portal_is_drawn_as_it_is_spelled(status: Json) -> None:
    device = status["devices"][0]
    device["name"] = device["model"] = status["portal"]["wire"] = EVIL
    device["reading"]["status"] = [EVIL]
    status["alerts"][0]["message"] = status["owned"][0]["rule"] = EVIL
    status["errors"] = [EVIL]
    text = drawn(status)
    assert "[red]evil[/red]" in text
    assert not [c for c in text if not c.isprintable() and c != "\n"]


def test_piped_it_is_plain_and_on_a_terminal_it_has_colour(
    status: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in drawn(status)
    assert "\x1b[" in drawn(status, Terminal())
    assert "\x1b[32m" not in drawn(status, Terminal(), NO_COLOR="1")


def test_the_status_says_what_matters(status: Json) -> None:
    text = drawn(status)
    assert "garage (52710E0417)" in text
    assert "2026-06-01 12:04:59, 1 s ago, asked just now" in text
    assert "3 kW  by Full sun" in text
    assert "warning firing  Cells: Willow Lane, garage: Battery_ID_02: 11 mV" in text
    assert "ac_charge_power stays 3 kW until someone changes it (it was 5 kW before 'Full sun'" in text


def test_what_is_unknown_is_a_question_mark_never_a_zero(status: Json) -> None:
    for reading in (status["units"][0]["reading"], status["devices"][0]["reading"]):
        reading.update(dict.fromkeys(reading))
    text = drawn(status)
    assert "Battery ?" in text
    assert "House ?" in text
    assert "Grid ?" in text


def test_an_alert_of_the_whole_plant_without_words_is_told_by_its_name_alone(status: Json) -> None:
    status["alerts"] = [
        {"name": "grid lost", "device": None, "severity": "critical", "state": "pending", "message": ""}
    ]
    assert "critical pending  grid lost\n" in drawn(status)


def test_a_plant_that_owns_nothing_says_so(status: Json) -> None:
    status["owned"] = status["remains"] = []
    assert remains(status) == [NOTHING]


def test_the_snapshot_of_an_agent_that_tells_no_remains_is_not_taken_for_nothing(status: Json) -> None:
    del status["remains"]
    assert "restart it to see what would remain" in drawn(status)


def test_values_in_json() -> None:
    assert fact_json("status", frozenset({"normal", "charging"})) == ["charging", "normal"]
    assert [fact_json("online", word) for word in ("yes", "no", None)] == [True, False, None]
    assert fact_json("firmware", frozenset({"current", "update available"})) == "update available"
    assert [setting_json("quick_charge", value) for value in (2700.0, False, True, None)] == [
        True, False, True, None,
    ]  # fmt: skip
    assert setting_json("ac_charge_windows", ("23:30-05:30",)) == ["23:30-05:30"]
    assert number_json(float("nan")) is None
    assert number_json(0.1 + 0.2) == 0.3


def test_values_in_words() -> None:
    assert fact_text("battery_power_w", -2131.0) == "-2.13 kW"
    assert fact_text("cell_delta_mv", None) == "?"
    assert fact_text("faults", []) == "none"
    assert setting_text("ac_charge", value=True) == "on"
    assert setting_text("ac_charge_power", 4000.0) == "4 kW"
    assert setting_text("raw:HOLD_X", "90") == "90"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2 h", NOON - timedelta(hours=2)),
        ("1 day", NOON - timedelta(days=1)),
        ("2026-05-31", datetime(2026, 5, 31, 7, tzinfo=UTC)),
        ("2026-06-01T09:00", datetime(2026, 6, 1, 16, tzinfo=UTC)),
        ("2026-06-01T09:00Z", datetime(2026, 6, 1, 9, tzinfo=UTC)),
    ],
)
def test_since_is_a_length_of_time_or_a_date_of_the_site(written: str, expected: datetime) -> None:
    assert dated_or_ago(written, NOON, ZoneInfo("America/Phoenix"), "--since") == expected


def test_the_log_can_be_narrowed(desk: Desk) -> None:
    desk.write(
        "baseline: {charge_limit: 90%}\nalerts:\n  - {name: Low, when: {soc: below 99%}, severity: info}\n"
    )
    desk.say("once")
    assert {line.split()[2] for line in desk.say("log", "--writes").out.splitlines()} == {"write"}
    assert {line.split()[2] for line in desk.say("log", "--alerts").out.splitlines()} == {"alert"}
    desk.later(hours=3)
    said = desk.say("log", "--since", "1 h")
    assert (said.code, said.out) == (0, "")
    assert "Nothing of that kind" in said.err


def test_a_log_before_the_first_tick_is_empty_and_makes_nothing(desk: Desk) -> None:
    desk.write()
    assert desk.say("log").code == 0
    assert not desk.state.exists()


def test_the_log_is_oldest_first_where_a_tick_first_finds_out_what_became_of_a_write(desk: Desk) -> None:
    desk.write("baseline: {charge_limit: 90%}\n")
    with SqliteLedger(desk.state, NOON) as ledger:
        ledger.append(
            [
                Noted(NOON, "first", ""),
                Noted(NOON + timedelta(seconds=2), "third", ""),
                Noted(NOON + timedelta(seconds=1), "second", ""),
            ]
        )
    at = [json.loads(row)["at"] for row in desk.say("log", "--json").out.splitlines()]
    assert len(at) == 3
    assert at == sorted(at)
