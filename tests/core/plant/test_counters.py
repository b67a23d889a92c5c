"""The day's counters rise until the inverter's own midnight; one that falls is not believed at once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luxagent.core.events import Seen
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.counters import COUNTERS
from luxagent.core.plant.device import Device, Kind
from luxagent.core.plant.freshness import believe
from luxagent.core.plant.reading import Reading

PHOENIX = ZoneInfo("America/Phoenix")
NOON = datetime(2026, 6, 1, 12, tzinfo=PHOENIX)
MIDNIGHT = datetime(2026, 6, 2, tzinfo=PHOENIX)
KEY, OTHER = "import_energy_today_kwh", "pv_energy_today_kwh"


def follow(
    uploads: list[tuple[datetime, float | None]], *, clock_error_s: float | None = 0.0
) -> list[float | str | None]:
    """What is believed of the counter at each upload, or why it is not; the other one is always there."""
    seen: Seen | None = None
    found: list[float | str | None] = []
    for at, kwh in uploads:
        reading = Reading({KEY: kwh, OTHER: 9.0}, {}, at.astimezone(UTC))
        device = Device("1", Kind.INVERTER, "1", online=True, reading=reading, clock_error_s=clock_error_s)
        believed, seen = believe(device, seen, at + timedelta(seconds=30), 900, zone=PHOENIX)
        assert believed.reading.get(OTHER) == 9.0
        value = believed.reading.number(KEY)
        found.append(believed.reading.why.get(KEY) if value is None else value)
    return found


def every(minutes: float, start: datetime, *kwh: float | None) -> list[tuple[datetime, float | None]]:
    return [(start + timedelta(minutes=minutes * n), value) for n, value in enumerate(kwh)]


def test_there_are_counters_of_the_day() -> None:
    assert {KEY, OTHER} <= set(COUNTERS)


def test_a_counter_set_back_at_noon_is_unknown_for_one_upload_and_then_counts_on() -> None:
    assert follow(every(2, NOON, 19.1, 19.2, 0.0, 0.3, 0.4)) == [19.1, 19.2, Unknown.JUMPED, 0.3, 0.4]


def test_a_single_wrong_sample_is_unknown_and_the_next_is_believed() -> None:
    assert follow(every(2, NOON, 19.1, 0.0, 19.3)) == [19.1, Unknown.JUMPED, 19.3]


def test_the_same_upload_seen_again_is_as_doubtful_as_before() -> None:
    fall = NOON + timedelta(minutes=2)
    again = follow([(NOON, 19.1), (fall, 0.0), (fall, 0.0), (fall, 0.0), (fall + timedelta(minutes=2), 0.0)])
    assert again == [19.1, Unknown.JUMPED, Unknown.JUMPED, Unknown.JUMPED, 0.0]


def test_a_counter_that_goes_on_falling_stays_unknown() -> None:
    assert follow(every(2, NOON, 9.0, 8.0, 7.0, 6.0)) == [9.0, *[Unknown.JUMPED] * 3]


def test_rounding_is_no_fall() -> None:
    assert follow(every(2, NOON, 19.12, 19.1, 19.1)) == [19.12, 19.1, 19.1]


@pytest.mark.parametrize("ahead_min", [0, 25, -25])
def test_midnight_by_the_inverters_own_clock_is_no_fall(ahead_min: int) -> None:
    turn = MIDNIGHT - timedelta(minutes=ahead_min)
    uploads = [(turn - timedelta(minutes=1), 30.0), (turn + timedelta(minutes=1), 0.0)]
    assert follow(uploads, clock_error_s=60.0 * ahead_min) == [30.0, 0.0]


def test_after_a_silence_over_midnight_a_lower_counter_is_right() -> None:
    assert follow([(NOON, 30.0), (NOON + timedelta(hours=20), 2.0)]) == [30.0, 2.0]


def test_after_a_silence_within_the_day_a_lower_counter_is_wrong() -> None:
    assert follow([(NOON, 30.0), (NOON + timedelta(hours=5), 2.0)]) == [30.0, Unknown.JUMPED]


def test_a_counter_that_was_not_told_for_once_is_compared_with_nothing() -> None:
    assert follow(every(2, NOON, 19.1, None, 3.0))[-1] == 3.0


def test_where_nobody_wants_counters_none_are_remembered() -> None:
    device = Device("1", Kind.INVERTER, "1", online=True, reading=Reading({"soc_pct": 50.0}, {}, NOON))
    _, seen = believe(device, None, NOON, 900, zone=PHOENIX)
    assert (seen.counters, seen.fell) == ({}, ())


@given(st.lists(st.floats(0, 60), min_size=2, max_size=30))
def test_within_a_day_no_believed_counter_is_below_the_sample_before_it(samples: list[float]) -> None:
    found = follow(every(2, NOON, *samples))
    for before, sample, value in zip(samples, samples[1:], found[1:], strict=False):
        assert value == (sample if sample >= before - 0.05 else Unknown.JUMPED)
