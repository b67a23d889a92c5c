"""What a kWh costs and earns, by the clock. The first matching period wins; the last has no condition."""

from dataclasses import dataclass
from datetime import date

from luxagent.core.values.days import EVERY_DAY, Days
from luxagent.core.values.windows import Window


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the tariff. Prices are in the tariff's currency per kWh and may be negative."""

    name: str
    import_price: float
    export_price: float = 0.0
    windows: tuple[Window, ...] = ()
    """Empty is the whole day."""
    days: Days = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Tariff:
    """The owner's contract. `holidays` are dates of the site's calendar."""

    periods: tuple[Period, ...]
    currency: str = ""
    holidays: frozenset[date] = frozenset()
