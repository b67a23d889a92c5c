"""Seeded noise that is a pure function of its arguments, so that a day does not depend on who asks when."""

import random
from functools import lru_cache


@lru_cache(maxsize=65536)
def fixed(seed: int, key: str, index: int) -> float:
    """A number in [0, 1) that is always the same for the same arguments."""
    return random.Random(f"{seed}/{key}/{index}").random()


def smooth(seed: int, key: str, x: float) -> float:
    """A number in [0, 1) that changes smoothly with x, with a knot at every whole x."""
    index = int(x // 1)
    part = x - index
    eased = part * part * (3 - 2 * part)
    low, high = fixed(seed, key, index), fixed(seed, key, index + 1)
    return low + (high - low) * eased
