"""Judges of comparisons of numbers: a metric or a price against a constant or another metric.

Unknown if either side is. The commonest form, a metric against a constant, is written out once per
operator, since it is what rules spend their time on.
"""

import operator
from collections.abc import Callable

from luxagent.core.facts.metrics import TARIFF_METRICS
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Bound, Op
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.scene import Judge, Scene
from luxagent.core.values.tri import Tri

Look = Callable[[Scene], float | None]
"""Fetches a number; None is unknown."""

Raw = Callable[[Scene, bool], Tri]
"""A latched comparison: its truth given whether it is latched on."""

TESTS: dict[Op, Callable[[float, float], bool]] = {
    Op.BELOW: operator.lt,
    Op.AT_MOST: operator.le,
    Op.ABOVE: operator.gt,
    Op.AT_LEAST: operator.ge,
}


_PRICE_AT = {"price": 1, "export_price": 2}
"""Where `Prices` holds them."""


def look_at(metric: str, ground: Ground) -> Look:
    """The number of that name: from the reading, or from the tariff."""
    if metric not in TARIFF_METRICS:
        return lambda scene: scene.values.get(metric)
    tariff, place = ground.tariff, _PRICE_AT[metric]

    def price(scene: Scene) -> float | None:
        kept = tariff.kept
        if kept[0] is not scene.moment:
            kept = tariff.look(scene.moment)
        found: float | None = kept[place]
        return found

    return price


def look_at_bound(bound: Bound, ground: Ground) -> Look:
    """The number a bound stands for now."""
    constant = bound.constant
    if bound.metric is None:
        return lambda _scene: constant
    look = look_at(bound.metric, ground)

    def moved(scene: Scene) -> float | None:
        value = look(scene)
        return None if value is None else value + constant

    return moved


def compare(node: c.Compare, ground: Ground) -> Judge:
    """The plain comparison; `until` is not looked at."""
    return _compare(node.metric, node.op, node.bound, ground)


def between(node: c.Between, ground: Ground, margin: float = 0.0) -> Judge:
    """Both bounds included; `margin` widens them."""
    look = look_at(node.metric, ground)
    low_at, high_at = look_at_bound(node.low, ground), look_at_bound(node.high, ground)

    def judge(scene: Scene) -> Tri:
        value, low, high = look(scene), low_at(scene), high_at(scene)
        if value is None:
            return None
        if (low is not None and value < low - margin) or (high is not None and value > high + margin):
            return False
        return None if low is None or high is None else True

    return judge


def latched_compare(node: c.Compare, ground: Ground) -> Raw:
    """`OP X until Z`: takes where the plain comparison holds; on, it stays while not yet past Z.

    What would take also stays. So "at most X until X" does not flicker at X, and a Z that hangs on a
    metric may come nearer than X without harm.
    """
    if node.until is None:
        raise ValueError("a comparison without `until` has no latch")
    take = compare(node, ground)
    stay = _compare(
        node.metric, Op.BELOW if node.op in (Op.BELOW, Op.AT_MOST) else Op.ABOVE, node.until, ground
    )
    return _take_or_stay(take, stay)


def latched_between(node: c.Between, ground: Ground) -> Raw:
    """Takes inside the bounds; on, it stays inside the bounds widened by the margin."""
    return _take_or_stay(between(node, ground), between(node, ground, node.margin))


def _take_or_stay(take: Judge, stay: Judge) -> Raw:
    def raw(scene: Scene, on: bool) -> Tri:
        taken = take(scene)
        if taken is True or not on:
            return taken
        stays = stay(scene)
        return taken if stays is False else stays

    return raw


def _compare(metric: str, op: Op, bound: Bound, ground: Ground) -> Judge:
    if bound.metric is None and metric not in TARIFF_METRICS:
        return _constant(metric, op, bound.constant)
    if bound.metric is None:
        return _price(metric, op, bound.constant, ground)
    look, test = look_at(metric, ground), TESTS[op]
    bound_at = look_at_bound(bound, ground)

    def judge(scene: Scene) -> Tri:
        value, limit = look(scene), bound_at(scene)
        return None if value is None or limit is None else test(value, limit)

    return judge


def _price(metric: str, op: Op, bound: float, ground: Ground) -> Judge:
    tariff, place, test = ground.tariff, _PRICE_AT[metric], TESTS[op]

    def judge(scene: Scene) -> Tri:
        kept = tariff.kept
        if kept[0] is not scene.moment:
            kept = tariff.look(scene.moment)
        value = kept[place]
        return None if value is None else test(value, bound)

    return judge


def _constant(key: str, op: Op, bound: float) -> Judge:
    def below(scene: Scene) -> Tri:
        value = scene.values.get(key)
        return None if value is None else value < bound

    def at_most(scene: Scene) -> Tri:
        value = scene.values.get(key)
        return None if value is None else value <= bound

    def above(scene: Scene) -> Tri:
        value = scene.values.get(key)
        return None if value is None else value > bound

    def at_least(scene: Scene) -> Tri:
        value = scene.values.get(key)
        return None if value is None else value >= bound

    return {Op.BELOW: below, Op.AT_MOST: at_most, Op.ABOVE: above, Op.AT_LEAST: at_least}[op]
