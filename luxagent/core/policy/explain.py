"""Why a condition holds or does not: the same tree, with what each part saw.

`compile` makes these closures beside the judges, from the same judges, and they append no events. What a
tick pays is a tuple per node; words are made only when somebody asks (see `words`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from luxagent.core.facts.metrics import FAULTS_KEY, METRICS_BY_KEY
from luxagent.core.policy import conditions as c
from luxagent.core.policy import words
from luxagent.core.policy.compare import Raw, look_at, look_at_bound
from luxagent.core.policy.conditions import Bound, Condition
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.memories import held_for, is_on
from luxagent.core.policy.scene import Judge, Scene
from luxagent.core.values.tri import Tri, negate


class Because(tuple[Condition, Tri, Any, Sequence[Any]]):
    """One node of a condition: itself, its truth, what it saw, its parts (bare tuples of the same four).

    A tuple, and bare inside, because a tick makes many and few are ever read.
    """

    __slots__ = ()

    @property
    def about(self) -> Condition:
        return self[0]

    @property
    def truth(self) -> Tri:
        return self[1]

    @property
    def seen(self) -> Any:  # noqa: ANN401  # whatever the leaf looked at
        """A leaf: the value. A comparison of metrics: (value, bound). `for`: seconds counted so far."""
        return self[2]

    @property
    def parts(self) -> "tuple[Because, ...]":
        return tuple(Because(part) for part in self[3])

    def text(self) -> str:
        """One line for the journal.

        Of a condition that holds, all that made it so: "soc 31 % below 60 %, 23:30 to 05:30". Of one that
        does not, the first part that is false; of an unknown one, the first that is unknown.
        """
        return ", ".join(words.said(*one) for one in _deciding(self))

    def leaves(self) -> "Iterator[Because]":
        """All leaves, in the order of the file."""
        parts = self.parts
        if not parts:
            yield self
        for part in parts:
            yield from part.leaves()

    def wanted(self) -> str:
        """What it asks for: "soc below 60 % until 78 %"."""
        return words.wanted(self.about)

    def observed(self) -> str:
        """What a leaf saw: "31 %"; empty where there is nothing to see but the clock."""
        return words.observed(self.about, self.seen)


Explain = Callable[[Scene], Because]

Told = tuple[Condition, Tri, Any, Sequence[Any]]
"""A `Because` before anybody reads it."""

Teller = Callable[[Scene], Told]


def _deciding(told: Told, *, mirrored: bool = False) -> list[tuple[Condition, Tri, Any, str]]:
    """The leaves that decide, each with what is said after it. `mirrored` is under a `not`."""
    about, truth, seen, parts = told
    match about:
        case c.All() | c.AnyOf():
            if not parts:
                return [(about, truth, seen, "")]
            deciding = [part for part in parts if part[1] is truth]
            every = truth is not None and truth is not mirrored and isinstance(about, c.All) is truth
            return [
                one
                for part in (deciding if every else deciding[:1])
                for one in _deciding(part, mirrored=mirrored)
            ]
        case c.Not():
            return _deciding(parts[0], mirrored=not mirrored)
        case c.Held():
            *first, last = _deciding(parts[0], mirrored=mirrored)
            tail = words.counted(about.seconds, seen) if parts[0][1] is True else ""
            return [*first, (*last[:3], last[3] + tail)]
        case _:
            return [(about, truth, seen, "")]


def leaf(node: Condition, judge: Judge, ground: Ground) -> Teller:
    """A leaf: the judge's own answer, and what it looked at."""
    if isinstance(node, c.Compare) and node.bound.metric is None and node.metric in METRICS_BY_KEY:
        key = node.metric  # the commonest one, without a call
        return lambda scene: (node, judge(scene), scene.values.get(key), ())
    look = _look(node, ground)
    if look is None:
        return lambda scene: (node, judge(scene), None, ())
    return lambda scene: (node, judge(scene), look(scene), ())


def latched(node: Condition, raw: Raw, slot: str, ground: Ground) -> Teller:
    """A comparison with a latch."""
    look = _look(node, ground)
    if look is None:
        raise TypeError(f"{node!r} looks at nothing")
    return lambda scene: (node, raw(scene, is_on(scene, slot)), look(scene), ())


def all_of_parts(node: Condition, parts: Sequence[Teller]) -> Teller:
    """A mapping. Written out for three parts, as the judges are."""
    if len(parts) == 3:
        return _all_of_three(node, *parts)
    tellers = tuple(parts)

    def tell(scene: Scene) -> Told:
        told = [teller(scene) for teller in tellers]
        truth: Tri = True
        for one in told:
            if one[1] is not True and truth is not False:
                truth = one[1]
        return node, truth, None, told

    return tell


def _all_of_three(node: Condition, first: Teller, second: Teller, third: Teller) -> Teller:
    def tell(scene: Scene) -> Told:
        told = (first(scene), second(scene), third(scene))
        (_, one, _, _), (_, two, _, _), (_, three, _, _) = told
        if one is False or two is False or three is False:
            return node, False, None, told
        return node, None if one is None or two is None else three, None, told

    return tell


def any_of_parts(node: Condition, parts: Sequence[Teller]) -> Teller:
    """An `any:` list."""
    tellers = tuple(parts)

    def tell(scene: Scene) -> Told:
        told = [teller(scene) for teller in tellers]
        truth: Tri = False
        for one in told:
            if one[1] is not False and truth is not True:
                truth = one[1]
        return node, truth, None, told

    return tell


def none_of(node: Condition, part: Teller) -> Teller:
    """A `not:`."""

    def tell(scene: Scene) -> Told:
        told = part(scene)
        return node, negate(told[1]), None, (told,)

    return tell


def held_part(node: c.Held, part: Teller, slot: str, bridge_s: float = 0.0) -> Teller:
    """A `for`."""

    def tell(scene: Scene) -> Told:
        told = part(scene)
        truth, moved = held_for(scene, told[1], slot, node.seconds, bridge_s)
        since = getattr(moved, "since", None)
        if moved is None and slot in scene.timers:
            since = scene.timers[slot].since
        counted = 0.0 if since is None else (scene.moment.at - since).total_seconds()
        return node, truth, counted, (told,)

    return tell


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
