"""What can force a charge or a discharge, and the SOC at which the inverter then stops. For lint alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from luxagent.core.policy.lint_remarks import Setter, Study


@dataclass(frozen=True, slots=True)
class Force:
    """A switch that forces, with what bounds it inside the inverter."""

    switch: str
    verb: str
    stops: tuple[str, ...]
    """SOC settings at which it ends; the first is its own."""
    windows: str | None

    @property
    def drains(self) -> bool:
        """Whether it empties the battery; the others fill it."""
        return self.switch == "forced_discharge"


FORCES = (
    Force("ac_charge", "charging from the grid", ("ac_charge_limit", "charge_limit"), "ac_charge_windows"),
    Force("forced_charge", "the priority of charging", ("forced_charge_limit", "charge_limit"),
           "forced_charge_windows"),
    Force("forced_discharge", "discharging", ("forced_discharge_floor", "discharge_floor"),
           "forced_discharge_windows"),
    Force("quick_charge", "the quick charge", ("charge_limit",), None),
)  # fmt: skip


def forcing(about: Study) -> Iterator[tuple[Setter, Force]]:
    """Every rule, or the baseline, with each switch that it forces by."""
    for setter in about.setters:
        for force in FORCES:
            if setter.sets.get(force.switch, False) is not False:
                yield setter, force


def has_stop(about: Study, setter: Setter, force: Force) -> bool:
    """Whether its own SOC setting ends it."""
    stop = about.value(setter, force.stops[0])
    if not isinstance(stop, int | float):
        return False
    return stop > 0 if force.drains else stop < 100


def first_stop(about: Study, setter: Setter, force: Force, *, sure: bool = True) -> tuple[float, str]:
    """The SOC that the inverter stops at, and the setting that says so; beyond any where none does.

    `sure`: only what no other rule may change meanwhile counts.
    """
    value = about.sure_value if sure else about.value
    found = [
        (float(stop), name)
        for name in force.stops
        if isinstance(stop := value(setter, name), int | float) and not isinstance(stop, bool)
    ]
    pick = max if force.drains else min
    return pick(found, key=lambda one: one[0], default=(-inf if force.drains else inf, ""))
