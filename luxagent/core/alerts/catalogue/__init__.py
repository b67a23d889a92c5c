"""The built-in alerts: they are on, and the file tunes them by name.

plant   about the portal, the devices, the battery, firmware
agent   about writes, and about luxagent itself
row     what stands in a row
"""

from luxagent.core.alerts.catalogue import agent, plant
from luxagent.core.alerts.catalogue.row import Builtin

ORDER: tuple[Builtin, ...] = (*plant.ROWS, *agent.ROWS)
"""In this order they are looked at: what mutes others comes before them."""
BUILTINS: dict[str, Builtin] = {row.name: row for row in ORDER}

__all__ = ["BUILTINS", "ORDER", "Builtin"]
