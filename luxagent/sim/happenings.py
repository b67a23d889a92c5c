"""Scripted faults, warnings and notices of a plant: rows of the portal's event list. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one inverter, open from `start` to `end`. Codes as on the portal: E016, W016."""

    serial: str
    code: str
    text: str
    start: datetime
    end: datetime

    @property
    def is_fault(self) -> bool:
        return self.code.startswith("E")

    @property
    def kind(self) -> str:
        return "FAULT" if self.is_fault else "WARNING"

    def open_at(self, at: datetime) -> bool:
        return self.start <= at < self.end


NO_GRID = ("W016", "no grid")


def with_outages(
    serials: list[str], outages: list[tuple[datetime, datetime]], others: list[Happening]
) -> tuple[Happening, ...]:
    """Every outage is also a warning of every inverter."""
    code, text = NO_GRID
    spans = [Happening(serial, code, text, start, end) for start, end in outages for serial in serials]
    return tuple(sorted([*spans, *others], key=lambda happening: happening.start))
