"""Energy counters of one inverter: kWh of today, this month, this year and ever, on the plant's calendar."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Energy(StrEnum):
    """What is counted; the words are the live portal's."""

    YIELDING = "Yielding"
    CHARGING = "Charging"
    DISCHARGING = "Discharging"
    IMPORT = "Import"
    EXPORT = "Export"
    USAGE = "Usage"


@dataclass(frozen=True, slots=True)
class Tally:
    """One counter over its four periods, in kWh."""

    today: float = 0.0
    month: float = 0.0
    year: float = 0.0
    total: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.today + other.today,
            self.month + other.month,
            self.year + other.year,
            self.total + other.total,
        )


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
        self.tallies[energy] += Tally(kwh, kwh, kwh, kwh)

    def copy(self) -> dict[Energy, Tally]:
        return dict(self.tallies)
