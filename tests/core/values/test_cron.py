"""Cron windows over clock changes. The expected firings are those of the table in the manual."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.values.cron import CronWindow, is_valid

LA, LONDON, LORD_HOWE = (
    ZoneInfo(name) for name in ("America/Los_Angeles", "Europe/London", "Australia/Lord_Howe")
)
PHOENIX = ZoneInfo("America/Phoenix")


def firings(at: str, zone: ZoneInfo, day: tuple[int, int, int], hours: int = 30) -> list[str]:
    """Every firing of a local day as local times with their offset, found by walking minute by minute."""
    window = CronWindow(at, 60, zone)
    start = datetime(*day, tzinfo=zone).astimezone(UTC)
    found = []
    for minute in range(hours * 60):
        now = start + timedelta(minutes=minute)
        local = now.astimezone(zone)
        if local.date() == start.astimezone(zone).date() and window.inside(now):
            found.append(local.strftime("%H:%M%z"))
    return found


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        (LA, (2026, 3, 8), "30 2 * * *", ["03:00-0700"]),  # 02:30 does not exist
        (LA, (2026, 11, 1), "30 1 * * *", ["01:30-0700"]),  # 01:30 exists twice
        (LA, (2026, 11, 1), "30 2 * * *", ["02:30-0800"]),  # ordinary
        (LONDON, (2026, 3, 29), "30 1 * * *", ["02:00+0100"]),
        (LONDON, (2026, 10, 25), "30 1 * * *", ["01:30+0100"]),
        (LORD_HOWE, (2026, 10, 4), "15 2 * * *", ["02:30+1100"]),  # a gap of half an hour
        (LORD_HOWE, (2026, 4, 5), "45 1 * * *", ["01:45+1100"]),  # a repeated half hour
        (PHOENIX, (2026, 3, 8), "30 2 * * *", ["02:30-0700"]),  # no clock change at all
    ],
)
def test_fires_once_whatever_the_clocks_do(
    zone: ZoneInfo, day: tuple[int, int, int], at: str, expected: list[str]
) -> None:
    assert firings(at, zone, day) == expected


def test_all_firings_of_the_gap_are_one() -> None:
    assert firings("*/15 2 * * *", LA, (2026, 3, 8)) == ["03:00-0700"]


def test_hourly_fires_23_times_in_spring_and_once_in_the_repeated_hour() -> None:
    assert len(firings("0 * * * *", LA, (2026, 3, 8))) == 23
    assert len(firings("0 * * * *", LA, (2026, 11, 1))) == 24


def test_lasting_is_elapsed_time() -> None:
    window = CronWindow("30 0 * * *", 2 * 3600, LA)
    assert window.inside(datetime(2026, 3, 8, 3, 29, tzinfo=LA))
    assert not window.inside(datetime(2026, 3, 8, 3, 30, tzinfo=LA))
    assert window.inside(datetime(2026, 11, 1, 1, 29, fold=1, tzinfo=LA))
    assert not window.inside(datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=LA))


def test_a_firing_of_the_repeated_hour_is_known_when_first_asked_in_its_second_passing() -> None:
    window = CronWindow("30 1 * * *", 3600, LA)
    assert window.inside(datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=LA))
    assert not window.inside(datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=LA))


def test_start_belongs_to_it_and_end_does_not() -> None:
    window = CronWindow("0 2 * * sun", 3 * 3600, LA)
    assert not window.inside(datetime(2026, 6, 7, 1, 59, 59, tzinfo=LA))
    fresh = CronWindow("0 2 * * sun", 3 * 3600, LA)
    assert not fresh.inside(datetime(2026, 6, 7, 1, 59, 59, 500_000, tzinfo=LA))
    assert window.inside(datetime(2026, 6, 7, 2, 0, tzinfo=LA))
    assert window.inside(datetime(2026, 6, 7, 4, 59, 59, tzinfo=LA))
    assert not window.inside(datetime(2026, 6, 7, 5, 0, tzinfo=LA))
    assert not window.inside(datetime(2026, 6, 8, 3, 0, tzinfo=LA))


def test_runs_over_midnight_and_over_its_own_next_firing() -> None:
    window = CronWindow("0 23 * * *", 25 * 3600, LA)
    for hour in range(48):
        assert window.inside(datetime(2026, 6, 7, tzinfo=LA) + timedelta(hours=hour))


def test_leap_day_is_found_years_away() -> None:
    window = CronWindow("0 0 29 2 *", 86400, LA)
    assert window.inside(datetime(2028, 2, 29, 12, tzinfo=LA))
    assert not window.inside(datetime(2027, 3, 1, 0, tzinfo=LA))
    assert window.last_firing(datetime(2027, 3, 1, tzinfo=LA)) == datetime(2024, 2, 29, tzinfo=LA)


@pytest.mark.parametrize("zone", [LA, LONDON, LORD_HOWE])
@pytest.mark.parametrize("at", ["30 2 * * *", "*/20 * * * *", "0 1-3 * * sat,sun"])
def test_jumping_about_in_time_answers_as_a_fresh_window_does(zone: ZoneInfo, at: str) -> None:
    kept = CronWindow(at, 900, zone)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for step in range(160):
        now = start + timedelta(minutes=(step * 7919 * 37) % (300 * 1440))
        assert kept.last_firing(now) == CronWindow(at, 900, zone).last_firing(now)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("0 2 * *", "five fields"),
        ("0 0 2 * * sun", "five fields"),
        ("@daily", "five fields"),
        ("61 2 * * *", "not a cron expression"),
        ("a b c d e", "not a cron expression"),
        ("0 0 30 2 *", "never fires"),
        ("R * * * *", "H and R"),
        ("H/5 * * * *", "H and R"),
        ("", "five fields"),
    ],
)
def test_a_bad_expression_is_told_in_a_sentence(expression: str, words: str) -> None:
    assert words in (is_valid(expression) or "")


@pytest.mark.parametrize(
    "expression", ["0 2 * * sun", "*/5 * * * *", "15,45 8-18 1,15 jan-mar mon-fri", "0 0 29 2 *"]
)
def test_a_good_expression_has_nothing_wrong(expression: str) -> None:
    assert is_valid(expression) is None
