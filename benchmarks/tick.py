"""What one tick of the daemon costs in processor time, with HTTP and without, each beside its target.

Run: python benchmarks/tick.py [TICKS]. The portal runs in a process of its own, whose clock is hurried along
with the agent's: two minutes a tick, so that no answer comes from the cache and yet none is old. Without HTTP
is what is left when the time in the HTTP client is taken off: decoding the answers, believing, judging,
recording with an fsync. Told is the best tenth: what else runs on the machine only ever adds. An empty
Python after each tick tells how fast the machine is meanwhile, and leaves its caches as cold as a rest would.
"""

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bench import empty_s, here, rules_file

from luxagent.agent.tick import Agent
from luxagent.cli import wiring
from luxagent.cli.clock import SystemClock
from luxagent.cli.verbs.portal import PLACE, ZONE
from luxagent.config import load
from luxagent.portal.line import Got, Request
from luxagent.portal.session import Session
from luxagent.sim.scenario import pair_house
from luxagent.sim.server import SimPortal

TICK_S = 120.0


class Hurried(SystemClock):
    """The clock of the agent and of the portal alike, ahead of the real one by so many seconds."""

    def __init__(self) -> None:
        self._ahead_s = multiprocessing.RawValue("d", 0.0)

    def hurry(self) -> None:
        self._ahead_s.value += TICK_S

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead_s.value)

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_s.value


def serve(clock: Hurried, caller: Connection) -> None:
    """Two inverters and a GridBOSS by the hurried clock, until the caller says something."""
    house = pair_house(clock.now(), ZONE, PLACE, 1)
    with SimPortal(house, "live", now=clock.now) as portal:
        caller.send(portal.url)
        caller.recv()


@contextmanager
def portal_of(clock: Hurried) -> Iterator[str]:
    """The address of a portal in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(clock, there))
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


def main() -> None:
    ticks = int(sys.argv[1]) if sys.argv[1:] else 200
    clock = Hurried()
    http = HttpTime()
    with tempfile.TemporaryDirectory() as name, portal_of(clock) as url:
        folder = Path(name)
        rules = rules_file(folder, url)
        config = load.load(rules, environ={"LUXAGENT_PASSWORD": "x"}, resolve_secrets=True)
        with wiring.open_agent(config, folder / "state", clock, dry_run=False) as wired:
            wired.agent.tick()
            before, times, empty = sum(wired.exchanges.values()), [], []
            for _ in range(ticks):
                clock.hurry()
                times.append(tick_s(wired.agent, http))
                empty.append(empty_s())
            requests = (sum(wired.exchanges.values()) - before) / ticks
    print(
        f"Python {sys.version.split()[0]}; two inverters and a GridBOSS, 20 rules, {ticks} ticks 2 min apart"
    )
    empty_ms = best_ms(empty)
    print(f"python -c pass    {empty_ms:6.2f} ms of CPU")
    print(
        f"tick without HTTP {best_ms(without for _, without in times):6.2f} ms of CPU   {here(1, empty_ms)}"
    )
    print(f"tick with HTTP    {best_ms(whole for whole, _ in times):6.2f} ms of CPU   {here(6, empty_ms)}")
    print(f"mean with HTTP    {statistics.mean(whole for whole, _ in times) * 1e3:6.2f} ms of CPU")
    print(f"requests          {requests:6.2f} a tick, {requests * 720:.0f} a day at 2 min")


if __name__ == "__main__":
    main()
