"""The post office: takes messages, and sees to it that each arrives once on every channel it is for.

Fits `agent.ports.Messenger` and `agent.ports.Channels`. `put` returns at once. A thread that lives only while
something waits for a retry or is being sent asks `core.alerts.routing` what is due, hands it to the sender
and notes what became of it in the outbox, which outlives the process. Sent is what a service has
acknowledged; it is never sent again. A crash between the acknowledgement and its note repeats that letter.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition, Thread, current_thread
from typing import Protocol

from luxagent.core.alerts.message import ChannelTrouble, Message
from luxagent.core.alerts.routing import (
    Delivery,
    Way,
    backoff,
    expired,
    ready,
    seconds_to_next,
    stand_in,
    troubles,
    ways_for,
)
from luxagent.errors import StateUnusable
from luxagent.notify.acknowledged import Acknowledged
from luxagent.notify.box import Box
from luxagent.notify.letters import Letter, letter_of
from luxagent.notify.ram import RamBox

log = logging.getLogger("luxagent.notify")

HOUR = timedelta(hours=1)
NO_CHANNEL = "no such channel"


class Sender(Protocol):
    """Sends letters and waits for what became of them."""

    def send(self, batch: Mapping[str, tuple[str, Letter | None]]) -> Mapping[str, str]:
        """Channel name to address and letter; why each failed, or "". Never raises."""
        ...

    def stop(self) -> None:
        """End what is under way, for good."""
        ...


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a person, and its address, which is a secret."""

    way: Way
    url: str = field(repr=False)

    @property
    def name(self) -> str:
        return self.way.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message on one channel. `error` is empty when the service took it."""

    channel: str
    title: str
    error: str = ""


class Post:
    """Delivers until it is closed."""

    def __init__(
        self, channels: Iterable[Channel], sender: Sender, box: Box | None, now: Callable[[], datetime]
    ) -> None:
        self._channels = {channel.name: channel for channel in channels}
        self._sender = sender
        self._ram = RamBox()
        self._disk = None if box is None else Acknowledged(box)
        self._boxes: tuple[Box, ...] = (self._ram,) if self._disk is None else (self._disk, self._ram)
        self._now = now
        self._state = Condition()
        self._worker: Thread | None = None
        self._resting = False
        self._poked = False
        self._closed = False
        self._uncollected = True
        """Whether the journal may hold messages that have no rows yet: from a run before, or a full disk."""
        self._outcomes: list[Outcome] = []
        self._bad: dict[str, ChannelTrouble] = {}

    def put(self, messages: Sequence[Message]) -> None:
        """Take messages on and return. Those with an id are in the journal and are collected from there."""
        now = self._now()
        for message in messages:
            if not message.id or self._disk is None:
                self._ram.add(message, self._route(message), now)
        if self._disk is not None and (messages or self._uncollected or self._disk.owes):
            self._uncollected = True
            try:
                self._disk.collect(self._route)
                self._uncollected = False
            except StateUnusable as error:  # they are collected when the disk is well again
                log.warning("messages wait until the disk takes them: %s", error)
        self._poke()

    def settle(self, timeout_s: float) -> bool:
        """Wait until nothing is due any more, but no longer than this. Whether nothing is."""
        with self._state:
            return self._state.wait_for(self._is_calm, timeout_s)

    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of messages since this was last asked."""
        with self._state:
            found, self._outcomes = tuple(self._outcomes), []
            return found

    def failing(self) -> Mapping[str, ChannelTrouble]:
        """Channels that do not take messages."""
        if not self._channels:
            return {}
        found = {name: one for name, one in self._bad.items() if name in self._channels}
        for box in self._boxes:
            try:
                found |= {n: one for n, one in troubles(box.waiting()).items() if n in self._channels}
            except StateUnusable as error:
                log.warning("what waits to be sent cannot be read: %s", error)
        return found

    def check(self) -> dict[str, str]:
        """Have every address looked at, without sending; waits for the answer. What is wrong, or ""."""
        found = dict(self._sender.send({name: (one.url, None) for name, one in self._channels.items()}))
        if self._closed:
            return found
        now = self._now()
        self._bad = {
            name: self._bad.get(name, ChannelTrouble(now, error)) for name, error in found.items() if error
        }
        return found

    def examine(self) -> None:
        """Have the addresses looked at in the background. A bad one is logged, and an alert on the others."""
        if self._channels:
            _begin(self._examine, "addresses")

    def _examine(self) -> None:
        for name, error in self.check().items():
            if error and not self._closed:
                log.warning("channel %s: %s", name, error)

    def adopt(self, channels: Iterable[Channel]) -> None:
        """Go by other channels from now on. What waits for one that is gone is given up."""
        with self._state:
            self._channels = {channel.name: channel for channel in channels}
            self._bad = {}
        self.examine()
        self._poke()

    def close(self) -> None:
        """End what is under way. What is not sent waits on disk for the next start."""
        with self._state:
            self._closed = True
            self._state.notify_all()
        self._sender.stop()
        with self._state:
            self._state.wait_for(lambda: self._worker is None, 5)
        for box in self._boxes:
            box.close()

    def _route(self, message: Message) -> list[str]:
        return ways_for(message, {name: one.way for name, one in self._channels.items()})

    def _is_calm(self) -> bool:
        return self._worker is None or (self._resting and not self._poked)

    def _poke(self) -> None:
        """Let the worker look again, if there is anything to look at."""
        with self._state:
            if self._closed:
                return
            self._poked = True
            if self._worker is None and any(self._waiting()):
                self._worker = _begin(self._work, "messages")
            if self._worker is None:
                self._poked = False
            self._state.notify_all()

    def _waiting(self) -> Iterable[list[Delivery]]:
        for box in self._boxes:
            try:
                yield box.waiting()
            except StateUnusable as error:
                log.warning("what waits to be sent cannot be read: %s", error)

    def _work(self) -> None:
        """Deliver while there is anything to deliver. Whatever ends it, the next message begins it anew."""
        try:
            self._rounds()
        except Exception as error:  # noqa: BLE001 - alerts must not end with one bad letter
            log.warning("messages wait for the next one: sending them failed (%s)", type(error).__name__)
        finally:
            with self._state:
                if self._worker is current_thread():
                    self._worker = None
                self._resting = False
                self._state.notify_all()

    def _rounds(self) -> None:
        """Round after round, until nothing is due and nothing waits for a retry."""
        while True:
            with self._state:
                self._poked = False
            rest_s = self._round()
            with self._state:
                if not self._poked and not self._closed and rest_s is not None:
                    self._resting = True
                    self._state.notify_all()
                    self._state.wait_for(lambda: self._poked or self._closed, rest_s)
                    self._resting = False
                elif not self._poked or self._closed:
                    self._worker = None  # under this lock: who pokes from now on needs another
                    return

    def _round(self) -> float | None:
        """Send all that is due; seconds until something will be, None if nothing waits for that."""
        rests = []
        for box in self._boxes:
            try:
                rests.append(self._serve(box))
            except StateUnusable as error:
                log.warning("messages wait until the disk takes them: %s", error)
        known = [rest for rest in rests if rest is not None]
        return min(known) if known else None

    def _serve(self, box: Box) -> float | None:
        now = self._now()
        rows = box.waiting()
        lost = [row for row in rows if row.channel not in self._channels]
        self._give_up(box, lost, now, NO_CHANNEL)
        self._give_up(box, expired(rows, now), now, "it could not be delivered for days")
        by_channel: dict[str, list[Delivery]] = {}
        for row in rows:
            if row.channel in self._channels:
                by_channel.setdefault(row.channel, []).append(row)
        due = {
            name: found
            for name, mine in by_channel.items()
            if (found := ready(mine, self._channels[name].way, now, box.sent_since(name, now - HOUR)))
        }
        if due:
            batch = {
                name: (self._channels[name].url, letter_of([row.message for row in found]))
                for name, found in due.items()
            }
            errors = self._sender.send(batch)
            for name, found in due.items():
                try:
                    self._note(box, name, found, errors.get(name, "no answer"))
                except StateUnusable as error:  # the others have an answer as well
                    log.warning("that a message has failed cannot be noted: %s", error)
        return seconds_to_next(box.waiting(), self._now())

    def _note(self, box: Box, name: str, rows: list[Delivery], error: str) -> None:
        """What became of the letter to a channel; after some failures another one is asked to stand in."""
        now = self._now()
        with self._state:
            closed = self._closed
            # Of a failure only the first is told, and its end: a service that is away for a day is one thing.
            self._outcomes += [
                Outcome(name, row.message.title, error) for row in rows if row.tries == 0 or not error
            ]
            del self._outcomes[:-1000]
        if not error:
            self._bad = {other: one for other, one in self._bad.items() if other != name}  # others read it
            box.sent(rows, now)
            return
        if closed:  # it is not the channel's fault
            return
        tries = max(row.tries for row in rows) + 1
        box.failed(rows, now, now + backoff(tries), error)
        ways = {channel: one.way for channel, one in self._channels.items()}
        for row in box.waiting():
            if row.channel == name and row.due is not None:
                other = stand_in(row, ways, box.holders(row.message.id))
                if other is not None:
                    box.pass_on(row, other)
                    with self._state:
                        self._poked = True

    def _give_up(self, box: Box, rows: list[Delivery], now: datetime, why: str) -> None:
        if not rows:
            return
        box.drop(rows, now, why)
        with self._state:
            self._outcomes += [Outcome(row.channel, row.message.title, why) for row in rows]


def _begin(work: Callable[[], None], name: str) -> Thread | None:
    """A thread at work; None, and a word in the log, where the machine has none left."""
    thread = Thread(target=work, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        log.warning("messages wait: %s", error)
        return None
    return thread
