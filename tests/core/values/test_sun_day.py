"""Days on which the sun neither rises nor sets."""

from datetime import date
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
