"""Time as the portal needs it: handed in, never read from the system."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The part of the agent's clock that is used here."""

    def now(self) -> datetime:
        """The wall clock, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...
