"""Lint about windows between a clock time and the sun that are too long on some days, and then do not happen.

Over midnight such a window lasts for 18 h at most, for a longer one is mostly that of an evening in which the
sun has passed the clock: see `values.windows.span`. So "12:00 to sunrise" is gone when the nights are long.
Silent about a window that is meant for one day alone, as "sunset to 21:00" is, and only happens on some.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_place import far_place
from luxagent.core.policy.lint_remarks import Remark, Sort, Study
from luxagent.core.policy.lint_spans import YEAR_DAYS
from luxagent.core.policy.lint_times import LEAP_YEAR, days_of_year
from luxagent.core.values.days import EVERY_DAY, Days
from luxagent.core.values.sun import SunDay, sun_day
from luxagent.core.values.windows import DAY_MIN, LONGEST_MIXED_MIN, Window, span

_GAP_DAYS = 7
"""Two stretches of days that are no further apart are told as one: by the minute the sun goes to and fro."""
_AT_MOST = f"{LONGEST_MIXED_MIN // 60} h at most"


@dataclass(slots=True)
class _Year:
    """How a window fares on each day of a year, as bits."""

    same_day: int = 0
    """It ends on the day on which it begins."""
    over_midnight: int = 0
    too_long: int = 0


def too_long(about: Study) -> Iterator[Remark]:
    """Windows of rules, alerts and the tariff that the sun's course over the year takes away on some days."""
    place, zone = about.ruleset.site.place, about.ruleset.site.zone
    asked = [one for one in _asked(about) if one[1].is_mixed]
    if place is None or not asked or any(far_place(about)):
        return
    suns = tuple(sun_day(place, LEAP_YEAR + timedelta(number), zone) for number in range(YEAR_DAYS + 1))
    years: dict[Window, _Year] = {}
    told: set[tuple[tuple[str, ...], Window]] = set()
    for where, window, days in asked:
        if window not in years:
            years[window] = _year_of(window, suns)
        year, named = years[window], days_of_year(days, certain=False)
        gone, over = year.too_long & named, year.over_midnight & named
        if not gone or (where, window) in told or (year.same_day & named and not over):
            continue
        told.add((where, window))
        when = f"does not happen {_said(gone)}" if over else "never happens"
        message = f"{window} {when}: between a clock time and the sun a window over midnight lasts {_AT_MOST}"
        yield Remark(Sort.TOO_LONG, where, message, _mended(window, days, sure=over != 0))


def _asked(about: Study) -> Iterator[tuple[tuple[str, ...], Window, Days]]:
    """Where a window stands, the window, and the days on which it may begin."""
    for section, rows in (("rules", about.ruleset.rules), ("alerts", about.ruleset.alerts)):
        for row in rows:
            for leaf in c.leaves_in(row.when) if row.enabled else ():
                if isinstance(leaf, c.TimeIn):
                    yield from (((section, row.name, "when", "time"), one, leaf.days) for one in leaf.windows)
    tariff = about.ruleset.tariff
    for number, period in enumerate(() if tariff is None else tariff.periods):
        where = ("tariff", "periods", f"[{number}]", "time")
        yield from ((where, window, period.days) for window in period.windows)


def _year_of(window: Window, suns: tuple[SunDay, ...]) -> _Year:
    found = _Year()
    for number in range(YEAR_DAYS):
        sun, sun_next = suns[number], suns[number + 1]
        held = span(window, sun, sun_next)
        if held is None:
            there = window.start.on(sun) is not None and window.end.on(sun_next) is not None
            found.too_long |= there << number
        elif held[1] <= DAY_MIN:
            found.same_day |= 1 << number
        else:
            found.over_midnight |= 1 << number
    return found


def _said(days: int) -> str:
    """Days of the year in stretches, round its end: "from about 11-20 to 01-22"."""
    numbers = [number for number in range(YEAR_DAYS) if days >> number & 1]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number - runs[-1][-1] <= _GAP_DAYS:
            runs[-1].append(number)
        else:
            runs.append([number])
    if len(runs) > 1 and runs[0][0] + YEAR_DAYS - runs[-1][-1] <= _GAP_DAYS:
        runs[0] = runs.pop() + runs[0]
    return " and ".join(f"from about {_date(run[0])} to {_date(run[-1])}" for run in runs)


def _date(number: int) -> str:
    return f"{LEAP_YEAR + timedelta(number):%m-%d}"


def _mended(window: Window, days: Days, *, sure: bool) -> str:
    """Two windows that meet at midnight. `sure`: it does run over midnight, on other days."""
    doubt, where = ("", "at midnight") if sure else ("if it is meant to run over midnight, ", "there")
    split = f"{doubt}split it {where}: time: [{window.start} to 24:00, 00:00 to {window.end}]"
    return split if days == EVERY_DAY else f"{split}, with the days after for the second"
