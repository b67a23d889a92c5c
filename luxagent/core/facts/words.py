"""A setting's value in words and units: what journal, alerts and messages show."""

from luxagent.core.facts.settings import SETTINGS, SettingValue, describe
from luxagent.core.values.units import format_quantity


def value_text(setting: str, value: SettingValue | None, unknown: str = "?") -> str:
    """A setting's value for people: "60 %", "on", "23:30-05:30"."""
    if value is None:
        return unknown
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


def beyond_wire_text(setting: str, wire: str) -> tuple[str, str]:
    """What is said of a value that a wire cannot say, and the most that it can."""
    most = value_text(setting, SETTINGS[setting].document_high)
    return (
        f"the portal's {wire} wire takes no {setting} above {most}; this is never written",
        f"at most {most}",
    )
