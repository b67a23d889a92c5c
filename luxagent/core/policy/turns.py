"""The instants at which the clock can turn a condition: edges of windows, sun, days, cron, tariff and flags.

Between two of them nothing but a reading, or a `for` that is over, can change its truth, so `forecast` judges
there and nowhere else. A few instants too many do no harm; one too few would.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from luxagent.core.facts.metrics import TARIFF_METRICS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.values.cron import CronWindow
from luxagent.core.values.moment import Calendar
from luxagent.core.values.sun import SunDay, SunEvent, sun_day
from luxagent.core.values.tariff import Tariff
from luxagent.core.values.wallclock import clock_changes, instants, midnights
from luxagent.core.values.windows import Edge, Window

_PIECE = timedelta(days=8)
"""How far ahead is worked out at once: who asks for the next turn need not pay for a year."""
_REACH = 2
"""Days by which the offset of a sun edge may carry it out of its own day."""


class Almanac:
    """One site's turns. Keeps the sun of each day that was asked for."""

    def __init__(
        self, calendar: Calendar, tariff: Tariff | None, flags: Mapping[str, datetime | None]
    ) -> None:
        self._zone, self._place = calendar.zone, calendar.place
        self._tariff, self._flags = tariff, flags
        self._suns: dict[date, SunDay | None] = {}

    def turns(self, condition: Condition, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every turn after `start` and before `end`, in order, in UTC."""
        while start < end:
            ahead = min(start + _PIECE, end)
            yield from sorted(at for at in set(self._piece(condition, start, ahead)) if start < at < ahead)
            if ahead < end:
                yield ahead  # no turn of its own; it keeps the pieces whole
            start = ahead

    def _piece(self, condition: Condition, start: datetime, end: datetime) -> Iterator[datetime]:
        yield from clock_changes(self._zone, start, end)
        first, last = (at.astimezone(self._zone).date() for at in (start, end))
        walls = set(midnights(first, last))
        for leaf in set(_clock_leaves(condition)):
            if isinstance(leaf, c.CronIn):
                lasting = timedelta(seconds=leaf.lasting_s)
                for at in CronWindow(leaf.at, leaf.lasting_s, self._zone).firings(start - lasting, end):
                    yield from (at, at + lasting)
            elif isinstance(leaf, c.FlagOn):
                until = self._flags.get(leaf.name)
                if until is not None:
                    yield until.astimezone(UTC)
            else:
                walls.update(self._walls(leaf, first, last))
        for wall in walls:
            yield from instants(wall, self._zone)

    def _walls(self, leaf: Condition, first: date, last: date) -> Iterator[datetime]:
        """The wall times at which a leaf may turn."""
        match leaf:
            case c.TimeIn(windows):
                yield from self._edges(windows, first, last)
            case c.SunIs():
                yield from self._edges((_DAYLIGHT,), first, last)
            case c.TariffIs() | c.Compare() | c.Between():
                for period in () if self._tariff is None else self._tariff.periods:
                    yield from self._edges(period.windows, first, last)

    def _edges(self, windows: tuple[Window, ...], first: date, last: date) -> Iterator[datetime]:
        edges = {edge for window in windows for edge in (window.start, window.end)}
        reach = _REACH if any(edge.event is not None for edge in edges) else 1  # 24:00 is the next day's
        for midnight in midnights(first - timedelta(reach), last + timedelta(reach)):
            for edge in edges:
                minute = edge.on(self._sun(midnight.date()) if edge.event is not None else None)
                if minute is not None:
                    yield midnight + timedelta(minutes=minute)

    def _sun(self, day: date) -> SunDay | None:
        if day not in self._suns:
            self._suns[day] = None if self._place is None else sun_day(self._place, day, self._zone)
        return self._suns[day]


_DAYLIGHT = Window(Edge(event=SunEvent.SUNRISE), Edge(event=SunEvent.SUNSET))


def asks_the_sun(condition: Condition, tariff: Tariff | None) -> bool:
    """Whether any part of it needs to know when the sun rises; to know costs more than all the rest."""
    sunny = tariff is not None and any(one.needs_sun for period in tariff.periods for one in period.windows)
    for leaf in _clock_leaves(condition):
        match leaf:
            case c.SunIs():
                return True
            case c.TimeIn(windows):
                if any(window.needs_sun for window in windows):
                    return True
            case c.TariffIs() | c.Compare() | c.Between():
                if sunny:
                    return True
    return False


def _clock_leaves(condition: Condition) -> Iterator[Condition]:
    """The leaves that the clock can turn."""
    for leaf in c.leaves_in(condition):
        match leaf:
            case c.TimeIn() | c.SunIs() | c.TariffIs() | c.CronIn() | c.FlagOn():
                yield leaf
            case c.Compare(metric, _, low, high) | c.Between(metric, low, high):
                if _names_a_price(metric, low, high):
                    yield leaf


def _names_a_price(metric: str, *bounds: c.Bound | None) -> bool:
    names = {metric, *(bound.metric for bound in bounds if bound is not None)}
    return not names.isdisjoint(TARIFF_METRICS)
