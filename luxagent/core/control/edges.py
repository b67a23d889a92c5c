"""When the clock next turns something, so that the loop can wake at the edge rather than a tick late."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from luxagent.core.memory import Memory
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.turns import Almanac

_AHEAD = timedelta(hours=3)
"""How far ahead is worked out at once: more than any interval between two ticks."""


class Edges:
    """The instants at which the clock can turn a rule or an alert: windows, sun, midnight, tariff, cron."""

    def __init__(self) -> None:
        self._known: tuple[Policy, datetime] | None = None
        """The policy whose turns are known, and since when: for so long ahead."""
        self._turns: list[datetime] = []

    def seconds_to_next(self, policy: Policy, memory: Memory, now: datetime) -> float | None:
        """Seconds until the next of them, or the end of what a person set for a while; None is hours away."""
        known = self._known
        if known is None or known[0] is not policy or not known[1] <= now < known[1] + _AHEAD / 2:
            self._known = (policy, now)
            self._turns = sorted(set(_turns(policy, now, now + _AHEAD)))
        place = bisect_right(self._turns, now)
        ends = [end for end in _ends(memory) if end > now]
        due = min([*self._turns[place : place + 1], *ends], default=None)
        return None if due is None else (due - now).total_seconds()


def _turns(policy: Policy, start: datetime, end: datetime) -> Iterator[datetime]:
    almanac = Almanac(policy.calendar, policy.ruleset.tariff, {})
    for one in policy.rules:
        yield from almanac.turns(one.rule.when, start, end)
    for other in policy.alerts:
        yield from almanac.turns(other.alert.when, start, end)


def _ends(memory: Memory) -> Iterator[datetime]:
    """Of flags, of values set by hand, and of a pause."""
    yield from (until for until in memory.flags.values() if until is not None)
    yield from (lease.until for row in memory.leases.values() for lease in row.values() if lease.until)
    if memory.pause is not None and memory.pause.until is not None:
        yield memory.pause.until
