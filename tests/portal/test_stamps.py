"""What the portal's naive stamps mean is found out, and only from stamps that advance."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luxagent.core.facts.needs import Need
from luxagent.portal.notes import Scrap
from luxagent.portal.reader import PortalReader
from luxagent.portal.stamps import AGREE, OFFSETS, Stamps
from tests.portal.bench import SERIAL, START, Enter, FakeClock, client_of, live_runtime
from tests.portal.test_reader import NO_SETTINGS, NOTHING, house

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def polls(stamps: Stamps, offset: timedelta, *, times: int = 6, late: float = 40, every: float = 120) -> None:
    """Uploads that come steadily, stamped `offset` ahead of UTC and seen `late` seconds after they came."""
    for n in range(times):
        now = NOW + timedelta(seconds=n * every)
        stamps.saw(SERIAL, now - timedelta(seconds=late) + offset, now)


@pytest.mark.parametrize("hours", [-12, -8, -3.5, -2.5, -1, 0, 1, 5.5, 5.75, 8, 8.75, 9.5, 13, 13.75, 14])
def test_the_offset_of_any_zone_is_found(hours: float) -> None:
    stamps = Stamps("auto")
    polls(stamps, timedelta(hours=hours))
    assert stamps.offset == timedelta(hours=hours)


@given(
    offset=st.sampled_from(sorted(OFFSETS)),
    late=st.floats(-100, 700),
    every=st.floats(20, 1500),
    steps=st.lists(st.floats(1, 60), min_size=8, max_size=8),
)
def test_whatever_the_pace_of_uploads_a_recent_stamp_tells_the_offset(
    offset: timedelta, late: float, every: float, steps: list[float]
) -> None:
    stamps = Stamps("auto")
    for n, jitter in enumerate(steps):
        now = NOW + timedelta(seconds=n * every + jitter / 60 * min(every, 60) / 2)
        stamps.saw(SERIAL, now - timedelta(seconds=late) + offset, now)
    assert stamps.offset == offset


def test_stamps_that_stand_still_tell_nothing() -> None:
    stamps = Stamps("auto")
    for n in range(50):
        stamps.saw(SERIAL, NOW - timedelta(hours=5), NOW + timedelta(minutes=2 * n))
    assert stamps.offset == timedelta()


def test_one_odd_stamp_is_not_enough() -> None:
    stamps = Stamps("auto")
    polls(stamps, timedelta(), times=4)
    stamps.saw(SERIAL, NOW + timedelta(hours=8), NOW + timedelta(minutes=9))
    polls(stamps, timedelta(), times=4)
    assert stamps.offset == timedelta()


def test_nothing_changes_before_three_advances_agree() -> None:
    stamps = Stamps("auto")
    polls(stamps, timedelta(hours=8), times=AGREE)  # the first of them has nothing to advance from
    assert stamps.offset == timedelta()
    polls(stamps, timedelta(hours=8), times=AGREE + 1)
    assert stamps.offset == timedelta(hours=8)


def test_after_a_long_pause_a_new_stamp_may_be_old_and_tells_nothing() -> None:
    stamps = Stamps("auto")
    polls(stamps, timedelta(hours=-2), every=3600)
    assert stamps.offset == timedelta()


def test_a_lagging_node_does_not_move_the_offset() -> None:
    stamps = Stamps("auto")
    for n in range(40):
        now = NOW + timedelta(minutes=2 * n)
        stamps.saw(SERIAL, now - timedelta(minutes=20 if n % 2 else 1), now)
    assert stamps.offset == timedelta()


def test_every_offset_that_a_zone_of_today_has_is_known() -> None:
    seasons = [datetime(year, month, 15) for year in range(2019, 2037) for month in (1, 7)]  # noqa: DTZ001
    zones = [ZoneInfo(name) for name in available_timezones()]
    assert {zone.utcoffset(season) for zone in zones for season in seasons} <= OFFSETS


@given(lag=st.floats(0, 70), age=st.floats(0, 5), every=st.floats(1, 15), with_clock=st.booleans())
def test_a_node_that_always_lags_does_not_move_the_offset(
    lag: float, age: float, every: float, with_clock: bool
) -> None:
    """By less than an hour it fits no zone; by more, the device's own clock has to tell."""
    stamps = Stamps("auto")
    for n in range(12):
        now = NOW + timedelta(minutes=every * n)
        came = now - timedelta(minutes=lag + age)
        stamps.saw(SERIAL, came, now, came + timedelta(seconds=20) if with_clock else None)
    assert stamps.offset == timedelta() or (lag + age > 47 and not with_clock)


@given(hours=st.integers(1, 11), age_s=st.floats(0, 115))
def test_a_node_that_lags_by_whole_hours_is_refuted_by_the_inverters_own_clock(
    hours: int, age_s: float
) -> None:
    """However well the lag fits a zone: data that are hours old would look as if they had just come."""
    stamps = Stamps("auto")
    for n in range(12):
        now = NOW + timedelta(minutes=2 * n)
        came = now - timedelta(hours=hours, seconds=age_s)
        stamps.saw(SERIAL, came, now, came + timedelta(seconds=20))
    assert stamps.offset == timedelta()


def uploads(
    stamps: Stamps,
    offset: timedelta,
    *,
    times: int,
    clock_off: timedelta = timedelta(),
    begin: float = 0,
    late: float = 40,
) -> None:
    """As `polls`, with what the inverter's own clock showed at each."""
    for n in range(times):
        now = NOW + timedelta(seconds=begin + n * 120)
        came = now - timedelta(seconds=late)
        stamps.saw(SERIAL, came + offset, now, came + clock_off)


