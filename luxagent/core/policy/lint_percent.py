"""Lint about a share written where a percentage is meant: `soc: below 0.3` asks for less than 1 %."""

from collections.abc import Iterator

from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_remarks import Remark, Sort, Study
from luxagent.core.policy.words import metric_name, quantity

_SHARES = {"soc_pct", "soh_pct"}
"""Nobody waits for less than 1 % of these; a spread may well be so small."""


def percent(about: Study) -> Iterator[Remark]:
    """State of charge or health compared with a number between 0 and 1."""
    for section, name, ways in about.conditions:
        told: set[tuple[str, float]] = set()
        for leaf in (part.leaf for way in ways or () for part in way.parts):
            for metric, bound in _bounds(leaf):
                if metric not in _SHARES or not 0 < bound < 1 or (metric, bound) in told:
                    continue
                told.add((metric, bound))
                yield Remark(
                    Sort.PERCENT,
                    (section, name, "when", metric_name(metric)),
                    f"{quantity(metric, bound)} is next to nothing of a battery",
                    f"{metric_name(metric)} is in percent: {bound * 100:g}%",
                )


def _bounds(leaf: c.Condition) -> list[tuple[str, float]]:
    match leaf:
        case c.Compare(metric, _, bound):
            rows = [bound]
        case c.Between(metric, low, high):
            rows = [low, high]
        case _:
            return []
    return [(metric, one.constant) for one in rows if one.metric is None]
