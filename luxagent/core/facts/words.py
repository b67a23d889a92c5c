"""A setting's value in words and units: what journal, alerts and messages show."""

from luxagent.core.facts.settings import SettingValue, describe
from luxagent.core.values.units import format_quantity


def value_text(setting: str, value: SettingValue | None) -> str:
    """A setting's value for people: "60 %", "on", "23:30-05:30"."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, str):
        return value
    try:
        return format_quantity(value, describe(setting).unit)
    except KeyError:  # a setting of another version
        return f"{value:g}"
