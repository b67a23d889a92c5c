"""The nearest change that would turn a rule: "soc is 61 %, would take below 60 %", "at 23:30".

Where all parts must hold, everything that is missing must come together, and the clock's share is worked out
to the minute. Where one of several will do, each is a way of its own, and the nearest is named first. Called
by `why`; works on the explanation that the rule's own closures gave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from luxagent.core.policy import conditions as c
from luxagent.core.policy.best_case import hangs_on_readings
from luxagent.core.policy.clock_walk import Part, next_change
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.explain import Because
from luxagent.core.policy.flip_words import HAND, clock_text, far_off, need_text, seen_text, single_text
from luxagent.core.policy.policy import CompiledRule, Policy
from luxagent.core.policy.scene import Scene

MOST = 3
"""Ways that are worth naming."""
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that must come to be: an instant that must come, or a leaf that must turn."""

    far: float
    """0 is at hand, 1 is as far as a whole day, or as a person's hand."""
    at: datetime | None = None
    leaf: Because | None = None
    want: bool = True
    """What the leaf must become."""
    lasting_s: float = 0.0
    """And stay for so long."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One way for a rule to take or let go: all of these changes together."""

    changes: tuple[Change, ...]

    @property
    def far(self) -> float:
        return sum(change.far for change in self.changes)

    @property
    def at(self) -> datetime | None:
        """The instant, where the clock alone decides."""
        return self.changes[0].at if len(self.changes) == 1 else None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every step of the search needs."""

    rule: CompiledRule
    policy: Policy
    scene: Scene
    flags: dict[str, datetime | None]


def flips(
    rule: CompiledRule, scene: Scene, policy: Policy, flags: dict[str, datetime | None]
) -> tuple[Flip, ...]:
    """The ways in which a rule's condition would turn, nearest first: to true, or to false where it is true.

    `flags` are those that are on, with their end. Empty where nothing would do, not within a year.
    """
    told = rule.explain(scene)
    found = _ways(told, (), told.truth is not True, _Ground(rule, policy, scene, flags))
    return tuple(sorted(found, key=lambda flip: flip.far)[:MOST])


def flip_text(flip: Flip, now: datetime, policy: Policy, *, taking: bool) -> str:
    """A way in words: "soc is 61 %, would take below 60 %"."""
    verb = "take" if taking else "let go"
    clock = [change for change in flip.changes if change.at is not None]
    rest = [change for change in flip.changes if change.leaf is not None]
    when = clock_text(max(change.at for change in clock if change.at), now, policy) if clock else ""
    if not rest:
        return when
    if len(rest) == 1 and not clock:
        leaf = rest[0].leaf
        return single_text(leaf, rest[0].want, verb, rest[0].lasting_s) if leaf is not None else ""
    needs = " and ".join(
        f"{need_text(one.leaf, one.want, one.lasting_s)}{seen_text(one.leaf)}"
        for one in rest
        if one.leaf is not None
    )
    return f"{when} if {needs}" if when else f"with {needs}"


def _ways(told: Because, path: tuple[int, ...], want: bool, ground: _Ground) -> list[Flip]:
    """Every way in which a part would become what is wanted."""
    about = told.about
    if _pure(about):
        return _clock([(about, path)], want, ground)
    match about:
        case c.All() | c.AnyOf():
            if want is isinstance(about, c.All):
                return _together(told, path, want, ground)
            ways = [
                way
                for n, part in enumerate(told.parts)
                if part.truth is not want
                for way in _ways(part, (*path, n), want, ground)
            ]
            return sorted(ways, key=lambda flip: flip.far)[:MOST]
        case c.Not():
            return _ways(told.parts[0], (*path, 0), not want, ground)
        case c.Held(_, seconds):
            return _of_timer(told, path, want, seconds, ground)
        case c.FlagOn(name):
            return _of_flag(told, name, want, ground)
        case _:
            return [Flip((Change(far_off(told, want), leaf=told, want=want),))]


def _together(told: Because, path: tuple[int, ...], want: bool, ground: _Ground) -> list[Flip]:
    """All parts must become what is wanted: the clock's at one instant, and each other in its best way."""
    parts = list(enumerate(told.parts))
    pure: list[Part] = [(part.about, (*path, n)) for n, part in parts if _pure(part.about)]
    missing: list[list[Flip]] = []
    if any(part.truth is not want for _, part in parts if _pure(part.about)):
        missing.append(_clock(pure, want, ground))
    missing += [
        _ways(part, (*path, n), want, ground)
        for n, part in parts
        if part.truth is not want and not _pure(part.about)
    ]
    if not missing or not all(missing):
        return []
    # The best of each, and each part's other ways beside the best of the rest.
    best = [min(ways, key=lambda flip: flip.far) for ways in missing]
    found = [_combined(best)]
    for n, ways in enumerate(missing):
        others = (way for way in ways if way is not best[n])
        found += [_combined([*best[:n], way, *best[n + 1 :]]) for way in others]
    return sorted(found, key=lambda flip: flip.far)[:MOST]


def _combined(ways: Iterable[Flip]) -> Flip:
    return Flip(tuple(change for way in ways for change in way.changes))


def _of_timer(
    told: Because, path: tuple[int, ...], want: bool, seconds: float, ground: _Ground
) -> list[Flip]:
    part = told.parts[0]
    if want and part.truth is True:
        return [_at(ground.scene.moment.at + timedelta(seconds=max(0.0, seconds - told.seen)), ground)]
    ways = _ways(part, (*path, 0), want, ground)
    return [_lasting(way, seconds) for way in ways] if want else ways


def _lasting(way: Flip, seconds: float) -> Flip:
    """The same, and then the `for`: later by the clock, or longer for a reading."""
    return Flip(
        tuple(
            Change(
                one.far,
                None if one.at is None else one.at + timedelta(seconds=seconds),
                one.leaf,
                one.want,
                one.lasting_s if one.leaf is None else seconds,
            )
            for one in way.changes
        )
    )


def _of_flag(told: Because, name: str, want: bool, ground: _Ground) -> list[Flip]:
    until = ground.flags.get(name)
    if not want and until is not None:
        return [_at(until, ground)]
    return [Flip((Change(HAND, leaf=told, want=want),))]


def _clock(parts: Sequence[Part], want: bool, ground: _Ground) -> list[Flip]:
    found = next_change(parts, want, ground.rule.rule.name, ground.policy, ground.scene)
    return [] if found is None else [_at(found, ground)]


def _at(at: datetime, ground: _Ground) -> Flip:
    ahead = (at - ground.scene.moment.at).total_seconds()
    return Flip((Change(min(max(ahead, 0.0) / _DAY_S, 1.0), at=at),))


def _pure(condition: Condition) -> bool:
    """Only the clock can turn it."""
    return not hangs_on_readings(condition) and not _any_flag((condition,))


def _any_flag(conditions: Iterable[Condition]) -> bool:
    for condition in conditions:
        match condition:
            case c.FlagOn():
                return True
            case c.All(parts) | c.AnyOf(parts):
                if _any_flag(parts):
                    return True
            case c.Not(part) | c.Held(part):
                if _any_flag((part,)):
                    return True
    return False
