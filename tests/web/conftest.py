"""One picture of an agent that is well, and its pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from luxagent.web.page import make_app
from luxagent.web.vitals import Vitals

NOON = datetime(2026, 6, 1, 19, 0, tzinfo=UTC)
WELL = Vitals(
    version="0.1.0",
    policy="abcdef123456",
    dry_run=False,
    recent_s=420.0,
    started_at=NOON - timedelta(hours=1),
    good_at=NOON - timedelta(seconds=30),
    good_ticks=30,
    failed_ticks=2,
    tick_seconds=(20, 9, 1, 0, 0, 0, 0, 0, 0, 0),
    tick_seconds_sum=7.5,
    data_age_s={"52710E0417": 42.0},
    requests={("getInverterRuntime", "200"): 30, ("login", "lost"): 1},
    writes={("charge_limit", "confirmed"): 3},
    budget_left={("52710E0417", "hour"): 11, ("52710E0417", "day"): 57},
    alerts={"firing": 1},
)

Visit = Callable[..., FlaskClient]


@pytest.fixture
def visit() -> Visit:
    """A browser at the pages of a picture."""

    def make(vitals: Vitals = WELL, *, loopback: bool = True, token: str | None = None) -> FlaskClient:
        app = make_app(lambda: (vitals, NOON), loopback=loopback, token=token)
        found: Any = app.test_client()
        return found  # type: ignore[no-any-return]

    return make
