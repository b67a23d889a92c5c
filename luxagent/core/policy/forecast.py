"""Which rule can hold when, and what it would set: the days ahead without waiting for them.

What hangs on readings is assumed to turn out as it must, and named in `depends_on`; clocks, tariff, flags and
timers are exact. The same judges as in a tick are asked, but only where the clock can turn a condition
(`turns`) or a `for` or a `hold` is over. Called by `plan` and, for the next change, by `why`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy.best_case import best_case, slots
from luxagent.core.policy.compile import compile_condition
from luxagent.core.policy.depends import depends_on
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.policy import CompiledRule, Policy
from luxagent.core.policy.recall import Recall
from luxagent.core.policy.scene import Running, Scene
from luxagent.core.policy.turns import Almanac, asks_the_sun
from luxagent.core.values.moment import Calendar, Moment
from luxagent.core.values.wallclock import days_later


@dataclass(frozen=True, slots=True)
class WindowSpan:
    """A time in which a rule can hold. Its start belongs to it, its end does not; both are in UTC."""

    rule: str
    start: datetime
    end: datetime
    sets: Mapping[str, SettingValue]
    depends_on: tuple[str, ...] = ()
    """What must be so as well; empty where the rule will hold whatever the readings say."""


class Stands(Protocol):
    """How a rule stands, as memory keeps it."""

    @property
    def on(self) -> bool: ...
    @property
    def since(self) -> datetime: ...


class Remembered(Protocol):
    """What a forecast wants to know of the agent's memory."""

    @property
    def ticked_at(self) -> datetime | None: ...
    @property
    def rules(self) -> Mapping[str, Mapping[str, Stands]]: ...
    @property
    def timers(self) -> Mapping[str, Mapping[str, Running]]: ...
    @property
    def latched(self) -> Mapping[str, Mapping[str, bool]]: ...
    @property
    def flags(self) -> Mapping[str, datetime | None]: ...


def forecast(policy: Policy, memory: Remembered, start: Moment, days: int) -> tuple[WindowSpan, ...]:
    """Every span of every rule from `start` for some days of the wall clock, cut at both ends.

    In the order of their starts; those that start together in the order of the file.
    """
    end = days_later(start.at, days, policy.ruleset.site.zone)
    almanac = Almanac(policy.calendar, policy.ruleset.tariff, memory.flags)
    spans = [span for rule in policy.rules for span in _spans(rule, policy, memory, start.at, end, almanac)]
    return tuple(sorted(spans, key=lambda span: span.start))


def next_span(
    rule: CompiledRule, policy: Policy, memory: Remembered, start: Moment, days: int
) -> WindowSpan | None:
    """The first span of one rule, if there is one in so many days. Looks no further than it must."""
    end = days_later(start.at, days, policy.ruleset.site.zone)
    almanac = Almanac(policy.calendar, policy.ruleset.tariff, memory.flags)
    return next(iter(_spans(rule, policy, memory, start.at, end, almanac)), None)


def _spans(
    rule: CompiledRule, policy: Policy, memory: Remembered, start: datetime, end: datetime, almanac: Almanac
) -> Iterator[WindowSpan]:
    """One rule's spans; where several units remember it, those of any."""
    walks = [_Walk(rule, policy, memory, who) for who in _remember(rule.rule.name, memory) or [""]]
    if len(walks) == 1:
        yield from _joined(walks[0].steps(start, end, almanac), rule)
        return
    tracks = [list(walk.steps(start, end, almanac)) for walk in walks]
    edges = sorted({at for track in tracks for step in track for at in (step.start, step.end)})
    yield from _joined((_any(tracks, one, two) for one, two in pairwise(edges)), rule)


def _remember(rule: str, memory: Remembered) -> list[str]:
    """The units and inverters that remember something of a rule."""
    mark = f"{rule}#"
    found = [who for who, row in memory.rules.items() if rule in row]
    for kept in (memory.timers, memory.latched):
        found += [who for who, row in kept.items() if any(slot.startswith(mark) for slot in row)]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Step:
    """From one judgement to the next."""

    start: datetime
    end: datetime
    holds: bool
    depends_on: tuple[str, ...] = ()


