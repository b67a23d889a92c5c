"""Lives of houses as in `tests/life`, but others every time and twenty times as many.

A failure says which seed it was: `LUXAGENT_SEED=7 make soak ARGS="-k lives"` lives those again.
"""

import os
import secrets

import pytest

from tests.life.lives import KINDS, Kind, live

TIMES = 20
SEED = int(os.environ.get("LUXAGENT_SEED") or secrets.randbelow(1_000_000))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.wire} {kind.house.__name__}")
@pytest.mark.parametrize("by_seed", range(SEED, SEED + TIMES))
def test_other_lives_every_time(kind: Kind, by_seed: int) -> None:
    tally = live(kind, by_seed=by_seed)
    assert tally.steps > kind.least_steps / 2, tally
