"""Judges of the conditions that remember nothing: clocks, days, tariff, flags, words, faults.

Each is a closure built once from one node. A fact that is missing or None is unknown, never false.
Comparisons of numbers stand in `compare`; `compile` puts all of them together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from luxagent.core.facts.metrics import FAULTS_KEY
from luxagent.core.policy import conditions as c
from luxagent.core.policy.scene import Judge, Scene
from luxagent.core.values.cron import CronWindow
from luxagent.core.values.days import EVERY_DAY
from luxagent.core.values.moment import Moment
from luxagent.core.values.sun import Polar, SunDay, SunEvent
from luxagent.core.values.tariff import Tariff, period_at
from luxagent.core.values.tri import Tri
from luxagent.core.values.windows import opened

_YES = frozenset({"yes", "on", "up", "running"})

Prices = tuple[Any, ...]
"""The moment, import price, export price and name of the period; all None where no period is known."""


class TariffClock:
    """The tariff's period at a moment, looked up once a tick however many rules ask."""

    __slots__ = ("_tariff", "kept")

    def __init__(self, tariff: Tariff | None) -> None:
        self._tariff = tariff
        self.kept: Prices = (None, None, None, None)
        """The last answer, whole, so that two threads cannot mix theirs."""

    def look(self, moment: Moment) -> Prices:
        """The prices at a moment. Callers may compare `kept[0] is moment` first to save the call."""
        kept = self.kept
        if kept[0] is moment:
            return kept
        period = None if self._tariff is None else period_at(self._tariff, moment)
        if period is None:
            self.kept = kept = (moment, None, None, None)
        else:
            self.kept = kept = (moment, period.import_price, period.export_price, period.name)
        return kept


@dataclass(frozen=True, slots=True)
class Ground:
    """What the file fixes and conditions stand on. One for all rules of a policy."""

    zone: tzinfo
    tariff: TariffClock
    holidays: frozenset[date] = frozenset()
    bridge_s: float = 0.0
    """A `for` runs on over so long a gap, or over `stale_after` where that is longer."""

    @classmethod
    def of(cls, zone: tzinfo, tariff: Tariff | None = None, bridge_s: float = 0.0) -> "Ground":
        holidays = frozenset() if tariff is None else tariff.holidays
        return cls(zone, TariffClock(tariff), holidays, bridge_s)


def always(_scene: Scene) -> Tri:
    """`when: always`."""
    return True


def time_in(node: c.TimeIn, ground: Ground) -> Judge:
    """Inside a window that began on one of the days. A plain clock window costs two comparisons."""
    windows, days, holidays = node.windows, node.days, ground.holidays
    if len(windows) == 1 and days == EVERY_DAY and not windows[0].needs_sun:
        start, end = windows[0].start.minute, windows[0].end.minute
        if start < end:
            return lambda scene: start <= scene.moment.minute < end
        return lambda scene: not end <= scene.moment.minute < start

    def judge(scene: Scene) -> Tri:
        for window in windows:
            day = opened(window, scene.moment)
            if day is not None and days(day, holidays):
                return True
        return False

    return judge


def day_is(node: c.DayIs, ground: Ground) -> Judge:
    """Today is one of the days."""
    days, holidays = node.days, ground.holidays
    return lambda scene: days(scene.moment.day, holidays)


def cron_in(node: c.CronIn, ground: Ground) -> Judge:
    """Within `lasting_s` of a firing."""
    inside = CronWindow(node.at, node.lasting_s, ground.zone).inside
    return lambda scene: inside(scene.moment.at)


def sun_is(node: c.SunIs, _ground: Ground) -> Judge:
    """The sun is up from sunrise to sunset, all of a polar day and none of a polar night.

    Unknown where the site has no place.
    """
    up = node.up

    def judge(scene: Scene) -> Tri:
        sun = scene.moment.sun
        return None if sun is None else sun_up(sun, scene.moment.minute) is up

    return judge


def sun_up(sun: SunDay, minute: int) -> bool:
    """Whether the sun is up at a minute of that local day. Far north it may set before it rises."""
    rise, fall = sun.minutes[SunEvent.SUNRISE], sun.minutes[SunEvent.SUNSET]
    if rise is None and fall is None:
        return sun.polar is Polar.DAY
    if rise is None:
        return fall is not None and minute < fall
    if fall is None:
        return minute >= rise
    return rise <= minute < fall if rise < fall else not fall <= minute < rise


def tariff_is(node: c.TariffIs, ground: Ground) -> Judge:
    """The current period is one of these. Unknown without a tariff."""
    names, tariff = node.names, ground.tariff

    def judge(scene: Scene) -> Tri:
        name = tariff.look(scene.moment)[3]
        return None if name is None else name in names

    return judge


def flag_on(node: c.FlagOn, _ground: Ground) -> Judge:
    """The flag is on. Never unknown."""
    name = node.name
    return lambda scene: name in scene.flags


def word_is(node: c.WordIs, _ground: Ground) -> Judge:
    """The fact has this word; where a fact holds a set of words, the word is one of them."""
    fact, word, yes = node.fact, node.word, node.word in _YES

    def judge(scene: Scene) -> Tri:
        seen = scene.values.get(fact)
        if seen is None:
            return None
        if isinstance(seen, bool):
            return seen is yes
        return word == seen if isinstance(seen, str) else word in seen

    return judge


def fault_is(node: c.FaultIs, _ground: Ground) -> Judge:
    """An open code is one of these, or there is any."""
    codes = node.codes

    def judge(scene: Scene) -> Tri:
        seen = scene.values.get(FAULTS_KEY)
        if seen is None:
            return None
        return not codes.isdisjoint(seen) if codes else bool(seen)

    return judge


LEAVES: dict[type, Callable[..., Judge]] = {
    c.Always: lambda _node, _ground: always,
    c.TimeIn: time_in,
    c.DayIs: day_is,
    c.CronIn: cron_in,
    c.SunIs: sun_is,
    c.TariffIs: tariff_is,
    c.FlagOn: flag_on,
    c.WordIs: word_is,
    c.FaultIs: fault_is,
}
"""Node type to the maker of its judge."""
