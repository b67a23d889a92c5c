"""A parallel group is one machine: what one rule wants alike of all its inverters is not left split.

What differs is tried again each tick within the budgets; here it is only said, and said louder after a
while. Called by `decide` when every inverter has been settled.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from luxagent.core.control.changes import Want
from luxagent.core.control.round import Round
from luxagent.core.control.tasks import is_task
from luxagent.core.control.wants import satisfied
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
        known = _known(wants)
        if len(known) < 2 or len({(want.rule, want.value) for want in known}) != 1:
            continue
        right = [satisfied(want) for want in known]
        if any(right) and not all(right):
            name = key[1]
            split[key] = ", ".join(f"{want.serial} {value_text(name, want.have)}" for want in known)
    return split


def _known(wants: Sequence[Want]) -> list[Want]:
    """Those of which it is known what they are and should be.

    A member that has come home wants nothing more. While another is still on its way to the very value that
    the first one reads, that is what both should be; a member that reads otherwise may have its own home.
    """
    seen = [want for want in wants if want.have is not None]
    known = [want for want in seen if want.value is not None]
    homes = {want.value for want in known if want.homeward and want.rule is None}
    if len(homes) == 1:
        at_rest = [want for want in seen if want.value is None and want.rule is None]
        as_home = [replace(want, value=home) for home in homes for want in at_rest]
        known += [want for want in as_home if satisfied(want)]
    return known
