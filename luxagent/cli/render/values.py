"""Core values as JSON: readings, settings, modules, instants. Unknown is null."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from luxagent.core.facts.metrics import METRICS_BY_KEY, WORD_FACTS
from luxagent.core.facts.settings import SettingValue
from luxagent.core.plant.reading import Module, Value

Json = Any
"""What `json` reads and writes."""

_ORDER = {key: place for place, key in enumerate((*METRICS_BY_KEY, *WORD_FACTS))}
_YES_NO = {"yes": True, "no": False}
_FIRMWARE = ("updating", "update available", "current")
"""Where members of a group differ, the word that matters more."""
_MODULE_FIELDS = tuple(item.name for item in fields(Module))


def instant_json(at: datetime) -> str:
    """An instant in UTC, to the second: "2026-06-01T12:00:00+00:00"."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def reading_json(values: Mapping[str, Value]) -> dict[str, Json]:
    """All values of a reading by metric key or word, in the order of the catalogue."""
    return {key: fact_json(key, values[key]) for key in _in_order(tuple(values))}


@lru_cache(maxsize=64)  # the same few devices say the same things at every tick
def _in_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(keys, key=lambda key: (_ORDER.get(key, len(_ORDER)), key)))


def fact_json(key: str, value: Value) -> Json:
    """One value. `status` and `faults` are sorted lists, `online` is true or false, `quick_charge` a word."""
    if isinstance(value, float):
        return number_json(value)
    if key == "online" and isinstance(value, str):
        return _YES_NO.get(value)
    if key == "quick_charge" and isinstance(value, bool):
        return "on" if value else "off"
    if key == "firmware" and isinstance(value, frozenset):
        return next((word for word in _FIRMWARE if word in value), None)
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def number_json(value: float) -> float | None:
    """A number without the dust of arithmetic; what is not a number is unknown."""
    return round(value, 6) if math.isfinite(value) else None


def settings_json(settings: Mapping[str, SettingValue | None]) -> dict[str, Json]:
    """Settings by name, sorted."""
    return {name: setting_json(name, settings[name]) for name in sorted(settings)}


def setting_json(name: str, value: SettingValue | None) -> Json:
    """A setting's value: base units, switches true/false, modes by word, windows as a list of texts.

    Quick charge is wanted as seconds; what it comes to is on or off.
    """
    if name == "quick_charge" and value is not None:
        return value is not False
    if isinstance(value, tuple):
        return list(value)
    return number_json(value) if isinstance(value, float) else value


def modules_json(modules: Iterable[Module]) -> list[dict[str, Json]]:
    """Battery modules, every field of each."""
    return [
        {name: _plain(getattr(module, name)) for name in _MODULE_FIELDS}
        | {"cell_delta_mv": _plain(module.cell_delta_mv)}
        for module in modules
    ]


def _plain(value: Json) -> Json:
    return number_json(value) if isinstance(value, float) else value
