"""The messenger of the demo: nothing leaves the house."""

from collections.abc import Callable, Sequence

from luxagent.core.alerts.message import Message


class ConsoleMessenger:
    """Keeps every message and shows it at once."""

    def __init__(self, show: Callable[[Message], None] | None = None) -> None:
        self.messages: list[Message] = []
        self._show = show

    def put(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.messages.append(message)
            if self._show is not None:
                self._show(message)
