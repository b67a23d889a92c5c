"""How a setting's value looks on the wire: watts as kilowatt text, modes as bits, switches upside down.

A code reads what a portal shows (None for what cannot be believed) and writes what it wants to be told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from luxagent.core.facts.settings import SettingKind, SettingValue, describe
from luxagent.core.values.units import Unit, format_quantity
from luxagent.errors import PortalRefused
from luxagent.portal.fields import flag, number, whole
from luxagent.portal.text import clean_text


class Code(Protocol):
    """One encoding."""

    def read(self, found: object) -> SettingValue | None:
        """Our value of what the portal shows."""
        ...

    def write(self, value: SettingValue) -> str:
        """The portal's text for our value."""
        ...


@dataclass(frozen=True, slots=True)
class Number:
    """A number told in units of `factor` of ours; outside 0 to `high`, in ours, it is garbage."""

    high: float
    factor: float = 1
    decimals: int = 0

    def read(self, found: object) -> SettingValue | None:
        shown = number(found)
        value = None if shown is None else round(shown * self.factor, 3)
        return value if value is not None and 0 <= value <= self.high else None

    def write(self, value: SettingValue) -> str:
        return f"{as_number(value) / self.factor + 1e-9:.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class Switch:
    """On and off."""

    def read(self, found: object) -> SettingValue | None:
        return flag(found)

    def write(self, value: SettingValue) -> str:
        return "true" if as_switch(value) else "false"


@dataclass(frozen=True, slots=True)
class Words:
    """A mode: our word for each of the portal's numbers."""

    words: Mapping[int, str]

    def read(self, found: object) -> SettingValue | None:
        if isinstance(found, bool):
            found = int(found)
        value = whole(found, min(self.words), max(self.words))
        return self.words.get(value) if value is not None else None

    def write(self, value: SettingValue) -> str:
        for told, word in self.words.items():
            if word == value:
                return str(told)
        raise unfit(f"{clean_text(value)} is not one of {', '.join(self.words.values())}")


PERCENT = Number(101)
KILOWATTS = Number(25_500, factor=1000, decimals=1)
"""W here, text like "5.0" there, up to the most that any of these settings takes: "100" is no kilowatts."""
WATTS = Number(65_500)
AMPS = Number(1000)
SWITCH = Switch()


def checked(name: str, value: SettingValue, most: float | None = None) -> None:
    """Raise PortalRefused, before anything is sent, for a value that catalogue or wire do not have.

    `most` is the wire's own ceiling, where that is another than the catalogue's.
    """
    row = describe(name)
    if row.kind is SettingKind.NUMBER:
        wanted, high = as_number(value), row.high if most is None else most
        if not row.low <= wanted <= high:
            raise unfit(
                f"{name}: {_shown(wanted, row.unit)} is outside "
                f"{_shown(row.low, row.unit)} to {_shown(high, row.unit)}"
            )
    elif row.kind is SettingKind.SWITCH:
        as_switch(value)
    elif row.kind is SettingKind.MODE and value not in row.words:
        raise unfit(f"{name}: {clean_text(value)} is not one of {', '.join(row.words)}")


def as_number(value: SettingValue) -> float:
    """The value as a number. Raises PortalRefused."""
    found = number(value) if not isinstance(value, tuple) else None
    if found is None:
        raise unfit(f"{clean_text(value) or 'that'} is not a number")
    return found


def as_switch(value: SettingValue) -> bool:
    """The value as on or off. Raises PortalRefused."""
    found = flag(value)
    if found is None:
        raise unfit(f"{clean_text(value) or 'that'} is neither on nor off")
    return found


def unfit(why: str) -> PortalRefused:
    """A value that is refused here, so that the portal never sees it."""
    return PortalRefused(f"Not sent: {why}.", f"not sent: {why}")


def _shown(value: float, unit: Unit) -> str:
    return format_quantity(value, unit)
