"""Lint about a SOC that the battery never gets to, because the file itself stops it before."""

from collections.abc import Iterator

from luxagent.core.policy.lint_remarks import Remark, Sort, Study
from luxagent.core.policy.lint_ways import Way
from luxagent.core.policy.rules import Severity

_SOC, _STOP = "soc_pct", "charge_limit"
_OVERSHOOT_PCT = 2
"""A battery may be charged somewhat beyond its stop, and SOC be corrected."""


def beyond_stop(about: Study) -> Iterator[Remark]:
    """Rules, and alerts that only tell, of a SOC well above a `charge_limit` that no rule ever moves.

    An alert that warns of it is taken as a watch on the limit itself.
    """
    stop = about.ruleset.baseline.get(_STOP)
    if _STOP in about.ruled or isinstance(stop, bool) or not isinstance(stop, int | float) or stop >= 100:
        return
    watches = {one.name for one in about.ruleset.alerts if one.severity is not Severity.INFO}
    for section, name, ways in about.conditions:
        if not ways or (section == "alerts" and name in watches):
            continue
        asked = [_least_soc(way) for way in ways if not way.never]
        if asked and min(asked) >= stop + _OVERSHOOT_PCT:
            yield Remark(
                Sort.NEVER_HOLDS,
                (section, name, "when", "soc"),
                f"this can hardly ever hold: {_STOP} ends all charging at {stop:g} %, "
                f"so SOC does not get to {min(asked):g} %",
                f"ask for less, or a higher {_STOP}",
            )


def _least_soc(way: Way) -> float:
    """The SOC from which on a way can take."""
    asked = [part.ranged.takes.low for part in way.parts if part.ranged and part.ranged.subject == _SOC]
    return max(asked, default=0.0)
