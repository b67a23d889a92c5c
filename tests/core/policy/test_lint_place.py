"""A place is held against its zone's clocks; where people really live, nothing is said."""

from zoneinfo import ZoneInfo

import pytest

from luxagent.core.policy.lint import Sort, lint
from luxagent.core.policy.rules import Ruleset, Site
from luxagent.core.values.sun import Place


def told(zone: str, latitude: float, longitude: float) -> list[tuple[Sort, str]]:
    policy = Ruleset(Site(ZoneInfo(zone), Place(latitude, longitude)))
    return [(remark.sort, remark.where[1]) for remark in lint(policy, keeps_on_stop=False)]


@pytest.mark.parametrize(
    ("zone", "latitude", "longitude"),
    [
        ("America/Phoenix", 33.45, -112.07),
        ("Asia/Shanghai", 39.5, 76.0),  # three hours from its clocks
        ("Europe/Madrid", 42.2, -8.7),
        ("Pacific/Chatham", -43.9, -176.5),  # beyond the date line
        ("Pacific/Kiritimati", 1.9, -157.4),
        ("America/Adak", 51.9, -176.6),
        ("Europe/Dublin", 53.3, -6.3),  # its law has a winter time
        ("Africa/Casablanca", 33.6, -7.6),
        ("Australia/Lord_Howe", -31.5, 159.1),
        ("America/Santiago", -33.4, -70.7),
        ("Pacific/Honolulu", 21.3, -157.9),
        ("America/Punta_Arenas", -49.1, -74.4),  # swapped they would fit as well
        ("America/Nome", 64.5, -165.4),
        ("UTC", 33.45, -112.07),  # clocks kept so on purpose
    ],
)
def test_where_people_live_nothing_is_said(zone: str, latitude: float, longitude: float) -> None:
    assert told(zone, latitude, longitude) == []


@pytest.mark.parametrize(
    ("zone", "latitude", "longitude", "where"),
    [
        ("America/New_York", 40.7, 74.0, "longitude"),
        ("America/Los_Angeles", 34.0, 118.2, "longitude"),
        ("America/Los_Angeles", -34.0, -118.2, "latitude"),
        ("Pacific/Auckland", 36.8, 174.8, "latitude"),
    ],
)
def test_a_minus_that_is_missing_or_too_many_is_told(
    zone: str, latitude: float, longitude: float, where: str
) -> None:
    assert told(zone, latitude, longitude) == [(Sort.FAR_PLACE, where)]


@pytest.mark.parametrize(
    ("zone", "latitude", "longitude"),
    [
        ("Europe/Berlin", 13.4, 52.5),
        ("Europe/London", -0.1, 51.5),
        ("Europe/Paris", 2.3, 48.9),
        ("America/New_York", -74.0, 40.7),
    ],
)
def test_two_numbers_that_are_swapped_are_told_once(zone: str, latitude: float, longitude: float) -> None:
    assert told(zone, latitude, longitude) == [(Sort.FAR_PLACE, "latitude")]
