"""How far a leaf is from turning, and what it would take, in words."""

from datetime import datetime, timedelta

from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Bound, Op
from luxagent.core.policy.explain import Because
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.words import bound_text, metric_name, wanted
from luxagent.core.values.units import Unit, format_duration

HAND = 1.0
"""As far as what only a person, or an event, can bring about."""

_WIDE: dict[Unit, float] = {
    Unit.PCT: 100, Unit.V: 20, Unit.A: 200, Unit.W: 10_000, Unit.VA: 10_000, Unit.HZ: 2, Unit.C: 50,
    Unit.MV: 200, Unit.KWH: 50, Unit.S: 3600, Unit.PRICE: 1, Unit.NONE: 100,
}  # fmt: skip
"""What counts as a long way for a value of that unit, so that ways of unlike units can be compared."""

_ENDS = {Op.BELOW: "{} or above", Op.AT_MOST: "above {}", Op.ABOVE: "{} or below", Op.AT_LEAST: "below {}"}
"""What ends a comparison."""


def far_off(leaf: Because, want: bool) -> float:
    """From 0, at hand, to 1: as far as a whole day is for the clock."""
    about = leaf.about
    value, other = leaf.seen if isinstance(leaf.seen, tuple) else (leaf.seen, None)
    if not isinstance(about, c.Compare | c.Between) or not isinstance(value, int | float):
        return HAND
    bound = _bound(leaf, want)
    at = bound.constant if bound.metric is None else other
    if not isinstance(at, int | float):
        return HAND
    row = METRICS_BY_KEY.get(about.metric)
    return min(abs(value - at) / _WIDE[row.unit if row is not None else Unit.NONE], 1.0)


def need_text(leaf: Because, want: bool, lasting_s: float = 0.0) -> str:
    """What a leaf must come to: "soc below 60 %", "grid not up", "flag storm off"."""
    about = leaf.about
    tail = f" for {format_duration(lasting_s)}" if lasting_s else ""
    match about:
        case c.Compare(metric) | c.Between(metric):
            return f"{metric_name(metric)} {_goal(leaf, want)}{tail}"
        case c.FlagOn(name):
            return f"flag {name} {'on' if want else 'off'}{tail}"
        case c.FaultIs() if not about.codes:
            return ("any fault" if want else "no fault") + tail
        case _:
            name, _, word = wanted(about).partition(" ")
            return f"{name} {word if want else f'not {word}'}{tail}"


def seen_text(leaf: Because) -> str:
    """What it is now, in brackets."""
    observed = leaf.observed()
    return f" (is {observed})" if observed else ""


def single_text(leaf: Because, want: bool, verb: str, lasting_s: float) -> str:
    """The whole sentence where one leaf is all that is missing: "soc is 61 %, would take below 60 %"."""
    about = leaf.about
    tail = f" for {format_duration(lasting_s)}" if lasting_s else ""
    if isinstance(about, c.FlagOn):
        now, then = ("off", "on") if want else ("on", "off")
        return f"flag {about.name} is {now}, would {verb} when switched {then}{tail}"
    if isinstance(about, c.FaultIs):
        return f"would {verb} with {need_text(leaf, want)}{tail}"
    observed = leaf.observed()
    if isinstance(about, c.Compare | c.Between):
        now = f"{metric_name(about.metric)} is {'not known' if leaf.seen is None else observed}"
        return f"{now}, would {verb} {_goal(leaf, want)}{tail}"
    name, _, word = wanted(about).partition(" ")
    return f"{name} is {observed or 'not known'}, would {verb} when {word if want else f'not {word}'}{tail}"


def clock_text(at: datetime, now: datetime, policy: Policy) -> str:
    """An instant as people say it: "at 23:30", "tomorrow at 05:30", "on Tue 01 Dec at 09:00"."""
    there, here = policy.calendar.local(at), policy.calendar.local(now)
    time = f"at {there:%H:%M}" if there.second == 0 else f"at {there:%H:%M:%S}"
    ahead = there.date() - here.date()
    if not ahead:
        return time
    return f"tomorrow {time}" if ahead == timedelta(days=1) else f"on {there:%a %d %b} {time}"


def _goal(leaf: Because, want: bool) -> str:
    """Where the value must go: "below 60 %", "at 78 % or above"."""
    about = leaf.about
    if isinstance(about, c.Compare):
        bound = bound_text(about.metric, _bound(leaf, want))
        if want:
            return f"{about.op.value} {bound}"
        op = about.op if about.until is None else Op.BELOW if about.op in (Op.BELOW, Op.AT_MOST) else Op.ABOVE
        text = _ENDS[op].format(bound)
        return text if text.startswith(("above", "below")) else f"at {text}"
    if isinstance(about, c.Between):
        low, limit = _nearer_low(leaf), bound_text(about.metric, _bound(leaf, want))
        if want:
            return f"at {limit} or {'above' if low else 'below'}"
        return f"{'below' if low else 'above'} {limit}"
    return ""


def _bound(leaf: Because, want: bool) -> Bound:
    """The bound that counts: where it takes, or where it lets go again."""
    about = leaf.about
    if isinstance(about, c.Compare):
        return about.bound if want or about.until is None else about.until
    if isinstance(about, c.Between):
        low = _nearer_low(leaf)
        bound = about.low if low else about.high
        wide = 0.0 if want else about.margin
        return Bound(bound.constant + (-wide if low else wide), bound.metric)
    raise TypeError(f"{about!r} has no bound")


def _nearer_low(leaf: Because) -> bool:
    """Whether the lower bound of a `between` is the nearer one."""
    about, value = leaf.about, leaf.seen[0] if isinstance(leaf.seen, tuple) else leaf.seen
    if not isinstance(about, c.Between) or not isinstance(value, int | float):
        return True
    return abs(value - about.low.constant) <= abs(value - about.high.constant)
