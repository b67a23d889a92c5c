"""Which days: weekdays and holidays, months, dates. Both ends are included; yearly spans wrap the year."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DateSpan:
    """From one real date to another."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class YearlySpan:
    """Every year from one (month, day) to another; 12-20 to 01-05 wraps over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def __contains__(self, day: date) -> bool:
        spot = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= spot <= self.last
        return spot >= self.first or spot <= self.last


@dataclass(frozen=True, slots=True)
class Days:
    """A filter of days: every part that is given must agree. None is "any"."""

    weekdays: frozenset[int] | None = None
    """0 is Monday."""
    holiday: bool = False
    """The word `holiday` was listed: a holiday of the tariff counts whatever its weekday."""
    months: frozenset[int] | None = None
    dates: tuple[DateSpan | YearlySpan, ...] | None = None

    def __call__(self, day: date, holidays: frozenset[date]) -> bool:
        if self.weekdays is not None or self.holiday:
            named = self.weekdays is not None and day.weekday() in self.weekdays
            if not named and not (self.holiday and day in holidays):
                return False
        if self.months is not None and day.month not in self.months:
            return False
        return self.dates is None or any(day in part for part in self.dates)


EVERY_DAY = Days()
