"""Tells whoever started the daemon how it goes: ready, alive, reloading, ending, and the last decision.

Hears of every finished tick from `agent.service`; what to say of a good one comes from `keeper`.
"""

from collections.abc import Callable

from luxagent.agent.service import Ended
from luxagent.cli.systemd import Notifier
from luxagent.core.values.units import format_duration

LONGEST_TICK_S = 300.0
"""Of a tick in trouble: every device slow, every write read back twice."""
TICKS_MISSED = 3
"""So many rests without a finished tick are a hang."""


class Herald:
    """Follows one service."""

    def __init__(self, notifier: Notifier, summary: Callable[[], str]) -> None:
        self._notifier = notifier
        self._summary = summary
        self._ready = False

    def ended(self, ended: Ended) -> None:
        """A tick has ended, well or not. The first one makes the service ready, also a failed one."""
        status = self._status(ended)
        if not self._ready:
            self._ready = True
            self._notifier.ready(status)
        self._notifier.alive(status, TICKS_MISSED * ended.rest_s + LONGEST_TICK_S)

    def reloading(self, monotonic_s: float) -> None:
        """The file is about to be read anew."""
        self._notifier.reloading(monotonic_s)

    def reloaded(self, words: str) -> None:
        """It was, or could not be."""
        self._notifier.ready(words)

    def stopping(self) -> None:
        """The end was asked for."""
        self._notifier.stopping()

    def _status(self, ended: Ended) -> str:
        if ended.report is not None:
            return self._summary()
        return f"degraded: {ended.words} Next try in {format_duration(ended.rest_s)}."
