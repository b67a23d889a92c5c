"""A window between a clock time and the sun that some days are too long for is told, with those days."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luxagent.config.times import window
from luxagent.core.policy.conditions import Not, TimeIn
from luxagent.core.policy.lint import Remark, Sort, lint
from luxagent.core.policy.rules import Ruleset, Site
from luxagent.core.values.days import EVERY_DAY, Days
from luxagent.core.values.moment import Calendar
from luxagent.core.values.sun import Place
from luxagent.core.values.windows import opened
from tests.core.builders import rule

LONDON = Site(ZoneInfo("Europe/London"), Place(51.5, -0.12))
LOS_ANGELES = Site(ZoneInfo("America/Los_Angeles"), Place(34.05, -118.24))
TROMSO = Site(ZoneInfo("Europe/Oslo"), Place(69.65, 18.96))
SUMMER = Days(months=frozenset({6, 7}))


def told(written: str, site: Site = LONDON, days: Days = EVERY_DAY) -> list[Remark]:
    asked = TimeIn((window(written),), days)
    found = lint(Ruleset(site, (rule("A", asked, eps=True),)), keeps_on_stop=True)
    return [remark for remark in found if remark.sort is Sort.TOO_LONG]


def happens(written: str, site: Site, day: date) -> bool:
    """Whether the window that begins on a day holds at any of its minutes."""
    calendar, start = (
        Calendar(site.zone, site.place),
        datetime(day.year, day.month, day.day, tzinfo=site.zone),
    )
    instants = (start.astimezone(UTC) + timedelta(minutes=minute) for minute in range(0, 2880, 5))
    return any(opened(window(written), calendar.moment(at)) == day for at in instants)


@pytest.mark.parametrize(
    ("written", "site"),
    [("12:00 to sunrise", LONDON), ("sunset to 11:00", LOS_ANGELES), ("sunset to 12:00", LONDON)],
)
def test_the_days_that_are_told_are_those_on_which_it_does_not_happen(written: str, site: Site) -> None:
    (remark,) = told(written, site)
    edges = re.findall(r"from about (\d\d)-(\d\d) to (\d\d)-(\d\d)", remark.message)
    assert edges
    for first_month, first_day, last_month, last_day in (map(int, edge) for edge in edges):
        first, last = date(2026, first_month, first_day), date(2026, last_month, last_day)
        away = timedelta(10)  # next year's change of clocks is up to a week away
        assert not happens(written, site, first + timedelta(1))
        assert not happens(written, site, last - away)
        assert happens(written, site, first - away) or (first - away).month == 3
        assert happens(written, site, last + away) or (last + away).month == 3


@pytest.mark.parametrize(
    "written",
    ["sunset to 21:00", "sunrise to 12:00", "22:00 to sunrise", "06:00 to sunrise", "sunset to sunrise"],
)
def test_a_window_that_is_meant_for_one_day_or_is_always_short_enough_is_not_told(written: str) -> None:
    assert told(written) == []


def test_days_on_which_it_is_not_asked_for_do_not_count() -> None:
    assert told("12:00 to sunrise", days=SUMMER) == []
    (remark,) = told("12:00 to sunrise", days=Days(months=frozenset({12})))
    assert remark.message.startswith("12:00 to sunrise never happens: ")
    assert remark.hint.endswith("with the days after for the second")


def test_a_day_without_a_sunrise_is_not_called_too_long() -> None:
    (remark,) = told("16:00 to sunrise", TROMSO)
    assert "from about 11-2" not in remark.message


def test_a_window_under_a_not_is_told_too_and_each_only_once() -> None:
    asked = Not(TimeIn((window("12:00 to sunrise"), window("12:00 to sunrise"), window("10:00 to dawn"))))
    found = lint(Ruleset(LONDON, (rule("A", asked, eps=True),)), keeps_on_stop=True)
    assert [remark.message.split(" ", 3)[2] for remark in found if remark.sort is Sort.TOO_LONG] == [
        "sunrise",
        "dawn",
    ]


def test_a_place_that_is_far_from_its_clocks_is_told_alone() -> None:
    elsewhere = Site(LOS_ANGELES.zone, Place(34.05, 118.24))
    assert told("22:00 to sunrise", elsewhere) == []
