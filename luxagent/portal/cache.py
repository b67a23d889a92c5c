"""What was asked a moment ago. Bounded, and dropped whenever it could be wrong."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from luxagent.portal.clock import Clock

T = TypeVar("T")

DISCOVERY_S, BATTERY_S, PARAMETERS_S, QUICK_CHARGE_S, FIRMWARE_S, OTHER_S = 900, 300, 120, 60, 3600, 20
"""The longest reuse of each kind of answer (document, Caching Strategy). Update progress is never kept."""
OLDER_EVENTS_S = 900
"""The same for the pages of events after the first: what is new is on that one."""

MOST = 2048
"""Answers kept; the one unused longest goes first."""
_EDGE_MIN = 55
"""From this minute of each UTC hour: daily counters may be reset at the hour that is coming."""


class Cache:
    """Answers by `endpoint:serial:extra`, each with the time of its coming."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str, str], tuple[float, object]] = OrderedDict()
        self._edge: tuple[int, int] | None = None

    def take(self, endpoint: str, serial: str, extra: str, longest_s: float, fetch: Callable[[], T]) -> T:
        """The kept answer if at most `longest_s` old (0: never), else a fetched one. An error keeps none."""
        key = (endpoint, serial, extra)
        kept = self._fresh(key, longest_s)
        if kept is not None:
            return kept[1]  # type: ignore[return-value]  # put there by the same key's fetch
        fetched = fetch()
        self._kept[key] = (self._clock.monotonic(), fetched)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return fetched

    def peek(self, endpoint: str, serial: str, extra: str, longest_s: float) -> object | None:
        """The answer that `take` would give without fetching, or None."""
        kept = self._fresh((endpoint, serial, extra), longest_s)
        return None if kept is None else kept[1]

    def forget(self, endpoint: str, extra: str = "") -> None:
        """One answer about the account is not worth keeping."""
        self._kept.pop((endpoint, "", extra), None)

    def forget_device(self, serial: str) -> None:
        """A control request went to this device: nothing known of it may still be so."""
        for key in [key for key in self._kept if key[1] == serial]:
            del self._kept[key]

    def forget_all(self) -> None:
        """A new login, or an hour about to turn."""
        self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)

    def _fresh(self, key: tuple[str, str, str], longest_s: float) -> tuple[float, object] | None:
        self._drop_before_the_hour()
        kept = self._kept.get(key)
        if kept is None or longest_s <= 0 or self._clock.monotonic() - kept[0] > longest_s:
            return None
        self._kept.move_to_end(key)
        return kept

    def _drop_before_the_hour(self) -> None:
        now = self._clock.now()
        hour = (now.toordinal(), now.hour) if now.minute >= _EDGE_MIN else None
        if hour is not None and hour != self._edge:
            self.forget_all()
        self._edge = hour if hour is not None else self._edge
