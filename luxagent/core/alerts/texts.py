"""What an alert of the file says. Templates name metrics by their names in the file, and a module's facts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from luxagent.core.alerts.life import Peak, Words
from luxagent.core.facts.metrics import FAULTS_KEY, METRICS, METRICS_BY_KEY, WORD_FACTS
from luxagent.core.plant.device import Device
from luxagent.core.plant.reading import Module, Value
from luxagent.core.policy.conditions import All, Compare, Condition, Op
from luxagent.core.policy.policy import CompiledAlert
from luxagent.core.policy.scene import Scene
from luxagent.core.values.units import format_duration, format_quantity
from luxagent.core.watch import AlertLife

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")

MODULE_WORDS = ("battery", "cell_max_number", "cell_min_number")
DEVICE_WORDS = ("device", "serial", "model", "plant", "faults")


def placeholders(template: str) -> frozenset[str]:
    """The names a template uses."""
    return frozenset(_PLACEHOLDER.findall(template))


def known_placeholders() -> frozenset[str]:
    """Every name a template may use."""
    return frozenset({*METRICS, *WORD_FACTS, *MODULE_WORDS, *DEVICE_WORDS})


def where(device: Device | None) -> str:
    """Plant and device as people call them."""
    if device is None:
        return ""
    name = device.name or device.serial
    return name if not device.plant else f"{device.plant}, {name}"


def placed(device: Device | None, text: str) -> str:
    """The text with its place before it."""
    found = where(device)
    return f"{found}: {text}" if found else text


def since_line(since: datetime, now: datetime, zone: tzinfo) -> str:
    """Since when, in the site's time."""
    lasted = (now - since).total_seconds()
    ago = f", for {format_duration(lasted)}" if lasted >= 60 else ""
    return f"Since {since.astimezone(zone):%Y-%m-%d %H:%M}{ago}."


def over_line(life: AlertLife, now: datetime, place: str) -> str:
    """How long it lasted, and what it was."""
    lasted = format_duration((now - life.since).total_seconds())
    was = life.detail.removeprefix(f"{place}: ")
    return f"{place}: over after {lasted}. It was: {was}" if place else f"Over after {lasted}. It was: {was}"


@dataclass(frozen=True, slots=True)
class FileSpeaker:
    """The words of one alert of the file for one device or module."""

    compiled: CompiledAlert
    device: Device
    module: Module | None
    scene: Scene
    zone: tzinfo
    rules: tuple[str, ...] = ()
    """Rules that hold there."""
    dry_run: bool = False

    def started(self, since: datetime) -> Words:
        """The file's words filled in, or what was seen; since when; what luxagent does about it."""
        template, seen = self.compiled.alert.message, self.compiled.explain(self.scene).text()
        if template:
            line = placed(self.device, _fill(template, self.device, self.module, self.scene))
        else:
            named = f"{self.module.key}: {seen}" if self.module is not None else seen
            line = placed(self.device, named)
        more = [f"Seen: {seen}."] if template else []
        more += [since_line(since, self.scene.moment.at, self.zone), self._doing()]
        return Words(line, tuple(more))

    def ended(self, life: AlertLife) -> Words:
        """How long it lasted, what it was, and how far it went."""
        line = over_line(life, self.scene.moment.at, where(self.device))
        metric = leading_metric(self.compiled.alert.when)
        if life.peak is None or metric is None:
            return Words(line)
        row = METRICS_BY_KEY[metric[0]]
        return Words(line, (f"At worst: {row.name} {format_quantity(life.peak, row.unit)}.",))

    def _doing(self) -> str:
        if not self.rules:
            return "No rule holds; luxagent only tells you."
        names = ", ".join(f'"{name}"' for name in self.rules)
        dry = " (dry run: nothing is written)" if self.dry_run else ""
        return f"luxagent goes by {names}{dry}."


def leading_metric(condition: Condition) -> tuple[str, bool] | None:
    """The metric that an alert is about, the first it compares, and whether higher is worse."""
    if isinstance(condition, Compare):
        if condition.metric not in METRICS_BY_KEY:
            return None
        return condition.metric, condition.op in (Op.ABOVE, Op.AT_LEAST)
    if isinstance(condition, All):
        return next((found for part in condition.parts if (found := leading_metric(part)) is not None), None)
    return None


def peak_of(condition: Condition, scene: Scene) -> Peak | None:
    """How far the value went that an alert is about."""
    metric = leading_metric(condition)
    value = scene.values.get(metric[0]) if metric is not None else None
    if metric is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Peak(float(value), metric[1])


def _fill(template: str, device: Device, module: Module | None, scene: Scene) -> str:
    worst = module or worst_module(device.modules)

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in METRICS:
            found = scene.values.get(METRICS[name].key)
            return _number_text(found, name)
        if name == "faults":
            return _words(scene.values.get(FAULTS_KEY))
        if name in WORD_FACTS:
            return _words(scene.values.get(name))
        facts: dict[str, object] = {
            "battery": worst.key if worst else None,
            "cell_max_number": worst.cell_max_number if worst else None,
            "cell_min_number": worst.cell_min_number if worst else None,
            "device": device.name or device.serial,
            "serial": device.serial,
            "model": device.model,
            "plant": device.plant,
        }
        if name not in facts:
            return match[0]
        return "unknown" if facts[name] is None else str(facts[name])

    return _PLACEHOLDER.sub(value, template)


def worst_module(modules: Sequence[Module]) -> Module | None:
    """The module whose cells lie furthest apart."""
    known = [module for module in modules if module.cell_delta_mv is not None]
    return max(known, key=lambda module: module.cell_delta_mv or 0.0, default=None)


def _number_text(value: Value, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "unknown"
    return format_quantity(value, METRICS[name].unit)


def _words(value: Value) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
