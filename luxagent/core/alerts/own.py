"""The alerts of the file, looked at for one device. Called by `decide`.

An alert about cells is looked at for every battery module by itself. It begins while all of its condition
holds, and ends when the cells have come together: that the battery has left the region in which their spread
means something (its SOC, its current) says nothing about the cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from luxagent.core.alerts.life import Alarm, AlertsOfTick, Hour, Sight, step
from luxagent.core.alerts.texts import FileSpeaker, peak_of
from luxagent.core.events import RuleFailed, RuleKnown
from luxagent.core.memory import Memory
from luxagent.core.plant.bank import with_module
from luxagent.core.plant.device import Device, Kind
from luxagent.core.plant.reading import Module
from luxagent.core.policy.policy import CompiledAlert, Policy
from luxagent.core.policy.rules import AlertRule
from luxagent.core.policy.scene import Scene
from luxagent.core.values.tri import Tri


@dataclass(frozen=True, slots=True)
class Spot:
    """A device, or one battery module of it, and what it reports."""

    device: Device
    scene: Scene
    module: Module | None = None

    @property
    def part(self) -> str:
        return self.module.key if self.module is not None else ""


def look_at(
    device: Device,
    scene: Scene,
    modules: Sequence[Module],
    memory: Memory,
    policy: Policy,
    holding: tuple[str, ...] = (),
    *,
    first: bool = True,
    leads: bool = True,
) -> AlertsOfTick:
    """Every alert of the file for one device. `modules` are those that count as this inverter's.

    What asks no device anything is looked at for the `first` alone, what only a GridBOSS tells for the one
    that `leads` those behind it; what began for another one ends there.
    """
    out = AlertsOfTick()
    hour = Hour(scene.moment.at, memory, policy.bridge_s)
    spots: list[Spot] | None = None
    for compiled in policy.alerts:
        rule = compiled.alert
        if rule.devices and device.serial not in rule.devices:
            continue
        if device.kind is Kind.GRIDBOSS and not compiled.for_gridboss:
            continue
        elsewhere = (compiled.of_none and not first) or (compiled.of_gridboss and not leads)
        if elsewhere and not _is_open(rule, device, memory):
            continue
        if compiled.of_cells and spots is None:
            spots = list(_module_spots(device, scene, modules, memory))
        mine = spots if compiled.of_cells and spots else [Spot(device, scene)]
        alarm = _alarm(rule)
        for spot in _with_left_over(mine, compiled, device, scene, memory):
            step(alarm, _sight(compiled, spot, hour, policy, holding, out), hour, out)
    for spot in spots or ():
        out.events += spot.scene.moved
    return out


def _alarm(rule: AlertRule) -> Alarm:
    return Alarm(rule.name, rule.severity, rule.for_s, rule.repeat_s, rule.notify)


def _module_spots(device: Device, scene: Scene, modules: Sequence[Module], memory: Memory) -> Iterator[Spot]:
    for module in modules:
        who = f"{device.serial}/{module.key}"
        values = with_module(scene.values, module)
        timers, latched = memory.timers.get(who, {}), memory.latched.get(who, {})
        yield Spot(device, scene.of_part(who, values, timers, latched), module)


def _with_left_over(
    spots: Sequence[Spot], compiled: CompiledAlert, device: Device, scene: Scene, memory: Memory
) -> Iterator[Spot]:
    """The spots, and the device itself where an alert of it is still open from when no module was listed.

    A module that is not listed just now is unknown: it is not looked at, so it stays as it was.
    """
    yield from spots
    lives: Mapping[str, object] = memory.watch.alerts.get(compiled.alert.name, {})
    if spots and spots[0].module is not None and device.serial in lives:
        yield Spot(device, scene)


def _sight(
    compiled: CompiledAlert,
    spot: Spot,
    hour: Hour,
    policy: Policy,
    holding: tuple[str, ...],
    out: AlertsOfTick,
) -> Sight:
    scene = spot.scene
    speaker = FileSpeaker(
        compiled, spot.device, spot.module, scene, policy.calendar.zone, holding, policy.dry_run
    )
    truth = _judged(compiled, scene, hour, out)
    peak = peak_of(compiled.alert.when, scene) if truth is True else None
    return Sight(truth, speaker, spot.device.serial, spot.part, peak=peak)


def _judged(compiled: CompiledAlert, scene: Scene, hour: Hour, out: AlertsOfTick) -> Tri:
    """Whether it holds; one that cannot be worked out is unknown, and told of once."""
    slot, broken = f"alert {compiled.alert.name}", hour.memory.watch.broken.get(scene.who, {})
    try:
        truth = compiled.judge(scene)
        if compiled.cells is not None:
            apart = compiled.cells(scene)
            if truth is False and apart is not False and _is_firing(compiled, scene, hour):
                truth = None
    except Exception as error:  # noqa: BLE001 - one poisoned alert must not stop the others
        words = f"{type(error).__name__}: {error}"
        if broken.get(slot) != words:
            out.events.append(RuleFailed(hour.now, scene.who, slot, words))
        return None
    if slot in broken:
        out.events.append(RuleKnown(hour.now, scene.who, slot))
    return truth


def _is_open(rule: AlertRule, device: Device, memory: Memory) -> bool:
    return device.serial in memory.watch.alerts.get(rule.name, {})


def _is_firing(compiled: CompiledAlert, scene: Scene, hour: Hour) -> bool:
    life = hour.memory.watch.alerts.get(compiled.alert.name, {}).get(scene.who)
    return life is not None and life.state == "firing"
