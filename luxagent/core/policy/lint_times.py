"""When the clock lets a condition hold, as minutes of the week and days of the year. For lint alone.

Each leaf has two answers: when it can hold at all (`possible`), and when it holds for sure (`certain`).
Between them lies what cannot be told beforehand: holidays, cron, the sun's wandering, dates of one year.
Everything here errs on the side of saying nothing.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from luxagent.core.policy import conditions as c
from luxagent.core.policy.compare import TESTS
from luxagent.core.policy.conditions import Op
from luxagent.core.policy.lint_spans import NEVER, NOWHEN, UNTOLD, WHOLE_YEAR, YEAR_DAYS, Span, Times
from luxagent.core.policy.rules import Ruleset
from luxagent.core.values.days import EVERY_DAY, DateSpan, Days
from luxagent.core.values.sun import Place, SunDay, SunEvent, sun_day
from luxagent.core.values.tariff import Period
from luxagent.core.values.windows import DAY_MIN, LONGEST_MIXED_MIN, Edge, Window, span

_DAY = (1 << DAY_MIN) - 1
LEAP_YEAR = date(2024, 1, 1)
_LEAP_DAY = 59
"""The days before the 29th of February."""
_SUN_EVERY_DAYS = 7
_SOLSTICES = (172, 355)
_SUN_MARGIN_MIN = 10  # how far the sun may wander between two days that are looked at
_CHANGE_WANDERS_DAYS = 7
"""How far the day on which the clocks change lies from that of another year."""


class Almanac:
    """Answers for the leaves of one file; keeps the sun's year and the tariff's periods."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._place, self._zone = ruleset.site.place, ruleset.site.zone
        self._tariff = ruleset.tariff
        self._suns: tuple[SunDay, ...] | None = None
        self._periods: list[Span] | None = None
        self._reaches: dict[Window, tuple[tuple[int, int], tuple[int, int] | None]] = {}
        self._numbers: dict[tuple[c.Condition, bool], int] = {}

    def number(self, leaf: c.Condition, *, holds: bool) -> int:
        """The same for the same leaf: numbers are quicker to compare."""
        return self._numbers.setdefault((leaf, holds), len(self._numbers))

    def of(self, leaf: c.Condition) -> Span | None:
        """What the clock says of a leaf; None where it hangs on something else."""
        match leaf:
            case c.TimeIn(windows, days):
                return self.windows(windows, days)
            case c.DayIs(days):
                return self.windows((Window(Edge(0), Edge(DAY_MIN)),), days)
            case c.SunIs(up):
                light = self.windows((Window(Edge(event=SunEvent.SUNRISE), Edge(event=SunEvent.SUNSET)),))
                return light if up else light.negated()
            case c.CronIn():
                return UNTOLD
            case c.TariffIs(names):
                return self._named(names)
            case c.Compare("price" | "export_price"):
                return self._priced(leaf)
        return None

    def windows(self, windows: tuple[Window, ...], days: Days = EVERY_DAY) -> Span:
        """Windows that begin on some days."""
        can, must = 0, 0
        for window in windows:
            widest, surest = self._reach(window)
            can |= _minutes(widest)
            must |= _minutes(surest)
        every = frozenset(range(7))
        named = every if days.weekdays is None and not days.holiday else days.weekdays or frozenset()
        return Span(
            _laid(can, every if days.holiday else named, days_of_year(days, certain=False), certain=False),
            _laid(must, named, days_of_year(days, certain=True), certain=True),
        )

    def _reach(self, window: Window) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """The widest and the narrowest that a window gets in a year, in minutes after a midnight."""
        if not window.needs_sun:
            found = span(window, None, None)
            return found, found
        if window not in self._reaches:
            self._reaches[window] = self._reach_by_sun(window)
        return self._reaches[window]

    def _reach_by_sun(self, window: Window) -> tuple[tuple[int, int], tuple[int, int] | None]:
        found_all = [span(window, sun, sun) for sun in self._year_of_sun()]
        happens = [one for one in found_all if one is not None]
        starts, ends = [one[0] for one in happens], [one[1] for one in happens]
        first, last = (0 if edge.event is None else _SUN_MARGIN_MIN for edge in (window.start, window.end))
        if (
            not happens or len(happens) < len(found_all)
            or min(starts) < first or max(starts) >= DAY_MIN - first
        ):  # fmt: skip
            return (0, 2 * DAY_MIN), None  # it may belong to the day before or after
        lengths, slack = [end - start for start, end in happens], first + last
        two_events = not window.is_mixed and window.start.event is not window.end.event
        if two_events and (min(lengths) <= slack or max(lengths) >= DAY_MIN - slack):
            return (0, 2 * DAY_MIN), None  # one edge may pass the other
        widest = min(starts) - first, max(ends) + last
        surest = max(starts) + first, min(ends) - last
        happens_daily = not window.is_mixed or max(lengths) + slack <= LONGEST_MIXED_MIN
        return widest, surest if happens_daily and surest[0] < surest[1] else None

    def _year_of_sun(self) -> tuple[SunDay, ...]:
        if self._suns is None:
            self._suns = () if self._place is None else _year_of_sun(self._place, self._zone)
        return self._suns

    def in_period(self, number: int) -> Span:
        """When a period of the tariff holds, by its place among them."""
        return self._spans()[number]

    def _in_periods(self, can: list[int], must: list[int]) -> Span:
        """When one of some periods holds: those that do, and those that surely do."""
        possible, certain = NEVER, NEVER
        for number in can:
            possible = possible | self.in_period(number).possible
        for number in must:
            certain = certain | self.in_period(number).certain
        return Span(possible, certain)

    def _spans(self) -> list[Span]:
        """When each period of the tariff holds: its own times less those of the periods above it."""
        if self._periods is None:
            self._periods, above = [], NOWHEN
            for period in self._tariff_periods():
                own = self.windows(period.spans, period.days)
                self._periods.append(own & above.negated())
                above = above | own
        return self._periods

    def _tariff_periods(self) -> tuple[Period, ...]:
        return () if self._tariff is None else self._tariff.periods

    def _named(self, names: frozenset[str]) -> Span:
        """When a period of one of these names holds; several may have one name, each for a season."""
        numbers = [number for number, one in enumerate(self._tariff_periods()) if one.name in names]
        return self._in_periods(numbers, numbers)

    def _priced(self, leaf: c.Compare) -> Span:
        bound, until = leaf.bound, leaf.until
        if (
            self._tariff is None
            or bound.metric is not None
            or (until is not None and until.metric is not None)
        ):
            return UNTOLD
        falling, takes, stays = leaf.op in (Op.BELOW, Op.AT_MOST), [], []
        for number, period in enumerate(self._tariff.periods):
            price = period.import_price if leaf.metric == "price" else period.export_price
            if TESTS[leaf.op](price, bound.constant):
                takes.append(number)
            elif until is not None and (price < until.constant if falling else price > until.constant):
                stays.append(number)
        return self._in_periods(takes + stays, takes)


