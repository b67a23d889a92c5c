"""A month against the built-in portal at its worst: few messages, and each of them was right."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from luxagent.agent.state import State
from luxagent.agent.tick import Agent
from luxagent.config.load import load
from luxagent.core.alerts.routing import Way
from luxagent.core.policy.policy import build
from luxagent.core.values.sun import Place
from luxagent.errors import LuxagentError
from luxagent.notify.post import Channel, Post
from luxagent.portal.client import PortalClient
from luxagent.portal.options import PortalOptions, Secret
from luxagent.portal.reader import PortalReader
from luxagent.sim.battery import Drift
from luxagent.sim.scenario import single_house
from luxagent.sim.server import SimPortal
from luxagent.store.ledger import SqliteLedger
from luxagent.store.outbox import SqliteOutbox
from tests.alerts.bench import CALM_S, VirtualClock
from tests.alerts.test_one_message_each import ListSender

pytestmark = pytest.mark.long

ZONE, PLACE = ZoneInfo("America/Phoenix"), Place(33.45, -112.07)
START = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
"""Midnight at the site."""
DAYS = 30
CLOSELY_S, LOOSELY_S = 900.0, 3600.0
"""From tick to tick: closely in the nights of maintenance and on days on which something happens."""
EVENTFUL = {12, 13, 14, 20}
RULES = """\
version: 1
portal: {{url: "{url}", username: owner, password: "${{PW}}"}}
site: {{timezone: America/Phoenix}}
alerts:
  - name: Cell imbalance
    when: {{cell_delta: above 50 mV until 40 mV, soc: between 20% and 90%, for: 30 min}}
    severity: warning
    message: "{{battery}}: cells differ by {{cell_delta}} (cell {{cell_max_number}} high)"
"""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return START + timedelta(days=day - 1, hours=hour, minutes=minute)


EXPECTED = [
    # Cell 7 of the second module leaves its sisters on the 12th. Told at half an hour of it, in the region
    # in which it means something.
    ("Cell imbalance", "Battery_ID_02: cells differ by 81 mV (cell 7 high)"),
    # A day later it still does: the one reminder of that day.
    ("Still: Cell imbalance", "(for 1 day 1 h now)"),
    # On the 14th the cells have come together.
    ("Over: Cell imbalance", "over after 1 day 14 h"),
    # The outage of the 20th. The inverter's own warning W016 says the same and is not told.
    ("Grid lost", "the grid is down. The battery is at"),
    ("Over: grid lost", "over after 45 min"),
    # Thirty nights of maintenance and some forty failed ticks: a portal that is back within half an hour
    # is nobody's business.
]


def pause_s(now: datetime) -> float:
    """To the next tick, on the marks of the clock."""
    passed_s = (now - START).total_seconds()
    day, hour = int(passed_s // 86400) + 1, int(passed_s // 3600) % 24
    every_s = CLOSELY_S if day in EVENTFUL or hour < 2 else LOOSELY_S
    return every_s - passed_s % every_s


@pytest.fixture
def portal() -> Iterator[SimPortal]:
    clock = VirtualClock(START)
    house = single_house(
        START,
        ZONE,
        PLACE,
        seed=3,
        drifts=[Drift(1, 6, at(12, 9), at(14, 16))],
        outages=[(at(20, 18), at(20, 18, 50))],
        upload_every_s=600,
    )
    with SimPortal(house, "live", now=clock.now) as found:
        found.clock = clock  # type: ignore[attr-defined]
        yield found


def test_a_month_of_a_bad_portal_sends_a_handful_of_messages_each_of_them_right(
    portal: SimPortal, tmp_path: Path
) -> None:
    clock: VirtualClock = portal.clock  # type: ignore[attr-defined]
    dice = random.Random(7)
    file = tmp_path / "rules.yaml"
    file.write_text(RULES.format(url=portal.url))
    config = load(file, environ={}, resolve_secrets=False)
    sender = ListSender()
    client = PortalClient(
        PortalOptions(url=portal.url, account="owner", password=Secret("x"), settle_s=0.2), clock
    )
    failed = 0
    with SqliteLedger(tmp_path, clock.now()) as ledger:
        post = Post([Channel(Way("phone"), "x")], sender, SqliteOutbox(tmp_path), clock.now)
        agent = Agent(
            clock=clock, reader=PortalReader(client), hand=None, state=State(ledger),
            policy=build(config.ruleset), settle_s=1, messenger=post, channels=post,
        )  # fmt: skip
        while clock.now() < START + timedelta(days=DAYS):
            clock.wait(pause_s(clock.now()))
            local = clock.now() - timedelta(hours=7)
            maintenance = local.hour == 1 and local.minute < 25
            for name, on in (("html-everywhere", maintenance), ("http-500", dice.random() < 0.01)):
                (portal.faults.on if on else portal.faults.off)(name)
            try:
                agent.tick()
            except LuxagentError:
                failed += 1
            assert post.settle(CALM_S)
        post.close()
    client.session.close()
    assert portal.mistakes == []
    assert failed > DAYS  # the month was as bad as it was meant to be
    told = [(letter.title, letter.text.splitlines()[0]) for letter in sender.taken]
    assert [title for title, _ in told] == [title for title, _ in EXPECTED]
    for (_, line), (_, words) in zip(told, EXPECTED, strict=True):
        assert words in line
