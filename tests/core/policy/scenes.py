"""Scenes to judge: one call with the few things a test cares about."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from luxagent.core.events import Ticked
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.compile import compile_condition
from luxagent.core.policy.conditions import Bound, Compare, Condition, Op
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.scene import Scene
from luxagent.core.values.days import EVERY_DAY
from luxagent.core.values.moment import Calendar
from luxagent.core.values.sun import Place
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.tri import Tri
from luxagent.core.values.windows import Edge, Window

ZONE = ZoneInfo("America/Phoenix")
CALENDAR = Calendar(ZONE, Place(33.45, -112.07))
NOON = datetime(2026, 6, 15, 12, tzinfo=ZONE).astimezone(UTC)
PEAK = Window(Edge(16 * 60), Edge(21 * 60))
TARIFF = Tariff((Period("peak", 0.31, 0.05, (PEAK,), EVERY_DAY), Period("off-peak", 0.08, 0.02)), "USD")
GROUND = Ground.of(ZONE, TARIFF)


def at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    """An instant of June 2026 by the wall clock in Phoenix."""
    return datetime(2026, 6, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def scene(now: datetime = NOON, *, flags: frozenset[str] = frozenset(), **values: Any) -> Scene:  # noqa: ANN401
    """What is seen at an instant: scene(soc_pct=31)."""
    return Scene("unit", CALENDAR.moment(now), values, flags)


def judged(condition: Condition, seen: Scene, ground: Ground = GROUND) -> Tri:
    """The truth of a condition that remembers nothing yet."""
    return compile_condition(condition, "rule", ground)[0](seen)


def soc(op: Op, bound: float, until: float | None = None) -> Compare:
    return Compare("soc_pct", op, Bound(bound), None if until is None else Bound(until))


class Life:
    """One condition ticking on, with memory kept between ticks as the daemon keeps it."""

    def __init__(self, condition: Condition, ground: Ground = GROUND) -> None:
        self.judge, self.explain = compile_condition(condition, "rule", ground)
        self.memory = Memory()
        self.now = NOON

    def scene(self, values: Mapping[str, Any], flags: frozenset[str] = frozenset()) -> Scene:
        memory = self.memory
        return Scene(
            "unit",
            CALENDAR.moment(self.now),
            values,
            flags,
            memory.timers.get("unit", {}),
            memory.latched.get("unit", {}),
            memory.ticked_at,
        )

    def tick(self, minutes: float = 2, *, flags: frozenset[str] = frozenset(), **values: Any) -> Tri:  # noqa: ANN401
        """Let time pass, then judge; what moved is remembered."""
        self.now += timedelta(minutes=minutes)
        seen = self.scene(values, flags)
        truth = self.judge(seen)
        self.memory = fold_all(self.memory, seen.moved)
        self.memory = fold_all(self.memory, [Ticked(self.now)])
        return truth
