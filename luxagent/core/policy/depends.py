"""What a rule that could hold still hangs on: its condition without all that the clock has settled.

Works on the file's tree and on the explanation of its best case, which has the same shape.
"""

from dataclasses import replace

from luxagent.core.policy import conditions as c
from luxagent.core.policy.best_case import hangs_on_readings
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.explain import Because
from luxagent.core.policy.words import wanted

Rest = Condition | bool
"""What is left of a condition, or its truth where nothing is left."""


def depends_on(condition: Condition, best: Because) -> tuple[str, ...]:
    """One text for each part that must be so as well: "soc below 60 %". Empty where only the clock counts."""
    rest = remaining(condition, best)
    if isinstance(rest, bool):
        return ()
    return tuple(map(wanted, rest.parts if isinstance(rest, c.All) else (rest,)))


def remaining(condition: Condition, best: Because) -> Rest:
    """The condition without what the clock has settled."""
    if not hangs_on_readings(condition):
        return best.truth is True
    match condition:
        case c.All(parts):
            rests = _rests(parts, best)
            return False if False in rests else _joined(c.All, [rest for rest in rests if rest is not True])
        case c.AnyOf(parts):
            rests = _rests(parts, best)
            return True if True in rests else _joined(c.AnyOf, [rest for rest in rests if rest is not False])
        case c.Not(part):
            rest = remaining(part, best.parts[0])
            if isinstance(rest, bool):
                return not rest
            return rest.part if isinstance(rest, c.Not) else c.Not(rest)
        case c.Held(part, seconds):
            if seconds <= 0:  # such a `for` is not compiled
                return remaining(part, best)
            rest = remaining(part, best.parts[0])
            return rest if isinstance(rest, bool) else c.Held(rest, seconds)
        case _:
            return _taking(condition)


def _rests(parts: tuple[Condition, ...], best: Because) -> list[Rest]:
    return [remaining(part, told) for part, told in zip(parts, best.parts, strict=True)]


def _joined(kind: type[c.All] | type[c.AnyOf], rests: list[Rest]) -> Rest:
    """Neither an empty list nor a list of one is worth a node."""
    found = [rest for rest in rests if not isinstance(rest, bool)]
    flat = [part for rest in found for part in (rest.parts if isinstance(rest, kind) else (rest,))]
    if not flat:
        return kind is c.All
    return flat[0] if len(flat) == 1 else kind(tuple(dict.fromkeys(flat)))


def _taking(condition: Condition) -> Condition:
    """What makes it take; where it lets go again is another matter."""
    if isinstance(condition, c.Compare):
        return replace(condition, until=None)
    return replace(condition, margin=0.0) if isinstance(condition, c.Between) else condition
