"""What a rule may ask, as a tree. Only the shape is here.

`compile` turns a tree into a closure, `explain` into words with the values seen; both walk these nodes.
Metrics are named by key ("soc_pct"), values are in base units.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from luxagent.core.values.days import EVERY_DAY, Days
from luxagent.core.values.windows import Window


class Op(StrEnum):
    """How a value is compared with its bound."""

    BELOW = "below"
    AT_MOST = "at most"
    ABOVE = "above"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Bound:
    """A constant, or another metric plus a constant."""

    constant: float
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Always:
    """Holds at all times."""


@dataclass(frozen=True, slots=True)
class All:
    """One mapping of the file (or an `all:` list): every part must hold.

    A `Compare` with `until` that is a direct part is latched by its siblings: see `compile`.
    """

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Held:
    """`for`: the part must have held this long without a break."""

    part: Condition
    seconds: float


@dataclass(frozen=True, slots=True)
class TimeIn:
    """Inside one of the windows; `days` speaks of the day that window began."""

    windows: tuple[Window, ...]
    days: Days = EVERY_DAY


@dataclass(frozen=True, slots=True)
class DayIs:
    """Today is one of these days."""

    days: Days


@dataclass(frozen=True, slots=True)
class CronIn:
    """Within `lasting_s` seconds of a firing of the cron expression."""

    at: str
    lasting_s: float


@dataclass(frozen=True, slots=True)
class SunIs:
    """The sun is above the horizon (between sunrise and sunset), or below."""

    up: bool


@dataclass(frozen=True, slots=True)
class TariffIs:
    """The tariff's current period is one of these."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class FlagOn:
    """A mode switched by hand."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A metric against a bound, with hysteresis where `until` is given.

    `metric` is a metric's key, or "price" / "export_price" of the tariff.
    """

    metric: str
    op: Op
    bound: Bound
    until: Bound | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """Between two bounds, both included; once inside, `margin` widens it for leaving."""

    metric: str
    low: Bound
    high: Bound
    margin: float = 0.0


@dataclass(frozen=True, slots=True)
class WordIs:
    """A word fact (grid, online, generator, quick_charge, firmware, status, smart_portN) has this word."""

    fact: str
    word: str


@dataclass(frozen=True, slots=True)
class FaultIs:
    """An open fault or warning code: one of `codes`, or any when empty."""

    codes: frozenset[str] = frozenset()


Condition = (
    Always
    | All
    | AnyOf
    | Not
    | Held
    | TimeIn
    | DayIs
    | CronIn
    | SunIs
    | TariffIs
    | FlagOn
    | Compare
    | Between
    | WordIs
    | FaultIs
)


def leaves_in(condition: Condition) -> Iterator[Condition]:
    """Every condition at the end of a branch, in the order of the file."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves_in(part)
        case Not(part) | Held(part):
            yield from leaves_in(part)
        case _:
            yield condition


def days_in(condition: Condition) -> Iterator[Days]:
    """Every filter of days that is asked anywhere."""
    return (leaf.days for leaf in leaves_in(condition) if isinstance(leaf, TimeIn | DayIs))


def flags_in(condition: Condition) -> Iterator[str]:
    """Every flag that is asked anywhere."""
    return (leaf.name for leaf in leaves_in(condition) if isinstance(leaf, FlagOn))
