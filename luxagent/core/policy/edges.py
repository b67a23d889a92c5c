"""When the next window opens or closes, so that the loop can wake at the edge rather than a tick late."""

from collections.abc import Iterator

from luxagent.core.policy.conditions import All, AnyOf, Condition, Held, Not, TimeIn
from luxagent.core.policy.rules import Ruleset
from luxagent.core.values.moment import Moment
from luxagent.core.values.windows import DAY_MIN, Window


def seconds_to_next_edge(ruleset: Ruleset, moment: Moment) -> float | None:
    """Seconds until the next edge of any window of a rule or of the tariff; None where there is none.

    At a clock change it may be an hour off; the ordinary interval then serves.
    """
    second = moment.at.second + moment.at.microsecond / 1e6
    now_s = moment.minute * 60 + second
    best: float | None = None
    for window in _windows(ruleset):
        for edge in (window.start, window.end):
            minute = edge.on(moment.sun)
            if minute is None:
                continue
            ahead = (minute % DAY_MIN) * 60 - now_s
            ahead = ahead if ahead > 0 else ahead + DAY_MIN * 60
            best = ahead if best is None else min(best, ahead)
    return best


def _windows(ruleset: Ruleset) -> Iterator[Window]:
    for rule in ruleset.rules:
        if rule.enabled:
            yield from _of_condition(rule.when)
    if ruleset.tariff is not None:
        for period in ruleset.tariff.periods:
            yield from period.windows


def _of_condition(condition: Condition) -> Iterator[Window]:
    if isinstance(condition, TimeIn):
        yield from condition.windows
    elif isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from _of_condition(part)
    elif isinstance(condition, Not | Held):
        yield from _of_condition(condition.part)
