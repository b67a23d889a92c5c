"""Who carries what for one step: sun, batteries, grid and load of all inverters on one bus.

Pure. `obey` says what each inverter's registers let it do; `house` carries the result out. Powers are W,
averaged over the step. Energy is conserved: pv + import + discharge = load + export + charge + losses.
"""

from collections.abc import Sequence
from dataclasses import dataclass

CONVERSION = 0.965
"""AC to DC or back, in one inverter."""
IDLE_W = 45.0
"""What a running inverter takes for itself, from the AC side."""
_DUST_W = 1e-6
"""Less than this is the rounding of floats."""


@dataclass(frozen=True, slots=True)
class Ability:
    """What one inverter may do in this step. DC watts unless named otherwise."""

    running: bool = True
    backs_up: bool = True
    rated_ac_w: float = 12_000
    pv_w: float = 0.0
    charge_max_w: float = 0.0
    discharge_max_w: float = 0.0
    """For its own house's load; nothing while it charges from the grid."""
    outage_discharge_max_w: float = 0.0
    ac_charge_w: float = 0.0
    """Wanted from the AC side."""
    forced_discharge_w: float = 0.0
    pv_first_w: float = 0.0
    """Sun that goes to the battery before the load."""
    charge_last: bool = False
    export_max_ac_w: float = 0.0
    import_cap_ac_w: float = float("inf")
    shave_max_w: float = 0.0
    """Discharge allowed for the part of the import that is above the cap."""


@dataclass(slots=True)
class Flow:
    """What one inverter did in a step."""

    pv_w: float = 0.0
    pv_to_battery_w: float = 0.0
    charge_w: float = 0.0
    discharge_w: float = 0.0
    ac_out_w: float = 0.0
    ac_in_w: float = 0.0
    load_share_w: float = 0.0
    running: bool = True

    @property
    def dc_out_w(self) -> float:
        return self.ac_out_w / CONVERSION

    @property
    def ac_charge_w(self) -> float:
        return self.ac_in_w * CONVERSION


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the whole bus."""

    flows: tuple[Flow, ...]
    load_w: float
    unserved_w: float
    import_w: float
    export_w: float
    losses_w: float


class _Bus:
    """Working state of one step: what each inverter has left, and what the bus still needs."""

    def __init__(self, abilities: Sequence[Ability], load_w: float, takers: Sequence[bool]) -> None:
        rated = sum(a.rated_ac_w for a, taker in zip(abilities, takers, strict=True) if taker)
        self.flows: list[Flow] = []
        self.needs: list[float] = []
        self.surplus: list[float] = []
        for ability, taker in zip(abilities, takers, strict=True):
            share = load_w * ability.rated_ac_w / rated if taker else 0.0
            self.flows.append(Flow(load_share_w=share, running=taker))
            self.needs.append(share + IDLE_W if taker else 0.0)
            self.surplus.append(ability.pv_w if taker else 0.0)

    def room_out(self, i: int, ability: Ability) -> float:
        return max(0.0, ability.rated_ac_w - self.flows[i].ac_out_w)

    def sun_out(self, i: int, ability: Ability, ac_w: float) -> float:
        """Send sun to the AC side, up to `ac_w`; returns what went."""
        sent = max(0.0, min(ac_w, self.surplus[i] * CONVERSION, self.room_out(i, ability)))
        self.surplus[i] -= sent / CONVERSION
        self.flows[i].pv_w += sent / CONVERSION
        self.flows[i].ac_out_w += sent
        return sent

    def sun_in(self, i: int, ability: Ability, dc_w: float) -> None:
        """Send sun to the battery, up to `dc_w`."""
        flow = self.flows[i]
        sent = max(0.0, min(dc_w, self.surplus[i], ability.charge_max_w - flow.charge_w))
        self.surplus[i] -= sent
        flow.pv_w += sent
        flow.pv_to_battery_w += sent
        flow.charge_w += sent

    def battery_out(self, i: int, ability: Ability, ac_w: float, most_dc_w: float) -> float:
        """Send battery power to the AC side; `most_dc_w` bounds the step's whole discharge."""
        flow = self.flows[i]
        if flow.charge_w > 0:
            return 0.0
        spare = (most_dc_w - flow.discharge_w) * CONVERSION
        sent = max(0.0, min(ac_w, spare, self.room_out(i, ability)))
        flow.discharge_w += sent / CONVERSION
        flow.ac_out_w += sent
        return sent

    def mains_in(self, i: int, ability: Ability, ac_w: float) -> None:
        """Charge the battery from the AC side, beside the sun."""
        flow = self.flows[i]
        if flow.discharge_w > 0:
            return
        room_dc = ability.charge_max_w - flow.charge_w
        taken = max(0.0, min(ac_w, ability.ac_charge_w / CONVERSION, room_dc / CONVERSION))
        flow.ac_in_w += taken
        flow.charge_w += taken * CONVERSION


