"""Energy counters of one inverter: kWh of today, this month, this year and ever, on the plant's calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Energy(StrEnum):
    """What is counted; the words are the live portal's."""

    YIELDING = "Yielding"
    CHARGING = "Charging"
    DISCHARGING = "Discharging"
    IMPORT = "Import"
    EXPORT = "Export"
    USAGE = "Usage"


class Tally(NamedTuple):
    """One counter over its four periods, in kWh."""

    today: float = 0.0
    month: float = 0.0
    year: float = 0.0
    total: float = 0.0

    def more(self, kwh: float) -> "Tally":
        """After so much more in each period."""
        today, month, year, total = self
        return Tally(today + kwh, month + kwh, year + kwh, total + kwh)


@dataclass(slots=True)
class Counters:
    """All counters of one inverter; `turn` begins a new local day, `add` counts a step."""

    tallies: dict[Energy, Tally] = field(default_factory=lambda: dict.fromkeys(Energy, Tally()))
    day: date | None = None

    def turn(self, day: date) -> None:
        """Begin a local day: what belongs to an earlier day, month or year starts anew."""
        if self.day is None or day == self.day:
            self.day = day
            return
        same_month = (day.year, day.month) == (self.day.year, self.day.month)
        same_year = day.year == self.day.year
        for energy, tally in self.tallies.items():
            self.tallies[energy] = Tally(
                0.0, tally.month if same_month else 0.0, tally.year if same_year else 0.0, tally.total
            )
        self.day = day

    def add(self, energy: Energy, kwh: float) -> None:
        self.tallies[energy] = self.tallies[energy].more(kwh)

    def copy(self) -> dict[Energy, Tally]:
        return dict(self.tallies)


def together(each: Iterable[Mapping[Energy, Tally]]) -> dict[Energy, Tally]:
    """The counters of several inverters as one."""
    counters = list(each)
    return {
        energy: Tally(*map(sum, zip(*(one[energy] for one in counters), strict=True))) for energy in Energy
    }