class _Walk:
    """One rule of one unit on its way through time, remembering as memory would."""

    def __init__(self, rule: CompiledRule, policy: Policy, memory: Remembered, who: str) -> None:
        self._rule, self._memory, self._who = rule, memory, who
        self._stale_after_s = policy.guards.stale_after_s
        when, name = rule.rule.when, rule.rule.name
        self._best = best_case(when)
        zone, tariff = policy.ruleset.site.zone, policy.ruleset.tariff
        self._calendar = policy.calendar if asks_the_sun(self._best, tariff) else Calendar(zone)
        ground = Ground.of(zone, tariff, policy.bridge_s)
        self._judge, self._explain = compile_condition(self._best, name, ground)
        timers, latched = memory.timers.get(who, {}), memory.latched.get(who, {})
        self._recall = Recall(slots(when, self._best, name), timers, latched)
        stands = memory.rules.get(who, {}).get(name)
        self._since = stands.since if stands is not None and stands.on else None
        self._ticked_at = memory.ticked_at

    def steps(self, start: datetime, end: datetime, almanac: Almanac) -> Iterator[_Step]:
        """Every step from `start` to `end`."""
        turns = almanac.turns(self._best, start, end)
        turn = next(turns, None)
        at = start
        while at < end:
            holds, needs = self._look(at)
            while turn is not None and turn <= at:
                turn = next(turns, None)
            after = min(
                (due for due in (turn, *self._dues(), end) if due is not None and due > at), default=end
            )
            yield _Step(at, after, holds, needs)
            at = after

    def _look(self, at: datetime) -> tuple[bool, tuple[str, ...]]:
        """One tick: whether the rule can hold, and what it hangs on."""
        scene = self._scene(at)
        truth = self._judge(scene)
        because = self._explain(scene)
        self._recall.follow(scene.moved)
        if truth is not True and not self._still_held(scene):
            self._since = None
            return False, ()
        if self._since is None:
            self._since = at
        return True, depends_on(self._rule.rule.when, because)

    def _scene(self, at: datetime) -> Scene:
        moment = self._calendar.moment(at)
        scene = self._recall.scene(self._who, moment, self._flags(at), self._ticked_at, self._stale_after_s)
        self._ticked_at = None  # from now on no tick is missed
        return scene

    def _flags(self, at: datetime) -> frozenset[str]:
        return frozenset(name for name, until in self._memory.flags.items() if until is None or until > at)

    def _still_held(self, scene: Scene) -> bool:
        """`hold`, as `control.standing` has it."""
        if self._since is None or scene.moment.at - self._since >= timedelta(seconds=self._rule.rule.hold_s):
            return False
        return self._rule.clock_judge(scene) is True

    def _dues(self) -> Iterator[datetime]:
        """When a `for` or the `hold` is over."""
        yield from self._recall.dues()
        if self._since is not None and self._rule.rule.hold_s > 0:
            yield self._since + timedelta(seconds=self._rule.rule.hold_s)


def _any(tracks: list[list[_Step]], start: datetime, end: datetime) -> _Step:
    """A stretch in which no track changes: it holds where any does."""
    found = [step for track in tracks for step in track if step.start <= start < step.end and step.holds]
    least = min(found, key=lambda step: len(step.depends_on), default=None)
    return _Step(start, end, least is not None, least.depends_on if least is not None else ())


def _joined(steps: Iterable[_Step], rule: CompiledRule) -> Iterator[WindowSpan]:
    """Neighbours that hang on the same make one span."""
    span: WindowSpan | None = None
    for step in steps:
        if span is not None and step.holds and step.depends_on == span.depends_on:
            span = replace(span, end=step.end)
            continue
        if span is not None:
            yield span
        made = WindowSpan(rule.rule.name, step.start, step.end, rule.rule.sets, step.depends_on)
        span = made if step.holds else None
    if span is not None:
        yield span
