"""Fixtures of the portal's tests; the fakes behind them are in `bench`."""

from collections.abc import Iterator

import pytest
import responses

from tests.portal.bench import Answer, Enter, FakeClock, FakePortal


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def portal() -> Iterator[Enter]:
    """Put a portal with these answers behind every request of the test."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:

        def enter(**answers: Answer) -> FakePortal:
            return FakePortal(mock, answers)

        yield enter
