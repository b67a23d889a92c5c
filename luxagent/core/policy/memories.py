"""Conditions that remember: latches (`until`, `margin`) and timers (`for`).

What they remember is in the scene; what changes is appended to its `moved` as events. The truth itself is
worked out by functions that append nothing, which `explain` uses too.
"""

from collections.abc import Sequence
from datetime import timedelta

from luxagent.core.events import Latched, TimerCleared, TimerSet
from luxagent.core.policy.compare import Raw
from luxagent.core.policy.scene import Judge, Scene
from luxagent.core.values.tri import Tri

Latch = tuple[str, Raw]
"""A slot, and the comparison that is latched there."""


def is_on(scene: Scene, slot: str) -> bool:
    """Whether a latch was on after the last tick."""
    return scene.latched.get(slot, False)


def mapping_with_latches(plain: Judge | None, latches: Sequence[Latch]) -> Judge:
    """One mapping of the file that holds comparisons with `until` or `margin`.

    Every part must hold. A latched part's own truth is: if its latch is on, not yet past Z; else past X.
    Its latch goes off, to start afresh, where any *other* part of the mapping is false. Otherwise it
    follows that truth, and stays as it was while that is unknown.
    """
    latches = tuple(latches)

    def judge(scene: Scene) -> Tri:
        rest: Tri = True if plain is None else plain(scene)
        values = [raw(scene, is_on(scene, slot)) for slot, raw in latches]
        false = values.count(False) + (rest is False)
        for (slot, _), value in zip(latches, values, strict=True):
            was = is_on(scene, slot)
            others_false = false > (value is False)
            on = False if others_false else was if value is None else value
            if on is not was:
                scene.moved.append(Latched(scene.moment.at, scene.who, slot, on))
        if false:
            return False
        return None if rest is None or None in values else True

    return judge


def held(part: Judge, slot: str, seconds: float, bridge_s: float = 0.0) -> Judge:
    """`for`: the part has held this long. See `held_for`."""

    def judge(scene: Scene) -> Tri:
        value, moved = held_for(scene, part(scene), slot, seconds, bridge_s)
        if moved is not None:
            scene.moved.append(moved)
        return value

    return judge


def held_for(
    scene: Scene, part: Tri, slot: str, seconds: float, bridge_s: float = 0.0
) -> tuple[Tri, TimerSet | TimerCleared | None]:
    """The truth of a `for` whose part is `part` now, and what becomes of its timer.

    False clears it. Unknown halts it, and the whole is unknown. True starts it, or lets it go on: a halt
    of at most `stale_after`, or `bridge_s` where that is longer, is left out of the count, a longer one
    starts it anew. So does such a gap between ticks, and a clock set back to before the start.
    """
    timer, now = scene.timers.get(slot), scene.moment.at
    if part is False:
        return False, None if timer is None else TimerCleared(now, scene.who, slot)
    patience = timedelta(seconds=max(scene.stale_after_s, bridge_s))
    gap = scene.ticked_at is not None and now - scene.ticked_at > patience
    if part is None:
        if timer is None or timer.halted_at is not None:
            return None, None
        if gap:
            return None, TimerCleared(now, scene.who, slot)
        return None, TimerSet(now, scene.who, slot, timer.since, now)
    since = now
    if timer is not None and not gap and timer.since <= now:
        if timer.halted_at is None:
            return (now - timer.since).total_seconds() >= seconds, None
        if timedelta(0) <= now - timer.halted_at <= patience:
            since = timer.since + (now - timer.halted_at)
    return (now - since).total_seconds() >= seconds, TimerSet(now, scene.who, slot, since)
