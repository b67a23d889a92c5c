"""Who in the file sets what, of which inverters, and what powers come to where several obey together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from luxagent.core.facts.settings import PARAMETER_PREFIX, RAW_PREFIX, SETTINGS, SettingValue
from luxagent.core.plant.device import Device, Plant
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Rule
from luxagent.core.values.units import Unit, format_quantity

_TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Setter:
    """An enabled rule, or the baseline."""

    sets: Mapping[str, SettingValue]
    rule: Rule | None = None
    """None is the baseline."""

    def of(self, plant: Plant) -> list[Device]:
        """The inverters that it sets."""
        serials = self.rule.devices if self.rule is not None else frozenset[str]()
        return [device for device in plant.inverters if not serials or device.serial in serials]


def setters(policy: Policy) -> Iterator[Setter]:
    """The baseline, then the rules in the order of the file."""
    yield Setter(policy.baseline)
    for compiled in policy.rules:
        yield Setter(compiled.rule.sets, compiled.rule)


def where_of(setter: Setter, name: str) -> tuple[str, ...]:
    """The keys that lead to a setting in the file."""
    top = ("baseline",) if setter.rule is None else ("rules", setter.rule.name, "set")
    for prefix, key in ((RAW_PREFIX, "raw"), (PARAMETER_PREFIX, "parameters")):
        if name.startswith(prefix):
            return (*top, key, name.removeprefix(prefix))
    return (*top, name)


def powers_text(policy: Policy, plant: Plant) -> list[str]:
    """ac_charge_power: 4 kW times 2 inverters is 8 kW. Powers are per inverter, and units have several.

    Each sum once, in the order of the file; with several such units each line names its own.
    """
    members = {device.unit: plant.members(device.unit) for device in plant.inverters}
    several = {unit: serials for unit, found in members.items() if len(serials := set(_serials(found))) > 1}
    lines = []
    for setter in setters(policy):
        aimed = set(_serials(setter.of(plant)))
        for unit, serials in several.items():
            count = len(serials & aimed)
            lines += [
                f"{name}{f' in {unit}' if len(several) > 1 else ''}: {format_quantity(value, Unit.W)} "
                f"{_TIMES} {count} inverters = {format_quantity(value * count, Unit.W)}"
                for name, value in _powers(setter)
                if count > 1
            ]
    return list(dict.fromkeys(lines))


def _powers(setter: Setter) -> Iterator[tuple[str, float]]:
    for name, value in setter.sets.items():
        row = SETTINGS.get(name)
        if row is not None and row.unit is Unit.W and isinstance(value, int | float) and value > 0:
            yield name, value


def _serials(devices: list[Device] | tuple[Device, ...]) -> list[str]:
    return [device.serial for device in devices]
