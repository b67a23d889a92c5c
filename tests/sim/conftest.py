"""Fixtures of the sim's tests; the classes behind them are in `worlds`."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
import requests

from luxagent.sim.house import House
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import SimPortal, WireName
from tests.sim.worlds import PLACE, ZONE, Clock, Enter, Owner


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def single(clock: Clock) -> House:
    return single_house(clock(), ZONE, PLACE, seed=1)


@pytest.fixture
def pair(clock: Clock) -> House:
    return pair_house(clock(), ZONE, PLACE, seed=1)


@pytest.fixture
def move_in(clock: Clock) -> Iterator[Enter]:
    """Open portals; all are closed after the test."""
    portals: list[SimPortal] = []
    with ExitStack() as stack:

        def open_portal(
            house: House,
            wire: WireName = "live",
            *,
            login: bool = True,
            password: str | None = None,
            faults: list[str] | None = None,
            session: timedelta = timedelta(days=30),
        ) -> Owner:
            portal = SimPortal(
                house, wire, now=clock, password=password, faults=faults or (), session_lifetime=session
            )
            portals.append(portal)
            owner = Owner(stack.enter_context(portal), stack.enter_context(requests.Session()))
            if login:
                owner.login(password or "any")
            return owner

        yield open_portal
    assert [portal.mistakes for portal in portals if portal.mistakes] == []
