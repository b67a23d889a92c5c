"""What a device reported at one moment. None is unknown, never zero; `why` says why it is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from luxagent.core.facts.reasons import Unknown

Value = float | str | bool | frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Module:
    """One battery module. Voltages in volts and millivolts, current plus is charging."""

    key: str
    """The portal's module key less the serial, such as "Battery_ID_01"."""
    soc_pct: float | None = None
    soh_pct: float | None = None
    voltage_v: float | None = None
    current_a: float | None = None
    temperature_c: float | None = None
    cycles: float | None = None
    cell_max_mv: float | None = None
    cell_min_mv: float | None = None
    cell_max_number: int | None = None
    cell_min_number: int | None = None

    @property
    def cell_delta_mv(self) -> float | None:
        """Spread between the highest and lowest cell; None while either is unknown."""
        if self.cell_max_mv is None or self.cell_min_mv is None:
            return None
        return self.cell_max_mv - self.cell_min_mv


@dataclass(frozen=True, slots=True)
class Reading:
    """Values by metric key ("soc_pct") or word fact ("status"), with the reason for each unknown one.

    `uploaded_at` is when the device last spoke to the portal (aware); None is unknown.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    why: Mapping[str, Unknown] = field(default_factory=dict)
    uploaded_at: datetime | None = None
    capacity_ah: float | None = None
    fingerprint: str = ""
    """The same for two uploads that differ in their time stamps alone; "" if that is not known."""

    def get(self, key: str) -> Value:
        """The value, None if unknown or never reported."""
        return self.values.get(key)

    def number(self, key: str) -> float | None:
        """The value if it is a number."""
        value = self.values.get(key)
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


NOTHING = Reading()
