"""Lint about rules that a guard always holds: what they wait for is what keeps them from being written."""

from collections.abc import Iterator

from luxagent.core.facts.settings import FROM_THE_GRID, KEEPS_BACK, POWER_CUTS, SettingValue, ends_force
from luxagent.core.policy.lint_remarks import Remark, Setter, Sort, Study
from luxagent.core.policy.lint_ways import Way
from luxagent.core.values.units import format_duration

_NO, _UPDATING, _DOWN = frozenset({"no"}), frozenset({"updating"}), frozenset({"down"})


def always_held(about: Study) -> Iterator[Remark]:
    """Settings that would be written only in moments in which a guard holds them.

    Silent about a rule with a `hold`: it may still hold once the moment is over.
    """
    for setter in about.rules:
        ways = [way for way in setter.ways or () if not way.never]
        if not ways or setter.rule is None or setter.rule.hold_s > 0:
            continue
        whys = {name: [_why(about, setter, name, way) for way in ways] for name in setter.sets}
        held = {name: found[0] for name, found in whys.items() if all(found)}
        for name, why in held.items():
            yield Remark(
                Sort.ALWAYS_HELD,
                (*setter.where, name),
                f"this is never written: {why}",
                "leave it out; an alert can tell of that moment"
                if len(held) == len(setter.sets)
                else "leave it out here, or let another rule see to it before",
            )
            break


def _why(about: Study, setter: Setter, name: str, way: Way) -> str:
    """Why a guard holds this setting whenever a way is true; empty where it may be written."""
    if way.words.get("online") == _NO:
        return "what is not connected cannot be reached"
    if way.words.get("firmware") == _UPDATING:
        return "nothing is written while firmware is being updated"
    stale_s, age = about.ruleset.guards.stale_after_s, way.can.get("data_age_s")
    if age is not None and (age.low, age.low_open) >= (stale_s, True) and not _goes_home(about, setter, name):
        return f"nothing is written by a reading older than stale_after, {format_duration(stale_s)}"
    if way.words.get("grid") == _DOWN and _waits_for_the_grid(about, setter, name):
        return "in an outage nothing charges from the grid, keeps more of the battery back or cuts power"
    return ""


def _goes_home(about: Study, setter: Setter, name: str) -> bool:
    """Whether it ends a charge or a discharge, or is what the baseline says: old data do not hold that."""
    value = setter.sets[name]
    return ends_force(name, value) or about.ruleset.baseline.get(name) == value


def _waits_for_the_grid(about: Study, setter: Setter, name: str) -> bool:
    """What the guard `outage` holds: of floors only what is above all that the file has for them."""
    value = setter.sets[name]
    if name in FROM_THE_GRID:
        return value is not False
    return (name, value) in POWER_CUTS or (name in KEEPS_BACK and _is_most(about, name, value))


def _is_most(about: Study, name: str, value: SettingValue) -> bool:
    others = [one.sets[name] for one in about.setters if name in one.sets and one.sets[name] != value]
    if name not in about.ruleset.baseline or not isinstance(value, int | float):
        return False
    return bool(others) and all(isinstance(one, int | float) and one < value for one in others)
