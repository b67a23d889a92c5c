"""The reading of a unit: what its inverters and its GridBOSS say, folded into one.

How numbers fold stands in the metrics catalogue. Words fold by these rules, over the members that report
them:

- `status`, `faults`: all that any member says. Faults are unknown while a member's are and no other has one.
- `firmware`: all that any member says, but "current" only if no member says otherwise.
- `online`: "no" if any says no; else unknown if any is unknown; else "yes".
- `generator`, `quick_charge`: "running" or "on" if any says so; else unknown if any is; else "idle", "off".
- `grid`: what the known members agree on; unknown where they disagree.

With a GridBOSS, the powers of house and grid are its own and stay unknown where it does not know them: the
inverters alone see only their share. Mains voltage, frequency and `grid` fall back on the inverters. While it
says that the grid is up and they say that it is down, nobody knows: it may have been silent since before.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from luxagent.core.facts.metrics import (
    FAULTS_KEY,
    GRIDBOSS_METRICS,
    GRIDBOSS_PREFERRED,
    METRICS_BY_KEY,
    WORD_FACTS,
    Fold,
)
from luxagent.core.facts.needs import Need
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import NOTHING, Reading, Value

_FALLS_BACK = frozenset({"grid_voltage_v", "grid_frequency_hz", "grid"})
_GRIDBOSS_WORDS = frozenset(name for name, fact in WORD_FACTS.items() if fact.need is Need.GRIDBOSS)
_OF_UNIT = GRIDBOSS_METRICS | GRIDBOSS_PREFERRED | _GRIDBOSS_WORDS | {"grid"}
TOLD_BY_GRIDBOSS = GRIDBOSS_METRICS | _GRIDBOSS_WORDS | {"grid"}
"""What every inverter behind a GridBOSS has from that one, so that all of them say the same."""


def unit_reading(plant: Plant, unit: str) -> Reading:
    """What a unit as a whole reports. A lone inverter without a GridBOSS is its own unit."""
    members = [device.reading for device in plant.members(unit)]
    folded = NOTHING if not members else members[0] if len(members) == 1 else _fold(members)
    boss = plant.gridboss(unit)
    return folded if boss is None else _overlay(folded, boss.reading, _OF_UNIT, members)


def inverter_reading(plant: Plant, device: Device) -> Reading:
    """What one device reports, with what only its GridBOSS knows (ports, legs, the state of the grid)."""
    boss = plant.gridboss(device.unit)
    if boss is None or device.kind is not Kind.INVERTER:
        return device.reading
    return _overlay(device.reading, boss.reading, TOLD_BY_GRIDBOSS, [device.reading])


def _overlay(below: Reading, boss: Reading, keys: frozenset[str], members: Sequence[Reading]) -> Reading:
    values, why = dict(below.values), dict(below.why)
    for key in keys:
        value = boss.values.get(key)
        if value is None and key in _FALLS_BACK:
            continue
        if key == "grid" and value == "up" and {m.values.get(key) for m in members} - {None} == {"down"}:
            value = None
        if value is None and key not in boss.values and key not in values:
            continue
        values[key] = value
        why.pop(key, None)
        if value is None:
            why[key] = boss.why.get(key, Unknown.MISSING)
    return replace(below, values=values, why=why)


def _fold(members: Sequence[Reading]) -> Reading:
    values: dict[str, Value] = {}
    why: dict[str, Unknown] = {}
    for key in dict.fromkeys(key for member in members for key in member.values):
        values[key] = value = _fold_one(key, members)
        if value is None:
            why[key] = next((m.why[key] for m in members if key in m.why), Unknown.MISSING)
    capacities = [m.capacity_ah for m in members if m.capacity_ah is not None]
    return Reading(
        values,
        why,
        uploaded_at=_oldest(members),
        capacity_ah=sum(capacities) if len(capacities) == len(members) else None,
    )


def _fold_one(key: str, members: Sequence[Reading]) -> Value:
    row = METRICS_BY_KEY.get(key)
    if row is not None:
        return _fold_number(row.fold, key, members)
    return _WORDS.get(key, _agreed)([member.values[key] for member in members if key in member.values])


def _fold_number(fold: Fold, key: str, members: Sequence[Reading]) -> float | None:
    numbers = [member.number(key) for member in members]
    known = [number for number in numbers if number is not None]
    if not known or (fold is Fold.SUM and len(known) < len(numbers)):
        return None
    match fold:
        case Fold.SUM:
            return sum(known)
        case Fold.WORST_HIGH:
            return max(known)
        case Fold.WORST_LOW:
            return min(known)
        case Fold.CAPACITY_MEAN:
            weights = [m.capacity_ah for m, n in zip(members, numbers, strict=True) if n is not None]
            return _mean(known, [w for w in weights if w is not None and w > 0])
        case Fold.MEAN:
            return _mean(known, [])


def _mean(numbers: Sequence[float], weights: Sequence[float]) -> float:
    """Weighted where every number has a weight; rounded, since a mean is no more exact than its parts."""
    if len(weights) != len(numbers):
        weights = [1.0] * len(numbers)
    return round(sum(n * w for n, w in zip(numbers, weights, strict=True)) / sum(weights), 3)


def _oldest(members: Sequence[Reading]) -> datetime | None:
    known = [m.uploaded_at for m in members if m.uploaded_at is not None]
    return min(known) if len(known) == len(members) else None


def _words_of(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset({str(value)})


def _union(seen: Sequence[Value]) -> Value:
    known = [_words_of(value) for value in seen if value is not None]
    return frozenset().union(*known) if known else None


def _faults(seen: Sequence[Value]) -> Value:
    found = _union(seen)
    return None if not found and None in seen else found


def _firmware(seen: Sequence[Value]) -> Value:
    found = _union(seen)
    if not isinstance(found, frozenset):
        return None
    rest = found - {"current"} or found
    return next(iter(rest)) if len(rest) == 1 else rest


def _strongest(word: str, other: str) -> Callable[[Sequence[Value]], Value]:
    """`word` if any member says it; else unknown if any is; else `other`."""
    strong = (word, word in {"on", "running"})

    def fold(seen: Sequence[Value]) -> Value:
        if any(value in strong for value in seen if value is not None):
            return word
        return None if None in seen or not seen else other

    return fold


def _agreed(seen: Sequence[Value]) -> Value:
    known = {value for value in seen if value is not None}
    return known.pop() if len(known) == 1 else None


_WORDS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "status": _union,
    FAULTS_KEY: _faults,
    "firmware": _firmware,
    "online": _strongest("no", "yes"),
    "generator": _strongest("running", "idle"),
    "quick_charge": _strongest("on", "off"),
}
