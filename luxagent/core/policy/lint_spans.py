"""Sets of moments: minutes of the week, each on some days of the year. For lint alone.

They are worked with exactly: what is left of one without another is all that is left, also where weeks and
months cross. So what can be told beforehand only roughly is rough from its beginning, and never gets rougher.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from luxagent.core.values.windows import DAY_MIN

WEEK_MIN = 7 * DAY_MIN
YEAR_DAYS = 366
WHOLE_WEEK, WHOLE_YEAR = (1 << WEEK_MIN) - 1, (1 << YEAR_DAYS) - 1


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes of the week by the day of the year, as bits: groups of days, each with the minutes it has.

    No day is in two groups, no two groups have the same minutes, and none is without days or minutes. So
    what is equal here is the same times.
    """

    groups: tuple[tuple[int, int], ...]
    """Days of a leap year, and minutes of the week."""

    @staticmethod
    def on(week: int, year: int = WHOLE_YEAR) -> "Times":
        """The same minutes on each of some days."""
        return _grouped([(year, week)])

    @property
    def week(self) -> int:
        """The minutes of the week that it has on any day."""
        found = 0
        for _, week in self.groups:
            found |= week
        return found

    @property
    def year(self) -> int:
        """The days of the year on which it has any minute."""
        return sum(year for year, _ in self.groups)

    @property
    def never(self) -> bool:
        return not self.groups

    @property
    def always(self) -> bool:
        return self.groups == ((WHOLE_YEAR, WHOLE_WEEK),)

    def __and__(self, other: "Times") -> "Times":
        return _grouped(
            (year & others, week & minutes) for year, week in self.groups for others, minutes in other.groups
        )

    def __or__(self, other: "Times") -> "Times":
        return ~(~self & ~other)

    def __invert__(self) -> "Times":
        groups = [(year, WHOLE_WEEK & ~week) for year, week in self.groups]
        return _grouped([*groups, (WHOLE_YEAR & ~self.year, WHOLE_WEEK)])

    def within(self, other: "Times") -> bool:
        """Whether the other has all of it."""
        for year, week in self.groups:
            for others, minutes in other.groups:
                if not week & ~minutes:
                    year &= ~others
            if year:
                return False
        return True


def _grouped(groups: Iterable[tuple[int, int]]) -> Times:
    """Times of groups that share no day."""
    years: dict[int, int] = {}
    for year, week in groups:
        if year and week:
            years[week] = years.get(week, 0) | year
    return Times(tuple(sorted((year, week) for week, year in years.items())))


ALWAYS, NEVER = Times.on(WHOLE_WEEK), Times(())


@dataclass(frozen=True, slots=True)
class Span:
    """When something can hold, and when it does for sure."""

    possible: Times = ALWAYS
    """Never less than the truth."""
    certain: Times = ALWAYS
    """Never more than the truth."""

    @property
    def exact(self) -> bool:
        return self.possible == self.certain

    def __and__(self, other: "Span") -> "Span":
        return Span(self.possible & other.possible, self.certain & other.certain)

    def __or__(self, other: "Span") -> "Span":
        return Span(self.possible | other.possible, self.certain | other.certain)

    def negated(self) -> "Span":
        return Span(~self.certain, ~self.possible)


UNTOLD = Span(ALWAYS, NEVER)
"""The clock says nothing."""
NOWHEN = Span(NEVER, NEVER)


def longest_run(times: Times) -> int:
    """The most minutes on end, or somewhat more; a week where there is no break."""
    minutes = times.week
    if minutes == WHOLE_WEEK:
        return WEEK_MIN
    bits = f"{minutes:0{WEEK_MIN}b}" * 2
    return min(WEEK_MIN, max(map(len, bits.split("0"))))


def first_run(times: Times) -> tuple[int, int]:
    """The first stretch of the week: the minute it begins at and the one it ends at."""
    minutes = times.week
    start = (minutes & -minutes).bit_length() - 1
    rest = minutes >> start
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