def on_grid(abilities: Sequence[Ability], load_w: float) -> Step:
    """A step with the grid present: sun first, then battery, then the grid."""
    bus = _Bus(abilities, load_w, [a.running for a in abilities])
    each = [(i, a) for i, a in enumerate(abilities) if a.running]
    for i, a in each:
        bus.sun_in(i, a, a.pv_first_w)
        bus.needs[i] -= bus.sun_out(i, a, bus.needs[i])
    budget = sum(a.export_max_ac_w for _, a in each)
    for i, a in each:
        if not a.charge_last:
            bus.sun_in(i, a, bus.surplus[i])
    budget = _sell_sun(bus, each, budget)
    for i, a in each:
        if a.charge_last:
            bus.sun_in(i, a, bus.surplus[i])
    for i, a in each:
        bus.needs[i] -= bus.battery_out(i, a, bus.needs[i], a.discharge_max_w)
    for i, a in each:
        bus.battery_out(i, a, _open_need(bus), a.discharge_max_w)
    for i, a in each:
        need = _open_need(bus)
        sent = bus.battery_out(i, a, need + max(0.0, min(budget, a.export_max_ac_w)), a.forced_discharge_w)
        budget -= max(0.0, sent - need)
    for i, a in each:
        bus.mains_in(i, a, a.rated_ac_w)
    _shave(bus, each, load_w)
    return _settled(bus, load_w, 0.0, len(each))


def off_grid(abilities: Sequence[Ability], load_w: float) -> Step:
    """A step without the grid: what sun and battery cannot carry is not served."""
    takers = [a.running and a.backs_up for a in abilities]
    bus = _Bus(abilities, load_w, takers)
    each = [(i, a) for i, a in enumerate(abilities) if takers[i]]
    if not each:
        return Step(tuple(bus.flows), 0.0, load_w, 0.0, 0.0, 0.0)
    wanted = load_w + IDLE_W * len(each)
    left = wanted
    for i, a in each:
        left -= bus.sun_out(i, a, min(left, bus.needs[i]))
    for i, a in each:
        left -= bus.sun_out(i, a, left)
    for share in (True, False):
        for i, a in each:
            own = bus.needs[i] - bus.flows[i].ac_out_w if share else left
            left -= bus.battery_out(i, a, min(left, own), a.outage_discharge_max_w)
    for i, a in each:
        if bus.flows[i].discharge_w == 0:
            bus.sun_in(i, a, bus.surplus[i])
    left = max(0.0, left)
    if left > load_w:  # not even the inverters' own need is met: they stop
        dead = _Bus(abilities, load_w, [False] * len(abilities))
        return Step(tuple(dead.flows), 0.0, load_w, 0.0, 0.0, 0.0)
    for flow in bus.flows:
        flow.load_share_w *= (load_w - left) / load_w if load_w else 1.0
    return _settled(bus, load_w - left, left, len(each))


def _sell_sun(bus: _Bus, each: list[tuple[int, Ability]], budget: float) -> float:
    """Sun left over goes to needs elsewhere on the bus first, then out; returns what may still go out."""
    for i, a in each:
        helped = bus.sun_out(i, a, sum(max(0.0, need) for need in bus.needs))
        for j, need in enumerate(bus.needs):
            given = min(helped, max(0.0, need))
            bus.needs[j] -= given
            helped -= given
        budget -= bus.sun_out(i, a, min(budget, a.export_max_ac_w))
    return budget


def _open_need(bus: _Bus) -> float:
    total = sum(f.load_share_w + IDLE_W for f in bus.flows if f.running)
    return max(0.0, total - sum(f.ac_out_w for f in bus.flows))


def _shave(bus: _Bus, each: list[tuple[int, Ability]], load_w: float) -> None:
    """Keep the import under the caps: charge less from the grid, then help from the battery."""
    cap = sum(a.import_cap_ac_w for _, a in each)
    over = _net_import(bus, load_w, len(each)) - cap
    for i, a in each:
        if over <= 0:
            return
        flow = bus.flows[i]
        cut = min(over, flow.ac_in_w)
        flow.ac_in_w -= cut
        flow.charge_w = max(0.0, flow.charge_w - cut * CONVERSION)
        over -= cut
        over -= bus.battery_out(i, a, over, max(a.shave_max_w, flow.discharge_w))


def _net_import(bus: _Bus, load_w: float, running: int) -> float:
    drawn = load_w + IDLE_W * running + sum(f.ac_in_w for f in bus.flows)
    return drawn - sum(f.ac_out_w for f in bus.flows)


def _settled(bus: _Bus, load_w: float, unserved_w: float, running: int) -> Step:
    net = _net_import(bus, load_w, running)
    net = 0.0 if abs(net) < _DUST_W else net
    heat = sum((1 - CONVERSION) * (f.ac_in_w + f.dc_out_w) for f in bus.flows) + IDLE_W * running
    return Step(tuple(bus.flows), load_w, unserved_w, max(0.0, net), max(0.0, -net), heat)
