"""Days on which the sun neither rises nor sets, and that there are no others."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from luxagent.core.values.sun import Place, Polar, SunEvent, sun_day

OSLO, TROMSO = ZoneInfo("Europe/Oslo"), Place(69.65, 18.96)


@pytest.mark.parametrize(
    ("day", "polar"),
    [
        (date(2026, 6, 21), Polar.DAY),
        (date(2026, 12, 21), Polar.NIGHT),
        (date(2026, 3, 21), None),
    ],
)
def test_a_day_without_sunrise_says_why(day: date, polar: Polar | None) -> None:
    found = sun_day(TROMSO, day, OSLO)
    assert found.polar is polar
    assert (found.minutes[SunEvent.SUNRISE] is None) == (polar is not None)


def test_the_southern_summer_is_the_northern_winter() -> None:
    troll = Place(-72.01, 2.53)
    assert sun_day(troll, date(2026, 12, 21), ZoneInfo("Antarctica/Troll")).polar is Polar.DAY
    assert sun_day(troll, date(2026, 6, 21), ZoneInfo("Antarctica/Troll")).polar is Polar.NIGHT


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("Asia/Karachi", Place(31.5, 74.3)),
        ("Asia/Kolkata", Place(28.6, 77.2)),
        ("Asia/Kathmandu", Place(27.7, 85.3)),
        ("Asia/Yekaterinburg", Place(56.8, 60.6)),
        ("America/Chicago", Place(41.9, -87.6)),
        ("Pacific/Auckland", Place(-36.8, 174.8)),
        ("Europe/London", Place(51.5, -0.1)),
    ],
)
def test_outside_the_polar_circles_every_event_happens_every_day_and_moves_little(
    zone: str, place: Place
) -> None:
    """One that passes midnight in UTC, as sunrise does in Karachi in May, is not lost on that day."""
    days = [date(2026, 1, 1) + timedelta(number) for number in range(365)]
    seen = [sun_day(place, day, ZoneInfo(zone)).minutes for day in days]
    for one, other in pairwise(seen):
        for event in SunEvent:
            before, after = one[event], other[event]
            assert before is not None
            assert after is not None
            apart = abs(after - before)
            assert apart < 8 or 50 < apart < 70  # where the clocks change


def test_an_event_that_passes_the_zones_own_midnight_has_one_day_without() -> None:
    """Dusk in Helsinki: 23:58 on 1 June, 00:02 on 3 June."""
    helsinki = Place(60.2, 24.9)
    found = [
        sun_day(helsinki, date(2026, 6, day), ZoneInfo("Europe/Helsinki")).minutes[SunEvent.DUSK]
        for day in (1, 2, 3)
    ]
    assert found == [1438, None, 2]
