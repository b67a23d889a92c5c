"""The agent's memory and the ledger behind it: nothing is remembered that is not on disk first."""

from collections.abc import Sequence

from luxagent.agent.ports import Ledger
from luxagent.core.events import Event
from luxagent.core.memory import Memory


class State:
    """What the ledger has folded of its events. A restart folds the same events again."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.memory: Memory = ledger.load()

    def record(self, events: Sequence[Event]) -> None:
        """On disk when this returns, then in memory. Raises StateUnusable if the disk will not take it."""
        if not events:
            return
        try:
            self._ledger.append(events)
        finally:
            self.memory = self._ledger.load()  # where it failed, whatever got there before
