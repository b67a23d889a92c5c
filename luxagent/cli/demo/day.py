"""A pretend house on loopback, the real agent on the packaged example, and a clock of their own.

The agent is wired as `run` wires it; only the portal's address, account and password and the state folder
are others, and the dry run is off. A second house of the same seed is never touched: it says what the day
would have cost.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

from luxagent import __version__
from luxagent.agent.service import Service
from luxagent.agent.tick import Agent, TickReport
from luxagent.cli.demo.clock import Pace, VirtualClock
from luxagent.cli.demo.meter import Meter
from luxagent.cli.demo.summary import Figures, Score, figures
from luxagent.cli.demo.telling import Happening, Teller
from luxagent.cli.wiring import open_agent
from luxagent.config.load import Config, load
from luxagent.config.secrets import SecretText
from luxagent.core.policy.policy import Policy
from luxagent.core.values.tariff import Tariff
from luxagent.sim.house import House
from luxagent.sim.scenario import demo_house
from luxagent.sim.server import SimPortal

WireName = Literal["live", "document"]

EXAMPLES: Final[dict[WireName, str]] = {"live": "rules.example.yaml", "document": "document.example.yaml"}
BEGINS: Final = (2026, 1, 13, 22, 0)
"""Site time. A winter's day, so that the sun alone does not do; from 22:00, so that the night is whole."""
_NEVER_S: Final = 366 * 86_400
"""Between two uploads of the untouched house: nobody reads them."""


class Watcher(Protocol):
    """Who shows the day."""

    def ticked(self, report: TickReport, happenings: Sequence[Happening]) -> None:
        """A tick that ended, and what there is to tell of it."""
        ...


class Day:
    """The demo's world while it is open. Build it with `open_day`."""

    def __init__(
        self,
        *,
        config: Config,
        wire: WireName,
        seed: int,
        clock: VirtualClock,
        portal: SimPortal,
        untouched: House,
        agent: Agent,
        folder: Path,
    ) -> None:
        self.wire = wire
        self.seed = seed
        self.clock = clock
        self.policy: Policy = agent.policy
        self.tariff: Tariff | None = config.ruleset.tariff
        self.score = Score()
        self.house = portal.house
        self.mine = Meter(portal.house, self.policy.calendar, self.tariff)
        self.untouched = Meter(untouched, self.policy.calendar, self.tariff)
        self._agent = agent
        self._interval_s = config.interval_s
        self._portal = portal
        self._teller = Teller(folder)
        self._watcher: Watcher | None = None

    @property
    def requests(self) -> int:
        """How often the portal was asked so far."""
        return sum(self._portal.requests.values())

    def run(self, watcher: Watcher) -> None:
        """The whole day, or what there is of it until the clock is stopped."""
        self._watcher = watcher
        self._agent.started(__version__)
        service = Service(
            self._agent, self.clock, interval_s=self._interval_s, offset_s=0.0, on_report=self._ticked
        )
        service.run()
        self._agent.stopped()
        self._portal.settle()
        self._read_meters()

    def figures(self) -> Figures:
        """The summary so far."""
        return figures(
            self.score, self.mine, self.untouched, self.tariff, self.requests, self.clock.monotonic()
        )

    def _ticked(self, report: TickReport) -> None:
        self._read_meters()
        self.score.ticks += 1
        happenings = self._teller.after(report)
        for happening in happenings:
            self.score.hear(happening)
        if self._watcher is not None:
            self._watcher.ticked(report, happenings)

    def _read_meters(self) -> None:
        self.mine.read()
        self.untouched.catch_up(self.house.at)


@contextmanager
def open_day(wire: WireName, seed: int, length: timedelta, pace: Pace | None = None) -> Iterator[Day]:
    """House, portal and agent for the length of a `with`; the state is in a folder that goes with it."""
    config = example(wire)
    zone, place = config.ruleset.site.zone, config.ruleset.site.place
    if not isinstance(zone, ZoneInfo) or place is None:
        raise TypeError("the example names a time zone and a place")
    start = datetime(*BEGINS, tzinfo=zone)
    clock = VirtualClock(start, start + length, pace)
    days = -(-length // timedelta(days=1))
    numeric = wire == "document"  # the written API knows serials of digits alone

    def house(upload_every_s: int) -> House:
        return demo_house(
            start, zone, place, seed, days=days, upload_every_s=upload_every_s, numeric_serials=numeric
        )

    with (
        SimPortal(house(60), wire, now=clock.now) as portal,
        TemporaryDirectory(prefix="luxagent-demo-") as folder,
        open_agent(at_home(config, portal.url), Path(folder), clock, dry_run=False) as wired,
    ):
        yield Day(
            config=config,
            wire=wire,
            seed=seed,
            clock=clock,
            portal=portal,
            untouched=house(_NEVER_S),
            agent=wired.agent,
            folder=Path(folder),
        )


def example(wire: WireName) -> Config:
    """The packaged example for a wire, with its dry run off."""
    with as_file(files("luxagent.examples") / EXAMPLES[wire]) as path:
        config = load(path, environ={}, resolve_secrets=False)
    return replace(config, ruleset=replace(config.ruleset, dry_run=False))


def at_home(config: Config, url: str) -> Config:
    """The same file, but for the portal on this machine and nobody to tell beyond it."""
    portal = replace(
        config.portal,
        region=None,
        url=url,
        username="demo",
        password=SecretText((), "demo on loopback"),
        plants=(),
        proxy=None,
    )
    return replace(config, portal=portal, channels={}, heartbeat=None)
