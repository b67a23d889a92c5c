"""The only reader of the system's clock, and the rest between two ticks that a signal may cut short."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Protocol


class Clock(Protocol):
    """Time as an argument: what `agent`, `portal` and `sim` ask for."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def wait(self, seconds: float) -> None: ...


class SystemClock:
    """This computer's clock."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads it

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps."""
        return time.monotonic()  # noqa: TID251 - the one place that reads it

    def wait(self, seconds: float) -> None:
        """Let time pass. A signal that asks for the end does not cut it short: a write is settled first."""
        time.sleep(max(0.0, seconds))  # noqa: TID251 - the one place that waits


class SignalRest:
    """The time between two ticks. SIGTERM and SIGINT end it, SIGHUP cuts it short. Fits `agent.service.Rest`.

    A queue wakes the loop, because `SimpleQueue.put` may be called from a signal handler at any instant;
    `threading.Event.set` may not.
    """

    def __init__(self, on_hangup: Callable[[], None] = lambda: None) -> None:
        self._wake: SimpleQueue[None] = SimpleQueue()
        self._on_hangup = on_hangup
        self._hung_up = False
        self.stopping = False

    def rest(self, seconds: float) -> bool:
        """Let time pass, or return early when something was asked for; True after a hangup."""
        if not self.stopping and not self._hung_up:
            with suppress(Empty):
                self._wake.get(timeout=max(0.0, seconds))
        while not self._wake.empty():
            self._wake.get_nowait()
        if not self._hung_up or self.stopping:
            return False
        self._hung_up = False
        self._on_hangup()
        return True

    def ring(self) -> None:
        """Cut the rest short, from any thread: somebody has asked for something."""
        self._wake.put(None)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Answer signals for the length of a `with`."""
        wanted = {signal.SIGTERM: self._stop, signal.SIGINT: self._stop, signal.SIGHUP: self._hang_up}
        before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        if self.stopping and number == signal.SIGINT:
            raise KeyboardInterrupt  # asked twice: a person does not want to wait for the portal
        self.stopping = True
        self._wake.put(None)

    def _hang_up(self, _number: int, _frame: FrameType | None) -> None:
        self._hung_up = True
        self._wake.put(None)
