"""The daemon's loop: tick, rest until the next one, end when asked to.

A tick that fails is told and tried again; only credentials that were refused at the very first login end
the process, since a restart could not help and asking again could lock the account.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from luxagent.agent.tick import Agent, TickReport
from luxagent.core.control.edges import Edges
from luxagent.errors import CredentialsRefused, Declined, LuxagentError, StateUnusable

log = logging.getLogger("luxagent.agent")

RETRY_FIRST_S, RETRY_MOST_S = 30.0, 15 * 60.0
POLL_S, POLL_WITH_BELL_S = 1.0, 10.0
"""How often the agent looks whether a person asks for something or has edited the file; less often where
they can ring. To wake is nearly all that a day at rest costs.
"""


class Rest(Protocol):
    """The time between two ticks, which a signal may cut short."""

    def rest(self, seconds: float) -> bool | None:
        """Let time pass, or return early: with True when a tick should follow at once."""
        ...

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        ...


class Clerk(Protocol):
    """Carries out what people ask for between two ticks."""

    def serve(self) -> TickReport | None:
        """Do all that was asked. The report of the tick where that took one. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Ended:
    """A tick that has ended, well or not."""

    report: TickReport | None
    """None where the plant could not be read."""
    words: str
    """Why not; empty after a good tick."""
    rest_s: float
    """The next tick begins in so many seconds at the latest."""


class Service:
    """Runs an agent until it is asked to stop."""

    def __init__(
        self,
        agent: Agent,
        rest: Rest,
        *,
        interval_s: float,
        offset_s: float,
        on_report: Callable[[TickReport], None] = lambda _: None,
        on_ended: Callable[[Ended], None] = lambda _: None,
        clerk: Clerk | None = None,
        on_poll: Callable[[], bool] = lambda: False,
    ) -> None:
        self._agent = agent
        self._rest = rest
        self._interval_s = interval_s
        self._offset_s = offset_s
        self._on_report = on_report
        self._on_ended = on_ended
        self._clerk = clerk
        self._on_poll = on_poll
        self._poll_s = POLL_S
        self._failures = 0
        self._ever_good = False
        self._edges = Edges()

    def hears(self, heard: bool) -> None:
        """Whether people ring when they ask for something."""
        self._poll_s = POLL_WITH_BELL_S if heard else POLL_S

    def pace(self, interval_s: float) -> None:
        """Tick in another rhythm after the next tick."""
        self._interval_s = interval_s

    def run(self) -> None:
        """Tick until stopped. Raises CredentialsRefused only if the first login ever is refused; Declined."""
        self._rest_for(self._offset_s)
        while not self._rest.stopping:
            self._rest_for(self._one())

    def _rest_for(self, seconds: float) -> None:
        """Rest, with an ear for people. What they ask for may take a tick; the rest begins anew then."""
        if self._clerk is None:
            self._rest.rest(seconds)
            return
        while not self._rest.stopping:
            report = self._clerk.serve()
            if report is not None:
                seconds = self._ended(report)
            if seconds <= 0 or self._on_poll():
                return
            slice_s = min(self._poll_s, seconds)  # a ring ends it sooner, and the tick comes that much sooner
            if self._rest.rest(slice_s):
                return
            seconds -= slice_s

    def _one(self) -> float:
        """One tick; returns how long to rest."""
        try:
            report = self._agent.tick()
        except CredentialsRefused:
            if not self._ever_good:
                raise
            return self._failed("the portal refuses the account and password")
        except Declined:
            raise
        except StateUnusable as error:
            return self._failed(str(error))
        except LuxagentError as error:
            return self._failed(str(error))
        if self._failures:
            log.info("ticks go well again after %d failed ones", self._failures)
        self._failures, self._ever_good = 0, True
        self._on_report(report)
        return self._ended(report)

    def _ended(self, report: TickReport) -> float:
        """A good tick is over; returns how long to rest."""
        rest_s = self._until_next(report)
        self._on_ended(Ended(report, "", rest_s))
        return rest_s

    def _failed(self, words: str) -> float:
        """Say so, louder from the third time in a row, and rest longer each time."""
        self._failures += 1
        level = logging.WARNING if self._failures >= 3 else logging.INFO
        log.log(level, "tick failed (%d in a row): %s", self._failures, words)
        rest_s = min(RETRY_FIRST_S * 2.0 ** (self._failures - 1), RETRY_MOST_S)
        self._on_ended(Ended(None, words, rest_s))
        return rest_s

    def _until_next(self, report: TickReport) -> float:
        """The interval, or less where the clock turns something first: at once, if it did during the tick."""
        agent = self._agent
        edge_s = self._edges.seconds_to_next(agent.policy, agent.state.memory, report.moment.at)
        return self._interval_s if edge_s is None else min(self._interval_s, max(0.0, edge_s - report.took_s))
