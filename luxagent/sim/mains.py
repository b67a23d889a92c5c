"""The utility's grid at the house: outage spans, voltage and frequency. Pure and seeded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from luxagent.sim.noise import smooth


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant up to, but not including, another."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Mains:
    """240 V split phase at 60 Hz, away during the outages."""

    outages: Sequence[Span]
    seed: int

    def up(self, at: datetime) -> bool:
        return not any(span.holds(at) for span in self.outages)

    def voltage_v(self, at: datetime) -> float:
        if not self.up(at):
            return 0.0
        return round(240.4 + 3 * (smooth(self.seed, "volts", at.timestamp() / 900) - 0.5), 1)

    def frequency_hz(self, at: datetime) -> float:
        if not self.up(at):
            return 0.0
        return round(60 + 0.06 * (smooth(self.seed, "hertz", at.timestamp() / 600) - 0.5), 2)
