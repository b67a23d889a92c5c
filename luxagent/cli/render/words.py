"""JSON values of a reading or a setting in words and units, for people."""

from datetime import datetime, timedelta

from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json, setting_json
from luxagent.core.alerts.life import EVERYTHING
from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.facts.settings import SettingValue, describe
from luxagent.core.values.units import Unit, format_duration, format_quantity

UNKNOWN = "?"


def fact_text(key: str, value: Json) -> str:
    """A value of a reading: "53.1 V", "2.1 kW", "charging, normal"."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return one_line(", ".join(map(str, value))) or "none"
    row = METRICS_BY_KEY.get(key)
    if row is not None and isinstance(value, int | float):
        if row.unit is Unit.W:
            return power_text(value)
        return format_quantity(round(value, 1) if row.unit is Unit.PCT else value, row.unit)
    return one_line(str(value))


def power_text(watts: float) -> str:
    """A measured power, whose fractions of a watt mean nothing: "240 W", "2.13 kW"."""
    return format_quantity(round(watts), Unit.W)


def setting_text(name: str, value: Json) -> str:
    """A setting's value: "on", "80 %", "4 kW", "23:30-05:30"."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return one_line(", ".join(map(str, value))) or "none"
    if isinstance(value, int | float):
        try:
            return format_quantity(value, describe(name).unit)
        except KeyError:  # a setting of another version
            return f"{value:g}"
    return one_line(str(value))


def value_text(name: str, value: SettingValue | None) -> str:
    """The same, from a setting's own value; a quick charge is on or off."""
    return setting_text(name, setting_json(name, value))


def alert_text(name: str) -> str:
    """An alert that a person may silence, at the beginning of a sentence."""
    return "Every alert" if name == EVERYTHING else f"The alert {name!r}"


def age_text(at: datetime, now: datetime) -> str:
    """How long ago: "2 s ago"."""
    passed = now - at
    if passed < timedelta(seconds=1):
        return "just now"
    return f"{format_duration(passed.total_seconds())} ago"
