"""A lone inverter at the agent's ports that does not do as it is told. No HTTP, so that a tick costs little.

`Device` is eyes and hand at once: it answers every command with success and then does what its habit says.
`stubborn` puts the real agent on it, with a clock that only moves when the agent waits or a test ticks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from luxagent.agent.state import State
from luxagent.agent.tick import Agent
from luxagent.core.alerts.catalogue import ORDER
from luxagent.core.alerts.message import Message
from luxagent.core.control.answers import Answer, Reply
from luxagent.core.events import Event
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.plant.reading import Reading
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Rule, Tuning
from tests.core.builders import NOON, SETTINGS_NOW, VALUES, inverter, plant, policy
from tests.portal.bench import FakeClock

Settings = dict[str, SettingValue | None]


@dataclass(frozen=True, slots=True)
class Landing:
    """When a command takes effect, with what value, and when that is undone (None: never)."""

    after: timedelta = timedelta()
    value: SettingValue | None = None
    undone_after: timedelta | None = None


AT_ONCE = Landing()

Habit = Callable[[str, SettingValue], Landing | None]
"""What becomes of a command; None is nothing at all."""


@dataclass
class Device:
    """Fits the agent's `Reader` and `Hand`."""

    clock: FakeClock
    habit: Habit
    answer: Answer = Answer.ACCEPTED
    settings: Settings = field(default_factory=lambda: dict(SETTINGS_NOW))
    sent: list[tuple[datetime, str, SettingValue]] = field(default_factory=list)
    soc_pct: float = 50.0
    reads: int = 0
    """How often settings were asked for outside of a tick's own look."""
    _due: list[tuple[datetime, str, SettingValue | None]] = field(default_factory=list)

    def send(self, serial: str, setting: str, value: SettingValue) -> Reply:
        now = self.clock.now()
        self.sent.append((now, setting, value))
        landing = self.habit(setting, value)
        if landing is not None:
            at = now + landing.after
            lands = value if landing.value is None else landing.value
            self._due.append((at, setting, lands))
            if landing.undone_after is not None:
                self._due.append((at + landing.undone_after, setting, self.settings[setting]))
        return Reply(self.answer, "" if self.answer is Answer.ACCEPTED else "no answer came")

    def read(self, needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        now = self.clock.now()
        values = {**VALUES, "soc_pct": self.soc_pct}
        found = inverter(settings={}, reading=Reading(values, uploaded_at=now - timedelta(seconds=20)))
        return plant(replace(found, settings=self._shown(settings)))

    def read_settings(self, serial: str, names: frozenset[str]) -> Mapping[str, SettingValue | None]:
        self.reads += 1
        return self._shown(names)

    def updating(self) -> bool | None:
        return False

    def _shown(self, names: frozenset[str]) -> Settings:
        for at, setting, value in sorted(self._due, key=lambda one: one[0]):
            if at <= self.clock.now():
                self.settings[setting] = value
        self._due = [one for one in self._due if one[0] > self.clock.now()]
        return {name: self.settings.get(name) for name in names}


class Nobody:
    """Hears every message and tells none."""

    def put(self, messages: Sequence[Message]) -> None:
        pass


class Unwritten:
    """A disk that keeps no events: whoever only ticks on needs only what the agent remembers."""

    def __init__(self) -> None:
        self._memory = Memory()

    def load(self) -> Memory:
        return self._memory

    def append(self, events: Sequence[Event]) -> None:
        self._memory = fold_all(self._memory, events)


@dataclass
class Stubborn:
    """The real agent on such a device."""

    device: Device
    agent: Agent
    clock: FakeClock

    @property
    def memory(self) -> Memory:
        return self.agent.state.memory

    def tick(self, times: int = 1, every_s: float = 120.0) -> None:
        for _ in range(times):
            began = self.clock.now()
            self.agent.tick()
            self.clock.move(every_s - (self.clock.now() - began).total_seconds())


def silent(*rules: Rule, **more: object) -> Policy:
    """A policy without any alert: half the time of a tick goes to looking for what to tell."""
    off = tuple(Tuning(row.name, enabled=False) for row in ORDER)
    return policy(*rules, tunings=off, **more)  # type: ignore[arg-type]


def stubborn(rules: Policy, habit: Habit, answer: Answer = Answer.ACCEPTED) -> Stubborn:
    clock = FakeClock(NOON)
    device = Device(clock, habit, answer)
    agent = Agent(
        clock=clock,
        reader=device,
        hand=device,
        state=State(Unwritten()),
        policy=rules,
        settle_s=3.0,
        messenger=Nobody(),
    )
    return Stubborn(device, agent, clock)
