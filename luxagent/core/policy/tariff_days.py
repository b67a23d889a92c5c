"""The courses that a tariff's days can take: which period follows which, from one midnight to the next.

Asked by `clock_edges`, to which a period alone says nothing: it ends where one above it begins, and the price
stays where two that cost the same meet. Days with the same periods about them are looked at once.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from luxagent.core.policy.rules import Site
from luxagent.core.values.days import DateSpan
from luxagent.core.values.sun import SunDay, sun_day
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import DAY_MIN, span

Course = tuple[int, ...]
"""Periods by their place in the tariff, as they come; the first is the one just before midnight."""
_Matches = tuple[bool, ...]
"""Of each period, whether its days are those of one day."""
_SOME_YEAR = 2028  # a leap year: every date that comes every year has a day in it
_MOST_YEARS = 12
_WEEK = timedelta(7)


def courses_of(tariff: Tariff, site: Site) -> frozenset[Course]:
    """Every course that one of its days takes."""
    threes = set(_days_in_a_row(tariff))
    return frozenset(_course(tariff, three, sun) for three in threes for sun in _suns(tariff, site))


def most_turns(courses: frozenset[Course], truths: list[bool]) -> int:
    """How often in a day something becomes true, or false, that is so in some of the periods."""
    most = 0
    for course in courses:
        seen = [truths[place] for place in course]
        rises = sum(now and not before for before, now in pairwise(seen))
        falls = sum(before and not now for before, now in pairwise(seen))
        most = max(most, rises, falls)
    return most


def most_changes(courses: frozenset[Course], key: Callable[[int], float]) -> int:
    """How often in a day a value changes that each period has."""
    return max(
        (sum(key(one) != key(next_one) for one, next_one in pairwise(course)) for course in courses),
        default=0,
    )


def _days_in_a_row(tariff: Tariff) -> Iterator[tuple[_Matches, _Matches, _Matches]]:
    """Of yesterday, today and tomorrow which periods they have, for each day that can differ from others."""
    for year in _years(tariff):
        day = date(year, 1, 1)
        before, now = (_matches(tariff, day + timedelta(ahead)) for ahead in (-1, 0))
        while day.year == year:
            after = _matches(tariff, day + timedelta(1))
            yield before, now, after
            before, now, day = now, after, day + timedelta(1)


def _years(tariff: Tariff) -> list[int]:
    named = {day.year for day in tariff.holidays}
    for period in tariff.periods:
        for part in period.days.dates or ():
            if isinstance(part, DateSpan):
                named |= {part.first.year, part.last.year}
    return [_SOME_YEAR, *sorted(year for year in named - {_SOME_YEAR} if 1 < year < 9999)[:_MOST_YEARS]]


def _matches(tariff: Tariff, day: date) -> _Matches:
    return tuple(period.days(day, tariff.holidays) for period in tariff.periods)


def _suns(tariff: Tariff, site: Site) -> list[SunDay | None]:
    if site.place is None or not any(one.needs_sun for period in tariff.periods for one in period.windows):
        return [None]
    first = date(_SOME_YEAR, 1, 1)
    return [sun_day(site.place, first + number * _WEEK, site.zone) for number in range(53)]


def _course(tariff: Tariff, three: tuple[_Matches, _Matches, _Matches], sun: SunDay | None) -> Course:
    spans = [list(_spans(period, place, three, sun)) for place, period in enumerate(tariff.periods)]
    edges = {0, *(edge for own in spans for one in own for edge in one if 0 < edge < DAY_MIN)}
    found: list[int] = []
    for minute in (-1, *sorted(edges)):
        place = next(
            (place for place, own in enumerate(spans) if any(start <= minute < end for start, end in own)),
            len(spans) - 1,
        )
        if not found or found[-1] != place:
            found.append(place)
    return tuple(found)


def _spans(
    period: Period, place: int, three: tuple[_Matches, _Matches, _Matches], sun: SunDay | None
) -> Iterator[tuple[int, int]]:
    """When a period could hold, in minutes after today's midnight, were there none above it."""
    for shift, matches in zip((-DAY_MIN, 0, DAY_MIN), three, strict=True):
        for window in period.spans if matches[place] else ():
            found = span(window, sun, sun)
            if found is not None:
                yield found[0] + shift, found[1] + shift
