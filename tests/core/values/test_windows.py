"""Windows against a naive reference, minute by minute, and on the days when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.values.moment import Calendar, Moment
from luxagent.core.values.sun import Place, SunDay, SunEvent
from luxagent.core.values.windows import DAY_MIN, Edge, Window, opened, span

LA, LONDON, LORD_HOWE = (
    ZoneInfo(name) for name in ("America/Los_Angeles", "Europe/London", "Australia/Lord_Howe")
)
HELSINKI = ZoneInfo("Europe/Helsinki")
DAY = date(2026, 6, 15)


def clock(start: str, end: str) -> Window:
    def edge(text: str) -> Edge:
        hour, minute = text.split(":")
        return Edge(int(hour) * 60 + int(minute))

    return Window(edge(start), edge(end))


def local_minutes_inside(window: Window, zone: ZoneInfo, day: date) -> int:
    """How many real minutes of a local day are inside."""
    calendar = Calendar(zone)
    at = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    count = 0
    while (moment := calendar.moment(at)).day == day:
        count += opened(window, moment) is not None
        at += timedelta(minutes=1)
    return count


def test_start_belongs_to_it_and_end_does_not() -> None:
    window = clock("16:00", "21:00")
    inside = [
        m for m in range(DAY_MIN) if opened(window, Moment(datetime(2026, 6, 15, tzinfo=UTC), m, 0, DAY))
    ]
    assert inside == list(range(16 * 60, 21 * 60))


def test_over_midnight_it_began_yesterday() -> None:
    window = clock("23:30", "05:30")
    calendar = Calendar(LA)
    assert opened(window, calendar.moment(datetime(2026, 6, 15, 23, 30, tzinfo=LA))) == DAY
    assert opened(window, calendar.moment(datetime(2026, 6, 16, 5, 29, tzinfo=LA))) == DAY
    assert opened(window, calendar.moment(datetime(2026, 6, 16, 5, 30, tzinfo=LA))) is None


def test_24_00_ends_a_day() -> None:
    window = clock("22:00", "24:00")
    calendar = Calendar(LA)
    assert opened(window, calendar.moment(datetime(2026, 6, 15, 23, 59, tzinfo=LA))) == DAY
    assert opened(window, calendar.moment(datetime(2026, 6, 16, 0, 0, tzinfo=LA))) is None


@pytest.mark.parametrize(
    ("zone", "spring", "autumn", "window", "gap", "repeat"),
    [
        (LA, date(2026, 3, 8), date(2026, 11, 1), clock("02:00", "03:00"), 0, 60),
        (LA, date(2026, 3, 8), date(2026, 11, 1), clock("01:00", "02:00"), 60, 120),
        (LONDON, date(2026, 3, 29), date(2026, 10, 25), clock("01:00", "02:00"), 0, 120),
        (LORD_HOWE, date(2026, 10, 4), date(2026, 4, 5), clock("01:30", "02:30"), 30, 90),
        (LORD_HOWE, date(2026, 10, 4), date(2026, 4, 5), clock("02:00", "02:30"), 0, 30),
    ],
)
def test_a_window_follows_the_wall_clock_through_gap_and_repeat(
    zone: ZoneInfo, spring: date, autumn: date, window: Window, gap: int, repeat: int
) -> None:
    assert local_minutes_inside(window, zone, spring) == gap
    assert local_minutes_inside(window, zone, autumn) == repeat


def suns(*events: tuple[int | None, int | None]) -> list[SunDay]:
    """Days around DAY with these sunrises and sunsets."""
    first = DAY - timedelta(len(events) // 2)
    return [
        SunDay(
            first + timedelta(n),
            {
                SunEvent.SUNRISE: rise,
                SunEvent.SUNSET: fall,
                SunEvent.DAWN: None if rise is None else rise - 30,
                SunEvent.DUSK: None if fall is None else fall + 30,
                SunEvent.NOON: 720,
            },
        )
        for n, (rise, fall) in enumerate(events)
    ]


def moment_at(minute: int, five: list[SunDay]) -> Moment:
    return Moment(datetime(2026, 6, 15, tzinfo=UTC), minute, DAY.weekday(), DAY, five[2], five[1], five[3])


def sun(event: SunEvent, offset: int = 0) -> Edge:
    return Edge(event=event, offset_min=offset)


def test_sunset_to_sunrise_uses_the_sun_of_each_day() -> None:
    five = suns((350, 1250), (350, 1250), (360, 1240), (370, 1230), (370, 1230))
    window = Window(sun(SunEvent.SUNSET), sun(SunEvent.SUNRISE))
    assert opened(window, moment_at(359, five)) == DAY - timedelta(1)
    assert opened(window, moment_at(360, five)) is None
    assert opened(window, moment_at(1239, five)) is None
    assert opened(window, moment_at(1240, five)) == DAY


def test_a_window_whose_sun_event_is_missing_does_not_happen() -> None:
    five = suns(*[(None, None)] * 5)
    window = Window(sun(SunEvent.SUNSET, -30), Edge(23 * 60))
    assert all(opened(window, moment_at(minute, five)) is None for minute in range(DAY_MIN))


def test_two_sun_edges_that_their_offsets_carry_past_each_other_leave_no_window() -> None:
    best = Window(sun(SunEvent.SUNRISE, 180), sun(SunEvent.SUNSET, -180))
    night = Window(sun(SunEvent.SUNSET, 300), sun(SunEvent.SUNRISE, -300))
    winter, summer = suns(*[(560, 910)] * 5), suns(*[(230, 1370)] * 5)
    for five, held, nightly in ((winter, 0, 490), (summer, 780, 0)):
        minutes = [moment_at(minute, five) for minute in range(DAY_MIN)]
        assert sum(opened(best, minute) is not None for minute in minutes) == held
        assert sum(opened(night, minute) is not None for minute in minutes) == nightly


def test_a_window_to_a_dusk_after_midnight_is_that_evening() -> None:
    calendar = Calendar(HELSINKI, Place(60.2, 24.9))
    window = Window(Edge(0, SunEvent.SUNSET), Edge(0, SunEvent.DUSK))
    inside = opened(window, calendar.moment(datetime(2026, 6, 15, 23, 30, tzinfo=HELSINKI)))
    assert inside == date(2026, 6, 15)
    assert opened(window, calendar.moment(datetime(2026, 6, 15, 12, 0, tzinfo=HELSINKI))) is None


def test_a_start_that_an_offset_carries_before_midnight_began_the_day_before() -> None:
    five = suns(*[(20, 1400)] * 5)
    window = Window(sun(SunEvent.SUNRISE, -60), Edge(120))  # 23:20 to 02:00
    assert opened(window, moment_at(23 * 60 + 20, five)) == DAY
    assert opened(window, moment_at(119, five)) == DAY - timedelta(1)
    assert opened(window, moment_at(23 * 60 + 19, five)) is None


edges = st.one_of(
    st.builds(Edge, st.integers(0, DAY_MIN - 1)),
    st.builds(sun, st.sampled_from(list(SunEvent)), st.integers(-180, 180)),
)
sun_times = st.one_of(st.just((None, None)), st.tuples(st.integers(0, 700), st.integers(720, DAY_MIN - 1)))


@settings(max_examples=50)
@given(start=edges, end=edges, days=st.lists(sun_times, min_size=5, max_size=5))
def test_agrees_with_marking_every_minute_of_every_day(
    start: Edge, end: Edge, days: list[tuple[int | None, int | None]]
) -> None:
    five, window = suns(*days), Window(start, end)
    began: dict[int, date] = {}
    for n in (3, 1, 2):  # today's window speaks last, as in `opened`
        today = five[n]
        # `opened` knows three suns: of the day after tomorrow it takes tomorrow's.
        found = span(window, today, five[n + 1] if n < 3 else today)
        if found is not None:
            for minute in range(*found):
                began[(n - 2) * DAY_MIN + minute] = today.day + timedelta(found[0] // DAY_MIN)
    for minute in range(DAY_MIN):
        assert opened(window, moment_at(minute, five)) == began.get(minute), minute


def test_a_year_in_tromso_never_fails() -> None:
    calendar = Calendar(ZoneInfo("Europe/Oslo"), Place(69.65, 18.96))
    window = Window(sun(SunEvent.SUNSET), sun(SunEvent.SUNRISE))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    seen = set()
    for _ in range(365 * 4):
        seen.add(opened(window, calendar.moment(at)) is None)
        at += timedelta(hours=6)
    assert seen == {True, False}


@pytest.mark.parametrize("zone", ["America/Phoenix", "America/Los_Angeles", "Australia/Lord_Howe"])
def test_every_night_of_four_years_is_one_night(zone: str) -> None:
    """Leap day, the ends of years and both clock changes among them: each night has begun on its own day."""
    calendar, night = Calendar(ZoneInfo(zone)), Window(Edge(23 * 60 + 30), Edge(5 * 60 + 30))
    day = date(2027, 1, 1)
    nights = set()
    while day < date(2031, 1, 1):
        for hour, minute, began in ((12, 0, None), (23, 45, day), (5, 15, day - timedelta(1))):
            at = datetime.combine(day, time(hour, minute), ZoneInfo(zone))
            assert opened(night, calendar.moment(at)) == began
            nights.add(began)
        day += timedelta(1)
    assert len(nights - {None}) == 4 * 365 + 1 + 1
