"""What every inverter of one tick shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from luxagent.core.facts.settings import SettingValue
from luxagent.core.memory import Memory
from luxagent.core.plant.bank import modules_of
from luxagent.core.plant.device import Plant
from luxagent.core.plant.reading import Module
from luxagent.core.policy.policy import Policy


@dataclass(frozen=True)
class Round:
    """What every inverter of a tick shares."""

    now: datetime
    plant: Plant
    memory: Memory
    policy: Policy
    restoring: bool = False
    """Everything owned is to go home, whatever rules and people want of it."""
    granted: dict[str, dict[str, SettingValue]] = field(default_factory=dict)
    """By serial, what this tick is about to write: it grows from inverter to inverter."""

    @cached_property
    def modules(self) -> Mapping[str, tuple[Module, ...]]:
        """By serial, the battery modules that count as that inverter's."""
        return modules_of(self.plant)
