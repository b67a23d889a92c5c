"""The most that a policy can ask of one inverter: writes a day, and requests an hour. Pure; told by `check`.

An upper bound, worked out from the file alone. A rule takes at most once for each edge of its windows, and
at most as often as its readings can turn; each time it takes, every setting of it is written at most twice,
there and back. What can slow readings down: `hold`, `for`, `until` on the SOC (a battery is neither full nor
empty within two hours), the guard `same_setting_every`, and that a reading comes once a tick. What a person
switches comes on top and is told for each flag; so does what another hand undoes. The guards hold whatever is
above their budget.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from luxagent.core.facts.metrics import METRICS_BY_KEY, TARIFF_METRICS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.clock_edges import ClockEdges
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.rules import Rule, Ruleset
from luxagent.core.values.units import Unit
from luxagent.core.values.windows import DAY_MIN, Window

DAY_S = 86_400.0
BATTERY_SWING_S = 2 * 3600.0
"""From empty to full, or back: the fastest that a house's battery is taken to do."""
USUAL_INTERVAL_S = 120.0
_SOC = "soc_pct"
_LIVELY = frozenset({Unit.W, Unit.VA, Unit.V, Unit.A, Unit.HZ})


@dataclass(frozen=True, slots=True)
class Turns:
    """How often one rule can take in a day."""

    rule: Rule
    by_clock: int
    by_readings: int
    hasty: bool
    """A power or a voltage alone makes it take and let go, with nothing to slow it down."""
    waits_for: frozenset[str] = frozenset()
    """Flags without which it never holds. Where there are any, both counts are of a day with all on."""

    @property
    def writes_by_clock(self) -> int:
        return 2 * self.by_clock * len(self.rule.sets)

    @property
    def writes_by_readings(self) -> int:
        return 2 * self.by_readings * len(self.rule.sets)


@dataclass(frozen=True, slots=True)
class ByFlag:
    """The most writes to one inverter that come on top by one flag."""

    name: str
    each_switch: int
    """Each time a person switches it, on or off."""
    while_on: int
    """A day, by clock and readings, as long as it is on (and any other flag that such a rule asks for)."""


@dataclass(frozen=True, slots=True)
class Worst:
    """Writes a day to one inverter, before any guard."""

    turns: tuple[Turns, ...]
    allowed: int
    """`guards.writes_per_day`."""

    @property
    def by_clock(self) -> int:
        return sum(one.writes_by_clock for one in self.turns if not one.waits_for)

    @property
    def by_readings(self) -> int:
        return sum(one.writes_by_readings for one in self.turns if not one.waits_for)

    @property
    def by_flags(self) -> tuple[ByFlag, ...]:
        """What people's flags add, by name."""
        asked = {one.rule.name: frozenset(c.flags_in(one.rule.when)) for one in self.turns}
        return tuple(
            ByFlag(
                name,
                sum(len(one.rule.sets) for one in self.turns if name in asked[one.rule.name]),
                sum(
                    one.writes_by_clock + one.writes_by_readings
                    for one in self.turns
                    if name in one.waits_for
                ),
            )
            for name in sorted(frozenset().union(*asked.values()))
        )

    @property
    def asked(self) -> int:
        """What the rules could want."""
        return self.by_clock + self.by_readings

    @property
    def writes(self) -> int:
        """What could really be written: the guards see to the rest."""
        return min(self.asked, self.allowed)

    @property
    def hasty(self) -> tuple[Turns, ...]:
        """Rules that swinging readings could switch until the day's budget is gone."""
        others = self.by_clock
        return tuple(
            one
            for one in self.turns
            if one.hasty and not one.waits_for and others + one.writes_by_readings > self.allowed
        )


def worst_day(ruleset: Ruleset, interval_s: float = USUAL_INTERVAL_S) -> Worst:
    """The most writes a day that the rules can ask of one inverter."""
    every_s = max(ruleset.guards.same_setting_every_s, interval_s)
    edges = ClockEdges(ruleset)
    turns = tuple(
        _turns(rule, edges.of(rule.when), every_s, interval_s) for rule in ruleset.rules if rule.enabled
    )
    return Worst(turns, ruleset.guards.writes_per_day)


def _turns(rule: Rule, by_clock: int, every_s: float, interval_s: float) -> Turns:
    leaves = list(_readings(rule.when))
    flags = _waits_for(rule.when)
    if not leaves:
        return Turns(rule, min(by_clock, math.ceil(DAY_S / interval_s)), 0, hasty=False, waits_for=flags)
    period_s = max(every_s, 2 * interval_s, rule.hold_s, min(slow_s for _, slow_s in leaves))
    by_readings = math.ceil(DAY_S * _share(rule.when) / period_s)
    hasty = rule.hold_s == 0 and any(slow_s == 0 and _is_lively(leaf) for leaf, slow_s in leaves)
    return Turns(rule, by_clock, by_readings, hasty, flags)


def _waits_for(condition: Condition) -> frozenset[str]:
    """The flags that a person must have switched on before anything can hold."""
    parts = condition.parts if isinstance(condition, c.All) else (condition,)
    return frozenset(part.name for part in parts if isinstance(part, c.FlagOn))


def _is_lively(leaf: Condition) -> bool:
    """Whether it asks a value that moves from one reading to the next, without hysteresis."""
    if isinstance(leaf, c.Compare) and leaf.until is None:
        return METRICS_BY_KEY[leaf.metric].unit in _LIVELY
    if isinstance(leaf, c.Between) and leaf.margin == 0:
        return METRICS_BY_KEY[leaf.metric].unit in _LIVELY
    return False


def _readings(condition: Condition, for_s: float = 0.0) -> Iterator[tuple[Condition, float]]:
    """Every leaf that asks a reading, and the least time between two of its turns to true."""
    match condition:
        case c.All(parts) | c.AnyOf(parts):
            for part in parts:
                yield from _readings(part, for_s)
        case c.Not(part):
            yield from _readings(part, for_s)
        case c.Held(part, seconds):
            yield from _readings(part, max(for_s, seconds))
        case c.Compare(metric) | c.Between(metric) if metric in TARIFF_METRICS:
            return
        case c.Compare() | c.Between() | c.WordIs() | c.FaultIs():
            yield condition, max(for_s, _swing_s(condition))


def _swing_s(leaf: Condition) -> float:
    """The least time that a SOC with hysteresis needs to let go and to take again."""
    if isinstance(leaf, c.Compare) and leaf.metric == _SOC and leaf.until is not None:
        gap = abs(leaf.until.constant - leaf.bound.constant)
        return 2 * BATTERY_SWING_S * gap / 100
    if isinstance(leaf, c.Between) and leaf.metric == _SOC:
        return 2 * BATTERY_SWING_S * leaf.margin / 100
    return 0.0


def _share(condition: Condition) -> float:
    """The part of the day in which the clock lets readings decide at all."""
    parts = condition.parts if isinstance(condition, c.All) else (condition,)
    shares = [sum(map(_length, part.windows)) for part in parts if isinstance(part, c.TimeIn)]
    return min((1.0, *shares))


def _length(window: Window) -> float:
    """The part of the day that a window lasts; the whole of it where the sun decides."""
    if window.needs_sun:
        return 1.0
    minutes = (window.end.minute - window.start.minute) % DAY_MIN
    return (minutes or DAY_MIN) / DAY_MIN
