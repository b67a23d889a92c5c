"""Where the account may not go: a refusal of rights ends the asking, not only the one request.

`apiBlocked` is for hours, so nothing of that kind is asked for a day, over restarts too. Any other want of
permission may be mended by a person at any time: it is asked again at the next login, and before that after
a wait that doubles.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from luxagent.core.values.units import format_duration
from luxagent.errors import NotPermitted
from luxagent.portal.clock import Clock
from luxagent.portal.patience import Patience
from luxagent.portal.words import said_in

BLOCKED_S = 24 * 3600.0
_REMOTE = ("/WManage/web/maintain/remote", "/WManage/web/config/quick")
"""Settings and tasks: one block closes all of them, while telemetry may go on."""
_SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Block:
    """A kind of request that the portal has blocked, on the wall clock, since it outlives the process."""

    until: datetime
    sentence: str
    words: str


class Blocks:
    """Closed doors, each with the refusal that closed it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._blocked: dict[str, Block] = {}
        self._refused: dict[str, tuple[Patience, NotPermitted]] = {}
        self.on_change: Callable[[], None] = lambda: None
        """Told when there is something new to keep."""

    def admit(self, path: str, serial: str) -> None:
        """Raise the refusal of before, with how long it stands, while the door is closed."""
        block = self._blocked.get(_kind(path))
        if block is not None and (left_s := self._left_s(_kind(path))) > 0:
            raise NotPermitted(_with_wait(block.sentence, left_s), block.words)
        patience, error = self._refused.get(_door(path, serial), (None, None))
        if patience is not None and error is not None and patience.left_s > 0:
            raise NotPermitted(_with_wait(str(error), patience.left_s), error.words)

    def refused(self, path: str, serial: str, error: NotPermitted) -> NotPermitted:
        """For want of rights: a block closes the whole kind of request, anything else this device's.

        The same error, with when it is asked again.
        """
        if said_in(error.words, ("block",)):
            until = self._clock.now() + timedelta(seconds=BLOCKED_S)
            self._blocked[_kind(path)] = Block(until, str(error), error.words)
            self.on_change()
            return NotPermitted(_with_wait(str(error), BLOCKED_S), error.words)
        patience, _ = self._refused.get(_door(path, serial), (Patience(self._clock), error))
        patience.refused()
        self._refused[_door(path, serial)] = (patience, error)
        return NotPermitted(_with_wait(str(error), patience.left_s), error.words)

    def granted(self, path: str, serial: str) -> None:
        """An answer came through this door."""
        if self._refused:
            self._refused.pop(_door(path, serial), None)
        if self._blocked and self._blocked.pop(_kind(path), None) is not None:
            self.on_change()

    def logged_in(self) -> None:
        """A new login: rights may have been granted since. A block outlives it."""
        for patience, _ in self._refused.values():
            patience.at_once()

    def bars_settings(self, serial: str) -> bool:
        """Whether the settings of a device may not be touched just now."""
        if self.blocked:
            return True
        return any(
            door.startswith(_REMOTE) and door.endswith(f" {serial}") and patience.left_s > 0
            for door, (patience, _) in self._refused.items()
        )

    @property
    def blocked(self) -> bool:
        """Whether the portal has blocked settings for the whole account."""
        return self._left_s(_SETTINGS) > 0

    @property
    def left_s(self) -> float:
        """How long until the first of what is closed is tried again; 0 if nothing is closed."""
        waits = [self._left_s(kind) for kind in self._blocked]
        waits += [patience.left_s for patience, _ in self._refused.values()]
        return min((wait for wait in waits if wait > 0), default=0.0)

    def _left_s(self, kind: str) -> float:
        """How much longer one kind is closed; 0 or less where it is not.

        From when a clock is seen to have been set back it is a day at most, and it is that day that is kept:
        what a clock that was a day ahead began would else last for two.
        """
        block = self._blocked.get(kind)
        if block is None:
            return 0.0
        now = self._clock.now()
        left_s = (block.until - now).total_seconds()
        if left_s > BLOCKED_S:
            self._blocked[kind] = replace(block, until=now + timedelta(seconds=BLOCKED_S))
            self.on_change()
        return min(left_s, BLOCKED_S)

    def kept(self) -> dict[str, object]:
        """The blocks as plain values."""
        return {
            kind: {"until": block.until.isoformat(), "sentence": block.sentence, "words": block.words}
            for kind, block in self._blocked.items()
        }

    def recall(self, kept: Mapping[str, object]) -> None:
        """Take up the blocks of an earlier process. Raises ValueError, KeyError or TypeError for nonsense."""
        for kind, row in kept.items():
            if not isinstance(row, dict):
                raise TypeError("a block that is none")
            until = datetime.fromisoformat(str(row["until"]))
            if until.tzinfo is None:
                raise ValueError("an instant without a zone")
            self._blocked[kind] = Block(until, str(row["sentence"]), str(row["words"]))


def _kind(path: str) -> str:
    return _SETTINGS if path.startswith(_REMOTE) else path


def _door(path: str, serial: str) -> str:
    return f"{path} {serial}"


def _with_wait(sentence: str, left_s: float) -> str:
    left_s = max(60.0 * round(left_s / 60), 60.0) if left_s >= 60 else max(1.0, round(left_s))
    return f"{sentence} It is asked again in {format_duration(left_s)}."
