"""Lint about two rules: one that hides the other, and two whose times overlap with different values."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from luxagent.core.facts.settings import same_value
from luxagent.core.policy.conditions import TariffIs, TimeIn
from luxagent.core.policy.lint_remarks import Remark, Setter, Sort, Study
from luxagent.core.policy.lint_spans import Times, first_run, weekdays_of
from luxagent.core.policy.lint_ways import Way, covers
from luxagent.core.policy.rules import Rule
from luxagent.core.values.windows import DAY_MIN

MOST_PAIRS = 20_000
"""Beyond this lint stops comparing: a file of hundreds of rules must not keep its owner waiting."""

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def hidden(about: Study) -> Iterator[Remark]:
    """Rules, or single settings of them, that never count: a rule above them always decides instead."""
    left = MOST_PAIRS
    above: dict[str, list[Setter]] = {}
    for lower in about.rules:
        covering: dict[tuple[str, ...], bool] = {}
        hiders: dict[str, Setter] = {}
        for name in lower.sets:
            for upper in above.get(name, ()):
                if upper.where not in covering:
                    left -= 1
                    covering[upper.where] = left > 0 and always_above(upper, lower)
                if covering[upper.where]:
                    hiders[name] = upper
                    break
            above.setdefault(name, []).append(lower)
        yield from _hidden(lower, hiders)


def _hidden(lower: Setter, hiders: dict[str, Setter]) -> Iterator[Remark]:
    if hiders and len(hiders) == len(lower.sets):
        names = " and ".join(dict.fromkeys(f"{upper.where[1]!r}" for upper in hiders.values()))
        yield Remark(
            Sort.HIDDEN,
            (*lower.where[:2], "name"),
            f"this rule never counts: {names} above it holds whenever it does, and sets the same",
            "put it higher, or narrow the one above",
        )
        return
    for name, upper in hiders.items():
        if not same_value(name, lower.sets[name], upper.sets[name]):
            yield Remark(
                Sort.HIDDEN,
                (*lower.where, name),
                f"this value never counts: {upper.where[1]!r} above holds whenever this rule does",
                "put this rule higher, or narrow the one above",
            )


def always_above(upper: Setter, lower: Setter) -> bool:
    """Whether the upper rule holds whenever the lower one does, wherever that one counts.

    When each has taken is not known: the upper one may let go long before the lower one's `hold` is over.
    """
    high, low = upper.rule, lower.rule
    if high is None or low is None or high.scope is not low.scope or not _reaches(high, low):
        return False
    if low.when == high.when and low.hold_s == high.hold_s:
        return True  # they take and let go in the same moments
    if upper.parts <= lower.lasting_parts:
        return True
    ways = lower.lasting
    if not ways or not upper.ways or all(way.never for way in lower.ways or ()):
        return False
    return all(way.never or any(covers(one, way) for one in upper.ways) for way in ways)


def _reaches(high: Rule, low: Rule) -> bool:
    return not high.devices or (bool(low.devices) and low.devices <= high.devices)


@dataclass(frozen=True)
class _Timed:
    """A rule on the clock alone, and when it holds."""

    setter: Setter
    times: Times

    @cached_property
    def weekdays(self) -> frozenset[int]:
        return weekdays_of(self.times)

    def is_rarer(self, other: "_Timed") -> bool:
        """Whether it is for fewer weekdays, or fewer days of the year, that all are the other's too."""
        mine, others = self.times.year, other.times.year
        return self.weekdays < other.weekdays or (mine != others and not mine & ~others)


def overlap(about: Study) -> Iterator[Remark]:
    """Two rules on the clock alone whose times partly overlap, and that set one setting differently.

    One within the other is how exceptions are written, and so are whole days, so those do not count. Nor does
    an upper rule for fewer days or months than the lower one: it is the exception, and it wins.
    """
    timed = [_Timed(setter, times) for setter in about.rules if (times := _by_clock(setter)) is not None]
    left = MOST_PAIRS
    for at, low in enumerate(timed):
        for high in timed[:at]:
            upper, lower, earlier, later = high.setter, low.setter, high.times, low.times
            differing = [
                name
                for name, value in lower.sets.items()
                if name in upper.sets and not same_value(name, value, upper.sets[name])
            ]
            left -= 1
            if not differing or left < 0 or not meet(upper.rule, lower.rule):
                continue
            both = earlier & later
            if both.never or earlier.within(later) or later.within(earlier) or high.is_rarer(low):
                continue
            higher = f"put it above {upper.where[1]!r}, or " if low.is_rarer(high) else ""
            yield Remark(
                Sort.OVERLAP,
                (*lower.where, differing[0]),
                f"{_when(both)} {upper.where[1]!r} above holds too, so its {differing[0]} is what counts",
                f"{higher}let one end where the other begins",
            )
            break


def _by_clock(setter: Setter) -> Times | None:
    """When a rule with a window holds, where nothing but the clock decides and it can be told exactly."""
    if setter.ways is None or len(setter.ways) != 1:
        return None
    way: Way = setter.ways[0]
    span = way.span if any(isinstance(part.leaf, TimeIn | TariffIs) for part in way.parts) else None
    return span.possible if span is not None and span.exact and not span.possible.always else None


def meet(one: Rule | None, other: Rule | None) -> bool:
    """Whether there is an inverter that both are for."""
    if one is None or other is None:
        return False
    return not one.devices or not other.devices or bool(one.devices & other.devices)


def _when(times: Times) -> str:
    """`from 05:00 to 06:00`, with the day where it is not every day."""
    start, end = first_run(times)
    clock = f"from {_clock(start)} to {_clock(end)}"
    daily = all((times.week >> (day * DAY_MIN + start % DAY_MIN)) & 1 for day in range(7))
    return clock if daily else f"on {_DAYS[start // DAY_MIN]} {clock}"


def _clock(minute: int) -> str:
    return f"{minute % DAY_MIN // 60:02d}:{minute % 60:02d}"
