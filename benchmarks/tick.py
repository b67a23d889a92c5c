"""What one tick of the daemon costs in processor time, with HTTP and without, each beside its target.

Run: python benchmarks/tick.py [TICKS]. The portal runs in a process of its own, whose clock is hurried along
with the agent's: two minutes a tick, so that no answer comes from the cache and yet none is old. Without HTTP
is what is left when the time in the HTTP client is taken off: decoding the answers, believing, judging,
recording with an fsync. Told is the best tenth: what else runs on the machine only ever adds. An empty
Python every so often tells how fast the machine is meanwhile. The target is for one inverter, ticks one
after another; an empty Python after each tick leaves the machine's caches as cold as a rest would.
"""

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bench import empty_s, here, rules_file

from luxagent.agent.tick import Agent
from luxagent.cli import wiring
from luxagent.cli.clock import SystemClock
from luxagent.cli.verbs.portal import PLACE, ZONE
from luxagent.config import load
from luxagent.core.values.sun import Place
from luxagent.portal.line import Got, Request
from luxagent.portal.session import Session
from luxagent.sim.house import House
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import SimPortal

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

TICK_S = 120.0

HouseOf = Callable[[datetime, ZoneInfo, Place], House]


class Hurried(SystemClock):
    """The agent's clock, ahead of the real one by so many seconds, which the portal's process knows, too."""

    def __init__(self) -> None:
        self.shared_s = multiprocessing.RawValue("d", 0.0)
        self._ahead_s, self._ahead = 0.0, timedelta()

    def hurry(self) -> None:
        self._ahead_s += TICK_S
        self._ahead, self.shared_s.value = timedelta(seconds=self._ahead_s), self._ahead_s

    def now(self) -> datetime:
        return super().now() + self._ahead

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_s


def serve(house_of: HouseOf, ahead_s: "Synchronized[float]", caller: Connection) -> None:
    """A house by the hurried clock, until the caller says something."""

    def now() -> datetime:
        return SystemClock().now() + timedelta(seconds=ahead_s.value)

    with SimPortal(house_of(now(), ZONE, PLACE), "live", now=now) as portal:
        caller.send(portal.url)
        caller.recv()


@contextmanager
def portal_of(house_of: HouseOf, clock: Hurried) -> Iterator[str]:
    """The address of a portal in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(house_of, clock.shared_s, there))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("enough")
        process.join()


class HttpTime:
    """How long the HTTP client has taken: a watch around the one method that speaks HTTP."""

    def __init__(self) -> None:
        self.seconds = 0.0
        post = Session._post

        def timed(session: Session, request: Request) -> Got:
            began = time.process_time()
            try:
                return post(session, request)
            finally:
                self.seconds += time.process_time() - began

        Session._post = timed  # type: ignore[method-assign]


def tick_s(agent: Agent, http: HttpTime) -> tuple[float, float]:
    """Processor time of one tick, whole and without the HTTP client."""
    began, http.seconds = time.process_time(), 0.0
    agent.tick()
    whole = time.process_time() - began
    return whole, whole - http.seconds


def best_ms(times: Iterable[float]) -> float:
    """The best tenth."""
    return statistics.quantiles(times, n=10)[0] * 1e3


@dataclass
class Tick:
    """What one tick took."""

    whole_s: float
    without_http_s: float
    answers: int


@dataclass
class Measured:
    """Some ticks, and an empty Python of the same minutes."""

    ticks: list[Tick]
    empty_s: list[float]

    @property
    def empty_ms(self) -> float:
        return best_ms(self.empty_s)

    @property
    def with_http_ms(self) -> float:
        return best_ms(tick.whole_s for tick in self.ticks)

    def without_http_ms(self, answers: int | None = None) -> float:
        """Of all ticks, or of those that heard so many answers."""
        return best_ms(tick.without_http_s for tick in self.ticks if answers in (None, tick.answers))


def measure(house_of: HouseOf, http: HttpTime, ticks: int, *, empty_every: int) -> Measured:
    """So many ticks of an agent in front of a house, with an empty Python after some of them."""
    clock = Hurried()
    with tempfile.TemporaryDirectory() as name, portal_of(house_of, clock) as url:
        folder = Path(name)
        rules = rules_file(folder, url)
        config = load.load(rules, environ={"LUXAGENT_PASSWORD": "x"}, resolve_secrets=True)
        with wiring.open_agent(config, folder / "state", clock, dry_run=False) as wired:
            wired.agent.tick()
            found = Measured([], [])
            for number in range(ticks):
                clock.hurry()
                before = sum(wired.exchanges.values())
                whole_s, without_s = tick_s(wired.agent, http)
                answers = sum(wired.exchanges.values()) - before
                found.ticks.append(Tick(whole_s, without_s, answers))
                if number % empty_every == 0:
                    found.empty_s.append(empty_s())
            return found


def main() -> None:
    ticks = int(sys.argv[1]) if sys.argv[1:] else 300
    http = HttpTime()
    print(f"Python {sys.version.split()[0]}; 20 rules, {ticks} ticks 2 min apart, ms of CPU")
    one = measure(single_house, http, ticks, empty_every=4)
    target = here(1, one.empty_ms)
    print(f"python -c pass                   {one.empty_ms:6.2f}")
    print("one inverter, ticks one after another")
    print(f"  without HTTP, one answer       {one.without_http_ms(1):6.2f}")
    print(f"  without HTTP, four answers     {one.without_http_ms(4):6.2f}   with three: {target}")
    print(f"  with HTTP                      {one.with_http_ms:6.2f}")
    pair = measure(pair_house, http, ticks, empty_every=1)
    mean_ms = statistics.mean(tick.whole_s for tick in pair.ticks) * 1e3
    requests = statistics.mean(tick.answers for tick in pair.ticks)
    print(f"python -c pass                   {pair.empty_ms:6.2f}")
    print("two inverters and a GridBOSS, caches cold")
    print(f"  without HTTP                   {pair.without_http_ms():6.2f}")
    print(f"  with HTTP                      {pair.with_http_ms:6.2f}   {here(6, pair.empty_ms)}")
    print(f"  with HTTP, mean                {mean_ms:6.2f}")
    print(f"  requests                       {requests:6.2f} a tick, {requests * 720:.0f} a day")


if __name__ == "__main__":
    main()
