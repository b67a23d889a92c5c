"""A condition as the ways in which it can come true: each way is a list of leaves that must all be so.

From the leaves of a way follows what lint asks: can it ever be, and is it so whenever another way is?
"""

from dataclasses import dataclass, field

from luxagent.core.facts.metrics import TARIFF_METRICS, WORD_FACTS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.lint_ranges import Range, Ranged, physical, ranged
from luxagent.core.policy.lint_spans import ALWAYS, NEVER, WEEK_MIN, Span, Times, longest_run
from luxagent.core.policy.lint_times import Almanac
from luxagent.core.policy.words import metric_name, quantity, wanted
from luxagent.core.values.units import format_duration

MOST_WAYS = 64
"""A condition with more alternatives than this is left alone."""
_SEVERAL_AT_ONCE = ("status",)

Literal = tuple[Condition, bool]
"""A leaf, and whether it must hold or must not."""


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a way, as far as it is understood. What is not (flags, faults, timers) is only itself."""

    leaf: Condition
    holds: bool
    number: int
    """Equal for equal leaves that must, or must not, hold."""
    span: Span | None = None
    """What the clock says of it."""
    ranged: Ranged | None = None
    """The values of a metric that it asks for."""
    words: tuple[str, frozenset[str]] | None = None
    """The words of a fact that it allows."""

    @property
    def said(self) -> str:
        return wanted(self.leaf if self.holds else c.Not(self.leaf))


@dataclass(slots=True)
class Way:
    """One way in which a condition comes true."""

    parts: tuple[Part, ...]
    possible: Times = ALWAYS
    can: dict[str, Range] = field(default_factory=dict)
    """By metric: the values at which it may hold, once it has taken."""
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    given: frozenset[int] = frozenset()
    """The numbers of its parts, but for those whose truth hangs on what stands beside them."""
    never: str = ""
    """Why it can never be, in a sentence; empty where it can."""

    @property
    def span(self) -> Span | None:
        """When it holds, where nothing but the clock and the calendar have a say in that."""
        span = Span()
        for part in self.parts:
            if part.span is None:
                return None
            span = span & part.span
        return span

    @property
    def has_end(self) -> bool:
        """Whether the clock ends it."""
        return not self.possible.always or any(isinstance(part.leaf, c.CronIn) for part in self.parts)


def ways_of(condition: Condition, almanac: Almanac) -> tuple[Way, ...] | None:
    """All ways; None where there are too many to look into."""
    listed = _listed(condition, holds=True)
    return None if listed is None else tuple(_way(literals, almanac) for literals in listed)


def covers(upper: Way, lower: Way) -> bool:
    """Whether the upper one is true whenever the lower one is."""
    if lower.never:
        return True
    return all(part.number in lower.given or _follows(part, lower) for part in upper.parts)


def _is_latched(leaf: Condition) -> bool:
    """Whether its truth hangs on what stands beside it: two of a kind may then differ."""
    return (isinstance(leaf, c.Compare) and leaf.until is not None) or (
        isinstance(leaf, c.Between) and leaf.margin > 0
    )


def _follows(part: Part, lower: Way) -> bool:
    if part.span is not None:
        return lower.possible.within(part.span.certain)
    if part.ranged is not None:
        values = lower.can.get(part.ranged.subject)
        return values is not None and values.within(part.ranged.takes)
    return part.words is not None and lower.words.get(part.words[0], frozenset({""})) <= part.words[1]


def _listed(node: Condition, *, holds: bool) -> list[tuple[Literal, ...]] | None:
    match node:
        case c.Always():
            return [()] if holds else []
        case c.Not(part):
            return _listed(part, holds=not holds)
        case c.All(parts) | c.AnyOf(parts):
            lists = [_listed(part, holds=holds) for part in parts]
            return _joined(lists) if isinstance(node, c.All) is holds else _beside(lists)
        case c.Held(part) if holds:
            return _joined([_listed(part, holds=True), [((node, True),)]])
        case _:
            return [((node, holds),)]


def _joined(lists: list[list[tuple[Literal, ...]] | None]) -> list[tuple[Literal, ...]] | None:
    found: list[tuple[Literal, ...]] = [()]
    for one in lists:
        if one is None or len(found) * len(one) > MOST_WAYS:
            return None
        found = [(*first, *second) for first in found for second in one]
    return found


def _beside(lists: list[list[tuple[Literal, ...]] | None]) -> list[tuple[Literal, ...]] | None:
    found: list[tuple[Literal, ...]] = []
    for one in lists:
        if one is None or len(found) + len(one) > MOST_WAYS:
            return None
        found += one
    return found


def _way(literals: tuple[Literal, ...], almanac: Almanac) -> Way:
    way = Way(tuple(_part(leaf, almanac, holds=holds) for leaf, holds in literals))
    way.given = frozenset(part.number for part in way.parts if not _is_latched(part.leaf))
    for part in way.parts:
        why = ""
        if part.span is not None:
            way.possible = way.possible & part.span.possible
            why = _no_such_time(way) if way.possible.never else ""
        elif part.ranged is not None:
            why = _no_such_value(way, part, part.ranged)
        elif part.words is not None:
            why = _no_such_word(way, *part.words)
        elif (part.leaf, not part.holds) in literals:
            why = f"it wants {wanted(part.leaf)!r} and also the contrary"
        elif isinstance(part.leaf, c.Held) and part.holds:
            why = _too_long(part.leaf, almanac)
        way.never = way.never or why
    return way


def _part(leaf: Condition, almanac: Almanac, *, holds: bool) -> Part:
    span, number = almanac.of(leaf), almanac.number(leaf, holds=holds)
    if span is not None:
        return Part(leaf, holds, number, span if holds else span.negated())
    if isinstance(leaf, c.Compare | c.Between) and leaf.metric not in TARIFF_METRICS:
        return Part(leaf, holds, number, ranged=ranged(leaf, holds=holds))
    if isinstance(leaf, c.WordIs) and leaf.fact not in _SEVERAL_AT_ONCE:
        known = frozenset(WORD_FACTS[leaf.fact].words) if leaf.fact in WORD_FACTS else frozenset({leaf.word})
        return Part(
            leaf, holds, number, words=(leaf.fact, known & {leaf.word} if holds else known - {leaf.word})
        )
    return Part(leaf, holds, number)


def _no_such_time(way: Way) -> str:
    said = " and ".join(part.said for part in way.parts if part.span is not None)
    return f"there is no such time: {said}"


def _no_such_value(way: Way, part: Part, asked: Ranged) -> str:
    alone = asked.subject not in way.can
    values = way.can.get(asked.subject, physical(asked.subject)) & asked.stays
    way.can[asked.subject] = values
    if not values.empty and not (alone and (asked.takes & physical(asked.subject)).empty):
        return ""
    if alone:
        metric, ends = asked.subject, physical(asked.subject)
        span = f"{quantity(metric, ends.low)} to {quantity(metric, ends.high)}"
        return f"{part.said} is beyond what {metric_name(metric)} can be, {span}"
    said = [p.said for p in way.parts if p.ranged is not None and p.ranged.subject == asked.subject]
    return f"no value is both {' and '.join(said)}"


def _no_such_word(way: Way, fact: str, allowed: frozenset[str]) -> str:
    before = way.words.get(fact, allowed)
    way.words[fact] = before & allowed
    if way.words[fact]:
        return ""
    return f"{fact} cannot be {' and '.join(sorted(before | allowed))} at once"


def _too_long(timer: c.Held, almanac: Almanac) -> str:
    """A `for` that asks for longer than the times within it ever last."""
    lasting = NEVER
    for way in ways_of(timer.part, almanac) or (Way(()),):
        lasting = lasting | way.possible
    longest = longest_run(lasting)
    if longest >= WEEK_MIN or not longest or timer.seconds < longest * 60:
        return ""
    return (
        f"it must hold for {format_duration(timer.seconds)}, "
        f"and its time is over after {format_duration(longest * 60)}"
    )
