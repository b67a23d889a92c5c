"""What is known of the plant just now, and how every rule stands: for `plan` and `why`, which change nothing.

Beside a running agent it is what that one saw last, judged again with what it remembers; otherwise the portal
is asked, read only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.common import Common
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.render.values import Json
from luxagent.config.load import Config
from luxagent.core.control.changes import Want
from luxagent.core.control.reading_list import reading_list
from luxagent.core.control.standing import Standing, stand
from luxagent.core.control.tasks import is_task
from luxagent.core.control.wants import Outlook, wants, with_because
from luxagent.core.decide import Decision, decide
from luxagent.core.facts.reasons import Reason
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Kind, Plant
from luxagent.core.plant.freshness import believe
from luxagent.core.plant.reading import Value
from luxagent.core.policy.policy import CompiledRule, Policy
from luxagent.core.policy.rules import Rule
from luxagent.core.policy.scene import Scene
from luxagent.core.values.moment import Moment
from luxagent.errors import StateUnusable, TryLater
from luxagent.store import journal
from luxagent.store.lock import holder_pid
from luxagent.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Decided:
    """One setting of one inverter: what is wanted, by whom, and what holds it back."""

    want: Want
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The rules that are decided for one unit, or for one inverter by itself, and how they stand.

    Without those that are for none of its inverters.
    """

    standing: Standing
    rules: tuple[CompiledRule, ...]


@dataclass(frozen=True, slots=True)
class Insight:
    """The plant and the rules at one instant."""

    at: datetime
    pid: int | None
    """The running agent that saw this; None: the portal was asked just now."""
    dry_run: bool
    policy: Policy
    memory: Memory
    judged: tuple[Judged, ...]
    names: Mapping[str, str]
    """What people call each unit or serial."""
    unit_of: Mapping[str, str]
    """Serial to unit, of inverters."""
    settings: Mapping[str, tuple[Decided, ...]]
    """By serial, sorted by setting."""
    plant: Plant
    """As much of it as tells what would remain."""
    errors: tuple[str, ...] = ()


def insight(common: Common, config: Config, *, fresh: bool = False) -> Insight:
    """How things are. The file's secrets are needed only where the portal is asked. Raises LuxagentError."""
    folder = state_folder(common, config)
    memory = _memory(folder)
    pid = None if fresh else holder_pid(folder)
    if pid is not None:
        return _of_snapshot(config, folder, pid, memory)
    return _asked(load_config(common, secrets=True), memory, common.clock(), folder)


def _memory(folder: Path) -> Memory:
    try:
        return journal.look(folder)
    except StateUnusable:  # `status` and `run` say so; here the portal's word is enough
        return Memory()


def _asked(config: Config, memory: Memory, clock: Clock, folder: Path) -> Insight:
    """Ask the portal, and decide without doing anything about it."""
    policy = wiring.policy_of(config, dry_run=config.ruleset.dry_run)
    wanted = reading_list(policy, memory)
    with wiring.open_reader(config, clock, folder) as reader:
        plant = wanted.seen(reader.read(wanted.needs, wanted.settings))
    now = clock.now()
    grace = policy.guards.stale_after_s
    zone = policy.calendar.zone
    devices = tuple(
        believe(one, memory.seen.get(one.serial), now, grace, zone=zone)[0] for one in plant.devices
    )
    plant = replace(plant, devices=devices)
    decision = decide(policy.calendar.moment(now), plant, memory, policy)
    outlooks = decision.outlooks.values()
    units = {outlook.unit.who: outlook.unit for outlook in outlooks}
    own = [outlook.own for outlook in outlooks if outlook.own is not None]
    return Insight(
        now, None, policy.dry_run, policy, memory, _judged(units.values(), own, policy, plant), _names(plant),
        {device.serial: device.unit for device in plant.inverters},
        _decided(decision, policy), plant, plant.errors,
    )  # fmt: skip


def _judged(
    units: Iterable[Standing], own: Iterable[Standing], policy: Policy, plant: Plant
) -> tuple[Judged, ...]:
    """Each with the rules that are for any inverter there: one narrowed to others has nothing to say."""
    unit_of = {device.serial: device.unit for device in plant.inverters}
    pairs = [
        *((standing, policy.unit_rules, standing.who) for standing in units),
        *((standing, policy.inverter_rules, unit_of.get(standing.who, "")) for standing in own),
    ]
    found = []
    for standing, rules, unit in pairs:
        group = frozenset(device.serial for device in plant.members(unit))
        mine = group if standing.who == unit and rules is policy.unit_rules else frozenset({standing.who})
        found.append(Judged(standing, tuple(rule for rule in rules if _is_for_any(rule.rule, mine, group))))
    return tuple(found)


