"""Battery modules of a whole plant, each once. Two inverters on a shared bank both list all of it.

Pure. A module is another inverter's when its key begins with that one's serial, or when the two inverters of
a unit list the very same modules with the very same values.
"""

from collections.abc import Mapping

from luxagent.core.plant.device import Device, Plant
from luxagent.core.plant.reading import Module, Value

MODULE_KEYS = frozenset({"cell_max_mv", "cell_min_mv", "cell_delta_mv", "soh_pct", "cycles"})
"""Metrics of which every module has its own."""


def modules_of(plant: Plant) -> dict[str, tuple[Module, ...]]:
    """By serial, the modules that count as that inverter's. Every inverter has an entry."""
    found: dict[str, tuple[Module, ...]] = {}
    listed = {device.serial: {module.key for module in device.modules} for device in plant.inverters}
    for device in plant.inverters:
        own = tuple(module for module in device.modules if not _foreign(module, device, listed))
        if any(_same_bank(device, other) for other in plant.inverters if other.serial in found):
            own = ()
        found[device.serial] = own
    return found


def module_values(module: Module) -> dict[str, Value]:
    """What a module says of itself, by metric key."""
    return {
        "cell_max_mv": module.cell_max_mv,
        "cell_min_mv": module.cell_min_mv,
        "cell_delta_mv": module.cell_delta_mv,
        "soh_pct": module.soh_pct,
        "cycles": module.cycles,
    }


def with_module(values: Mapping[str, Value], module: Module) -> dict[str, Value]:
    """An inverter's values as one of its modules sees them."""
    return {**values, **module_values(module)}


def _foreign(module: Module, device: Device, listed: Mapping[str, set[str]]) -> bool:
    """Whether its key names another inverter, and that one lists it too."""
    owner, _, rest = module.key.partition("_")
    return owner != device.serial and rest in listed.get(owner, ())


def _same_bank(one: Device, other: Device) -> bool:
    return one.unit == other.unit and bool(one.modules) and one.modules == other.modules
