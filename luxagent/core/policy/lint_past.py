"""Lint about dates that are over: what was right last year and never comes again.

It alone asks for today, so it is for `check`: a file that runs does not become another one by the date.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.lint_remarks import Remark, Sort, asks_for_holidays
from luxagent.core.policy.rules import Ruleset
from luxagent.core.values.days import DateSpan, Days

_THE_NIGHT_AFTER = timedelta(days=1)


def over(ruleset: Ruleset, today: date) -> Iterator[Remark]:
    """Rules and alerts whose dates are all over, and holidays that all are. `today` is the site's."""
    for section, rows in (("rules", ruleset.rules), ("alerts", ruleset.alerts)):
        for row in rows:
            last = _last_day(row.when)
            if row.enabled and last is not None and last + _THE_NIGHT_AFTER < today:
                message = f"its dates are over: the last was {last}"
                yield Remark(Sort.OVER, (section, row.name, "when"), message, "write 12-24 for every year")
    holidays = ruleset.tariff.holidays if ruleset.tariff is not None else frozenset()
    if holidays and max(holidays) < today and asks_for_holidays(ruleset):
        message = f"all of these holidays are over: the last was {max(holidays)}"
        yield Remark(Sort.OVER, ("tariff", "holidays"), message, "list those to come")


def _last_day(node: Condition) -> date | None:
    """The last day on which it can hold; None where there is none such."""
    match node:
        case c.TimeIn(_, days) | c.DayIs(days):
            return _last_date(days)
        case c.All(parts):
            return min((day for part in parts if (day := _last_day(part)) is not None), default=None)
        case c.AnyOf(parts):
            found = [_last_day(part) for part in parts]
            ends = [day for day in found if day is not None]
            return max(ends) if ends and len(ends) == len(found) else None
        case c.Held(part):
            return _last_day(part)
    return None


def _last_date(days: Days) -> date | None:
    spans = [part for part in days.dates or () if isinstance(part, DateSpan)]
    if not spans or len(spans) < len(days.dates or ()):
        return None
    return max(part.last for part in spans)
