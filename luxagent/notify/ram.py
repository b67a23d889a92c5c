"""An outbox that forgets at the end, for what the disk will not take. Fits `box.Box`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from luxagent.core.alerts.message import Message
from luxagent.core.alerts.routing import Delivery

MOST = 200
"""Beyond this the oldest give way: memory is not for keeping."""


class RamBox:
    """Rows in memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[int, Delivery] = {}
        self._sent: list[tuple[datetime, str, str]] = []
        self._last = 0

    def add(self, message: Message, channels: Iterable[str], at: datetime) -> None:
        """Put a message in, for these channels."""
        with self._lock:
            for channel in channels:
                self._add(message, channel, at, "")

    def collect(self, _route: Callable[[Message], Iterable[str]]) -> int:
        """There is no journal to collect from."""
        return 0

    def waiting(self) -> list[Delivery]:
        with self._lock:
            return list(self._rows.values())

    def holders(self, message: str) -> frozenset[str]:
        with self._lock:
            waiting = {row.channel for row in self._rows.values() if row.message.id == message}
            return frozenset(waiting | {channel for _, channel, one in self._sent if one == message})

    def pass_on(self, row: Delivery, channel: str) -> None:
        with self._lock:
            self._add(row.message, channel, row.at, row.channel)

    def sent(self, rows: Sequence[Delivery], at: datetime) -> None:
        with self._lock:
            for row in rows:
                self._rows.pop(row.id, None)
                self._sent.append((at, row.channel, row.message.id))
                passed = [
                    other.id
                    for other in self._rows.values()
                    if row.stands_for
                    and (other.channel, other.message.id) == (row.stands_for, row.message.id)
                ]
                for number in passed:
                    del self._rows[number]
            del self._sent[:-MOST]

    def failed(self, rows: Sequence[Delivery], at: datetime, due: datetime, error: str) -> None:
        with self._lock:
            for row in rows:
                if row.id in self._rows:
                    self._rows[row.id] = replace(
                        row, tries=row.tries + 1, due=due, failed_at=row.failed_at or at, error=error
                    )

    def drop(self, rows: Sequence[Delivery], at: datetime, why: str) -> None:  # noqa: ARG002 - as on disk
        with self._lock:
            for row in rows:
                self._rows.pop(row.id, None)

    def sent_since(self, channel: str, since: datetime) -> int:
        with self._lock:
            return len({at for at, name, _ in self._sent if name == channel and at > since})

    def close(self) -> None:
        """Nothing to let go of."""

    def _add(self, message: Message, channel: str, at: datetime, stands_for: str) -> None:
        self._last += 1
        self._rows[self._last] = Delivery(self._last, message, channel, at, stands_for=stands_for)
        while len(self._rows) > MOST:
            del self._rows[next(iter(self._rows))]
