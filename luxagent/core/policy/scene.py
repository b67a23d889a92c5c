"""What a judge looks at: one unit or inverter at one moment.

`decide` makes one scene per who and tick and passes it to every rule. Judges read it and write to `moved`
alone, so that the order of rules does not matter to any of them.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from luxagent.core.events import Event
from luxagent.core.values.moment import Moment
from luxagent.core.values.tri import Tri


class Running(Protocol):
    """A `for` timer as memory keeps it."""

    @property
    def since(self) -> datetime: ...
    @property
    def halted_at(self) -> datetime | None: ...


@dataclass(slots=True)
class Scene:
    """Everything a condition may depend on, but for what the file fixes (zone, tariff)."""

    who: str
    """The unit or serial that is judged; `timers` and `latched` are its own."""
    moment: Moment
    values: Mapping[str, Any]
    """The reading's, by metric key or word fact."""
    flags: Container[str] = frozenset()
    """Names of the flags that are on."""
    timers: Mapping[str, Running] = field(default_factory=dict)
    latched: Mapping[str, bool] = field(default_factory=dict)
    ticked_at: datetime | None = None
    """The tick before this one; None before the first."""
    stale_after_s: float = 900.0
    moved: list[Event] = field(default_factory=list)
    """What judges append: timers and latches that changed in this tick."""

    def of_part(
        self, who: str, values: Mapping[str, Any], timers: Mapping[str, Running], latched: Mapping[str, bool]
    ) -> "Scene":
        """The same moment for a part that is judged by itself: a battery module."""
        return Scene(
            who, self.moment, values, self.flags, timers, latched, self.ticked_at, self.stale_after_s
        )


Judge = Callable[[Scene], Tri]
"""A condition, compiled once. Never changes the scene but for `moved`."""
