"""Conditions in the words of the file, with values in units: for the journal, `why`, `plan` and alerts."""

from typing import Any

from luxagent.core.facts.metrics import METRICS_BY_KEY, TARIFF_METRICS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Bound, Condition
from luxagent.core.values.days import EVERY_DAY, DateSpan, Days, YearlySpan
from luxagent.core.values.units import Unit, format_duration, format_quantity

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def metric_name(key: str) -> str:
    """The file's word for a metric: "soc_pct" is "soc"."""
    row = METRICS_BY_KEY.get(key)
    return key if row is None else row.name


def quantity(key: str, value: float) -> str:
    """A metric's value in its unit."""
    row = METRICS_BY_KEY.get(key)
    unit = row.unit if row is not None else Unit.PRICE if key in TARIFF_METRICS else Unit.NONE
    return format_quantity(value, unit)


def wanted(node: Condition) -> str:
    """What a condition asks for: "soc below 60 % until 78 %", "23:30 to 05:30", "flag storm"."""
    match node:
        case c.All(parts):
            return ", ".join(map(wanted, parts)) or "always"
        case c.AnyOf(parts):
            return "any of (" + "; ".join(map(wanted, parts)) + ")"
        case c.Not(part):
            return f"not ({wanted(part)})"
        case c.Held(part, seconds):
            return f"{wanted(part)} for {format_duration(seconds)}"
        case c.Compare(metric, op, bound, until):
            tail = "" if until is None else f" until {bound_text(metric, until)}"
            return f"{metric_name(metric)} {op.value} {bound_text(metric, bound)}{tail}"
        case c.Between(metric, low, high):
            return f"{metric_name(metric)} between {bound_text(metric, low)} and {bound_text(metric, high)}"
        case _:
            return _plain(node)


def _plain(node: Condition) -> str:
    match node:
        case c.TimeIn(windows, days):
            times = " or ".join(map(str, windows))
            return times if days == EVERY_DAY else f"{times} {days_text(days)}"
        case c.DayIs(days):
            return days_text(days)
        case c.CronIn(at, lasting_s):
            return f'within {format_duration(lasting_s)} of "{at}"'
        case c.SunIs(up):
            return "sun up" if up else "sun down"
        case c.TariffIs(names):
            return "tariff " + " or ".join(sorted(names))
        case c.FlagOn(name):
            return f"flag {name}"
        case c.WordIs(fact, word):
            return f"{fact} {word}"
        case c.FaultIs(codes):
            return "fault " + (" or ".join(sorted(codes)) or "any")
        case _:
            return "always"


def observed(node: Condition, seen: Any) -> str:  # noqa: ANN401  # whatever the leaf looked at
    """What was seen: "31 %", "charging and normal", "unknown"; empty where only the clock was asked."""
    match node:
        case c.Compare(metric) | c.Between(metric):
            value = seen[0] if isinstance(seen, tuple) else seen
            return "unknown" if value is None else quantity(metric, value)
        case c.WordIs() | c.FaultIs() | c.TariffIs():
            return _word(seen)
        case _:
            return ""


def said(node: Condition, truth: bool | None, seen: Any, tail: str) -> str:  # noqa: ANN401
    """One leaf in one phrase: "soc 31 % below 60 %", "soc 71 % not below 60 %", "not 23:30 to 05:30"."""
    no = "" if truth is True else "not "
    match node:
        case c.Compare(metric) | c.Between(metric):
            name, asked = metric_name(metric), wanted(node).removeprefix(metric_name(metric) + " ")
            value = observed(node, seen)
            if truth is None:
                return f"{name} {value}, wanted {asked}{tail}"
            return f"{name} {value} {no}{asked}{_against(node, seen)}{tail}"
        case c.WordIs() | c.FaultIs() | c.TariffIs():
            if truth is True:
                return wanted(node) + tail
            name, _, asked = wanted(node).partition(" ")
            value = observed(node, seen)
            return f"{name} {value}, wanted {asked}" if truth is None else f"{name} {value}, not {asked}"
        case c.FlagOn(name):
            return f"flag {name} {'on' if truth else 'off'}{tail}"
        case _:
            return no + wanted(node) + tail


def counted(seconds: float, so_far: Any) -> str:  # noqa: ANN401
    """How far a `for` has come: " for 30 min", or " for 12 min of 30 min"."""
    if so_far >= seconds:
        return f" for {format_duration(seconds)}"
    return f" for {format_duration(so_far)} of {format_duration(seconds)}"


def _against(node: Condition, seen: Any) -> str:  # noqa: ANN401
    """The value of a bound that is a metric: " (1.1 kW)"."""
    if isinstance(seen, tuple) and seen[1] is not None and isinstance(node, c.Compare):
        return f" ({quantity(node.metric, seen[1])})"
    return ""


def bound_text(metric: str, bound: Bound) -> str:
    """A bound in the metric's unit: "60 %", "load_power + 500 W"."""
    if bound.metric is None:
        return quantity(metric, bound.constant)
    name = metric_name(bound.metric)
    if bound.constant == 0:
        return name
    return f"{name} {'+' if bound.constant > 0 else '-'} {quantity(metric, abs(bound.constant))}"


def _word(seen: Any) -> str:  # noqa: ANN401
    if seen is None:
        return "unknown"
    if isinstance(seen, bool):
        return "yes" if seen else "no"
    return seen if isinstance(seen, str) else " and ".join(sorted(seen)) or "none"


def no_codes_text(node: c.FaultIs, wire: str) -> tuple[str, str]:
    """What is said of asking for codes where the portal lists none, and what to ask for instead."""
    word = "warning" if node.codes and all(code.startswith("W") for code in node.codes) else "fault"
    return f"the portal's {wire} wire lists no codes, so this is never known", f"{{status: {word}}}"


def days_text(days: Days) -> str:
    """A filter of days as the file writes it: "mon-fri, holiday, may-oct"."""
    parts = []
    if days.weekdays is not None:
        parts += _runs(sorted(days.weekdays), _WEEKDAYS)
    if days.holiday:
        parts.append("holiday")
    if days.months is not None:
        parts += _runs(sorted(month - 1 for month in days.months), _MONTHS)
    parts += [_span_text(part) for part in days.dates or ()]
    return ", ".join(parts) or "every day"


def _runs(numbers: list[int], names: tuple[str, ...]) -> list[str]:
    """Neighbours joined, over the end of the week or year too: "nov-feb"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][-1] == len(names) - 1:
        runs[0] = runs.pop() + runs[0]
    return [names[r[0]] if len(r) == 1 else f"{names[r[0]]}-{names[r[-1]]}" for r in runs]


def _span_text(span: DateSpan | YearlySpan) -> str:
    if isinstance(span, DateSpan):
        first, last = span.first.isoformat(), span.last.isoformat()
    else:
        first, last = (f"{month:02d}-{day:02d}" for month, day in (span.first, span.last))
    return first if first == last else f"{first} to {last}"
