"""Timers and latches on their way through days that have not come: what memory would hold by then."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from luxagent.core.events import Event, Latched, TimerCleared, TimerSet
from luxagent.core.policy.best_case import Slot
from luxagent.core.policy.scene import Running, Scene
from luxagent.core.values.moment import Moment


@dataclass(frozen=True, slots=True)
class _Timer:
    since: datetime
    halted_at: datetime | None = None


class Recall:
    """The slots of one condition. Follows what its judge moves, as `fold` does."""

    def __init__(
        self, named: Iterable[Slot], timers: Mapping[str, Running], latched: Mapping[str, bool]
    ) -> None:
        named = tuple(named)
        self.timers: dict[str, Running] = {s.best: timers[s.name] for s in named if s.name in timers}
        self.latched = {s.best: latched[s.name] for s in named if s.name in latched}
        self._seconds = {s.best: s.seconds for s in named if s.seconds is not None}

    def scene(
        self,
        who: str,
        moment: Moment,
        flags: frozenset[str],
        ticked_at: datetime | None,
        stale_after_s: float,
    ) -> Scene:
        """What a judge is shown at a moment: no readings."""
        return Scene(who, moment, {}, flags, self.timers, self.latched, ticked_at, stale_after_s)

    def follow(self, moved: Iterable[Event]) -> None:
        """Remember what a judgement moved."""
        for event in moved:
            match event:
                case TimerSet():
                    self.timers = {**self.timers, event.slot: _Timer(event.since, event.halted_at)}
                case TimerCleared():
                    self.timers = {slot: one for slot, one in self.timers.items() if slot != event.slot}
                case Latched():
                    self.latched = {**self.latched, event.slot: event.on}

    def dues(self) -> Iterator[datetime]:
        """When each `for` that is running will be over."""
        for slot, timer in self.timers.items():
            yield timer.since + timedelta(seconds=self._seconds[slot])
