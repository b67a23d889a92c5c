"""Somebody who looks at the clock while another works: one thread for all the deadlines of a session.

A `threading.Timer` for each call would start a thread for each call, which costs as much as half the request.
This one sleeps until the time it was told first. Later calls only move their time; when he wakes too early he
sleeps on, and with nothing to watch he sleeps until he is called: two turns for a burst of calls.
"""

import logging
import math
import threading
import time
import weakref
from collections.abc import Callable

log = logging.getLogger("luxagent.portal")


class Watchman:
    """Calls `ring`, a bound method that he does not keep alive, when the time that was set is over."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._post = _Post(weakref.WeakMethod(ring))
        self._dismiss = weakref.finalize(self, self._post.leave)
        self._dismiss.atexit = False

    def set(self, seconds: float) -> None:
        """Ring once in so many seconds, unless `unset` comes first. Raises RuntimeError without a thread."""
        self._post.set(seconds)

    def unset(self) -> None:
        """Do not ring any more. When this returns, `ring` has ended or will not be called."""
        with self._post.turn:
            self._post.due = math.inf

    def close(self) -> None:
        """End the thread; the next `set` starts another."""
        self._post.leave()


class _Post:
    """What the thread and the watchman share, so that the thread does not keep him alive."""

    def __init__(self, ring: "weakref.WeakMethod[Callable[[], None]]") -> None:
        self.turn = threading.Condition()
        self.due = math.inf
        self._ring = ring
        self._wakes = math.inf  # when the thread looks by itself
        self._thread: threading.Thread | None = None

    def set(self, seconds: float) -> None:
        with self.turn:
            if self._thread is None:
                thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                thread.start()  # may fail: then the next call tries again
                self._thread = thread
            self.due = time.monotonic() + seconds  # noqa: TID251 - sockets dawdle in real time, also in tests
            if self.due < self._wakes:
                self.turn.notify()

    def leave(self) -> None:
        with self.turn:
            self._thread = None
            self.turn.notify()

    def _watch(self) -> None:
        with self.turn:
            while self._thread is threading.current_thread():
                left = self.due - time.monotonic()  # noqa: TID251 - as above
                if left <= 0:
                    self.due = math.inf
                    self._call()
                    continue
                self._wakes = self.due
                self.turn.wait(None if left == math.inf else left)

    def _call(self) -> None:
        ring = self._ring()
        try:
            if ring is not None:
                ring()
        except Exception as error:  # noqa: BLE001 - he watches over later calls as well
            log.warning("a request that took too long could not be cut off: %s", error)
