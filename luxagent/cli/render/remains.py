"""What would remain if the agent ended now, in sentences: the first thing an owner fears."""

from datetime import UTC, datetime, tzinfo

from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json
from luxagent.core.control.residual import residual, was
from luxagent.core.facts.settings import SettingValue
from luxagent.core.memory import Owned

NOTHING = "If luxagent ended now, every setting would stay as it is, and none of them waits to go home."


def remains(status: dict[str, Json], zone: tzinfo = UTC) -> list[str]:
    """One sentence for each owned setting; one in all if there is none. `zone` is the site's."""
    devices = {device["serial"]: device for device in status["devices"]}
    at, wire = datetime.fromisoformat(status["at"]), status["portal"]["wire"] or ""
    rows = status["owned"]
    return [_sentence(row, devices.get(row["serial"], {}), at, wire, zone) for row in rows] or [NOTHING]


def _sentence(row: dict[str, Json], device: dict[str, Json], at: datetime, wire: str, zone: tzinfo) -> str:
    """A row of what is owned, in the words of the core."""
    setting = row["setting"]
    settings = {name: _value(value) for name, value in device.get("settings", {}).items()}
    taken_at = datetime.fromisoformat(row["taken_at"])
    owned = Owned(_value(row["before"]), row["rule"], taken_at, _value(row["value"]) or False)
    have = settings.get(setting)
    local = at.astimezone(zone)
    rest = residual(
        setting,
        owned.value if have is None and setting != "quick_charge" else have,
        settings,
        wire=wire,
        owned=owned,
        minute=local.hour * 60 + local.minute,
        now=at,
    )
    return one_line(f"{device.get('name') or row['serial']}: {rest.words}{was(setting, owned)}.")


def _value(value: Json) -> SettingValue | None:
    found: SettingValue | None = tuple(value) if isinstance(value, list) else value
    return found
