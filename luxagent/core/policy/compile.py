"""Turn a condition into closures, once: one that answers, and one that also says why.

Both are made in the same walk over the same nodes, so they cannot tell different stories. The walk also
names the slots of timers and latches by their place in the tree. Called by `policy.build`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from luxagent.core.policy import conditions as c
from luxagent.core.policy import explain as why
from luxagent.core.policy.compare import Raw, between, compare, latched_between, latched_compare
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.explain import Because, Explain, Teller
from luxagent.core.policy.leaves import LEAVES, Ground
from luxagent.core.policy.memories import Latch, held, mapping_with_latches
from luxagent.core.policy.naming import slot_name
from luxagent.core.policy.scene import Judge, Scene
from luxagent.core.values.tri import Tri

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What became of one node."""

    judge: Judge
    tell: Teller
    remembers: bool = False
    """It holds a timer or a latch, so it must be judged every tick, whatever its siblings say."""


def compile_condition(
    condition: Condition, owner: str, ground: Ground, path: Path = ()
) -> tuple[Judge, Explain]:
    """The closures of a whole condition, or of the part of a rule's that stands at `path`.

    `owner` is the rule's name: with the path it names the slots.
    """
    made = _part(condition, owner, path, ground)
    tell = made.tell
    return made.judge, lambda scene: Because(tell(scene))


def _part(node: Condition, owner: str, path: Path, ground: Ground) -> Compiled:
    match node:
        case c.All():
            return _all(node, owner, path, ground)
        case c.AnyOf(parts):
            inner = [_part(part, owner, (*path, n), ground) for n, part in enumerate(parts)]
            return Compiled(_any_judge(inner), why.any_of_parts(node, _tellers(inner)), _remember(inner))
        case c.Not(part):
            one = _part(part, owner, (*path, 0), ground)
            return Compiled(_not_judge(one.judge), why.none_of(node, one.tell), one.remembers)
        case c.Held(part, seconds):
            one = _part(part, owner, (*path, 0), ground)
            if seconds <= 0:
                return one
            slot = slot_name(owner, path, node)
            return Compiled(
                held(one.judge, slot, seconds, ground.bridge_s),
                why.held_part(node, one.tell, slot, ground.bridge_s),
                remembers=True,
            )
    raw = _raw(node, ground)
    if raw is not None:
        slot = slot_name(owner, path, node)
        return Compiled(
            mapping_with_latches(None, [(slot, raw)]), why.latched(node, raw, slot, ground), remembers=True
        )
    judge = _leaf(node, ground)
    return Compiled(judge, why.leaf(node, judge, ground))


def _all(node: c.All, owner: str, path: Path, ground: Ground) -> Compiled:
    """A mapping: its latched comparisons depend on all its other parts."""
    plain: list[Compiled] = []
    latches: list[Latch] = []
    tellers: list[Teller] = []
    for n, part in enumerate(node.parts):
        raw = _raw(part, ground)
        if raw is None:
            plain.append(_part(part, owner, (*path, n), ground))
            tellers.append(plain[-1].tell)
        else:
            slot = slot_name(owner, (*path, n), part)
            latches.append((slot, raw))
            tellers.append(why.latched(part, raw, slot, ground))
    judge = _all_judge(plain)
    if latches:
        judge = mapping_with_latches(judge if plain else None, latches)
    return Compiled(judge, why.all_of_parts(node, tellers), bool(latches) or _remember(plain))


def _raw(node: Condition, ground: Ground) -> Raw | None:
    """The latched form of a comparison that has one."""
    if isinstance(node, c.Compare) and node.until is not None:
        return latched_compare(node, ground)
    if isinstance(node, c.Between) and node.margin > 0:
        return latched_between(node, ground)
    return None


def _leaf(node: Condition, ground: Ground) -> Judge:
    if isinstance(node, c.Compare):
        return compare(node, ground)
    if isinstance(node, c.Between):
        return between(node, ground)
    return LEAVES[type(node)](node, ground)


def _tellers(parts: Sequence[Compiled]) -> list[Teller]:
    return [part.tell for part in parts]


def _remember(parts: Sequence[Compiled]) -> bool:
    return any(part.remembers for part in parts)


def _not_judge(part: Judge) -> Judge:
    def judge(scene: Scene) -> Tri:
        value = part(scene)
        return None if value is None else not value

    return judge


def _all_judge(parts: Sequence[Compiled]) -> Judge:
    """Kleene and. Stops at the first false part, but judges all that remember something."""
    quick = _and([part.judge for part in parts if not part.remembers])
    slow = tuple(part.judge for part in parts if part.remembers)
    if not slow:
        return quick

    def judge(scene: Scene) -> Tri:
        result = quick(scene)
        for part in slow:
            value = part(scene)
            if value is False or (value is None and result is True):
                result = value
        return result

    return judge


def _and(parts: Sequence[Judge]) -> Judge:
    """Written out for the commonest lengths: a loop costs a third of a short rule's time."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        return _and_two(*parts)
    if len(parts) == 3:
        return _and_three(*parts)
    parts = tuple(parts)

    def judge(scene: Scene) -> Tri:
        result: Tri = True
        for part in parts:
            value = part(scene)
            if value is not True:
                if value is False:
                    return False
                result = None
        return result

    return judge


def _and_two(first: Judge, second: Judge) -> Judge:
    def judge(scene: Scene) -> Tri:
        one = first(scene)
        if one is True:
            return second(scene)
        return False if one is False or second(scene) is False else None

    return judge


def _and_three(first: Judge, second: Judge, third: Judge) -> Judge:
    def judge(scene: Scene) -> Tri:
        one = first(scene)
        if one is False:
            return False
        two = second(scene)
        if two is False:
            return False
        three = third(scene)
        if three is False:
            return False
        return None if one is None or two is None else three

    return judge


def _any_judge(parts: Sequence[Compiled]) -> Judge:
    """Kleene or. Stops at the first true part, but judges all that remember something."""
    quick = tuple(part.judge for part in parts if not part.remembers)
    slow = tuple(part.judge for part in parts if part.remembers)

    def judge(scene: Scene) -> Tri:
        result: Tri = False
        for part in quick:
            value = part(scene)
            if value is True:
                result = True
                break
            if value is None:
                result = None
        for part in slow:
            value = part(scene)
            if value is True or (value is None and result is False):
                result = value
        return result

    return judge
