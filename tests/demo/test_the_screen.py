"""The screen: it fits every terminal, and what the portal says cannot paint on it."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from rich.console import Console

from luxagent.agent.tick import TickReport
from luxagent.cli.demo import panels
from luxagent.cli.demo.clock import Pace
from luxagent.cli.demo.day import Day, open_day
from luxagent.cli.demo.screen import Screen
from luxagent.cli.demo.telling import Happening, LetGo, Sent, Withheld, Written, setting_text
from luxagent.cli.demo.view import View, battery_words, grid_words, power


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    """A few ticks of the real thing."""
    with open_day("live", 1, timedelta(minutes=8)) as opened:
        yield opened


@pytest.fixture(scope="module")
def report(day: Day) -> TickReport:
    seen: list[TickReport] = []

    class Last:
        def ticked(self, report: TickReport, happenings: object) -> None:
            seen.append(report)

    day.run(Last())
    return seen[-1]


def drawn(day: Day, report: TickReport, happenings: list[Happening], width: int, height: int) -> str:
    """The last frame, without colours."""
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, color_system=None, width=width, height=height,
        _environ={"TERM": "xterm"},
    )  # fmt: skip
    screen = Screen(day, console, Pace(1.0, lambda: 0.0), lambda: 0.0)
    with screen:
        screen.ticked(report, happenings)
        return out.getvalue().split("\x1b[H")[-1]


def happenings_of(report: TickReport, words: str) -> list[Happening]:
    at = report.moment.at
    return [
        Written(at, "ac_charge", "off", "on", words, "confirmed", 3.0, homeward=False),
        Written(at, "charge_limit", "90 %", "80 %", words, "unproven", 9.0, homeward=False, detail=words),
        Withheld(at, "ac_charge", "on", words, "the grid is down or its state is unknown"),
        LetGo(at, "ac_charge", "off"),
        Sent(at, words, f"{words} and more of it", "critical", ()),
    ]


@pytest.mark.parametrize("size", [(200, 60), (120, 40), (100, 30), (80, 24), (60, 20), (40, 12), (20, 5)])
def test_it_fits_the_terminal(day: Day, report: TickReport, size: tuple[int, int]) -> None:
    width, height = size
    frame = drawn(day, report, happenings_of(report, "Fill up"), width, height)
    lines = frame.split("\n")
    assert len(lines) <= height
    assert max(map(len, lines)) <= width


def test_it_shows_clock_house_rules_writes_and_messages(day: Day, report: TickReport) -> None:
    frame = drawn(day, report, happenings_of(report, "Fill up"), 120, 40)
    for words in (
        "Tue 13 Jan",
        "22:06",
        "dry run is off",
        "Battery   45 %",
        "Fill up on cheap power",
        "waits",
        "✔ confirmed after 3 s",
        "held: the grid is down",
        "Fill up and more of it",
        "untouched settings",
    ):
        assert words in frame


def test_markup_in_the_portals_words_is_only_text(day: Day, report: TickReport) -> None:
    frame = drawn(day, report, happenings_of(report, "[red]x[/] [/nope]"), 200, 60)
    assert "[red]x[/] [/nope] and more of it" in frame


def test_the_day_is_drawn_from_its_first_reading_on(day: Day, report: TickReport) -> None:
    frame = drawn(day, report, happenings_of(report, "Fill up"), 120, 40)
    battery = next(line for line in frame.split("\n") if "Battery" in line)
    assert "▄" in battery


def test_a_quick_charge_reads_as_its_length() -> None:
    assert setting_text("quick_charge", 7200.0) == "2 h"
    assert setting_text("quick_charge", value=True) == "on"
    assert setting_text("ac_charge_power", 4000.0) == "4 kW"
    assert setting_text("ac_charge_type", "s\x1b[31moc") == "s [31moc"


def test_unknown_is_never_zero(report: TickReport) -> None:
    nothing = View(report.moment.at)
    assert (power(None), grid_words(nothing), battery_words(nothing)) == ("unknown", "unknown", "unknown")
    assert grid_words(View(report.moment.at, grid_up=False, import_w=0.0)) == "OUTAGE"


def test_the_summary_is_drawn_too(day: Day, report: TickReport) -> None:
    out = io.StringIO()
    panels.draw_summary(Console(file=out, width=100, color_system=None), day.figures(), "The day in figures")
    assert "confirmed" in out.getvalue()
    assert "The day in figures" in out.getvalue()
