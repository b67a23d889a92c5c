"""How often in a day the clock alone can make a condition true. An upper bound, for `budget`."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from luxagent.core.facts.metrics import TARIFF_METRICS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.compare import TESTS
from luxagent.core.policy.conditions import Bound, Condition, Op
from luxagent.core.policy.rules import Ruleset
from luxagent.core.policy.tariff_days import Course, courses_of, most_changes, most_turns
from luxagent.core.values.cron import CronWindow
from luxagent.core.values.tariff import Period

_SOME_NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
"""Where cron is counted from: the first day with a firing has as many as any other."""


class ClockEdges:
    """Counts for the conditions of one file; works out the days of its tariff once, where they are asked."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._site, self._tariff = ruleset.site, ruleset.tariff

    def of(self, condition: Condition) -> int:
        """How often in a day the clock alone can make it true."""
        match condition:
            case c.All(parts) | c.AnyOf(parts):
                return sum(self.of(part) for part in parts)
            case c.Not(part) | c.Held(part):
                return self.of(part)
            case c.TimeIn(windows):
                return len(windows)
            case c.CronIn(at, lasting_s):
                return _firings(CronWindow(at, lasting_s, self._site.zone))
            case c.SunIs() | c.DayIs():
                return 1
            case c.TariffIs(names):
                return most_turns(self._courses, [one.name in names for one in self._periods])
            case c.Compare(metric, op, bound) if metric in TARIFF_METRICS:
                return self._price(metric, [(op, bound)])
            case c.Between(metric, low, high) if metric in TARIFF_METRICS:
                return self._price(metric, [(Op.AT_LEAST, low), (Op.AT_MOST, high)])
        return 0

    @property
    def _periods(self) -> tuple[Period, ...]:
        return () if self._tariff is None else self._tariff.periods

    @cached_property
    def _courses(self) -> frozenset[Course]:
        return frozenset() if self._tariff is None else courses_of(self._tariff, self._site)

    def _price(self, metric: str, asked: list[tuple[Op, Bound]]) -> int:
        """Each change of the price where it is held against a reading; else where its truth changes.

        An `until` makes it turn less often, never more.
        """
        prices = [_price_of(period, metric) for period in self._periods]
        if any(bound.metric is not None for _, bound in asked):
            return most_changes(self._courses, lambda place: prices[place])
        met = [all(TESTS[op](price, bound.constant) for op, bound in asked) for price in prices]
        return most_turns(self._courses, met)


def _price_of(period: Period, metric: str) -> float:
    return period.import_price if metric == "price" else period.export_price


def _firings(cron: CronWindow) -> int:
    first = next(iter(cron.firings(_SOME_NEW_YEAR, _SOME_NEW_YEAR + timedelta(days=1500))), None)
    if first is None:
        return 0
    return len(set(cron.firings(first, first + timedelta(days=1))))
