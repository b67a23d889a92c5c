"""When the clock lets a condition hold, as minutes of the week and days of the year. For lint alone.

Each leaf has two answers: when it can hold at all (`possible`), and when it holds for sure (`certain`).
Between them lies what cannot be told beforehand: holidays, cron, the sun's wandering, dates of one year.
Everything here errs on the side of saying nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from luxagent.core.policy import conditions as c
from luxagent.core.policy.compare import TESTS
from luxagent.core.policy.conditions import Op
from luxagent.core.policy.rules import Ruleset
from luxagent.core.values.days import EVERY_DAY, DateSpan, Days
from luxagent.core.values.sun import SunDay, SunEvent, sun_day
from luxagent.core.values.tariff import Period
from luxagent.core.values.windows import DAY_MIN, Edge, Window, span

WEEK_MIN = 7 * DAY_MIN
_WHOLE_WEEK, _WHOLE_YEAR = (1 << WEEK_MIN) - 1, (1 << 366) - 1
_LEAP = date(2024, 1, 1)
_SUN_EVERY_DAYS = 7
_SOLSTICES = (172, 355)
_SUN_MARGIN_MIN = 10  # how far the sun may wander between two days that are looked at


@dataclass(frozen=True, slots=True)
class Times:
    """Some minutes of the week, on some days of the year; both as bits."""

    week: int = _WHOLE_WEEK
    year: int = _WHOLE_YEAR

    @property
    def never(self) -> bool:
        return self.week == 0 or self.year == 0

    @property
    def always(self) -> bool:
        return self.week == _WHOLE_WEEK and self.year == _WHOLE_YEAR

    def __and__(self, other: "Times") -> "Times":
        return Times(self.week & other.week, self.year & other.year)

    def within(self, other: "Times") -> bool:
        return self.never or not (self.week & ~other.week or self.year & ~other.year)

    def less(self, other: "Times") -> "Times":
        """A part of what is left without the other: all of it wherever that is a `Times`."""
        if (self & other).never:
            return self
        if not self.week & ~other.week:
            return Times(self.week, self.year & ~other.year)
        return Times(self.week & ~other.week, self.year)


ALWAYS, NEVER = Times(), Times(0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """When something can hold, and when it does for sure."""

    possible: Times = ALWAYS
    certain: Times = ALWAYS

    @property
    def exact(self) -> bool:
        return self.possible == self.certain

    def __and__(self, other: "Span") -> "Span":
        return Span(self.possible & other.possible, self.certain & other.certain)

    def negated(self) -> "Span":
        return Span(_outside(self.certain, ALWAYS), _outside(self.possible, NEVER))


UNTOLD = Span(ALWAYS, NEVER)
"""The clock says nothing."""


def _outside(times: Times, otherwise: Times) -> Times:
    if times.never:
        return ALWAYS
    if times.year == _WHOLE_YEAR:
        return Times(_WHOLE_WEEK & ~times.week)
    return Times(year=_WHOLE_YEAR & ~times.year) if times.week == _WHOLE_WEEK else otherwise


class Almanac:
    """Answers for the leaves of one file; keeps the sun's year and the tariff's periods."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._place, self._zone = ruleset.site.place, ruleset.site.zone
        self._tariff = ruleset.tariff
        self._suns: tuple[SunDay, ...] | None = None
        self._periods: list[tuple[str, Span]] | None = None
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
                return self._in_periods([n for n in self._names() if n in names], None)
            case c.Compare("price" | "export_price"):
                return self._priced(leaf)
        return None

    def windows(self, windows: tuple[Window, ...], days: Days = EVERY_DAY) -> Span:
        """Windows that begin on some days."""
        can, must, over, early = 0, 0, False, False
        for window in windows:
            widest, surest = self._reach(window)
            can |= _minutes(widest)
            must |= _minutes(surest)
            over = over or (widest is not None and widest[1] > DAY_MIN)
            early = early or (widest is not None and widest[0] < 0)
        named = days.weekdays or frozenset()
        any_day = days.weekdays is None and not days.holiday
        every = frozenset(range(7))
        possible = Times(_on(can, every if any_day or days.holiday else named), _year(days, certain=False))
        certain = Times(_on(must, every if any_day else named), _year(days, certain=True))
        if over and possible.year != _WHOLE_YEAR:
            possible = Times(possible.week, possible.year | _next_day(possible.year))
        if early and possible.year != _WHOLE_YEAR:
            possible = Times(possible.week, possible.year | (possible.year >> 1) | (possible.year & 1) << 365)
        if over and certain.year != _WHOLE_YEAR:
            certain = Times(certain.week, certain.year & _next_day(certain.year))
        return Span(possible, certain)

    def _reach(self, window: Window) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """The widest and the narrowest that a window gets in a year, in minutes after a midnight."""
        if not window.needs_sun:
            found = span(window, None, None)
            return found, found
        found_all = [span(window, sun, sun) for sun in self._year_of_sun()]
        happens = [one for one in found_all if one is not None]
        starts, ends = [one[0] for one in happens], [one[1] for one in happens]
        first, last = (0 if edge.event is None else _SUN_MARGIN_MIN for edge in (window.start, window.end))
        if (
            not happens or len(happens) < len(found_all)
            or min(starts) < first or max(starts) >= DAY_MIN - first
        ):  # fmt: skip
            return (-DAY_MIN, 2 * DAY_MIN), None  # it may belong to the day before or after
        surest = max(starts) + first, min(ends) - last
        widest = min(starts) - first, max(ends) + last
        return widest, surest if surest[0] < surest[1] else None

    def _year_of_sun(self) -> tuple[SunDay, ...]:
        if self._suns is None:
            days = (
                []
                if self._place is None
                else [_LEAP + timedelta(n) for n in (*range(0, 366, _SUN_EVERY_DAYS), *_SOLSTICES)]
            )
            self._suns = tuple(sun_day(self._place, day, self._zone) for day in days if self._place)
        return self._suns

    def _names(self) -> tuple[str, ...]:
        return () if self._tariff is None else tuple(period.name for period in self._tariff.periods)

    def in_period(self, number: int) -> Span:
        """When a period of the tariff holds, by its place among them."""
        return self._spans()[number][1]

    def _in_periods(self, can: list[str], must: list[str] | None) -> Span:
        must = can if must is None else must
        possible = [span.possible for name, span in self._spans() if name in can]
        certain = [span.certain for name, span in self._spans() if name in must]
        week, year = 0, 0
        for one in possible:
            week, year = week | one.week, year | one.year
        same_year = [one for one in certain if one.year == (certain[0].year if certain else 0)]
        sure = 0
        for one in same_year:
            sure |= one.week
        return Span(Times(week, year), Times(sure, same_year[0].year) if same_year else NEVER)

    def _spans(self) -> list[tuple[str, Span]]:
        """When each period of the tariff holds: its own times less those of the periods above it.

        Several may have one name, each for a season.
        """
        if self._periods is None:
            found: list[tuple[str, Span]] = []
            above: list[Span] = []
            for period in () if self._tariff is None else self._tariff.periods:
                own = self._own(period)
                possible, certain = own.possible, own.certain
                for one in above:
                    possible = possible.less(one.certain) if one.exact and own.exact else possible
                    certain = certain.less(one.possible)
                found.append((period.name, Span(_whole(possible, own.possible), certain)))
                above.append(own)
            self._periods = found
        return self._periods

    def _own(self, period: Period) -> Span:
        return self.windows(period.spans, period.days)

    def _priced(self, leaf: c.Compare) -> Span:
        bound, until = leaf.bound, leaf.until
        if (
            self._tariff is None
            or bound.metric is not None
            or (until is not None and until.metric is not None)
        ):
            return UNTOLD
        falling, takes, stays = leaf.op in (Op.BELOW, Op.AT_MOST), [], []
        for period in self._tariff.periods:
            price = period.import_price if leaf.metric == "price" else period.export_price
            if TESTS[leaf.op](price, bound.constant):
                takes.append(period.name)
            if until is not None and (price < until.constant if falling else price > until.constant):
                stays.append(period.name)
        return self._in_periods([n for n in self._names() if n in takes or n in stays], takes)


