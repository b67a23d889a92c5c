"""How many lives of which houses are lived, and the one way to live them.

`make test` lives the same lives every time; `make soak` others each time, and many more.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from luxagent.sim.house import House
from luxagent.sim.scenario import pair_house, single_house
from luxagent.sim.server import WireName
from tests.life.machine import LifeOfAHouse, Tally

STEPS = 100
"""The longest life; a few are shorter."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A plant and the form of the API that its portal speaks."""

    wire: WireName
    house: Callable[..., House]
    lives: int
    """In `make test`."""
    least_steps: int
    """What these lives must come to, together."""


ALONE_LIVE = Kind("live", single_house, 55, 4000)
ALONE_DOCUMENT = Kind("document", single_house, 44, 4000)
GROUP_LIVE = Kind("live", pair_house, 24, 1000)
GROUP_DOCUMENT = Kind("document", pair_house, 24, 1000)
KINDS = (ALONE_LIVE, ALONE_DOCUMENT, GROUP_LIVE, GROUP_DOCUMENT)


def live(kind: Kind, lives: int | None = None, *, by_seed: int | None = None, shrink: bool = True) -> Tally:
    """So many lives; the same each time unless there is a seed. Raises what went wrong in the shortest."""

    class Machine(LifeOfAHouse):
        wire = kind.wire
        house = staticmethod(kind.house)
        tally = Tally()

    found = settings(
        max_examples=lives or kind.lives,
        stateful_step_count=STEPS,
        derandomize=by_seed is None,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    made = Machine if by_seed is None else seed(by_seed)(Machine)
    run_state_machine_as_test(made, settings=found)
    return Machine.tally


def lived_enough(tally: Tally, kind: Kind) -> None:
    """That this was a life: enough happened in it, and enough was done about it."""
    assert tally.steps >= kind.least_steps, tally
    assert tally.writes > kind.lives, tally
    assert tally.homeward > kind.lives / 5, tally
    assert tally.kills > kind.lives / 5, tally
    assert tally.overrides > 0, tally
    assert len(tally.faults) >= min(10, kind.lives // 3), tally
