"""What would remain if the agent ended now, in sentences: the first thing an owner fears."""

from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json
from luxagent.cli.render.words import setting_text

NOTHING = "If luxagent ended now, every setting would stay as it is, and none of them waits to go home."


def remains(status: dict[str, Json]) -> list[str]:
    """One sentence for each owned setting; one in all if there is none."""
    devices = {device["serial"]: device for device in status["devices"]}
    return [_sentence(row, devices.get(row["serial"], {})) for row in status["owned"]] or [NOTHING]


def _sentence(row: dict[str, Json], device: dict[str, Json]) -> str:
    name = device.get("name") or row["serial"]
    setting, settings = row["setting"], device.get("settings", {})
    value = setting_text(setting, settings.get(setting, row["value"]))
    before = setting_text(setting, row["before"])
    if setting == "quick_charge":
        return one_line(
            f"{name}: the quick charge that {row['rule']!r} started ends by itself when its time is over."
        )
    was = "" if row["before"] is None else f" It was {before} before {row['rule']!r} took it."
    return one_line(f"{name}: {setting} would stay {value}{_until(setting, settings)}.{was}")


def _until(setting: str, settings: dict[str, Json]) -> str:
    """How far the inverter goes by itself."""
    kind, limit = settings.get("ac_charge_type"), settings.get("ac_charge_limit")
    if setting == "ac_charge" and settings.get(setting) is True and kind == "time":
        return " until someone changes it, charging in the inverter's own windows only"
    if setting == "ac_charge" and settings.get(setting) is True and limit is not None:
        return f" until someone changes it, charging up to {setting_text('ac_charge_limit', limit)}"
    return " until someone changes it"
