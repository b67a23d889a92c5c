"""A real agent on the built-in portal, in one process, stopped at a numbered step and rebuilt from disk.

A step is whatever the world could notice or the disk could keep: an append to the ledger, a control request,
a read-back. `Steps` counts them and stops the agent just before one, as a killed process would stop.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import requests

from luxagent.agent.state import State
from luxagent.agent.tick import Agent, TickReport
from luxagent.core.alerts.message import Message
from luxagent.core.control.answers import Reply
from luxagent.core.events import Event
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy
from luxagent.core.values.sun import Place
from luxagent.portal.client import PortalClient
from luxagent.portal.hand import PortalHand
from luxagent.portal.options import PortalOptions, Secret
from luxagent.portal.reader import PortalReader
from luxagent.sim.house import House
from luxagent.sim.scenario import single_house
from luxagent.sim.server import SimPortal, WireName
from luxagent.sim.world import Reply as Said
from luxagent.sim.world import Request
from luxagent.store.journal import journal
from luxagent.store.ledger import SqliteLedger
from tests.portal.bench import FakeClock

ZONE = ZoneInfo("America/Phoenix")
START = datetime(2026, 6, 1, 12, 10, tzinfo=ZONE)


class Stop(BaseException):
    """The process is gone."""


@dataclass
class Steps:
    """Counts side effects; stops before the one numbered `at`."""

    at: int | None = None
    count: int = 0
    names: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        self.count += 1
        self.names.append(name)
        if self.count == self.at:
            raise Stop(name)


class Disk:
    """A ledger whose file is a list: what was appended stays when the agent is gone, all of it or none."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events
        self._memory = fold_all(Memory(), events)

    def load(self) -> Memory:
        return self._memory

    def append(self, events: Sequence[Event]) -> None:
        self._events += events
        self._memory = fold_all(self._memory, events)

    def close(self) -> None:
        pass


class SteppedLedger:
    def __init__(self, ledger: Disk | SqliteLedger, steps: Steps) -> None:
        self._ledger, self._steps = ledger, steps

    def load(self) -> Memory:
        return self._ledger.load()

    def append(self, events: Sequence[Event]) -> None:
        self._steps.step("append")
        self._ledger.append(events)


class SteppedReader:
    def __init__(self, reader: PortalReader, steps: Steps) -> None:
        self._reader, self._steps = reader, steps

    def read(self, needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        return self._reader.read(needs, settings)

    def read_settings(self, serial: str, names: frozenset[str]) -> Mapping[str, SettingValue | None]:
        self._steps.step("read back")
        return self._reader.read_settings(serial, names)

    def updating(self) -> bool | None:
        return self._reader.updating()


class CountingHand:
    """Remembers the number of the intent behind everything that is sent."""

    def __init__(self, hand: PortalHand, state: State, sent: list[int]) -> None:
        self._hand, self._state, self._sent = hand, state, sent

    def send(self, serial: str, setting: str, value: SettingValue) -> Reply:
        [number] = [
            write.number
            for write in self._state.memory.open.values()
            if (write.serial, write.setting) == (serial, setting)
        ]
        self._sent.append(number)
        return self._hand.send(serial, setting, value)


class Straight(requests.Session):
    """The line to a portal in the same process: the same forms and answers, without sockets."""

    def __init__(self, portal: SimPortal) -> None:
        super().__init__()
        self._portal = portal
        self._cookie = ""

    def answer(self, request: Request) -> Said:
        """What the portal says to one request."""
        return self._portal._answer(request, self._cookie)

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # noqa: ANN401
        form = dict(parse_qsl(str(request.body or ""), keep_blank_values=True))
        reply = self.answer(Request("POST", urlsplit(str(request.url)).path, form))
        for name, value in reply.headers:
            if name == "Set-Cookie":
                self._cookie = value.split(";")[0]
        response = requests.Response()
        response.status_code = reply.status
        response.headers.update(reply.headers)
        response.headers["Date"] = format_datetime(self._portal._now().astimezone(UTC), usegmt=True)
        response.raw = BytesIO(reply.body)
        return response


class NoMessages:
    def put(self, messages: Sequence[Message]) -> None:
        pass


class Site:
    """One house, one portal, one state folder; agents come and go."""

    def __init__(
        self,
        folder: Path | None,
        rules: Policy,
        wire: WireName,
        house: Callable[..., House] = single_house,
        clock: FakeClock | None = None,
    ) -> None:
        self.clock = clock or FakeClock(START)
        made = house(START, ZONE, Place(33.45, -112.07), numeric_serials=wire == "document")
        self.portal = SimPortal(made, wire, now=lambda: self.clock.at)  # by its own clock, which is right
        self.folder, self.rules = folder, rules
        self.sent: list[int] = []
        self.steps = Steps()
        self.agent: Agent
        self.ledger: Disk | SqliteLedger
        self.events: list[Event] = []
        """What is on the disk, where there is no folder."""
        self._ends: list[Callable[[], None]] = []

    def __enter__(self) -> "Site":
        self.clock.move(60)
        self.portal.settle()
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        for end in reversed(self._ends):
            end()
        self.portal.stop()
        assert self.portal.mistakes == []

    def line(self) -> requests.Session:
        """What a new process speaks to the portal through."""
        return Straight(self.portal)

    def begin(self) -> None:
        """A new process: nothing of the last one but what is on disk."""
        options = PortalOptions(self.portal.url, "owner", Secret("any"), settle_s=1)
        client = PortalClient(options, self.clock, session=self.line())
        folder = self.folder
        self.ledger = Disk(self.events) if folder is None else SqliteLedger(folder, self.clock.now())
        self._ends += [self.ledger.close, client.session.close]
        state = State(SteppedLedger(self.ledger, self.steps))
        client.session._guard.limit = nullcontext  # type: ignore[method-assign, assignment]
        control = client.control

        def stepped(serial: str, request: object) -> str:
            self.steps.step("send")
            return control(serial, request)  # type: ignore[arg-type]

        client.control = stepped  # type: ignore[method-assign, assignment]
        self.agent = Agent(
            clock=self.clock,
            reader=SteppedReader(PortalReader(client), self.steps),
            hand=CountingHand(PortalHand(client), state, self.sent),
            state=state,
            policy=self.rules,
            settle_s=1,
            messenger=NoMessages(),
        )

    def tick_at(self, minute: float) -> TickReport | None:
        """A tick so many minutes after the start. Where the agent is stopped, a new one does it again."""
        target = 60 * (minute + 1)
        passed = (self.clock.now() - START).total_seconds()
        if passed < target:
            self.clock.move(target - passed)
        try:
            return self.agent.tick()
        except Stop:
            self.steps.at = None
            self.begin()
            return self.agent.tick()

    @property
    def memory(self) -> Memory:
        return self.agent.state.memory

    def told(self) -> list[Event]:
        """Every event on the disk."""
        return self.events if self.folder is None else [entry.event for entry in journal(self.folder)]

    def registers(self) -> dict[str, float | bool]:
        [inverter] = self.portal.house.inverters.values()
        return dict(inverter.registers)
