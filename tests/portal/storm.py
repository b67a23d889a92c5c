"""A whole agent over the built-in portal without a socket, under a clock that waits at once."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import requests
import responses

from luxagent.agent.state import State
from luxagent.agent.tick import Agent, TickReport
from luxagent.config import load
from luxagent.core import events as ev
from luxagent.core.alerts.message import Message
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.policy import build
from luxagent.core.rights import rest
from luxagent.core.values.sun import Place
from luxagent.errors import LuxagentError
from luxagent.portal.client import PortalClient
from luxagent.portal.hand import PortalHand
from luxagent.portal.options import PortalOptions, Secret
from luxagent.portal.reader import PortalReader
from luxagent.sim.scenario import pair_house
from luxagent.sim.server import SimPortal, WireName
from luxagent.sim.world import Reply, Request
from luxagent.store.notes import PortalNotes
from luxagent.store.refusals import REFUSED_NAME, Refusals
from tests.portal.bench import FakeClock

ZONE = ZoneInfo("America/Phoenix")
NOON = datetime(2026, 6, 1, 12, 10, tzinfo=ZONE)
URL = "https://storm.test"
LOGIN = "/WManage/api/login"
TICK_S = 120.0
RULES = """\
version: 1
dry_run: off
portal: {url: "https://storm.test", username: owner, password: "${LUXAGENT_PASSWORD}", settle: 1 s}
site: {timezone: America/Phoenix, latitude: 33.45, longitude: -112.07}
baseline: {charge_limit: 90%}
rules:
  - name: Low
    when: {soc: below 60% until 70%}
    set: {ac_charge_power: 3 kW}
  - name: Every other half hour
    when: {cron: {at: "0 * * * *", lasting: 30 min}}
    set: {charge_limit: 80%}
"""


class Notebook:
    """A ledger on paper."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []
        self._memory = Memory()

    def load(self) -> Memory:
        return self._memory

    def append(self, events: Sequence[ev.Event]) -> None:
        self.events.extend(events)
        self._memory = fold_all(self._memory, events)


class Mute:
    def put(self, messages: Sequence[Message]) -> None: ...


@dataclass
class Storm:
    """The agent, its portal, and what was counted."""

    portal: SimPortal
    clock: FakeClock
    agent: Agent
    client: PortalClient
    book: Notebook
    refused_file: Path
    logins: list[float] = field(default_factory=list)
    reads: list[tuple[float, str, str]] = field(default_factory=list)
    """When settings were read, of which inverter, and from which register on (live)."""

    def tick(self) -> TickReport | LuxagentError:
        """One tick, then two minutes. Anything but our own errors goes through."""
        try:
            result: TickReport | LuxagentError = self.agent.tick()
        except LuxagentError as error:
            result = error
        self.clock.move(TICK_S)
        return result

    def announced_s(self) -> float:
        """How long until the last of all announced back-offs is over; 0 if none runs.

        Doors that the portal closed for want of rights, credentials that rest, inverters that refused a
        write for want of rights, settings that another hand moved.
        """
        now, memory = self.clock.now(), self.agent.state.memory
        waits = [self.client.rights_again_s, *((until - now).total_seconds() for until in self._refused())]
        waits += [rest(memory, serial, now).total_seconds() for serial in memory.custody.no_rights]
        length = timedelta(seconds=self.agent.policy.guards.on_override_s or 0)
        moved = [one.at for row in memory.custody.overrides.values() for one in row.values()]
        waits += [(at + length - now).total_seconds() for at in moved]
        return max([wait for wait in waits if wait > 0], default=0.0)

    def _refused(self) -> list[datetime]:
        """Until when credentials rest."""
        try:
            kept = json.loads(self.refused_file.read_text())
        except FileNotFoundError:
            return []
        return [datetime.fromisoformat(row["until"]) for row in kept["refused"].values()]

    def wait_out(self) -> None:
        """Tick a few times while any announced back-off runs."""
        while (left_s := self.announced_s()) > 0:
            self.clock.move(max(left_s / 4 - TICK_S, 0))
            self.tick()

    def intents(self, since: int) -> list[ev.WriteIntended]:
        """What the agent meant to write, from a place in the book on."""
        return [event for event in self.book.events[since:] if isinstance(event, ev.WriteIntended)]


@contextmanager
def storm(folder: Path, wire: WireName = "live", rules: str = RULES) -> Iterator[Storm]:
    """A pair behind a GridBOSS at noon, and an agent that has not ticked yet."""
    clock = FakeClock(NOON)
    house = pair_house(NOON, ZONE, Place(33.45, -112.07), 3, numeric_serials=wire == "document")
    portal = SimPortal(house, wire, now=clock.now)
    clock.move(300)
    file = folder / "rules.yaml"
    file.write_text(rules)
    config = load.load(file, environ={"LUXAGENT_PASSWORD": "x", "HOME": str(folder)}, resolve_secrets=True)
    options = PortalOptions(URL, "owner", Secret("correct-horse-77"), zone=ZONE, settle_s=1.0)
    gate = Refusals(folder / "state", clock.now)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        notes = PortalNotes(folder / "state")
        client = PortalClient(options, clock, rng=random.Random(1), gate=gate, notes=notes)
        book = Notebook()
        agent = Agent(
            clock=clock,
            reader=PortalReader(client),
            hand=PortalHand(client),
            state=State(book),
            policy=build(config.ruleset),
            settle_s=1.0,
            messenger=Mute(),
        )
        found = Storm(portal, clock, agent, client, book, folder / "state" / REFUSED_NAME)

        def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
            path = urlsplit(str(request.url)).path
            if path == LOGIN:
                found.logins.append(clock.monotonic())
            form = dict(parse_qsl(str(request.body or ""), keep_blank_values=True))
            if path.endswith("/remoteRead/read"):
                found.reads.append(
                    (clock.monotonic(), form.get("inverterSn", ""), form.get("startRegister", ""))
                )
            cookie = str(request.headers.get("Cookie", ""))
            clock.move(0.05)
            return _sent(portal._answer(Request(str(request.method), path, form), cookie), clock)

        for method in (responses.POST, responses.GET):
            mock.add_callback(method, re.compile(f"{URL}/.*"), answer)
        try:
            yield found
        finally:
            client.close()
            portal.stop()
    assert not portal.mistakes, portal.mistakes


def _sent(reply: Reply, clock: FakeClock) -> tuple[int, dict[str, str], bytes]:
    """The reply as it comes over the line, or the line's own trouble."""
    if reply.hang or reply.drip_s:
        clock.move(15)
        raise requests.ReadTimeout("no whole answer in time")
    if reply.cut_at is not None:
        raise requests.exceptions.ChunkedEncodingError("cut")
    date = clock.now().astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    headers = {"Content-Type": reply.content_type, "Date": date, **dict(reply.headers)}
    return reply.status, headers, reply.body
