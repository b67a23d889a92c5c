"""What the built-in alerts look at, and how they speak."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

from luxagent.core.alerts.catalogue import Builtin
from luxagent.core.alerts.life import Peak, Sight, Words
from luxagent.core.alerts.message import ChannelTrouble
from luxagent.core.alerts.texts import over_line, placed, since_line, where
from luxagent.core.memory import Memory
from luxagent.core.plant.bank import modules_of
from luxagent.core.plant.device import Device, Plant
from luxagent.core.plant.reading import Module
from luxagent.core.policy.policy import Policy
from luxagent.core.values.tri import Tri
from luxagent.core.watch import NEWS_LASTS, AlertLife, Watch


@dataclass(frozen=True)
class Situation:
    """One tick, good or failed. `memory` is as it is after what was decided and written."""

    now: datetime
    plant: Plant | None
    """None where nothing could be read."""
    memory: Memory
    policy: Policy
    channels: Mapping[str, ChannelTrouble] = field(default_factory=dict)
    """Channels that do not take messages."""
    remains: tuple[str, ...] = ()
    """In a dry run, a sentence for each setting that is owned: what it goes on doing, and until when."""

    @property
    def watch(self) -> Watch:
        return self.memory.watch

    @property
    def devices(self) -> tuple[Device, ...]:
        return self.plant.devices if self.plant is not None else ()

    @property
    def inverters(self) -> tuple[Device, ...]:
        return self.plant.inverters if self.plant is not None else ()

    @cached_property
    def modules(self) -> Mapping[str, tuple[Module, ...]]:
        """By serial, the battery modules that count as that inverter's."""
        return modules_of(self.plant) if self.plant is not None else {}

    def device(self, serial: str) -> Device | None:
        """The device of a serial, if it was read."""
        return next((one for one in self.devices if one.serial == serial), None)

    def life(self, name: str, key: str) -> AlertLife | None:
        return self.watch.alerts.get(name, {}).get(key)

    def firing(self, name: str, key: str) -> bool:
        found = self.life(name, key)
        return found is not None and found.state == "firing"


@dataclass(frozen=True, slots=True)
class Said:
    """What was seen by one built-in alert, of one device or part of one."""

    truth: Tri
    text: str = ""
    device: str = ""
    part: str = ""
    since: datetime | None = None
    peak: Peak | None = None
    besides: tuple[str, ...] = ()
    worst: str = ""
    """How the furthest value reads at the end, with {} for it."""


def shows(text: str, device: str = "", part: str = "", since: datetime | None = None, **more: Any) -> Said:  # noqa: ANN401
    """It is true."""
    return Said(truth=True, text=text, device=device, part=part, since=since, **more)


def doubt(device: str = "", part: str = "") -> Said:
    """Nobody knows."""
    return Said(truth=None, device=device, part=part)


@dataclass(frozen=True, slots=True)
class BuiltinSpeaker:
    """Puts a row of the catalogue and what was seen into words."""

    row: Builtin
    said: Said
    device: Device | None
    now: datetime
    zone: tzinfo

    def started(self, since: datetime) -> Words:
        more = [since_line(since, self.now, self.zone)]
        if self.row.doing:
            more.append(f"luxagent: {self.row.doing}")
        more.append(f"To do: {self.row.todo}")
        return Words(placed(self.device, self.said.text or self.row.meaning), tuple(more))

    def ended(self, life: AlertLife) -> Words:
        line = over_line(life, self.now, where(self.device))
        if life.peak is None or not self.said.worst:
            return Words(line)
        return Words(line, (f"At worst: {self.said.worst.format(f'{life.peak:g}')}.",))


def sight(row: Builtin, said: Said, about: Situation) -> Sight:
    """What was seen, as the life of an alert takes it."""
    speaker = BuiltinSpeaker(row, said, about.device(said.device), about.now, about.policy.calendar.zone)
    return Sight(said.truth, speaker, said.device, said.part, said.since, said.peak, said.besides)


def news_of(name: str, about: Situation) -> Iterator[tuple[str, str, str]]:
    """What happened lately by that name: device, part, words."""
    for key, news in about.watch.news.get(name, {}).items():
        if abs(about.now - news.at) < NEWS_LASTS:
            device, _, part = key.partition("/")
            yield device, part, news.detail
