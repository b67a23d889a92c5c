"""Lint about windows over midnight that a day beside them, but outside of their mapping, cuts in two.

In one mapping with a `time`, `days` are those on which the window begins. Under a `not`, beside `any` or
`all`, or beside a tariff or cron, they are the calendar's: of Friday's night only the hours before midnight
are left.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_remarks import Remark, Sort, Study
from luxagent.core.policy.lint_spans import WEEK_MIN, Span
from luxagent.core.policy.lint_ways import Part, Way
from luxagent.core.policy.words import days_text
from luxagent.core.values.cron import CronWindow
from luxagent.core.values.days import EVERY_DAY, Days
from luxagent.core.values.windows import DAY_MIN, Window

_WEEK = frozenset(range(7))
_MIDNIGHTS = 35
"""A month of them, and some: as far as is looked for a firing of cron whose window runs over one."""
_IN_ONE_MAPPING = "days beside a time, in one mapping, are those on which the window begins"
_A_MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def cut_at_midnight(about: Study) -> Iterator[Remark]:
    """A window over midnight with the calendar's days beside it."""
    for section, name, ways in about.conditions:
        for way in ways or ():
            days = next((part for part in way.parts if _names_days(part)), None)
            if days is None or way.never:
                continue
            cut = next((part for part in way.parts if part.holds and _runs_over(part.leaf, about)), None)
            if cut is None or not _over_midnight(_without_days(way)):
                continue
            yield Remark(
                Sort.CUT_AT_MIDNIGHT,
                (section, name, "when"),
                f"{_said(days)} is the calendar's day here, so it cuts {cut.said} at midnight",
                _mended(cut.leaf, days, about)
                if all(days.number in {part.number for part in one.parts} for one in ways or ())
                else _IN_ONE_MAPPING,
            )
            break


def _names_days(part: Part) -> bool:
    if not isinstance(part.leaf, c.DayIs):
        return False
    days = part.leaf.days
    return days.holiday or days.dates is not None or days.weekdays not in (None, _WEEK)


def _said(part: Part) -> str:
    named = days_text(part.leaf.days) if isinstance(part.leaf, c.DayIs) else part.said
    return named if part.holds else f"not {named}"


def _runs_over(leaf: c.Condition, about: Study) -> bool:
    """Whether it speaks of a window that somebody wrote, and that runs from one day into the next."""
    match leaf:
        case c.TimeIn(windows, days):
            return any(_over_midnight(about.almanac.windows((window,), days)) for window in windows)
        case c.TariffIs():
            return any(
                _over_midnight(about.almanac.windows((window,))) for window in _windows_of(leaf, about)
            )
        case c.CronIn(at, lasting_s):
            window = CronWindow(at, lasting_s, UTC)
            midnights = (_A_MONDAY + timedelta(days=number) for number in range(_MIDNIGHTS))
            return any(window.inside(at) and (window.last_firing(at) or at) < at for at in midnights)
    return False


def _windows_of(leaf: c.TariffIs, about: Study) -> list[Window]:
    tariff = about.ruleset.tariff
    periods = () if tariff is None else tariff.periods
    return [window for period in periods if period.name in leaf.names for window in period.windows]


def _over_midnight(span: Span) -> bool:
    """Whether it can hold just before a midnight and just after it."""
    week = span.possible.week
    after = week >> 1 | (week & 1) << (WEEK_MIN - 1)
    return any(week & after & 1 << (day * DAY_MIN - 1) % WEEK_MIN for day in range(7))


def _without_days(way: Way) -> Span:
    """When all of it can hold but for the calendar's days. What hangs on no clock holds at any time."""
    span = Span()
    for part in way.parts:
        if part.span is not None and not isinstance(part.leaf, c.DayIs | c.CronIn):
            span = span & part.span
    return span


def _mended(leaf: c.Condition, days: Part, about: Study) -> str:
    """What says the same of the day on which the window begins."""
    named = days.leaf.days if isinstance(days.leaf, c.DayIs) else EVERY_DAY
    if isinstance(leaf, c.CronIn):
        return "name the days in the cron expression"
    windows = tuple(_windows_of(leaf, about)) if isinstance(leaf, c.TariffIs) else ()
    windows, own = (leaf.windows, leaf.days) if isinstance(leaf, c.TimeIn) else (windows, EVERY_DAY)
    if not windows:
        return _IN_ONE_MAPPING
    wanted = named if days.holds else _others(named)
    if own == EVERY_DAY and wanted is not None:
        return f"for the day on which it begins: {_written(windows, wanted)}"
    if not days.holds:
        return f"for the day on which it begins: not: {_written(windows, named)}"
    return _IN_ONE_MAPPING


def _written(windows: tuple[Window, ...], days: Days) -> str:
    """Windows and days as one mapping of the file."""
    parts = [
        ("time", list(map(str, windows))),
        ("days", [days_text(Days(days.weekdays, days.holiday))] if days.weekdays or days.holiday else []),
        ("months", [days_text(Days(months=days.months))] if days.months else []),
        ("dates", [days_text(Days(dates=(one,))) for one in days.dates or ()]),
    ]
    said = [f"{key}: {words[0] if len(words) == 1 else '[' + ', '.join(words) + ']'}"
            for key, words in parts if words]  # fmt: skip
    return f"{{{', '.join(said)}}}"


def _others(days: Days) -> Days | None:
    """The weekdays that are not named; None where more than weekdays are."""
    if days.weekdays is None or days.holiday or days.months is not None or days.dates is not None:
        return None
    return Days(weekdays=_WEEK - days.weekdays)
