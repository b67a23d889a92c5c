"""What a kWh costs and earns, by the clock. The first matching period wins; the last has no condition."""

from dataclasses import dataclass
from datetime import date

from luxagent.core.values.days import EVERY_DAY, Days
from luxagent.core.values.moment import Moment
from luxagent.core.values.windows import DAY_MIN, Edge, Window, opened

_WHOLE_DAY = (Window(Edge(0), Edge(DAY_MIN)),)


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the tariff. Prices are in the tariff's currency per kWh and may be negative."""

    name: str
    import_price: float
    export_price: float = 0.0
    windows: tuple[Window, ...] = ()
    """Empty is the whole day."""
    days: Days = EVERY_DAY

    @property
    def spans(self) -> tuple[Window, ...]:
        """Its windows, or the whole day."""
        return self.windows or _WHOLE_DAY


@dataclass(frozen=True, slots=True)
class Tariff:
    """The owner's contract. `holidays` are dates of the site's calendar."""

    periods: tuple[Period, ...]
    currency: str = ""
    holidays: frozenset[date] = frozenset()


def period_at(tariff: Tariff, moment: Moment) -> Period | None:
    """The first period that holds now; None where none does (the file's last one always does).

    Beside a window, days speak of the day that window began, as they do in rules.
    """
    for period in tariff.periods:
        if not period.windows:
            if period.days(moment.day, tariff.holidays):
                return period
            continue
        for window in period.windows:
            day = opened(window, moment)
            if day is not None and period.days(day, tariff.holidays):
                return period
    return None
