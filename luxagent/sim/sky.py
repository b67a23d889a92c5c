"""What the roof gives: a clear-sky curve over the sun's height, dimmed by seeded clouds. Pure."""

import math
from datetime import datetime
from functools import lru_cache

from luxagent.core.values.sun import Place, elevation_deg
from luxagent.sim.noise import smooth

_TILT_GAIN_DEG = 14.0
"""Panels lean towards the sun: a low winter sun gives more than on flat ground."""


def clear_sky(elevation: float) -> float:
    """The share of a panel's rated power under a cloudless sky; 0 at night, near 1 under a high sun."""
    if elevation <= 0.5:
        return 0.0
    air_mass = 1.0 / (math.sin(math.radians(elevation)) + 0.05)
    through = math.exp(-0.11 * air_mass)
    lean = math.sin(math.radians(min(90.0, elevation + _TILT_GAIN_DEG * min(1.0, elevation / 8))))
    return min(1.0, 1.05 * through * lean)


def cloud_cover(seed: int, at: datetime) -> float:
    """0 clear to 1 overcast: weather of the day, fronts of hours, and passing clouds of minutes."""
    hours = at.timestamp() / 3600
    weather = smooth(seed, "weather", hours / 30)
    front = smooth(seed, "front", hours / 2.5)
    passing = smooth(seed, "cloud", hours * 5)
    cover = 0.75 * max(0.0, weather - 0.35) + 0.35 * max(0.0, front - 0.45) + 0.5 * max(0.0, passing - 0.7)
    return min(0.92, cover)


@lru_cache(maxsize=2048)
def sun_share(place: Place, at: datetime, seed: int) -> float:
    """The share of its rated power that an array gives at an instant."""
    share = clear_sky(elevation_deg(place, at))
    return share and share * (1 - 0.85 * cloud_cover(seed, at))
