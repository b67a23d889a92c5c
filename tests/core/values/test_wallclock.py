"""Wall times and the instants behind them, on the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from luxagent.core.values.wallclock import clock_changes, days_later, instant, instants, midnights

LA, LORD_HOWE = ZoneInfo("America/Los_Angeles"), ZoneInfo("Australia/Lord_Howe")


def wall(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_a_wall_time_happens_once_never_or_twice() -> None:
    assert instants(wall("2026-06-15T12:00"), LA) == (datetime(2026, 6, 15, 19, tzinfo=UTC),)
    assert instants(wall("2026-03-08T02:30"), LA) == ()
    first, second = instants(wall("2026-11-01T01:30"), LA)
    assert second - first == timedelta(hours=1)


def test_a_missing_time_is_the_end_of_its_gap_and_a_repeated_one_its_first_passing() -> None:
    assert instant(wall("2026-03-08T02:30"), LA) == datetime(2026, 3, 8, 10, tzinfo=UTC)
    assert instant(wall("2026-11-01T01:30"), LA) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert instant(wall("2026-10-04T02:10"), LORD_HOWE).astimezone(LORD_HOWE).isoformat() == (
        "2026-10-04T02:30:00+11:00"
    )


def test_days_later_the_clock_shows_the_same() -> None:
    noon = datetime(2026, 3, 7, 20, tzinfo=UTC)
    assert days_later(noon, 1, LA) - noon == timedelta(hours=23)


def test_the_clocks_of_lord_howe_move_by_half_an_hour_twice_a_year() -> None:
    found = list(clock_changes(LORD_HOWE, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))
    assert found == [datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)]
    assert list(clock_changes(ZoneInfo("America/Phoenix"), found[0], found[1])) == []


def test_a_change_at_the_very_start_or_end_is_not_between_them() -> None:
    change = datetime(2026, 3, 8, 10, tzinfo=UTC)
    day = timedelta(days=1)
    assert list(clock_changes(LA, change, change + day)) == []
    assert list(clock_changes(LA, change - day, change)) == []
    assert list(clock_changes(LA, change - day, change + day)) == [change]


def test_midnights_are_those_of_both_ends_too() -> None:
    assert list(midnights(date(2026, 2, 28), date(2026, 3, 1))) == [
        datetime(2026, 2, 28), datetime(2026, 3, 1)  # noqa: DTZ001
    ]  # fmt: skip
