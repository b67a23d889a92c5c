"""What is read of the plant for a tick: what somebody wants something of, and what must be seen beside that.

The same for the agent and for who looks without one. Pure.
"""

from dataclasses import dataclass, replace

from luxagent.core.control.residual import asked_for
from luxagent.core.facts.needs import Need
from luxagent.core.facts.rivals import looked_at
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class ReadingList:
    """For `Reader.read`."""

    needs: frozenset[Need]
    names: frozenset[str]
    """Settings that the file manages, a person has set, or that are owned."""
    beside: frozenset[str]
    """Settings that only explain those, or may stand against them."""

    @property
    def settings(self) -> frozenset[str]:
        """All settings to ask for."""
        return self.names | self.beside

    def seen(self, plant: Plant) -> Plant:
        """The plant without what was only to explain and could not be read: that is no loss."""
        if not self.beside:
            return plant
        devices = []
        for device in plant.devices:
            kept = {k: v for k, v in device.settings.items() if v is not None or k not in self.beside}
            devices.append(device if len(kept) == len(device.settings) else replace(device, settings=kept))
        return replace(plant, devices=tuple(devices))


def reading_list(policy: Policy, memory: Memory) -> ReadingList:
    """What a tick of this policy reads, as it is remembered."""
    owned = memory.owned.values()
    names = policy.managed.union(memory.leases, *(row.keys() for row in owned))
    needs = policy.needs
    if any("quick_charge" in row for row in owned):
        needs |= {Need.QUICK_CHARGE}
    return ReadingList(needs, names, (asked_for(memory) | looked_at(names)) - names)
