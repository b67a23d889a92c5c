"""Why a condition holds or does not: the same tree, with what each part saw.

`compile` makes these closures beside the judges, from the same judges, and they append no events. What a
tick pays is a tuple per node; words are made only when somebody asks (see `words`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from luxagent.core.facts.metrics import FAULTS_KEY
from luxagent.core.policy import conditions as c
from luxagent.core.policy import words
from luxagent.core.policy.compare import Raw, look_at, look_at_bound
from luxagent.core.policy.conditions import Bound, Condition
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.memories import held_for, is_on
from luxagent.core.policy.scene import Judge, Scene
from luxagent.core.values.tri import Tri, all_of, any_of, negate


class Because(NamedTuple):
    """One node of a condition with its truth."""

    about: Condition
    truth: Tri
    seen: Any = None
    """A leaf: the value. A comparison of metrics: (value, bound). `for`: seconds counted so far."""
    parts: tuple["Because", ...] = ()

    def text(self) -> str:
        """One line for the journal.

        Of a condition that holds, all that made it so: "soc 31 % below 60 %, 23:30 to 05:30". Of one that
        does not, the first part that is false; of an unknown one, the first that is unknown.
        """
        return ", ".join(words.said(*one) for one in _telling(self)) or "always"

    def leaves(self) -> Iterator["Because"]:
        """All leaves, in the order of the file."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def wanted(self) -> str:
        """What a leaf asks for: "soc below 60 % until 78 %"."""
        return words.wanted(self.about)

    def observed(self) -> str:
        """What a leaf saw: "31 %"; empty where there is nothing to see but the clock."""
        return words.observed(self.about, self.seen)


Explain = Callable[[Scene], Because]


def _telling(because: Because, *, mirrored: bool = False) -> list[tuple[Condition, Tri, Any, str]]:
    """The leaves that decide, each with what is said after it. `mirrored` is under a `not`."""
    about, truth, seen, parts = because
    match about:
        case c.All() | c.AnyOf():
            deciding = [part for part in parts if part.truth is truth]
            if truth is not (not mirrored) or isinstance(about, c.AnyOf) is not mirrored:
                deciding = deciding[:1]
            return [one for part in deciding for one in _telling(part, mirrored=mirrored)]
        case c.Not():
            return _telling(parts[0], mirrored=not mirrored)
        case c.Held():
            *first, last = _telling(parts[0], mirrored=mirrored)
            tail = words.counted(about.seconds, seen) if parts[0].truth is True else ""
            return [*first, (*last[:3], last[3] + tail)]
        case _:
            return [(about, truth, seen, "")]


def leaf(node: Condition, judge: Judge, ground: Ground) -> Explain:
    """A leaf: the judge's own answer, and what it looked at."""
    look = _look(node, ground)
    if look is None:
        return lambda scene: Because(node, judge(scene))
    return lambda scene: Because(node, judge(scene), look(scene))


def latched(node: Condition, raw: Raw, slot: str, ground: Ground) -> Explain:
    """A comparison with a latch."""
    look = _look(node, ground)
    if look is None:
        raise TypeError(f"{node!r} looks at nothing")
    return lambda scene: Because(node, raw(scene, is_on(scene, slot)), look(scene))


def all_of_parts(node: Condition, parts: Sequence[Explain]) -> Explain:
    """A mapping."""
    explains = tuple(parts)

    def explain(scene: Scene) -> Because:
        found = tuple([one(scene) for one in explains])
        return Because(node, all_of([one[1] for one in found]), None, found)

    return explain


def any_of_parts(node: Condition, parts: Sequence[Explain]) -> Explain:
    """An `any:` list."""
    explains = tuple(parts)

    def explain(scene: Scene) -> Because:
        found = tuple([one(scene) for one in explains])
        return Because(node, any_of([one[1] for one in found]), None, found)

    return explain


def none_of(node: Condition, part: Explain) -> Explain:
    """A `not:`."""

    def explain(scene: Scene) -> Because:
        found = part(scene)
        return Because(node, negate(found.truth), None, (found,))

    return explain


def held_part(node: c.Held, part: Explain, slot: str) -> Explain:
    """A `for`."""

    def explain(scene: Scene) -> Because:
        found = part(scene)
        truth, moved = held_for(scene, found.truth, slot, node.seconds)
        since = getattr(moved, "since", None)
        if moved is None and slot in scene.timers:
            since = scene.timers[slot].since
        counted = 0.0 if since is None else (scene.moment.at - since).total_seconds()
        return Because(node, truth, counted, (found,))

    return explain


def _look(node: Condition, ground: Ground) -> Callable[[Scene], Any] | None:
    """How a leaf's value is fetched for people; None where it looks at the clock alone."""
    match node:
        case c.Compare(metric, _, Bound(_, None)) | c.Between(metric):
            return look_at(metric, ground)
        case c.Compare(metric, _, bound):
            value, limit = look_at(metric, ground), look_at_bound(bound, ground)
            return lambda scene: (value(scene), limit(scene))
        case c.WordIs(fact):
            return lambda scene: scene.values.get(fact)
        case c.FaultIs():
            return lambda scene: scene.values.get(FAULTS_KEY)
        case c.TariffIs():
            return lambda scene: ground.tariff.look(scene.moment)[3]
        case _:
            return None
