"""Comments in a rules file that say what it must decide, and a plant on which that is tried.

    # at 2026-06-15 23:45 with soc 55%, flag storm: ac_charge on, discharge_floor 20%
    # at 2026-06-16 06:00: ac_charge off

Lines follow one another in time and memory goes on from each to the next; the readings of the last line hold
until then, at a tick every five minutes where less than half a day lies between. Site time, with an offset
(`01:30-07:00`) where a clock change makes it two. What is not named may be anything; `eps free` is left
alone; `alert Name` and `no alert` speak of what is firing. `44300E0585` is asked, `second eps on` asks its
neighbour `52842P0581`, which reads the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from luxagent.config.context import Context, Known
from luxagent.config.findings import Level
from luxagent.config.kinds import quantity
from luxagent.config.load import Config
from luxagent.config.nodes import Table, parse
from luxagent.config.secrets import Vault
from luxagent.config.sets import SETS
from luxagent.core.control.wants import wants
from luxagent.core.decide import Decision, decide
from luxagent.core.events import FlagSet, Ticked
from luxagent.core.facts.metrics import FAULTS_KEY, METRICS
from luxagent.core.facts.settings import SETTINGS, SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.reading import Reading
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import GuardRules

FIRST, SECOND = "44300E0585", "52842P0581"
STEP = timedelta(minutes=5)
LONGEST_STEPPED = timedelta(hours=12)
_LINE = re.compile(r"^# at (\d{4}-\d\d-\d\d) (\d\d:\d\d)([+-]\d\d:\d\d)?(?: with (.*?))?: (\S.*)$")


@dataclass(frozen=True)
class Line:
    """One such comment."""

    number: int
    at: str
    offset: str
    seen: str
    expected: str

    def instant(self, config: Config) -> datetime:
        local = datetime.fromisoformat(f"{self.at}{self.offset}")
        if not self.offset:
            local = local.replace(tzinfo=config.ruleset.site.zone)
        return local.astimezone(UTC)


def lines_of(text: str) -> list[Line]:
    """All of them. A comment that begins like one and cannot be read is a mistake of the file."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip().startswith("# at 2"):
            continue
        match = _LINE.match(line.strip())
        assert match is not None, f"line {number} cannot be read: {line}"
        day, clock, offset, seen, expected = match.groups()
        found.append(Line(number, f"{day}T{clock}", offset or "", seen or "", expected))
    return found


def replay(config: Config, text: str) -> Iterator[tuple[str, str]]:
    """For each line what it expects, and what came of it in the same words."""
    policy = build(config.ruleset)
    memory, now, values = Memory(), None, {}
    for line in lines_of(text):
        target = line.instant(config)
        while now is not None and now + STEP < target and target - now < LONGEST_STEPPED:
            now += STEP
            memory, *_ = _tick(policy, memory, now, values)
        now = target
        values, flags = _seen(line.seen)
        memory = fold_all(
            memory,
            [FlagSet(now, name, on=name in flags) for name in config.ruleset.flags],
        )
        memory, decision, plant, before = _tick(policy, memory, now, values)
        yield line.expected, _came(line.expected, decision, plant, policy, before)


def _tick(
    policy: Policy, memory: Memory, now: datetime, values: Mapping[str, Any]
) -> tuple[Memory, Decision, Plant, Memory]:
    reading = Reading(values, uploaded_at=now, capacity_ah=100.0)
    plant = Plant(
        tuple(
            Device(serial, Kind.INVERTER, serial, online=True, reading=reading, able=frozenset(SETTINGS))
            for serial in (FIRST, SECOND)
        )
    )
    decision = decide(policy.calendar.moment(now), plant, memory, policy)
    return fold_all(memory, [*decision.events, Ticked(now)]), decision, plant, memory


def _seen(text: str) -> tuple[dict[str, Any], set[str]]:
    """`soc 55%, status charging+normal, fault E019, flag storm` as values, and the flags that are on."""
    values: dict[str, Any] = {"status": frozenset({"normal"}), "grid": "up", FAULTS_KEY: frozenset()}
    flags = set()
    for part in filter(None, text.split(", ")):
        name, _, word = part.strip().partition(" ")
        if name == "flag":
            flags.add(word)
        elif name == "fault":
            values[FAULTS_KEY] = frozenset(word.split("+"))
        elif word == "unknown":
            values[METRICS[name].key if name in METRICS else name] = None
        elif name in METRICS:
            values[METRICS[name].key] = quantity(word, METRICS[name].unit)
        else:
            values[name] = frozenset(word.split("+")) if name == "status" else word
    return values, flags


def _came(expected: str, decision: Decision, plant: Plant, policy: Policy, memory: Memory) -> str:
    """The expected words again where they are right, else what is so instead."""
    found = {
        device.serial: {
            want.setting: want.value
            for want in wants(device, decision.outlooks[device.serial], policy, memory)
        }
        for device in plant.inverters
    }
    firing = sorted({view.name for view in decision.alerts if view.state == "firing"})
    said = []
    for part in _parts(expected):
        if part.startswith("alert ") or part == "no alert":
            right = part.removeprefix("alert ") in firing if part != "no alert" else not firing
            said.append(part if right else f"firing {firing}")
            continue
        serial = SECOND if part.startswith("second ") else FIRST
        name, _, word = part.removeprefix("second ").partition(" ")
        [(setting, value)] = [(name, None)] if word == "free" else _settings(name, word).items()
        has = found[serial].get(setting)
        said.append(part if has == value and type(has) is type(value) else f"{part} (not: {has!r})")
    return ", ".join(said)


def _parts(expected: str) -> list[str]:
    return re.split(r", (?![^\[{]*[\]}])", expected)


def _settings(name: str, word: str) -> Mapping[str, SettingValue]:
    known = Known(guards=GuardRules(allow_power_cut=True, allow_raw=True))
    context = Context("expected", Vault({}), known=known)
    root, _faults = parse(f"set: {{{name}: {word}}}\n".encode())
    assert isinstance(root, Table)
    found = SETS.read(root.entries["set"].node, context)
    assert not any(one.severity is Level.ERROR for one in context.findings), context.findings
    return found
