"""Time that passes only while the agent waits, so that the same seed is the same day.

Fits the agent's `Clock` and the service's `Rest`; the built-in portal and the house read the same `now`.
With a pace the real clock is held back, so that a person can watch; without one a day takes as long as the
work in it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue


class Pace:
    """How fast time may pass for a person who watches. `steady` gives real seconds."""

    def __init__(self, real_s_per_day: float, steady: Callable[[], float]) -> None:
        self._share = real_s_per_day / 86_400
        self._steady = steady
        self._due = steady()
        self._dwell_s = 0.0

    def dwell(self, seconds: float) -> None:
        """Something worth reading happened: stay this much longer, once, at the next wait."""
        self._dwell_s = max(self._dwell_s, seconds)

    def real_wait_s(self, seconds: float) -> float:
        """Real seconds to hold still for, now that `seconds` pass."""
        # A machine too slow for this pace has no time to dwell: what is due is already past then.
        self._due += seconds * self._share + self._dwell_s
        self._dwell_s = 0.0
        return max(0.0, self._due - self._steady())


class VirtualClock:
    """Starts at an instant, ends at another, and moves in `wait` and `rest` alone."""

    def __init__(self, start: datetime, end: datetime, pace: Pace | None = None) -> None:
        self.start = start.astimezone(UTC)
        self.end = end.astimezone(UTC)
        self.pace = pace
        self._now = self.start
        self._stopped = False
        self._wake: SimpleQueue[None] = SimpleQueue()

    def now(self) -> datetime:
        """The present, in UTC. Read by the portal's threads as well."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the start; this clock never jumps."""
        return (self._now - self.start).total_seconds()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=max(0.0, seconds))
        real_s = 0.0 if self.pace is None or self._stopped else self.pace.real_wait_s(seconds)
        if real_s > 0:
            with suppress(Empty):
                self._wake.get(timeout=real_s)

    def rest(self, seconds: float) -> None:
        """Let time pass between two ticks, not past the end, and none at all once stopped."""
        if not self._stopped:
            self.wait(min(seconds, (self.end - self._now).total_seconds()))

    def stop(self) -> None:
        """End before the end: somebody has seen enough. May be called from a signal's handler."""
        self._stopped = True
        self._wake.put(None)  # of all queues, this one may be put into by a signal's handler

    @property
    def stopped(self) -> bool:
        """Whether the end was asked for before its time."""
        return self._stopped

    @property
    def stopping(self) -> bool:
        """Whether there is nothing more to come."""
        return self._stopped or self._now >= self.end
