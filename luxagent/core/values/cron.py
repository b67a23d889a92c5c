"""Windows that open at the firings of a cron expression. The only module that imports croniter.

croniter is asked in naive local time alone and the zone is dealt with here, because it fires twice in the
hour that autumn repeats. Here each local firing happens once: at its first passing where the hour is
repeated, at the end of the gap where spring leaves it out.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from luxagent.core.values.wallclock import instant

_FIELDS = 5
_LONGEST = 200
_ANY_YEAR = datetime(2026, 1, 1)  # noqa: DTZ001  # naive on purpose: cron speaks of wall clocks
_CHANCE = re.compile(r"[hr](\(|/|,|$)", re.IGNORECASE)  # croniter's H and R: not cron, and R rolls dice
_TICK = timedelta(seconds=1)


@cache
def _croniter() -> Any:  # noqa: ANN401 - it has no types
    """The library, imported where a file has a cron expression: few have, and it costs a tenth of a start."""
    import croniter  # type: ignore[import-untyped]

    return croniter


def is_valid(expression: str) -> str | None:
    """None, or what is wrong with it in a sentence."""
    fields = expression.split()
    if len(fields) != _FIELDS or len(expression) > _LONGEST:
        return (
            f"{expression[:60]!r} is not a cron expression; write five fields "
            "(minute, hour, day of month, month, day of week), like 0 2 * * sun"
        )
    if any(_CHANCE.match(field) for field in fields):
        return f"{expression!r}: H and R are not supported in cron expressions"
    library = _croniter()
    try:
        library.croniter(expression, _ANY_YEAR).get_next(datetime)
    except (library.CroniterError, ValueError, KeyError, OverflowError) as error:
        if "failed to find" in str(error):
            return f"{expression!r} never fires: no such day exists"
        return f"{expression!r} is not a cron expression: {error}"
    return None


class CronWindow:
    """`lasting_s` seconds of elapsed time from each firing. Keeps the firings about the last instant."""

    def __init__(self, at: str, lasting_s: float, zone: tzinfo) -> None:
        self._at = at
        self._lasting = timedelta(seconds=lasting_s)
        self._zone = zone
        self._kept: tuple[datetime | None, datetime | None, datetime] | None = None
        """The firing at or before, the one after (None: there is none) and that one's local time."""
        self._going: tuple[Any, datetime | None] = (None, None)
        """croniter's iterator, and the local firing it stands on."""

    def inside(self, at: datetime) -> bool:
        """Whether an aware instant is within a window; its start is, its end is not."""
        before = self.last_firing(at)
        return before is not None and at - before < self._lasting

    def last_firing(self, at: datetime) -> datetime | None:
        """The newest firing at or before an aware instant, in UTC; None if there is none."""
        kept = self._kept
        if kept is None or (kept[0] is not None and at < kept[0]):
            kept = self._seek(at)
        elif kept[1] is not None and at >= kept[1]:
            kept = self._step(kept[1], kept[2])
            if kept[1] is not None and at >= kept[1]:
                kept = self._seek(at)
        elif kept[0] is None:
            kept = self._seek(at)
        self._kept = kept
        return kept[0]

    def firings(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every firing from `start` on and before `end`, in UTC. The same instant may come more than once."""
        before, after, local = self._seek(start)
        if before is not None and before == start:
            yield before
        while after is not None and after < end:
            yield after
            before, after, local = self._step(after, local)

    def _seek(self, at: datetime) -> tuple[datetime | None, datetime | None, datetime]:
        """Find the firings about an instant afresh."""
        local = at.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
        found = self._before(local + _TICK)
        start = local if found is None else found
        kept = self._step(None if found is None else instant(found, self._zone), start)
        while kept[1] is not None and at >= kept[1]:  # in the second passing of a repeated hour
            kept = self._step(kept[1], kept[2])
        return kept

    def _step(
        self, before: datetime | None, local: datetime
    ) -> tuple[datetime | None, datetime | None, datetime]:
        after = self._after(local)
        return (before, None, local) if after is None else (before, instant(after, self._zone), after)

    def _before(self, local: datetime) -> datetime | None:
        """The newest local firing earlier than a local time."""
        return _found(_croniter().croniter(self._at, local).get_prev)

    def _after(self, local: datetime) -> datetime | None:
        """The first local firing later than a local time. Going on from the last one is ten times cheaper."""
        cron, position = self._going
        if cron is None or position != local:
            cron = _croniter().croniter(self._at, local)
        found = _found(cron.get_next)
        self._going = (cron, found)
        return found


def _found(ask: Callable[[type[datetime]], Any]) -> datetime | None:
    """croniter's answer; None where there is no firing within its horizon of fifty years."""
    try:
        found = ask(datetime)
    except _croniter().CroniterError:
        return None
    return found if isinstance(found, datetime) else None
