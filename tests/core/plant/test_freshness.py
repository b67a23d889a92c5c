"""How far a reading is believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luxagent.core.events import Seen
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.device import Device, Kind
from luxagent.core.plant.freshness import believe
from luxagent.core.plant.reading import Module, Reading
from luxagent.core.values.tri import Tri

NOW = datetime(2026, 6, 15, 19, tzinfo=UTC)
STALE_S = 900.0


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def device(uploaded_at: datetime | None = NOW, heard: Tri = True, **values: Any) -> Device:  # noqa: ANN401
    return Device("1", Kind.INVERTER, "1", online=heard, reading=Reading(values, {}, uploaded_at))


def believed(found: Device, seen: Seen | None = None, now: datetime = NOW) -> Reading:
    return believe(found, seen, now, STALE_S)[0].reading


def test_a_fresh_reading_stands_and_carries_its_age() -> None:
    reading = believed(device(ago(4), pv_power_w=3000, soc_pct=50))
    assert reading.values == {"pv_power_w": 3000, "soc_pct": 50, "data_age_s": 240.0}
    assert reading.why == {}


@pytest.mark.parametrize(("minutes", "age_s"), [(15, 900.0), (-1, 0.0), (-2, 0.0)])
def test_just_in_time_is_fresh_and_no_age_is_negative(minutes: float, age_s: float) -> None:
    reading = believed(device(ago(minutes), pv_power_w=3000))
    assert reading.get("pv_power_w") == 3000
    assert reading.get("data_age_s") == age_s


@pytest.mark.parametrize(
    ("uploaded_at", "age_s"), [(ago(15.1), 906.0), (ago(-2.1), None), (None, None), (ago(60), 3600.0)]
)
def test_old_unknown_and_future_stamps_make_everything_unknown(
    uploaded_at: datetime | None, age_s: float | None
) -> None:
    reading = believed(device(uploaded_at, pv_power_w=3000, grid="up", online="yes"))
    assert reading.get("pv_power_w") is reading.get("grid") is None
    assert reading.why["pv_power_w"] is Unknown.STALE
    assert reading.get("online") == "yes"
    assert reading.get("data_age_s") == age_s


def test_a_stale_status_is_unknown_unless_it_says_offline() -> None:
    assert believed(device(ago(60), status=frozenset({"normal"}))).get("status") is None
    offline = believed(device(ago(60), heard=None, status=frozenset({"offline", "normal"})))
    assert offline.get("status") == frozenset({"offline"})


def test_a_device_the_portal_does_not_hear_is_offline_and_nothing_else_is_known() -> None:
    reading = believed(device(ago(1), heard=False, pv_power_w=3000, status=frozenset({"normal"})))
    assert reading.get("pv_power_w") is None
    assert reading.why == {"pv_power_w": Unknown.LOST}
    assert (reading.get("online"), reading.get("status")) == ("no", frozenset({"offline"}))
    assert reading.get("data_age_s") == 60.0


@pytest.mark.parametrize(("minutes", "heard"), [(60, True), (1, False)])
def test_battery_modules_are_as_unknown_as_the_rest_of_an_old_or_silent_device(
    minutes: float, heard: bool
) -> None:
    old = replace(device(ago(minutes), heard, soc_pct=50.0), modules=(Module("Battery_ID_01", soc_pct=50.0),))
    assert believe(old, None, NOW, 900)[0].modules == ()


def test_an_older_upload_after_a_newer_one_is_ignored() -> None:
    seen = Seen(ago(1), 50.0)
    found, after = believe(device(ago(5), pv_power_w=3000, soc_pct=50), seen, NOW, STALE_S)
    assert found.reading.get("pv_power_w") is None
    assert found.reading.why["pv_power_w"] is Unknown.STALE
    assert found.reading.get("data_age_s") == 60.0
    assert after is seen


def test_a_stamp_seen_in_the_future_is_forgotten() -> None:
    seen = Seen(NOW + timedelta(hours=7), 50.0)
    assert believed(device(ago(1), soc_pct=80), seen).get("soc_pct") == 80


def test_the_same_upload_again_teaches_nothing() -> None:
    first, seen = believe(device(ago(4), soc_pct=50), None, NOW, STALE_S)
    again, after = believe(device(ago(4), soc_pct=50), seen, NOW + timedelta(minutes=2), STALE_S)
    assert after is seen
    assert again.reading.get("soc_pct") == first.reading.get("soc_pct") == 50
    assert again.reading.get("data_age_s") == 360.0


def socs(*uploads: float | None, every_min: float = 5) -> list[Any]:
    """What is believed of one SOC after another."""
    seen, now, found = None, NOW, []
    for value in uploads:
        now += timedelta(minutes=every_min)
        got, seen = believe(device(now, soc_pct=value), seen, now, STALE_S)
        found.append(got.reading.get("soc_pct"))
        assert (got.reading.why.get("soc_pct") is Unknown.JUMPED) == (found[-1] is None and value is not None)
    return found


@pytest.mark.parametrize(
    ("uploads", "believed_"),
    [
        ((0,), [0]),  # the first is taken as it is
        ((50, 60, 70), [50, 60, 70]),
        ((50, 61, 61), [50, None, 61]),  # the next agrees
        ((50, 61, 63), [50, None, 63]),
        ((50, 61, 50), [50, None, 50]),  # the next takes it back
        ((50, 0, 0), [50, None, 0]),
        ((50, 0, 50, 51), [50, None, 50, 51]),
        ((5, 0, 0), [5, None, 0]),  # near, yet a BMS that lost its link says 0
        ((3, 0), [3, 0]),
        ((97, 100), [97, 100]),
        ((96, 100, 100), [96, None, 100]),
        ((50, 70, 90, 30, 31), [50, None, None, None, 31]),  # no two agree until the last
        ((50, None, 52), [50, None, 52]),
        ((50, 80, None, 80), [50, None, None, 80]),
    ],
)
def test_a_soc_that_jumps_is_unknown_until_the_next_upload_agrees(
    uploads: tuple[float | None, ...], believed_: list[float | None]
) -> None:
    assert socs(*uploads) == believed_


def test_a_doubted_soc_stays_doubted_while_no_new_upload_comes() -> None:
    seen = Seen(ago(5), 50.0)
    _, seen = believe(device(ago(0), soc_pct=80), seen, NOW, STALE_S)
    again, after = believe(device(ago(0), soc_pct=80), seen, NOW + timedelta(minutes=2), STALE_S)
    assert again.reading.why["soc_pct"] is Unknown.JUMPED
    assert after is seen


def test_a_soc_missing_while_another_is_doubted_is_missing_not_doubted() -> None:
    seen = Seen(ago(0), 50.0, 80.0)
    assert believed(device(ago(0), soc_pct=None), seen).why == {}


def test_after_a_long_silence_a_soc_is_taken_as_it_is() -> None:
    assert socs(50, 80, 20, every_min=60) == [50, 80, 20]


def test_everything_but_the_soc_stands_when_it_jumps() -> None:
    reading = believed(device(soc_pct=80, pv_power_w=3000), Seen(ago(5), 50.0))
    assert reading.get("pv_power_w") == 3000


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30))
def test_a_believed_soc_never_jumps_unless_two_uploads_agree(uploads: list[int]) -> None:
    found = socs(*uploads)
    last = found[0]
    for n, value in enumerate(found[1:], 1):
        if value is not None:
            near = abs(value - last) <= 10
            agreed = found[n - 1] is None and abs(uploads[n - 1] - value) <= 10
            assert near or agreed
            last = value
