"""The meter of a house: what flowed since it was put in, and what that cost under the file's tariff.

Reads the house's own counters. Each reading is paid at the prices that held when it began, so read it at
least at every edge of the tariff: the agent wakes at those.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from luxagent.core.values.moment import Calendar
from luxagent.core.values.tariff import Period, Tariff, period_at
from luxagent.sim.house import House


@dataclass(slots=True)
class Flows:
    """Energy in kWh, by the names of the house's own counters."""

    pv: float = 0.0
    load: float = 0.0
    grid_import: float = 0.0
    grid_export: float = 0.0
    charge: float = 0.0
    discharge: float = 0.0
    unserved: float = 0.0


NAMES = tuple(field.name for field in fields(Flows))


class Meter:
    """One house's. `cost` is import less export, in the tariff's currency; 0 without a tariff."""

    def __init__(self, house: House, calendar: Calendar, tariff: Tariff | None) -> None:
        self._house = house
        self._calendar = calendar
        self._tariff = tariff
        self._last = self._counters()
        self._last_at = house.at
        self.flows = Flows()
        self.imported_by_period: dict[str, float] = {}
        """kWh bought, by the tariff period's name, in the tariff's order."""
        self.cost = 0.0
        self.soc_at_start_pct = house.soc_pct
        if tariff is not None:
            self.imported_by_period = {period.name: 0.0 for period in tariff.periods}

    @property
    def soc_pct(self) -> float:
        """Of the house's battery, now."""
        return self._house.soc_pct

    @property
    def stored_kwh(self) -> float:
        """What the house's battery holds, now."""
        return sum(inverter.bank.stored_wh for inverter in self._house.inverters.values()) / 1000

    def catch_up(self, at: datetime) -> None:
        """Bring a house that nobody else moves to an instant, and read."""
        self._house.advance_to(at)
        self.read()

    def read(self) -> None:
        """Count and pay what flowed since the last reading."""
        now = self._counters()
        moved = {name: now[name] - self._last[name] for name in NAMES}
        for name, kwh in moved.items():
            setattr(self.flows, name, getattr(self.flows, name) + kwh)
        period = self._period()
        if period is not None:
            self.imported_by_period[period.name] += moved["grid_import"]
            self.cost += moved["grid_import"] * period.import_price
            self.cost -= moved["grid_export"] * period.export_price
        self._last, self._last_at = now, self._house.at

    def _counters(self) -> dict[str, float]:
        return {name: float(getattr(self._house.kwh, name)) for name in NAMES}

    def _period(self) -> Period | None:
        if self._tariff is None:
            return None
        return period_at(self._tariff, self._calendar.moment(self._last_at))
