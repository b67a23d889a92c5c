"""Uploads that go on coming and say the very same of everything are frozen, hence unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from luxagent.core.events import Seen
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.device import Device, Kind
from luxagent.core.plant.freshness import FROZEN_AFTER, believe
from luxagent.core.plant.reading import Reading
from luxagent.core.values.tri import Tri

START = datetime(2026, 6, 15, 19, tzinfo=UTC)
STALE_S = 900.0


def uploads(
    minutes: int,
    *,
    prints: str | list[str] = "same",
    sun: Tri = True,
    pv_w: float = 0.0,
    seen: Seen | None = None,
) -> tuple[list[Reading], Seen]:
    """What is believed of an upload every two minutes."""
    found = []
    for n in range(minutes // 2 + 1):
        now = START + timedelta(minutes=2 * n)
        mark = prints if isinstance(prints, str) else prints[n % len(prints)]
        reading = Reading({"soc_pct": 50.0, "pv_power_w": pv_w}, {}, now, fingerprint=mark)
        device = Device("1", Kind.INVERTER, "1", online=True, reading=reading)
        device, seen = believe(device, seen, now + timedelta(seconds=20), STALE_S, sun_is_up=sun)
        found.append(device.reading)
    assert seen is not None
    return found, seen


def test_after_an_hour_of_the_same_nothing_is_believed_and_the_reason_says_why() -> None:
    found, _ = uploads(70)
    assert found[29].get("soc_pct") == 50
    assert found[30].get("soc_pct") is None
    assert found[30].why["soc_pct"] is Unknown.FROZEN
    assert found[-1].why["pv_power_w"] is Unknown.FROZEN


def test_the_age_of_frozen_data_is_that_of_the_first_upload() -> None:
    found, _ = uploads(70)
    assert found[10].get("data_age_s") == 20
    assert found[-1].get("data_age_s") == 70 * 60 + 20  # so that every guard against old data holds


def test_the_first_upload_that_differs_is_believed_at_once() -> None:
    _, seen = uploads(90)
    found, _ = uploads(0, prints="another", seen=seen)
    assert found[0].get("soc_pct") == 50


def test_uploads_that_differ_now_and_then_are_never_frozen() -> None:
    found, _ = uploads(600, prints=["a"] * 25 + ["b"])
    assert all(reading.get("soc_pct") == 50 for reading in found)


@pytest.mark.parametrize("sun", [False, None])
def test_a_plant_that_sleeps_may_say_the_same_all_night(sun: Tri) -> None:
    found, _ = uploads(600, sun=sun)
    assert all(reading.get("soc_pct") == 50 for reading in found)


@pytest.mark.parametrize("sun", [False, None])
def test_solar_power_in_the_reading_is_daylight_too(sun: Tri) -> None:
    found, _ = uploads(70, sun=sun, pv_w=1500)
    assert found[-1].get("soc_pct") is None


def test_the_hour_begins_at_dawn() -> None:
    _, seen = uploads(600, sun=False)
    found, _ = uploads(50, sun=True, seen=seen)
    assert found[-1].get("soc_pct") == 50


def test_a_reading_without_a_fingerprint_is_not_judged() -> None:
    found, seen = uploads(600, prints="")
    assert found[-1].get("soc_pct") == 50
    assert seen.same_since is None


def test_the_same_upload_seen_again_is_no_second_one() -> None:
    seen: Seen | None = None
    reading = Reading({"soc_pct": 50.0}, {}, START, fingerprint="same")
    device = Device("1", Kind.INVERTER, "1", online=True, reading=reading)
    for minutes in (0, 5, 10, 14):
        _, after = believe(device, seen, START + timedelta(minutes=minutes), STALE_S, sun_is_up=True)
        assert seen is None or after is seen
        seen = after
    assert timedelta(hours=1) == FROZEN_AFTER
