"""What an alert says. Templates may name any metric by its file name, and the facts of the worst module."""

import re
from datetime import datetime

from luxagent.core.facts.metrics import FAULTS_KEY, METRICS, WORD_FACTS
from luxagent.core.memory import AlertLife
from luxagent.core.plant.device import Device
from luxagent.core.plant.reading import Module, Value
from luxagent.core.policy.policy import CompiledAlert
from luxagent.core.policy.scene import Scene
from luxagent.core.values.units import format_duration, format_quantity

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")

MODULE_WORDS = ("battery", "cell_max_number", "cell_min_number")
DEVICE_WORDS = ("device", "serial", "model", "plant", "faults")


def placeholders(template: str) -> frozenset[str]:
    """The names a template uses."""
    return frozenset(_PLACEHOLDER.findall(template))


def known_placeholders() -> frozenset[str]:
    """Every name a template may use."""
    return frozenset({*METRICS, *WORD_FACTS, *MODULE_WORDS, *DEVICE_WORDS})


def started_text(compiled: CompiledAlert, device: Device, scene: Scene) -> str:
    """The message when it starts: the file's words filled in, or what was seen."""
    template = compiled.alert.message
    body = _fill(template, device, scene) if template else compiled.explain(scene).text()
    return f"{_where(device)}: {body}"


def still_text(compiled: CompiledAlert, device: Device, scene: Scene, life: AlertLife) -> str:
    """A reminder, with how long it has lasted."""
    lasted = format_duration((scene.moment.at - life.since).total_seconds())
    return f"{started_text(compiled, device, scene)} (for {lasted} now)"


def ended_text(device: Device, life: AlertLife, now: datetime) -> str:
    """The message when it ends: how long it lasted, and what it was."""
    lasted = format_duration((now - life.since).total_seconds())
    return f"{_where(device)}: over after {lasted}. It was: {life.detail.removeprefix(_where(device) + ': ')}"


def _where(device: Device) -> str:
    name = device.name or device.serial
    return name if not device.plant else f"{device.plant}, {name}"


def _fill(template: str, device: Device, scene: Scene) -> str:
    worst = worst_module(device.modules)

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


def worst_module(modules: tuple[Module, ...]) -> Module | None:
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
