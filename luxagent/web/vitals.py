"""What the pages show: one frozen picture of the agent. Made by `cli.vitals`, read by another thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the agent is, as of its newest tick."""

    version: str
    policy: str
    """A hash of the rules in force."""
    dry_run: bool
    recent_s: float
    """A good tick that is older than this is no sign of health."""
    started_at: datetime
    good_at: datetime | None = None
    """When the newest good tick ended."""
    trouble: str = ""
    """Why the newest tick failed; empty after a good one."""
    good_ticks: int = 0
    failed_ticks: int = 0
    tick_seconds: tuple[float, ...] = ()
    """How many good ticks took at most so long, for each of TICK_BUCKETS_S, and all."""
    tick_seconds_sum: float = 0.0
    data_age_s: Mapping[str, float] = field(default_factory=dict)
    """By serial; a device whose age is unknown is left out."""
    requests: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By endpoint and outcome."""
    writes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By setting and outcome."""
    budget_left: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By serial, and "hour" or "day"."""
    alerts: Mapping[str, int] = field(default_factory=dict)
    """How many are in each state."""

    def health(self, now: datetime) -> tuple[bool, str]:
        """Whether all is well, and in a sentence why or why not."""
        good = self.good_at
        if good is None:
            since = (now - self.started_at).total_seconds()
            if since <= self.recent_s and not self.trouble:
                return False, "starting: there was no look at the plant yet"
            return False, f"there was no good tick yet{_because(self.trouble)}"
        age_s = (now - good).total_seconds()
        if abs(age_s) <= self.recent_s:
            return True, f"the last good tick was {age_s:.0f} s ago"
        return False, f"the last good tick was {age_s:.0f} s ago{_because(self.trouble)}"


TICK_BUCKETS_S = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

Look = Callable[[], tuple[Vitals, datetime]]
"""The newest picture, and the time now."""


def _because(trouble: str) -> str:
    return f": {trouble}" if trouble else ""
