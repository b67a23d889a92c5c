"""A household to watch: the real agent on a scripted plant, the real ledger, real services on loopback.

The clock is virtual and moves only between ticks. Messages go through apprise to a real HTTP and a real SMTP
server, in this process instead of the helper's, so that weeks take seconds.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from luxagent.agent.state import State
from luxagent.agent.tick import Agent, TickReport
from luxagent.core.alerts.routing import Way
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.plant.device import Device, Plant
from luxagent.core.plant.reading import Value
from luxagent.core.policy.policy import Policy
from luxagent.errors import LuxagentError
from luxagent.notify import helper
from luxagent.notify.letters import Letter
from luxagent.notify.post import Channel, Post, Sender
from luxagent.store.ledger import SqliteLedger
from luxagent.store.outbox import SqliteOutbox
from tests.core.builders import NOON, inverter, policy

CALM_S = 60


class VirtualClock:
    """Wall and steady clock; `jump` sets the wall clock alone."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self._steady = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self._steady

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self._steady += seconds

    def jump(self, by: timedelta) -> None:
        self.at += by


class ScriptedReader:
    """A plant as the test wants it, or the error it raises."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.devices: tuple[Device, ...] = (inverter(),)
        self.error: LuxagentError | None = None
        self.more: dict[str, object] = {}

    def read(self, needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        if self.error is not None:
            raise self.error
        fresh = tuple(
            replace(one, reading=replace(one.reading, uploaded_at=self._clock.now())) for one in self.devices
        )
        return replace(Plant(fresh, wire="live"), **self.more)  # type: ignore[arg-type]

    def read_settings(self, serial: str, names: frozenset[str]) -> Mapping[str, SettingValue | None]:
        return dict.fromkeys(names)

    def updating(self) -> bool | None:
        return False

    def shows(self, **values: Value) -> None:
        """The one inverter reports this."""
        self.devices = (inverter(values=values),)


class DirectSender:
    """apprise in this process: the same code as the helper's, without starting one."""

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.after: Callable[[], None] | None = None
        """Called when a letter has been acknowledged and nothing is noted yet."""

    def send(self, batch: Mapping[str, tuple[str, Letter | None]]) -> dict[str, str]:
        found = {}
        for name, (url, letter) in batch.items():
            gone = name in self.down
            found[name] = "down" if gone else helper._send(url, letter.as_job() if letter else None)
            if not gone and self.after is not None:
                self.after()
        return found

    def stop(self) -> None:
        pass


class Household:
    """Agent, ledger and post over one state folder; `restart` is what a crash leaves behind."""

    def __init__(
        self,
        folder: Path,
        channels: Mapping[str, str],
        rules: Policy | None = None,
        ways: Mapping[str, Way] | None = None,
        sender: Sender | None = None,
    ) -> None:
        self.folder = folder
        self.clock = VirtualClock()
        self.reader = ScriptedReader(self.clock)
        self.sender = sender or DirectSender()
        self.rules = rules or policy()
        self.channels = [Channel((ways or {}).get(name, Way(name)), url) for name, url in channels.items()]
        self._open()

    def _open(self) -> None:
        self.ledger = SqliteLedger(self.folder, self.clock.now())
        self.post = Post(self.channels, self.sender, SqliteOutbox(self.folder), self.clock.now)
        self.agent = Agent(
            clock=self.clock,
            reader=self.reader,
            hand=None,
            state=State(self.ledger),
            policy=self.rules,
            settle_s=1,
            messenger=self.post,
            channels=self.post,
        )

    def restart(self) -> None:
        """As after a kill: nothing said goodbye."""
        self.post.close()
        self.ledger.close()
        self._open()

    def tick(self) -> TickReport | None:
        """One tick, and what is due is sent. None where the plant could not be read."""
        try:
            return self.agent.tick()
        except LuxagentError:
            return None
        finally:
            assert self.post.settle(CALM_S)

    def live(self, length: timedelta, every: timedelta = timedelta(minutes=10)) -> None:
        """Let time pass, tick after tick."""
        end = self.clock.at + length
        while self.clock.at < end:
            self.clock.wait(every.total_seconds())
            self.tick()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.post.close()
        self.ledger.close()
