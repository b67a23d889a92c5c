"""Fixtures of the command line's tests; what is behind them is in `bench`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.bench import PASSWORD, Desk, StillClock, new_portal


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def desk(tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """One inverter on the live wire."""
    with new_portal(clock, password=PASSWORD) as portal:
        yield Desk(tmp_path, portal, clock, capsys)


@pytest.fixture
def pair_desk(tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """Two inverters behind a GridBOSS, on the live wire."""
    with new_portal(clock, pair=True, password=PASSWORD) as portal:
        yield Desk(tmp_path, portal, clock, capsys)
