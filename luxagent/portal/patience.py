"""How long a closed door is left alone: a little longer each time, so that a short trouble ends soon and a
lasting one is not hammered at."""

from luxagent.portal.clock import Clock

FIRST_S, LONGEST_S = 90.0, 3600.0
"""The next tick looks again; then after twice as long each time, but never less than once an hour."""


class Patience:
    """Refusals in a row, and when to ask again. The wait is never longer than the trouble has lasted."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = float("-inf")
        self._times = 0

    def refused(self) -> None:
        """It was asked and refused once more."""
        wait_s = min(FIRST_S * 2.0**self._times, LONGEST_S)
        self._until = self._clock.monotonic() + wait_s
        self._times = min(self._times + 1, 16)

    def granted(self) -> None:
        """All is well: what was before is forgotten."""
        self._times = 0
        self._until = float("-inf")

    def at_once(self) -> None:
        """Something has changed; ask now, though the next wait will be as long as ever."""
        self._until = float("-inf")

    @property
    def left_s(self) -> float:
        """Seconds until it may be asked again; 0 if now."""
        return max(0.0, self._until - self._clock.monotonic())