def _whole(rest: Times, own: Times) -> Times:
    """`less` gives a part where weeks and years cross; what can happen must not be made too small."""
    return rest if rest.year == own.year or rest.week == own.week else own


def _minutes(reach: tuple[int, int] | None) -> int:
    """A span of minutes as bits of three days, of which the middle one is meant."""
    if reach is None:
        return 0
    start, end = max(0, reach[0] + DAY_MIN), min(3 * DAY_MIN, reach[1] + DAY_MIN)
    return ((1 << (end - start)) - 1) << start if end > start else 0


def _on(minutes: int, weekdays: frozenset[int]) -> int:
    """Three days of bits laid about each weekday, round the end of the week."""
    laid = 0
    for weekday in weekdays:
        laid |= minutes << (weekday * DAY_MIN)
    laid >>= DAY_MIN
    early = 0
    if 0 in weekdays:  # what Monday's span has of the Sunday before
        early = (minutes & ((1 << DAY_MIN) - 1)) << (6 * DAY_MIN)
    return ((laid & _WHOLE_WEEK) | (laid >> WEEK_MIN) | early) & _WHOLE_WEEK


def _year(days: Days, *, certain: bool) -> int:
    """The days of a leap year that months and dates name. A date of one year is possible, never certain."""
    if days.months is None and days.dates is None:
        return _WHOLE_YEAR
    bits = 0
    for number in range(366):
        day = _LEAP + timedelta(number)
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


def _next_day(year: int) -> int:
    return ((year << 1) | (year >> 365)) & _WHOLE_YEAR


def longest_run(times: Times) -> int:
    """The most minutes on end; a week where there is no break."""
    if times.week == _WHOLE_WEEK:
        return WEEK_MIN
    bits = f"{times.week:0{WEEK_MIN}b}" * 2
    return min(WEEK_MIN, max(map(len, bits.split("0"))))


def first_run(times: Times) -> tuple[int, int]:
    """The first stretch of the week: the minute it begins at and the one it ends at."""
    start = (times.week & -times.week).bit_length() - 1
    rest = times.week >> start
    return start, start + ((rest + 1) & -(rest + 1)).bit_length() - 1


def weekdays_of(times: Times) -> frozenset[int]:
    """The weekdays that its stretches are of. The night after belongs to the day on which it begins."""
    found: set[int] = set()
    bits = f"{times.week:0{WEEK_MIN}b}"[::-1]
    if "0" not in bits:
        return frozenset(range(7))
    shut = bits.index("0")
    at = shut
    for stretch in (bits[shut:] + bits[:shut]).split("0"):
        if stretch:
            last = max(at, at + len(stretch) - 1 - DAY_MIN // 2)
            found |= {day % 7 for day in range(at // DAY_MIN, last // DAY_MIN + 1)}
        at += len(stretch) + 1
    return frozenset(found)
