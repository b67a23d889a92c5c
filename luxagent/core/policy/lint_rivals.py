"""Lint about settings that quarrel: a charge with a discharge, a floor with the stop below it.

The guards write neither of two that do. Within one rule that is plain; between two rules it shows only on the
day on which both hold, so every pair is asked whether there can be such a day.
"""

from collections.abc import Iterator, Mapping

from luxagent.core.facts.rivals import FLOORS, STOP, clash, rivals_of
from luxagent.core.facts.settings import FORCES_CHARGE, FORCES_DISCHARGE, SettingValue
from luxagent.core.facts.words import value_text
from luxagent.core.policy.lint_pairs import MOST_PAIRS, always_above, meet
from luxagent.core.policy.lint_remarks import Remark, Setter, Sort, Study
from luxagent.core.policy.lint_ways import Way


def conflict(about: Study) -> Iterator[Remark]:
    """A rule with the baseline below it that asks for what the guards never let through."""
    for setter in about.setters:
        charge = next((name for name in FORCES_CHARGE if _on(about.sure_value(setter, name))), None)
        drain = next((name for name in FORCES_DISCHARGE if _on(about.sure_value(setter, name))), None)
        if charge and drain and (charge in setter.sets or drain in setter.sets):
            own = drain if drain in setter.sets else charge
            yield Remark(
                Sort.CONFLICT,
                (*setter.where, own),
                f"{charge} and {drain} would be on together, which is never written",
                f"set {charge if own == drain else drain}: off beside it",
            )
        stop = about.sure_value(setter, STOP)
        for name in FLOORS:
            floor = about.sure_value(setter, name)
            if (
                floor is not None
                and clash(name, floor, {STOP: stop})
                and not setter.sets.keys().isdisjoint({name, STOP})
            ):
                yield Remark(
                    Sort.CONFLICT,
                    (*setter.where, name if name in setter.sets else STOP),
                    f"{name} ({floor:g} %) is above {STOP} ({stop:g} %), which is never written",
                    "a floor stays below the stop; 100 % alone is allowed, to hold the battery",
                )


def first_and_last(about: Study) -> Iterator[Remark]:
    """The sun that is to fill the battery before the house, and only with what the grid leaves of it.

    No guard holds it: the inverter takes both, and does one of them.
    """
    for setter in about.setters:
        if not all(about.sure_value(setter, name) is True for name in ("forced_charge", "charge_last")):
            continue
        own, other = "charge_last", "forced_charge"
        if own not in setter.sets:
            own, other = other, own
        if own in setter.sets:
            yield Remark(
                Sort.CONFLICT,
                (*setter.where, own),
                "forced_charge has the sun fill the battery first, charge_last has it fill the battery last",
                f"set {other}: off beside it",
            )


def rivalry(about: Study) -> Iterator[Remark]:
    """Two rules that may hold at once and want what quarrels, where the upper one does not settle it."""
    left = MOST_PAIRS
    above: dict[str, list[Setter]] = {}
    for place, lower in enumerate(about.rules):
        for mine, upper, theirs in _quarrels(lower, above):
            left -= 1
            if left < 0 or not meet(upper.rule, lower.rule) or not _together(upper, lower):
                continue
            if _settled(about, place, upper, mine, theirs):
                continue
            off = "" if mine in (STOP, *FLOORS) else ": off"
            yield Remark(
                Sort.CONFLICT,
                (*lower.where, mine),
                f"{mine}: {value_text(mine, lower.sets[mine])} quarrels with "
                f"{theirs}: {value_text(theirs, upper.sets[theirs])} of {upper.where[1]!r} above; "
                "whichever rule is higher, the two are never written together",
                f"to let {upper.where[1]!r} win, set {mine}{off} there too",
            )
            break
        for name in lower.sets:
            above.setdefault(name, []).append(lower)


def _quarrels(lower: Setter, above: Mapping[str, list[Setter]]) -> Iterator[tuple[str, Setter, str]]:
    """Each setting of the lower rule, with a rule above and the setting of that one it cannot be beside."""
    for name, value in lower.sets.items():
        for rival in rivals_of(name):
            for upper in above.get(rival, ()):
                if name not in upper.sets and clash(name, value, {rival: upper.sets[rival]}):
                    yield name, upper, rival


def _together(upper: Setter, lower: Setter) -> bool:
    """Whether no more than one moment and one set of readings is needed for both to hold."""
    if upper.ways is None or lower.ways is None:
        return False
    return any(_compatible(one, other) for one in upper.ways for other in lower.ways)


def _compatible(one: Way, other: Way) -> bool:
    if one.never or other.never or (one.possible & other.possible).never:
        return False
    if any((values & other.can[name]).empty for name, values in one.can.items() if name in other.can):
        return False
    if any(not (words & other.words[fact]) for fact, words in one.words.items() if fact in other.words):
        return False
    contrary = {(part.leaf, not part.holds) for part in other.parts}
    return not any((part.leaf, part.holds) in contrary for part in one.parts)


def _settled(about: Study, place: int, upper: Setter, mine: str, theirs: str) -> bool:
    """Whether a rule above always decides one of the two instead while the lower one holds."""
    lower, above_upper = about.rules[place], True
    for other in about.rules[:place]:
        if other is upper:
            above_upper = False
            continue
        decides = mine in other.sets or (above_upper and theirs in other.sets)
        if decides and always_above(other, lower):
            return True
    return False


def _on(value: SettingValue | None) -> bool:
    return value is not None and value is not False
