"""What a house takes through a day: night base, morning, evening peak, and appliances. Pure and seeded."""

import math
from datetime import datetime
from functools import lru_cache

from luxagent.sim.noise import fixed, smooth

_BUMPS = (  # hour of the local day, width in hours, height in W
    (7.6, 1.0, 900.0),
    (12.4, 1.6, 350.0),
    (18.7, 1.7, 1900.0),
    (21.4, 1.2, 600.0),
)
_APPLIANCES = (  # name, earliest hour, latest hour, minutes, W, chance of running that day
    ("kettle", 6.5, 8.0, 5, 2000.0, 0.9),
    ("washer", 9.5, 14.0, 70, 700.0, 0.5),
    ("heat pump", 13.0, 16.0, 45, 1500.0, 0.7),
    ("oven", 17.3, 18.8, 40, 2300.0, 0.8),
    ("dishwasher", 19.5, 21.5, 75, 1100.0, 0.7),
)


def load_power_w(local: datetime, seed: int, scale: float = 1.0) -> float:
    """The house's demand at a local instant; `scale` 1 makes about 25 kWh a day."""
    hour = local.hour + local.minute / 60 + local.second / 3600
    day = local.date().toordinal()
    total = 420.0 + sum(height * math.exp(-(((hour - at) / width) ** 2)) for at, width, height in _BUMPS)
    total *= 0.85 + 0.3 * fixed(seed, "appetite", day)
    total *= 0.8 + 0.4 * smooth(seed, "demand", day * 24 * 6 + hour * 6)
    total += 120.0 * (smooth(seed, "fridge", day * 24 * 3 + hour * 3) > 0.55)
    for begins, ends, power in _runs(seed, day):
        total += power * (begins <= hour < ends)
    return total * scale


@lru_cache(maxsize=64)
def _runs(seed: int, day: int) -> tuple[tuple[float, float, float], ...]:
    """Which appliances run on a day: from which hour to which, and their power in W."""
    found = []
    for name, earliest, latest, minutes, power, chance in _APPLIANCES:
        if fixed(seed, f"{name} runs", day) < chance:
            begins = earliest + (latest - earliest) * fixed(seed, f"{name} begins", day)
            found.append((begins, begins + minutes / 60, power))
    return tuple(found)
