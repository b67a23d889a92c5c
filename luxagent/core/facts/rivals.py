"""Settings that must not be so at the same time: a charge and a discharge by force, a floor above the stop.

Pure. The guard `conflict` asks `clash`; `settle` orders a tick's writes so that no beginning of them clashes,
whenever the agent dies: what makes room goes first and is proven before the other follows.
"""

from collections.abc import Mapping, Set

from luxagent.core.facts.settings import FORCES_CHARGE, FORCES_DISCHARGE, KEPT_WHILE_ON, SettingValue

_CHARGE_SWITCHES = {"ac_charge", "forced_charge"}
STOP, FLOORS = "charge_limit", ("discharge_floor", "forced_discharge_floor")

Settings = Mapping[str, SettingValue | None]


def clash(setting: str, value: SettingValue, there: Settings) -> bool:
    """Whether this value would quarrel with what the other settings are. Unknown ones quarrel with nothing.

    A discharge floor of 100 % is not a conflict: it is how the battery is held while power is cheap.
    """
    if setting in FORCES_CHARGE:
        return value is not False and any(there.get(name) is True for name in FORCES_DISCHARGE)
    if setting in FORCES_DISCHARGE:
        return value is not False and any(there.get(name) not in (False, None) for name in FORCES_CHARGE)
    if setting == STOP:
        return any(_above(there.get(name), value) for name in FLOORS)
    return setting in FLOORS and _above(value, there.get(STOP))


def rivals_of(setting: str) -> tuple[str, ...]:
    """The settings that it may quarrel with."""
    if setting in FORCES_CHARGE:
        return FORCES_DISCHARGE
    if setting in FORCES_DISCHARGE:
        return FORCES_CHARGE
    if setting == STOP:
        return FLOORS
    return (STOP,) if setting in FLOORS else ()


def looked_at(names: Set[str]) -> frozenset[str]:
    """Switches to be read beside these, for a clash with one that no rule speaks of. They share a block.

    Floors and the stop do not: what the file says of one alone is not held against the other. What is kept
    only while a switch is on waits for that one, and is lost with it, so either asks for the other.
    """
    found = {KEPT_WHILE_ON[name] for name in names if name in KEPT_WHILE_ON}
    found |= {name for name, switch in KEPT_WHILE_ON.items() if switch in names}
    if names & _CHARGE_SWITCHES:
        found |= set(FORCES_DISCHARGE)
    if names & set(FORCES_DISCHARGE):
        found |= _CHARGE_SWITCHES
    return frozenset(found - names)


def _above(floor: SettingValue | None, stop: SettingValue | None) -> bool:
    return isinstance(floor, int | float) and isinstance(stop, int | float) and stop < floor < 100
