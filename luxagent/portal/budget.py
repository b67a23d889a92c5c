"""How many requests an hour a policy costs, told in advance. Pure: no portal is asked.

The same lifetimes and blocks decide as in the client. Writes are not counted: a good day has none.
"""

import math
from collections.abc import Iterable

from luxagent.core.facts.needs import Need
from luxagent.portal.cache import BATTERY_S, DISCOVERY_S, FIRMWARE_S, OTHER_S, QUICK_CHARGE_S
from luxagent.portal.live import settings as live
from luxagent.portal.login import LIFE_S, REFRESH_S

HOUR_S = 3600.0
SETTINGS_S = 300.0
"""How old settings may be that are only compared."""


def requests_an_hour(
    needs: Iterable[Need],
    managed: Iterable[str],
    interval_s: float,
    *,
    inverters: int = 1,
    gridbosses: int = 0,
    plants: int = 1,
) -> int:
    """Requests of an hour in which nothing is written, on the live wire, in steady state."""
    asked, names = set(needs), set(managed)

    def times(lifetime_s: float) -> float:
        """How often an answer is fetched that is used again for so long: at ticks only."""
        return HOUR_S / (max(1, math.floor(lifetime_s / interval_s) + 1) * interval_s)

    each_tick = HOUR_S / interval_s if interval_s > OTHER_S else times(OTHER_S)
    devices = inverters + gridbosses
    total = HOUR_S / (LIFE_S - REFRESH_S) + plants * times(DISCOVERY_S) + inverters * each_tick
    if Need.GRIDBOSS in asked:
        total += gridbosses * each_tick
    if Need.ENERGY in asked:
        total += inverters * each_tick
    if Need.EVENTS in asked:
        total += devices * each_tick
    if Need.BATTERY in asked:
        total += inverters * times(BATTERY_S)
    if Need.FIRMWARE in asked:
        total += devices * times(FIRMWARE_S)
    if asked & {Need.FIRMWARE, Need.UPDATING}:
        total += each_tick
    if Need.QUICK_CHARGE in asked or "quick_charge" in names:
        total += times(QUICK_CHARGE_S)
    blocks = {block for name in names for block in live.blocks(name)}
    return math.ceil(total + inverters * len(blocks) * times(SETTINGS_S))
