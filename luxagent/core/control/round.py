"""What every inverter of one tick shares."""

from dataclasses import dataclass
from datetime import datetime

from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Round:
    """What every inverter of a tick shares."""

    now: datetime
    plant: Plant
    memory: Memory
    policy: Policy
    restoring: bool = False
    """Everything owned is to go home, whatever rules and people want of it."""
