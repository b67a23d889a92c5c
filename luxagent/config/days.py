"""Which days, as people write them: `mon-fri`, `sat, sun`, `holiday`; `may-oct`; `12-20 to 01-05`."""

import re
from collections.abc import Sequence
from datetime import date

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, quote
from luxagent.config.kinds import from_text, real_date
from luxagent.config.meant import did_you_mean
from luxagent.config.nodes import Node
from luxagent.config.shape import Fields, Key, Kind, one_or_many
from luxagent.core.values.days import EVERY_DAY, DateSpan, Days, YearlySpan

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_HOLIDAY = "holiday"
_SETS_OF_DAYS = {
    "weekday": "mon-fri", "workday": "mon-fri", "working day": "mon-fri", "weekend": "sat, sun",
    "daily": "mon-sun, or leave days out", "everyday": "mon-sun, or leave days out",
    "all": "mon-sun, or leave days out", "every day": "mon-sun, or leave days out",
}  # fmt: skip
"""What people write instead, without an s at its end, and how to say it here."""
_RANGE = re.compile(r"(\w+?)\s*(?:-|–|\bto\b)\s*(\w+)", re.IGNORECASE)  # noqa: RUF001 - typed by phones
_YEARLY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
_LEAP_YEAR = 2024

Found = frozenset[int] | None
"""Numbers of weekdays (0 is Monday) or months (0 is January); None is the word `holiday`."""


def _number(word: str, names: Sequence[str]) -> int:
    lower = word.lower()
    for index, name in enumerate(names):
        if lower in (name, name[:3]):
            return index
    short = [name[:3] for name in names]
    if names is _MONTHS:
        raise Fault(f"{quote(word)} is not a month", did_you_mean(word, [*names, *short]) or ", ".join(short))
    meant = _SETS_OF_DAYS.get(lower.rstrip("s"))
    hint = f"write {meant}" if meant else did_you_mean(word, [*names, *short]) or ", ".join(short)
    raise Fault(f"{quote(word)} is not a day of the week", hint)


def _numbers(written: str, names: Sequence[str]) -> frozenset[int]:
    """One name, or a range that may wrap: sat-mon, nov-feb."""
    match = _RANGE.fullmatch(written.strip())
    if match is None:
        return frozenset({_number(written.strip(), names)})
    first, last = _number(match[1], names), _number(match[2], names)
    count = (last - first) % len(names) + 1
    return frozenset((first + step) % len(names) for step in range(count))


def _weekdays(written: str) -> Found:
    return None if written.strip().lower() == _HOLIDAY else _numbers(written, _WEEKDAYS)


def _weekdays_or_holiday(node: Node, context: Context) -> Found:
    found = _WEEKDAY.read(node, context)
    if found is None and not context.known.holidays:
        message = "no day is a holiday: `tariff` lists no `holidays`"
        context.warn(node.place, Code.NO_HOLIDAYS, message, "list them there as dates")
    return found


def _spot(written: str) -> tuple[int, int] | date:
    flat = written.strip()
    yearly = _YEARLY.fullmatch(flat)
    if yearly is None:
        try:
            return real_date(flat)
        except Fault as fault:
            hint = fault.hint and "write 2026-12-24, or 12-24 for every year"
            raise Fault(str(fault), hint) from None
    month, day = int(yearly[1]), int(yearly[2])
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        raise Fault(
            f"there is no {quote(flat)} in the calendar", "month-day, like 12-24", Code.RANGE
        ) from None
    return month, day


def _dates(written: str) -> DateSpan | YearlySpan:
    ends = re.split(r"\s+to\s+", written.strip(), maxsplit=1, flags=re.IGNORECASE)
    first, last = _spot(ends[0]), _spot(ends[-1])
    if isinstance(first, date) and isinstance(last, date):
        if last < first:
            raise Fault(f"{quote(written)} ends before it begins")
        return DateSpan(first, last)
    if isinstance(first, date) or isinstance(last, date):
        raise Fault(f"{quote(written)} has a year at one end only", "give both ends a year, or neither")
    return YearlySpan(first, last)


_WEEKDAY: Kind[Found] = from_text(_weekdays, {"type": "string", "examples": ["mon-fri", "sat", "holiday"]})
_MONTH: Kind[frozenset[int]] = from_text(
    lambda written: frozenset(index + 1 for index in _numbers(written, _MONTHS)),
    {"type": "string", "examples": ["may-oct", "nov-feb"]},
)
_DATE: Kind[DateSpan | YearlySpan] = from_text(_dates, {"type": "string", "examples": ["12-20 to 01-05"]})

# `holiday` is None here, and lists leave out None as "at fault": hence the one-item tuple.
_WEEKDAY_ITEM: Kind[tuple[Found]] = Kind(
    lambda node, context: (_weekdays_or_holiday(node, context),), _WEEKDAY.schema
)

DAYS = Key(
    "days", one_or_many(_WEEKDAY_ITEM, "days", commas=True), "Days of the week: mon-fri, `sat, sun`, holiday."
)
MONTHS = Key(
    "months", one_or_many(_MONTH, "months", commas=True), "Months, both ends included: may-oct, nov-feb."
)
DATES = Key(
    "dates",
    one_or_many(_DATE, "dates", commas=True),
    "Dates, both ends included: 2026-12-24, or every year 12-20 to 01-05.",
)
DAY_KEYS = (DAYS, MONTHS, DATES)


def days_of(fields: Fields) -> Days:
    """What `days`, `months` and `dates` of one mapping say together."""
    listed = fields.get(DAYS)
    weekdays: frozenset[int] | None = None
    holiday = False
    if listed is not None:
        named = [numbers for (numbers,) in listed if numbers is not None]
        weekdays = frozenset().union(*named) if named else None
        holiday = len(named) < len(listed)
    months = fields.get(MONTHS)
    dates = fields.get(DATES)
    found = Days(weekdays, holiday, None if months is None else frozenset().union(*months), dates)
    return EVERY_DAY if found == EVERY_DAY else found
