"""A parallel group is one machine: what one rule wants alike of all its inverters is not left split.

What differs is tried again each tick within the budgets; here it is only said, and said louder after a
while. Called by `decide` when every inverter has been settled.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from luxagent.core.control.changes import Want
from luxagent.core.control.round import Round
from luxagent.core.control.wants import is_task, satisfied
from luxagent.core.events import Event
from luxagent.core.facts.words import value_text
from luxagent.core.sightings import GroupSplit, GroupWhole

LONG = timedelta(minutes=30)
"""Three tries at the default pace."""


def group_news(found: Iterable[Want], about: Round) -> list[Event]:
    """Which settings of which groups have come apart, stay so for long, or agree again."""
    split = _splits(found, about)
    events: list[Event] = []
    for (unit, setting), detail in split.items():
        was = about.memory.custody.splits.get(unit, {}).get(setting)
        if was is None:
            events.append(GroupSplit(about.now, unit, setting, detail=detail))
        elif not was.told and about.now - was.since >= LONG:
            events.append(GroupSplit(about.now, unit, setting, lasting=True, detail=detail))
    events += [
        GroupWhole(about.now, unit, setting)
        for unit, row in about.memory.custody.splits.items()
        for setting in row
        if (unit, setting) not in split
    ]
    return events


def _splits(found: Iterable[Want], about: Round) -> Mapping[tuple[str, str], str]:
    """Unit and setting, where some members are as wanted and some are not, with what each reads."""
    units = {device.serial: device.unit for device in about.plant.inverters}
    rows: dict[tuple[str, str], list[Want]] = {}
    for want in found:
        if not is_task(want.setting):
            rows.setdefault((units[want.serial], want.setting), []).append(want)
    split = {}
    for key, wants in rows.items():
        known = [want for want in wants if want.have is not None and want.value is not None]
        if len(known) < 2 or len({(want.rule, want.value) for want in known}) != 1:
            continue
        right = [satisfied(want) for want in known]
        if any(right) and not all(right):
            name = key[1]
            split[key] = ", ".join(f"{want.serial} {value_text(name, want.have)}" for want in known)
    return split
