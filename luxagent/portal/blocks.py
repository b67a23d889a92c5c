"""Where the account may not go: a refusal of rights ends the asking, not only the one request.

`apiBlocked` is for hours, so nothing of that kind is asked for a day. Any other want of permission may be
mended by a person at any time, so it is asked again after the next login, every two hours.
"""

from luxagent.errors import NotPermitted
from luxagent.portal.clock import Clock
from luxagent.portal.words import said_in

BLOCKED_S = 24 * 3600.0
_REMOTE = ("/WManage/web/maintain/remote", "/WManage/web/config/quick")
"""Settings and tasks: one block closes all of them, while telemetry may go on."""


class Blocks:
    """Closed doors, each with the refusal that closed it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closed: dict[str, tuple[float, NotPermitted]] = {}

    def admit(self, path: str, serial: str) -> None:
        """Raise the refusal of before while the door is closed."""
        for door in (_door(path), f"{_door(path)} {serial}"):
            closed = self._closed.get(door)
            if closed is not None and self._clock.monotonic() < closed[0]:
                raise NotPermitted(str(closed[1]), closed[1].words)

    def refused(self, path: str, serial: str, error: NotPermitted) -> None:
        """For want of rights: a block closes the whole kind of request, anything else this device's."""
        if said_in(error.words, ("block",)):
            self._closed[_door(path)] = (self._clock.monotonic() + BLOCKED_S, error)
        else:
            self._closed[f"{_door(path)} {serial}"] = (float("inf"), error)

    def logged_in(self) -> None:
        """A new login: rights may have been granted since. A block outlives it."""
        self._closed = {door: closed for door, closed in self._closed.items() if closed[0] != float("inf")}

    @property
    def closed(self) -> tuple[str, ...]:
        """The sentences of all that is closed just now."""
        now = self._clock.monotonic()
        return tuple(dict.fromkeys(str(error) for until, error in self._closed.values() if now < until))


def _door(path: str) -> str:
    return "settings" if path.startswith(_REMOTE) else path
