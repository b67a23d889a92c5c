"""Lint about the floor of an outage, which is easily read as what is kept for one.

It is where the battery stops once the mains are gone: what lies below it is of no use to anybody.
"""

from collections.abc import Iterator

from luxagent.core.policy.lint_remarks import Remark, Sort, Study

_HALF_PCT = 50


def dark_floor(about: Study) -> Iterator[Remark]:
    """An `outage_floor` above half, or above the floor that the battery has while the grid is there."""
    for setter in about.setters:
        floor, reserve = setter.sets.get("outage_floor"), about.value(setter, "discharge_floor")
        if not isinstance(floor, int | float):
            continue
        above = isinstance(reserve, int | float) and floor > reserve
        if not above and floor <= _HALF_PCT:
            continue
        why = f", and with the grid the battery may get down to {reserve:g} %" if above else ""
        yield Remark(
            Sort.DARK_FLOOR,
            (*setter.where, "outage_floor"),
            f"once the mains are gone, the house is dark below {floor:g} %{why}",
            f"to keep that much for an outage: discharge_floor: {floor:g}%, and an outage_floor like 10%"
            if floor > _HALF_PCT
            else f"discharge_floor: {floor:g}%, or a lower outage_floor",
        )
