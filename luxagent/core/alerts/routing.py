"""Which message goes which way, and when: least severity, quiet hours, retries, a channel that stands in.

Pure. `notify.post` asks it again whenever something may have changed; nothing here is remembered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from luxagent.core.alerts.message import ChannelTrouble, Message
from luxagent.core.policy.rules import Severity

FIRST_RETRY, MOST_RETRY = timedelta(seconds=30), timedelta(minutes=15)
"""30 s x 2^n after the n-th failure, at most 15 min."""
STANDS_IN_AFTER = 3
"""Failures of a channel after which another one is asked to pass a message on."""
MOST_AGE, LEAST_TRIES = timedelta(days=3), 50
"""A message is given up when it is that old and was tried so often: a clock that jumps must not lose any."""
MOST_PER_HOUR = 12
"""Per channel. More wait, and go out as one; what is critical never waits for this."""

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Way:
    """One channel, as far as it matters for what goes there."""

    name: str
    severity: Severity = Severity.INFO
    quiet: Callable[[datetime], bool] | None = field(default=None, repr=False)
    """Whether an instant lies in its quiet hours."""
    fallback: str = ""
    """The channel that stands in for it; empty is any that has not got the message."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one channel, not sent yet."""

    id: int
    message: Message
    channel: str
    at: datetime
    tries: int = 0
    due: datetime | None = None
    """Not before this; None has not been tried."""
    failed_at: datetime | None = None
    """When it failed first."""
    error: str = ""
    stands_for: str = ""
    """The channel for which this one stands in."""


def ways_for(message: Message, ways: Mapping[str, Way]) -> list[str]:
    """The channels a message is for. One that it names gets it whatever its least severity."""
    if message.channels:
        named = [name for name in message.channels if name in ways]
        if named:  # else the file has lost them since, and all the others are better than nobody
            return [name for name in named if name not in message.besides]
    rank = _RANK[message.severity]
    return [
        way.name for way in ways.values() if _RANK[way.severity] <= rank and way.name not in message.besides
    ]


def backoff(tries: int) -> timedelta:
    """How long to wait after so many failures."""
    return min(FIRST_RETRY * (1 << min(max(tries - 1, 0), 10)), MOST_RETRY)


def ready(rows: Sequence[Delivery], way: Way, now: datetime, sent_lately: int) -> list[Delivery]:
    """What goes to a channel now: all of it in one message."""
    quiet = way.quiet is not None and way.quiet(now)
    open_ = [row for row in rows if not quiet or row.message.severity is Severity.CRITICAL]
    fresh_alarm = any(row.due is None and row.message.severity is Severity.CRITICAL for row in open_)
    if not fresh_alarm and any(not _is_due(row, now) for row in open_):
        return []  # the channel failed a moment ago
    if sent_lately >= MOST_PER_HOUR and not any(_is_loud(row) for row in open_):
        return []
    return open_


def _is_due(row: Delivery, now: datetime) -> bool:
    """A due time further away than any retry is from before the clock was set back."""
    return row.due is None or row.due <= now or row.due - now > MOST_RETRY


def _is_loud(row: Delivery) -> bool:
    return row.message.severity is Severity.CRITICAL


def seconds_to_next(rows: Iterable[Delivery], now: datetime) -> float | None:
    """Until the next retry; None where nothing waits for one. Quiet hours end with a tick."""
    dues = [row.due for row in rows if row.due is not None and row.due > now]
    return min((due - now).total_seconds() for due in dues) if dues else None


def expired(rows: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """What is given up: too old and tried too often. The newest of a channel stays, to tell when it works."""
    newest = {row.channel: row.id for row in sorted(rows, key=lambda row: row.id)}
    return [
        row
        for row in rows
        if now - row.at > MOST_AGE and row.tries >= LEAST_TRIES and newest[row.channel] != row.id
    ]


def stand_in(row: Delivery, ways: Mapping[str, Way], holders: frozenset[str]) -> str | None:
    """The channel to pass a message on to that its own channel does not take.

    `holders` are the channels that have the message already. A fallback of the file is asked at any rate;
    without one, another channel only if nobody else has it.
    """
    way = ways.get(row.channel)
    if way is None or row.tries < STANDS_IN_AFTER or row.stands_for:
        return None
    if way.fallback:
        return way.fallback if way.fallback in ways and way.fallback not in holders else None
    if holders - {row.channel}:
        return None
    others = (name for name in ways if name not in holders and name not in row.message.besides)
    return next(others, None)


def troubles(rows: Iterable[Delivery]) -> dict[str, ChannelTrouble]:
    """Channels that do not take messages, since when and why."""
    found: dict[str, ChannelTrouble] = {}
    for row in rows:
        if row.failed_at is None:
            continue
        before = found.get(row.channel)
        since = row.failed_at if before is None else min(before.since, row.failed_at)
        waiting = 1 if before is None else before.waiting + 1
        found[row.channel] = ChannelTrouble(since, row.error, waiting)
    return found
