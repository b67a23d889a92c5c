"""A box that remembers what a service has acknowledged also while the disk takes no note of it.

Else a full disk would let every tick send the same message again. The note is made as soon as the disk
takes it; only a process that ends before that repeats the message.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from threading import Lock

from luxagent.core.alerts.message import Message
from luxagent.core.alerts.routing import Delivery
from luxagent.errors import StateUnusable
from luxagent.notify.box import Box

log = logging.getLogger("luxagent.notify")


class Acknowledged:
    """Another box, and what that one could not note yet."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._lock = Lock()
        self._unnoted: list[tuple[Sequence[Delivery], datetime]] = []

    @property
    def owes(self) -> bool:
        """Whether the disk has yet to take a note; `collect` tries it again."""
        return bool(self._unnoted)

    def collect(self, route: Callable[[Message], Iterable[str]]) -> int:
        self._note()
        return self._box.collect(route)

    def waiting(self) -> list[Delivery]:
        rows = self._box.waiting()
        done = {
            (row.message.id, channel)
            for sent, _ in self._unnoted
            for row in sent
            for channel in (row.channel, row.stands_for)
        }
        return [row for row in rows if (row.message.id, row.channel) not in done]

    def holders(self, message: str) -> frozenset[str]:
        return self._box.holders(message)

    def pass_on(self, row: Delivery, channel: str) -> None:
        self._box.pass_on(row, channel)

    def sent(self, rows: Sequence[Delivery], at: datetime) -> None:
        """Never raises: what the disk does not take is kept here."""
        with self._lock:
            self._unnoted = [*self._unnoted, (rows, at)]
        self._note()

    def failed(self, rows: Sequence[Delivery], at: datetime, due: datetime, error: str) -> None:
        self._box.failed(rows, at, due, error)

    def drop(self, rows: Sequence[Delivery], at: datetime, why: str) -> None:
        self._box.drop(rows, at, why)

    def sent_since(self, channel: str, since: datetime) -> int:
        here = [at for rows, at in self._unnoted if at > since and rows[0].channel == channel]
        return self._box.sent_since(channel, since) + len(here)

    def close(self) -> None:
        self._note()
        self._box.close()

    def _note(self) -> None:
        with self._lock:
            while self._unnoted:
                try:
                    self._box.sent(*self._unnoted[0])
                except StateUnusable as error:
                    log.warning("that a message was sent is noted when the disk takes it: %s", error)
                    return
                self._unnoted = self._unnoted[1:]