def _is_for_any(rule: Rule, mine: frozenset[str], group: frozenset[str]) -> bool:
    """As `wants.is_for` has it: a task is the whole group's, whichever of it is named."""
    named = group if any(is_task(name) for name in rule.sets) else mine
    return not rule.devices or not named.isdisjoint(rule.devices)


def _decided(decision: Decision, policy: Policy) -> dict[str, tuple[Decided, ...]]:
    found: dict[str, list[Decided]] = {serial: [] for serial in decision.outlooks}
    rows = [
        *((want, ()) for want in decision.unchanged),
        *((change.want, ()) for change in decision.changes),
        *((held.want, held.reasons) for held in decision.held),
    ]
    for want, reasons in rows:
        told = with_because(want, decision.outlooks[want.serial], policy)
        found[want.serial].append(Decided(told, reasons))
    return {serial: _sorted(row) for serial, row in found.items()}


def _of_snapshot(config: Config, folder: Path, pid: int, memory: Memory) -> Insight:
    """Judge what the running agent saw last again. Raises TryLater if it has seen nothing yet."""
    status = snapshot_of(folder, pid)
    policy = wiring.policy_of(config, dry_run=bool(status["dry_run"]))
    at = datetime.fromisoformat(status["at"])
    moment = policy.calendar.moment(at)
    standings: dict[str, Standing] = {}
    owns: list[Standing] = []
    for unit in status["units"]:
        scene = _scene(moment, unit["unit"], values_of(unit["reading"]), memory, policy)
        standings[unit["unit"]], _ = stand(policy.unit_rules, unit["unit"], scene, memory, policy)
    decided: dict[str, tuple[Decided, ...]] = {}
    devices = tuple(_device(row) for row in status["devices"])
    for device, row in zip(devices, status["devices"], strict=True):
        if device.kind is Kind.GRIDBOSS or device.unit not in standings:
            continue
        own = None
        if policy.inverter_rules:
            scene = _scene(moment, device.serial, values_of(row["reading"]), memory, policy)
            own, _ = stand(policy.inverter_rules, device.serial, scene, memory, policy)
            owns.append(own)
        members = frozenset(one.serial for one in devices if one.unit == device.unit)
        outlook = Outlook(standings[device.unit], own, members)
        held = memory.held.get(device.serial, {})
        decided[device.serial] = _sorted(
            Decided(
                with_because(want, outlook, policy),
                tuple(Reason(word) for word in held[want.setting].reasons) if want.setting in held else (),
            )
            for want in wants(device, outlook, policy, memory)
        )
    plant = Plant(devices, status["portal"]["wire"] or "")
    return Insight(
        at, pid, policy.dry_run, policy, memory, _judged(standings.values(), owns, policy, plant),
        _names(plant), {device.serial: device.unit for device in devices}, decided, plant,
        tuple(status["errors"]),
    )  # fmt: skip


def _scene(moment: Moment, who: str, values: Mapping[str, Value], memory: Memory, policy: Policy) -> Scene:
    """What the rules of a unit or inverter looked at."""
    flags = frozenset(name for name, until in memory.flags.items() if until is None or until > moment.at)
    timers, latched = memory.timers.get(who, {}), memory.latched.get(who, {})
    return Scene(who, moment, values, flags, timers, latched, memory.ticked_at, policy.guards.stale_after_s)


def snapshot_of(folder: Path, pid: int) -> dict[str, Json]:
    """What the running agent saw last. Raises TryLater if it has seen nothing yet."""
    status = Snapshot(folder).read()
    if status is None:
        raise TryLater(
            f"The agent (process {pid or 'unknown'}) has not seen the plant yet. Try again in a moment, "
            "or ask the portal with --fresh."
        )
    return status


def values_of(reading: Mapping[str, Json]) -> dict[str, Value]:
    """A reading as `values.reading_json` wrote it, as core values again."""
    found: dict[str, Value] = {}
    for key, value in reading.items():
        if key == "online" and isinstance(value, bool):
            found[key] = "yes" if value else "no"
        else:
            found[key] = frozenset(value) if isinstance(value, list) else value
    return found


def _device(row: Mapping[str, Json]) -> Device:
    """As much of a device as tells what is wanted of it."""
    kind = Kind.INVERTER if row["settings"] or "soc_pct" in row["reading"] else Kind.GRIDBOSS
    settings = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row["settings"].items()
    }
    return Device(row["serial"], kind, row["unit"], name=row["name"], online=row["online"], settings=settings)


def _names(plant: Plant) -> dict[str, str]:
    """A unit of one is called like its inverter."""
    names = {device.unit: device.unit for device in plant.inverters}
    for device in plant.inverters:
        names[device.serial] = device.name or device.serial
    return names


def _sorted(rows: Iterable[Decided]) -> tuple[Decided, ...]:
    return tuple(sorted(rows, key=lambda row: row.want.setting))
