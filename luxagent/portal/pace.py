"""How hard the portal may be asked: back-off between attempts, and a breaker over many of them.

1 s x 2^n up to 60 s with 0 to 0.1 s of jitter (document, Retry Strategy). From the third failure in a row a
call is tried once only and a warning is logged; from the fifth on, calls fail without a request until the
back-off has passed. Any good answer ends all that.
"""

import logging
import random
from email.utils import parsedate_to_datetime

from luxagent.portal.clock import Clock
from luxagent.portal.troubles import NotNow

ATTEMPTS = 3
WARN_FROM = 3
OPEN_FROM = 5
LONGEST_S = 60.0
LONGEST_RETRY_AFTER_S = 900.0

_log = logging.getLogger("luxagent.portal")


class Pace:
    """Failures in a row, and until when the portal is left alone."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._until = float("-inf")
        self.failures = 0

    @property
    def attempts(self) -> int:
        """How often a read may be tried in one call."""
        return ATTEMPTS if self.failures < WARN_FROM else 1

    def admit(self) -> None:
        """Raise NotNow while the portal is to be left alone."""
        left = self._until - self._clock.monotonic()
        if left > 0:
            raise NotNow(
                f"The portal is not asked for another {max(1, round(left))} s, as it has failed before."
            )

    def backoff(self, attempt: int) -> float:
        """Seconds to wait after the given attempt, counted from 0."""
        return min(2.0 ** min(attempt, 16), LONGEST_S) + self._rng.uniform(0, 0.1)

    def failed(self) -> None:
        """The portal failed once more."""
        self.failures += 1
        if self.failures >= WARN_FROM:
            _log.warning("the portal has failed %d times in a row", self.failures)
        if self.failures >= OPEN_FROM:
            self._until = self._clock.monotonic() + self.backoff(self.failures - OPEN_FROM)

    def succeeded(self) -> None:
        """An answer came."""
        if self.failures >= WARN_FROM:
            _log.info("the portal answers again")
        self.failures = 0
        self._until = float("-inf")

    def asked_for_patience(self, retry_after: str | None) -> float:
        """The portal said 429. Returns the seconds it is left alone for: at most a quarter of an hour."""
        wait_s = LONGEST_S
        text = (retry_after or "").strip()
        if text.isascii() and text.isdigit():
            wait_s = float(text[:6])
        elif text:
            try:
                wait_s = (parsedate_to_datetime(text) - self._clock.now()).total_seconds()
            except (ValueError, TypeError):
                wait_s = LONGEST_S
        wait_s = min(max(wait_s, 1.0), LONGEST_RETRY_AFTER_S)
        self._until = self._clock.monotonic() + wait_s
        return wait_s