def test_with_the_inverters_clock_as_a_witness_two_uploads_tell_the_offset() -> None:
    stamps = Stamps("auto")
    uploads(stamps, timedelta(), times=3)
    uploads(stamps, timedelta(hours=-5), times=1, begin=360)
    assert stamps.offset == timedelta()
    uploads(stamps, timedelta(hours=-5), times=1, begin=480)
    assert stamps.offset == timedelta(hours=-5)


def test_after_a_pause_of_a_day_the_witness_still_tells_it_in_two() -> None:
    stamps = Stamps("auto")
    uploads(stamps, timedelta(), times=3)
    uploads(stamps, timedelta(hours=8), times=2, begin=86_400)
    assert stamps.offset == timedelta(hours=8)


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=9)])
def test_a_witness_whose_clock_is_off_is_not_heard(off: timedelta) -> None:
    stamps = Stamps("auto")
    uploads(stamps, timedelta(), times=3, clock_off=off)
    uploads(stamps, timedelta(hours=8), times=2, begin=360, clock_off=off)
    assert stamps.offset == timedelta()
    uploads(stamps, timedelta(hours=8), times=1, begin=600, clock_off=off)  # the third that advanced
    assert stamps.offset == timedelta(hours=8)


def test_a_witness_whose_clock_stands_still_is_not_heard() -> None:
    stamps = Stamps("auto")
    for n in range(30):
        now = NOW + timedelta(seconds=n)  # so little time that the frozen clock still says now
        stamps.saw(SERIAL, NOW + timedelta(hours=8), now, NOW)
    assert stamps.offset == timedelta()


@given(
    lags=st.lists(st.integers(1, 75), min_size=4, max_size=12),
    clock_off=st.sampled_from([timedelta(), timedelta(hours=1), timedelta(hours=-1)]),
)
def test_no_lagging_node_and_no_clock_left_on_summer_time_move_the_offset(
    lags: list[int], clock_off: timedelta
) -> None:
    """Uploads served late by any lag up to over an hour, the own clock right or an hour off."""
    stamps = Stamps("auto")
    for n, lag in enumerate(lags):
        now = NOW + timedelta(minutes=2 * n)
        came = now - timedelta(minutes=lag)
        stamps.saw(SERIAL, came, now, came + clock_off)
        stamps.saw(SERIAL, now - timedelta(seconds=30), now + timedelta(seconds=1), now + clock_off)
    assert stamps.offset == timedelta()


def test_what_was_found_out_outlives_the_process(portal: Enter) -> None:
    clock, notes = FakeClock(), Scrap()

    def runtime(form: dict[str, str]) -> object:
        local = clock.now() + timedelta(hours=8, seconds=-30)
        return live_runtime(serialNum=form["serialNum"], serverTime=local.strftime("%Y-%m-%d %H:%M:%S"))

    house(portal, getInverterRuntime=runtime)
    reader = PortalReader(client_of(clock, notes=notes))
    for _ in range(6):
        reader.read(NOTHING, NO_SETTINGS)
        clock.move(120)
    plant = PortalReader(client_of(clock, notes=notes)).read(NOTHING, NO_SETTINGS)
    assert plant.inverters[0].reading.uploaded_at == clock.now() - timedelta(seconds=30)
    told = client_of(clock, notes=notes, server_time="utc")
    assert told.offset == timedelta()  # what the file says goes first


@pytest.mark.parametrize(("told", "offset"), [("utc", timedelta()), ("+08:00", timedelta(hours=8))])
def test_what_the_file_says_is_not_doubted(told: str, offset: timedelta) -> None:
    stamps = Stamps(told)
    polls(stamps, timedelta(hours=-5))
    assert stamps.offset == offset


def test_a_portal_that_stamps_local_time_is_understood_within_a_few_ticks(portal: Enter) -> None:
    clock = FakeClock()

    def runtime(form: dict[str, str]) -> object:
        local = clock.now() + timedelta(hours=8, seconds=-30)
        return live_runtime(serialNum=form["serialNum"], serverTime=local.strftime("%Y-%m-%d %H:%M:%S"))

    house(portal, getInverterRuntime=runtime)
    reader = PortalReader(client_of(clock))
    ages = []
    for _ in range(6):
        plant = reader.read(NOTHING, NO_SETTINGS)
        at = plant.inverters[0].reading.uploaded_at
        assert at is not None
        ages.append((clock.now() - at).total_seconds())
        clock.move(120)
    assert ages[0] == -8 * 3600 + 30  # in the future: nothing is believed of it
    assert ages[-1] == 30


def test_a_computer_whose_clock_is_wrong_learns_no_offset_from_it(portal: Enter) -> None:
    clock = FakeClock()
    wrong = timedelta(hours=1)

    def runtime(form: dict[str, str]) -> object:
        true = clock.now() - wrong
        stamp = (true - timedelta(seconds=30)).strftime("%Y-%m-%d %H:%M:%S")
        body = live_runtime(serialNum=form["serialNum"], serverTime=stamp)
        return 200, body, {"Date": format_datetime(true, usegmt=True)}

    house(portal, getInverterRuntime=runtime)
    client = client_of(clock)
    reader = PortalReader(client)
    for _ in range(6):
        assert not reader.read(NOTHING, NO_SETTINGS).clock_ok
        clock.move(120)
    assert client.offset == timedelta()


def test_the_gridboss_tells_the_offset_as_well(portal: Enter) -> None:
    clock = FakeClock()
    house(portal)
    client = client_of(clock)
    reader = PortalReader(client)
    for _ in range(3):
        reader.read(frozenset({Need.GRIDBOSS}), NO_SETTINGS)
        clock.move(120)
    assert client.offset == timedelta()
    assert clock.now() > START
