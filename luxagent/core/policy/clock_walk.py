"""When parts of a rule that hang on the clock alone next become true together, or false.

Asked by `flip`. The parts keep their places in the rule's tree, so that their timers and latches are the ones
that memory has.
"""

from collections.abc import Sequence
from datetime import datetime

from luxagent.core.policy.best_case import slots
from luxagent.core.policy.compile import compile_condition
from luxagent.core.policy.conditions import All, Condition
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.recall import Recall
from luxagent.core.policy.scene import Scene
from luxagent.core.policy.turns import Almanac, asks_the_sun
from luxagent.core.values.moment import Calendar
from luxagent.core.values.wallclock import days_later

Part = tuple[Condition, tuple[int, ...]]
"""A condition and its path in the rule's tree."""
_FAR_DAYS = 366


def next_change(
    parts: Sequence[Part], want: bool, owner: str, policy: Policy, seen: Scene
) -> datetime | None:
    """The first instant after the scene's at which every part is what is wanted; None: not within a year."""
    zone = policy.ruleset.site.zone
    ground = Ground.of(zone, policy.ruleset.tariff, policy.bridge_s)
    judges = [compile_condition(part, owner, ground, path)[0] for part, path in parts]
    named = [slot for part, path in parts for slot in slots(part, part, owner, path)]
    recall = Recall(named, seen.timers, seen.latched)
    start, end = seen.moment.at, days_later(seen.moment.at, _FAR_DAYS, zone)
    whole, tariff = All(tuple(part for part, _ in parts)), policy.ruleset.tariff
    calendar = policy.calendar if asks_the_sun(whole, tariff) else Calendar(zone)
    turns = Almanac(policy.calendar, tariff, {}).turns(whole, start, end)
    turn, at, ticked_at = next(turns, None), start, seen.ticked_at
    while at < end:
        scene = recall.scene(seen.who, calendar.moment(at), frozenset(), ticked_at, seen.stale_after_s)
        truths = [judge(scene) for judge in judges]
        if at > start and all(truth is want for truth in truths):
            return at
        recall.follow(scene.moved)
        ticked_at = None
        while turn is not None and turn <= at:
            turn = next(turns, None)
        at = min((due for due in (turn, *recall.dues()) if due is not None and due > at), default=end)
    return None