def _year_of_sun(place: Place, zone: tzinfo) -> tuple[SunDay, ...]:
    """A day of each week, the solstices, and those on which the clocks may change, by both clocks."""
    numbers = {*range(0, YEAR_DAYS, _SUN_EVERY_DAYS), *_SOLSTICES}
    found = [sun_day(place, LEAP_YEAR + timedelta(number), zone) for number in sorted(numbers)]
    offsets = [_offset_min(LEAP_YEAR + timedelta(number), zone) for number in range(YEAR_DAYS + 1)]
    for number in range(1, YEAR_DAYS):
        change = offsets[number] - offsets[number - 1]
        if change:
            for day, by in (
                (number - _CHANGE_WANDERS_DAYS, change), (number - 1, 0), (number - 1, change),
                (number, 0), (number, -change), (number + _CHANGE_WANDERS_DAYS, -change),
            ):  # fmt: skip
                found.append(_moved(sun_day(place, LEAP_YEAR + timedelta(day), zone), by))
    return tuple(found)


def _offset_min(day: date, zone: tzinfo) -> int:
    """The zone's distance from UTC at noon."""
    return int((datetime.combine(day, time(12), zone).utcoffset() or timedelta()).total_seconds() // 60)


def _moved(sun: SunDay, minutes: int) -> SunDay:
    """A day as it would be by clocks that are as much further ahead."""
    moved = {event: None if at is None else at + minutes for event, at in sun.minutes.items()}
    return SunDay(sun.day, moved, sun.polar)


def _minutes(reach: tuple[int, int] | None) -> int:
    """A span of minutes after a midnight as bits."""
    return 0 if reach is None else (1 << reach[1]) - (1 << reach[0])


def _laid(minutes: int, weekdays: frozenset[int], year: int, *, certain: bool) -> Times:
    """Minutes after the midnight of some days; those of the next day are that one's."""
    found = NEVER
    while minutes and year:
        week = 0
        for weekday in weekdays:
            week |= (minutes & _DAY) << (weekday * DAY_MIN)
        found = found | Times.on(week, year)
        weekdays = frozenset((weekday + 1) % 7 for weekday in weekdays)
        year = _next_days(year, certain=certain)
        minutes >>= DAY_MIN
    return found


@lru_cache(maxsize=64)
def days_of_year(days: Days, *, certain: bool) -> int:
    """The days of a leap year that months and dates name. A date of one year is possible, never certain."""
    if days.months is None and days.dates is None:
        return WHOLE_YEAR
    bits = 0
    for number in range(YEAR_DAYS):
        day = LEAP_YEAR + timedelta(number)
        if days.months is not None and day.month not in days.months:
            continue
        if days.dates is None or any(
            (not certain and _yearly(part, day)) if isinstance(part, DateSpan) else day in part
            for part in days.dates
        ):
            bits |= 1 << number
    return bits


def _yearly(part: DateSpan, day: date) -> bool:
    """Whether a span of real dates holds such a day in any year."""
    if (part.last - part.first).days >= 365:
        return True
    first, last, spot = (
        (part.first.month, part.first.day),
        (part.last.month, part.last.day),
        (day.month, day.day),
    )
    return first <= spot <= last if first <= last else spot >= first or spot <= last


def _next_days(year: int, *, certain: bool) -> int:
    """The days after. That after the 28th of February is one of two: both can be, and none is for sure."""
    found = ((year << 1) | (year >> (YEAR_DAYS - 1))) & WHOLE_YEAR
    eve, march = year >> (_LEAP_DAY - 1) & 1, 1 << (_LEAP_DAY + 1)
    if certain:
        return found if eve else found & ~march
    return found | march if eve else found
