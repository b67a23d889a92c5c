"""A plant that drifts and fails, without HTTP, for runs of many ticks."""

import gc
import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from luxagent.agent.ports import Hand
from luxagent.cli import wiring
from luxagent.config import load
from luxagent.core.control.answers import Answer, Reply
from luxagent.core.facts.needs import Need
from luxagent.core.facts.settings import SettingValue
from luxagent.core.plant.device import Device, Plant
from luxagent.core.plant.reading import NOTHING
from luxagent.errors import LuxagentError, TryLater
from tests.cli.bench import HEAD, PASSWORD, StillClock, new_portal

RULES = """\
baseline: {charge_limit: 90%, ac_charge: off}
rules:
  - {name: Low, when: {soc: below 40% until 60%}, set: {ac_charge: on}}
  - {name: Night, when: {time: 23:00 to 05:00}, set: {charge_limit: 80%}, hold: 15 min}
alerts:
  - {name: Empty, when: {soc: below 15% until 20%, for: 10 min}, severity: critical}
"""


class Weather:
    """The plant as it was read once, which then drifts and fails; also the hand that sets it."""

    def __init__(self, plant: Plant, clock: StillClock) -> None:
        self._plant = plant
        self._clock = clock
        self._dice = random.Random(5)
        self._settings = {device.serial: dict(device.settings) for device in plant.devices}
        self._soc = 50.0

    def read(self, needs: frozenset[Need], settings: frozenset[str]) -> Plant:
        if self._dice.random() < 0.03:
            raise TryLater("The portal is away.")
        self._soc = min(100.0, max(5.0, self._soc + self._dice.uniform(-4, 4)))
        return replace(self._plant, devices=tuple(self._now(device) for device in self._plant.devices))

    def _now(self, device: Device) -> Device:
        settings = self._settings[device.serial]
        if self._dice.random() < 0.02:
            return replace(device, online=False, reading=NOTHING, settings=dict.fromkeys(settings))
        values = {**device.reading.values, "soc_pct": self._soc, "data_age_s": 20.0}
        reading = replace(device.reading, values=values, uploaded_at=self._clock.now())
        return replace(device, reading=reading, settings=dict(settings))

    def read_settings(self, serial: str, names: frozenset[str]) -> Mapping[str, SettingValue | None]:
        lost = self._dice.random() < 0.02
        return {name: None if lost else self._settings[serial].get(name) for name in names}

    def updating(self) -> bool | None:
        return False

    def send(self, serial: str, setting: str, value: SettingValue) -> Reply:
        die = self._dice.random()
        if die > 0.1:
            self._settings[serial][setting] = value
        return Reply(Answer.LOST if die < 0.15 else Answer.REFUSED if die < 0.17 else Answer.ACCEPTED)


@contextmanager
def open_world(folder: Path) -> Iterator[tuple[wiring.Wired, StillClock]]:
    """The real agent in that weather, with a ledger on disk."""
    clock = StillClock(datetime(2026, 6, 1, tzinfo=UTC))
    with new_portal(clock, pair=True) as portal:
        path = folder / "rules.yaml"
        path.write_text(HEAD.format(dry_run="off", url=portal.url) + RULES)
        config = load.load(path, environ={"LUXAGENT_PASSWORD": PASSWORD}, resolve_secrets=True)
        with wiring.open_agent(config, folder / "state", clock, dry_run=False) as wired:
            world = Weather(wired.agent.tick().plant, clock)
            hand: Hand = world
            wired.agent._reader = world
            wired.agent.grip(hand)
            yield wired, clock


def weathered(wired: wiring.Wired, clock: StillClock, ticks: int) -> int:
    """So many ticks, two minutes apart; how many failed."""
    failed = 0
    for _ in range(ticks):
        clock.at += timedelta(minutes=2)
        try:
            wired.agent.tick()
        except LuxagentError:
            failed += 1
    return failed


def objects() -> int:
    """How many there are that the collector follows."""
    gc.collect()
    return len(gc.get_objects())


def open_ends() -> tuple[int, int]:
    """Open descriptors and threads."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
