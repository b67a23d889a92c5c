"""What lint takes for possible is never less than the truth, and what it takes for certain never more.

Held against a brute force: every minute, or every hour, of many days of a year.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache, reduce
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.policy.conditions import Bound, Compare, Condition, Op, TariffIs
from luxagent.core.policy.lint_spans import ALWAYS, NEVER, YEAR_DAYS, Span, Times
from luxagent.core.policy.lint_times import Almanac
from luxagent.core.policy.rules import Ruleset, Site
from luxagent.core.values.days import Days, YearlySpan
from luxagent.core.values.moment import Calendar, Moment
from luxagent.core.values.sun import Place, SunEvent
from luxagent.core.values.tariff import Period, Tariff, period_at
from luxagent.core.values.windows import DAY_MIN, Edge, Window, opened

FEW_MIN, FEW_DAYS = 12, 8
"""The sets below are about so many minutes and days; all others go with the last of them."""
bits = st.integers(0, (1 << FEW_MIN) - 1)
rectangles = st.lists(st.tuples(bits, st.integers(0, (1 << FEW_DAYS) - 1)), max_size=4)
Cells = frozenset[tuple[int, int]]


def has(times: Times, minute: int, day: int) -> bool:
    return any(year >> day & 1 and week >> minute & 1 for year, week in times.groups)


def cells(times: Times) -> Cells:
    return frozenset((m, d) for m in range(FEW_MIN + 1) for d in range(FEW_DAYS + 1) if has(times, m, d))


EVERYWHERE = cells(ALWAYS)


def drawn(parts: list[tuple[int, int]]) -> Times:
    return reduce(lambda found, part: found | Times.on(*part), parts, NEVER)


@given(one=rectangles, other=rectangles)
def test_times_are_worked_with_as_the_sets_that_they_are(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    left, right = drawn(one), drawn(other)
    mine = frozenset((m, d) for w, y in one for m in range(FEW_MIN) for d in range(FEW_DAYS)
                     if w >> m & 1 and y >> d & 1)  # fmt: skip
    assert cells(left) == mine
    assert cells(left & right) == mine & cells(right)
    assert cells(left | right) == mine | cells(right)
    assert cells(~left) == EVERYWHERE - mine
    assert left.within(right) is (mine <= cells(right))
    assert (left == right) is (mine == cells(right))
    assert left.never is (not mine)
    assert ~~left == left
    assert (left | ~left).always
    assert left.week == reduce(int.__or__, (1 << m for m, _ in mine), 0)
    assert left.year == reduce(int.__or__, (1 << d for _, d in mine), 0)


YEARS = (2026, 2028)
"""An ordinary one and a leap year."""
edges = st.builds(Edge, st.integers(0, 23).map(lambda hour: hour * 60))
clock_windows = st.builds(Window, edges, edges).filter(lambda one: one.start != one.end)
yearly = st.builds(YearlySpan, *[st.tuples(st.integers(1, 12), st.sampled_from([1, 15, 28]))] * 2)
days = st.builds(
    Days,
    st.none() | st.frozensets(st.integers(0, 6), min_size=1),
    st.just(value=False),
    st.none() | st.frozensets(st.integers(1, 12), min_size=1),
    st.none() | yearly.map(lambda one: (one,)),
)
prices = st.sampled_from([-0.1, 0.1, 0.2, 0.3])
periods = st.lists(
    st.builds(
        Period, st.sampled_from("ab"), prices, prices, st.lists(clock_windows, max_size=2).map(tuple), days
    ),
    min_size=1,
    max_size=4,
)
asked = st.one_of(
    st.builds(TariffIs, st.frozensets(st.sampled_from("abz"), min_size=1)),
    st.builds(Compare, st.sampled_from(["price", "export_price"]), st.sampled_from(list(Op)),
              st.builds(Bound, prices)),
)  # fmt: skip


def hours() -> list[Moment]:
    """Each hour of three days about the edges of every month, and of four of a week."""
    calendar, found = Calendar(ZoneInfo("UTC")), []
    for year in YEARS:
        for number in range(YEAR_DAYS):
            day = date(year, 1, 1) + timedelta(number)
            if day.day in (1, 2, 14, 15, 16, 17, 28, 29) or (day + timedelta(1)).day == 1:
                start = datetime(day.year, day.month, day.day, tzinfo=UTC)
                found += [calendar.moment(start + timedelta(hours=hour)) for hour in range(24)]
    return found


HOURS = hours()


def is_at(times: Times, moment: Moment) -> bool:
    day = moment.day.replace(year=2024).timetuple().tm_yday - 1
    return has(times, moment.weekday * DAY_MIN + moment.minute, day)


def truth(leaf: Condition, tariff: Tariff, moment: Moment) -> bool:
    period = period_at(tariff, moment)
    assert period is not None
    if isinstance(leaf, TariffIs):
        return period.name in leaf.names
    assert isinstance(leaf, Compare)
    price, bound = (period.import_price if leaf.metric == "price" else period.export_price), leaf.bound
    return {
        Op.BELOW: price < bound.constant, Op.AT_MOST: price <= bound.constant,
        Op.ABOVE: price > bound.constant, Op.AT_LEAST: price >= bound.constant,
    }[leaf.op]  # fmt: skip


def checked(span: Span, leaf: Condition, tariff: Tariff) -> None:
    for moment in HOURS:
        holds = truth(leaf, tariff, moment)
        assert is_at(span.possible, moment) or not holds, moment
        assert holds or not is_at(span.certain, moment), moment


@settings(max_examples=25, deadline=None)
@given(above=periods, leaf=asked)
def test_a_tariff_of_clock_and_calendar_is_known_to_the_minute(above: list[Period], leaf: Condition) -> None:
    tariff = Tariff((*above, Period("z", 0.2, 0.1)))
    span = Almanac(Ruleset(Site(ZoneInfo("UTC"), None), tariff=tariff)).of(leaf)
    assert span is not None
    checked(span, leaf, tariff)
    leap = {moment.day for moment in HOURS if (moment.day.month, moment.day.day) == (3, 1)}
    for moment in HOURS:  # but for the days after the last of February there is nothing left to be told
        if moment.day not in leap:
            assert is_at(span.possible, moment) is is_at(span.certain, moment), moment


PEAK = Period("peak", 0.31, 0, (Window(Edge(960), Edge(1260)),),
              Days(frozenset(range(5)), months=frozenset(range(5, 11))))  # fmt: skip


@pytest.mark.parametrize(
    "leaf",
    [TariffIs(frozenset({"day"})), Compare("price", Op.BELOW, Bound(0.20))],
    ids=["by its name", "by its price"],
)
def test_the_rest_of_a_peak_on_some_days_of_some_months_has_every_other_hour(leaf: Condition) -> None:
    tariff = Tariff((PEAK, Period("day", 0.13)))
    span = Almanac(Ruleset(Site(ZoneInfo("UTC"), None), tariff=tariff)).of(leaf)
    assert span is not None
    assert span.exact
    checked(span, leaf, tariff)


@pytest.mark.parametrize("last", [(2, 28), (2, 29)])
@pytest.mark.parametrize("name", ["night", "rest"])
def test_the_night_after_the_last_of_february_is_of_two_days(last: tuple[int, int], name: str) -> None:
    nights = Days(dates=(YearlySpan(last, last),))
    night = Period("night", 0.1, 0, (Window(Edge(1320), Edge(360)),), nights)
    tariff, leaf = Tariff((night, Period("rest", 0.2))), TariffIs(frozenset({name}))
    span = Almanac(Ruleset(Site(ZoneInfo("UTC"), None), tariff=tariff)).of(leaf)
    assert span is not None
    checked(span, leaf, tariff)


SUNNY = [
    (Place(51.5, -0.12), "Europe/London"),
    (Place(34.05, -118.24), "America/Los_Angeles"),
    (Place(61.2, -149.9), "America/Anchorage"),
    (Place(-31.5, 159.1), "Australia/Lord_Howe"),
    (Place(64.1, -21.9), "Atlantic/Reykjavik"),
    (Place(1.3, 103.8), "Asia/Singapore"),
]
SUN_YEARS = (2025, 2026, 2028, 2030)
sun_edges = st.one_of(
    st.builds(Edge, st.integers(0, 47).map(lambda half: half * 30)),
    st.builds(Edge, st.just(0), st.sampled_from(list(SunEvent)), st.integers(-8, 8).map(lambda n: n * 15)),
)


@cache
def noons(place: Place, name: str) -> list[Moment]:
    zone = ZoneInfo(name)
    calendar = Calendar(zone, place)
    return [
        calendar.moment(datetime(year, 1, 1, 12, tzinfo=zone).astimezone(UTC) + timedelta(number))
        for year in SUN_YEARS
        for number in range(365)
    ]


@settings(max_examples=60, deadline=None)
@given(window=st.builds(Window, sun_edges, sun_edges), where=st.sampled_from(SUNNY), minute=st.data())
def test_a_window_by_the_sun_is_never_thought_shorter_or_longer_than_it_can_get(
    window: Window, where: tuple[Place, str], minute: st.DataObject
) -> None:
    place, zone = where
    span = Almanac(Ruleset(Site(ZoneInfo(zone), place))).windows((window,))
    minutes = minute.draw(st.lists(st.integers(0, DAY_MIN - 1), min_size=12, max_size=12))
    minutes += [(edge + by) % DAY_MIN for edge in edges_of(span) for by in (-1, 0)]
    for noon in noons(place, zone):
        for at in minutes:
            moment = Moment(noon.at, at, noon.weekday, noon.day, noon.sun, noon.sun_before, noon.sun_after)
            holds = opened(window, moment) is not None
            assert is_at(span.possible, moment) or not holds, moment
            assert holds or not is_at(span.certain, moment), moment


def edges_of(span: Span) -> set[int]:
    """The minutes of the day at which what is possible, or certain, begins and ends."""
    found = set()
    for week in (span.possible.week, span.certain.week):
        one = week >> DAY_MIN & ((1 << DAY_MIN) - 1)
        turns = one ^ (one << 1)
        found |= {at for at in range(DAY_MIN) if turns >> at & 1}
    return found
