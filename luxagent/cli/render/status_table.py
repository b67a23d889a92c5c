"""`status` for a person: units with a bar for the battery, devices, settings, alerts, what would remain.

Draws the JSON of `status`, so that it shows a running agent's snapshot as it shows the portal's answers.
Everything that came from outside goes through `one_line` and is drawn as `Text`, which has no markup.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TextIO
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from luxagent.cli.render.console import console_for
from luxagent.cli.render.remains import HEADING, NOTHING, remains
from luxagent.cli.render.text import one_line
from luxagent.cli.render.values import Json
from luxagent.cli.render.words import UNKNOWN, age_text, alert_text, fact_text, power_text, setting_text
from luxagent.core.facts.metrics import GRIDBOSS_PREFERRED

WIDEST = 120
BAR = 30
_QUIETLY = ("Writes", "Guards")
"""Lines about the daily business; the others are about somebody's word."""
_AGE, _NOT_ASKED = "data_age_s", "not asked"
_WHO_ASKS = "No rule and no alert asks the GridBOSS; `luxagent status --fresh` does."
_IDLE_W = 20
"""Less than this is noise."""
_SEVERITY = {"critical": "bold red", "warning": "yellow", "info": "cyan"}

Status = Mapping[str, Json]


def draw(
    status: Status,
    now: datetime,
    zone: tzinfo,
    pid: int | None,
    out: TextIO,
    environ: Mapping[str, str],
    hands: Sequence[str] = (),
) -> None:
    """Draw it all. Colour only on a terminal, and not where NO_COLOR is set.

    A `zone` without a name in the list of zones is this computer's, and is named beside each time.
    """
    console = console_for(out, environ, WIDEST)
    plain = console.options.ascii_only
    console.print(_head(status, now, zone, pid))
    for unit in status["units"]:
        console.print(_unit(status, unit, plain=plain))
    if any(device["settings"] for device in status["devices"]):
        console.print(_settings(status), "", sep="\n")
    for line in hands:
        console.print(Text(line, style="dim" if line.startswith(_QUIETLY) else "yellow"))
    for part in (*_alerts(status), *_silenced(status, zone), _remains(status), *_errors(status)):
        console.print(part)


def _head(status: Status, now: datetime, zone: tzinfo, pid: int | None) -> Text:
    """Which portal, which wire, when, and whether anything is written."""
    at = datetime.fromisoformat(status["at"])
    portal = status["portal"]
    source = "asked just now" if pid is None else f"seen by the running agent (process {pid or UNKNOWN})"
    text = Text(one_line(str(portal["url"])), style="bold")
    text.append(f"  {one_line(str(portal['wire'] or 'unknown'))} wire")
    text.append(f"  {_wall(at, zone, '%H:%M:%S')}, {age_text(at, now)}, {source}", style="dim")
    if status["dry_run"]:
        text.append("  dry run", style="bold yellow")
    return text


def _wall(at: datetime, zone: tzinfo, time: str) -> str:
    """Day and time of the site; where the site's zone is unknown, this computer's by its name."""
    local = at.astimezone(zone)
    name = "" if isinstance(zone, ZoneInfo) else f" {local:%Z}"
    return f"{local:%Y-%m-%d} {local:{time}}{name}"


def _unit(status: Status, unit: Mapping[str, Json], *, plain: bool) -> Panel:
    """One unit: the battery's bar and the powers, then its devices."""
    reading = unit["reading"]
    members = [device for device in status["devices"] if device["unit"] == unit["unit"]]
    asked = not any(_was_not_asked(status, device) for device in members)
    powers = _powers(reading, UNKNOWN if asked else _NOT_ASKED)
    parts: list[RenderableType] = [_battery(reading, plain=plain), powers, "", _devices(status, members)]
    if not asked:
        parts.append(Text(_WHO_ASKS, style="dim"))
    name = one_line(str(unit["unit"]))
    title = f"Unit {name}" if len(members) > 1 else _called(members[0]) if members else name
    return Panel(Group(*parts), title=Text(title), title_align="left", box=box.ROUNDED, border_style="dim")


def _battery(reading: Mapping[str, Json], *, plain: bool) -> Text:
    """A bar for the state of charge, and where the energy goes; then what the battery itself says."""
    soc, power = reading.get("soc_pct"), reading.get("battery_power_w")
    text = Text("Battery ")
    if isinstance(soc, int | float):
        full = round(BAR * min(max(soc, 0), 100) / 100)
        on, off = ("#", "-") if plain else ("█", "░")
        text.append(on * full, style="green" if soc >= 50 else "yellow" if soc >= 20 else "red")
        text.append(f"{off * (BAR - full)} ", style="dim")
    text.append(fact_text("soc_pct", soc), style="bold")
    if isinstance(power, int | float):
        way = "resting" if abs(power) < _IDLE_W else "charging" if power > 0 else "discharging"
        text.append(f"   {way}" + ("" if way == "resting" else f" {power_text(abs(power))}"))
    more = [
        f"{label}{fact_text(key, reading[key])}" for label, key in _HEALTH if reading.get(key) is not None
    ]
    return text.append(f"\n        {', '.join(more)}", style="dim") if more else text


_HEALTH = (
    ("", "battery_voltage_v"), ("", "battery_temperature_c"), ("cells differ by ", "cell_delta_mv"),
    ("health ", "soh_pct"), ("modules ", "module_count"),
)  # fmt: skip


def _was_not_asked(status: Status, device: Mapping[str, Json]) -> bool:
    """Whether a device has told nothing since nobody asked it: a GridBOSS that no rule and no alert needs."""
    told = any(value is not None for value in device["reading"].values())
    failed = any(str(error).startswith(str(device["name"])) for error in status["errors"])
    return not told and not device["settings"] and set(device["reading"]) <= {_AGE} and not failed


def _powers(reading: Mapping[str, Json], unknown: str) -> Text:
    """Sun, house, grid, in one line. `unknown` stands for what a GridBOSS would tell."""
    text = Text()
    for label, key in (("Solar   ", "pv_power_w"), ("House ", "load_power_w")):
        text.append(label)
        value = reading.get(key)
        told = unknown if value is None and key in GRIDBOSS_PREFERRED else fact_text(key, value)
        text.append(f"{told}   ", style="bold")
    bought, sold = reading.get("grid_import_power_w"), reading.get("grid_export_power_w")
    text.append("Grid ")
    if reading.get("grid") == "down":
        text.append("down", style="bold red")
    elif bought is None or sold is None:
        text.append(unknown, style="bold")
    elif max(bought, sold) < _IDLE_W:
        text.append("idle", style="bold")
    else:
        text.append(f"{power_text(max(bought, sold))} {'bought' if bought >= sold else 'sold'}", style="bold")
    today = [
        f"{label} {fact_text(key, reading[key])}" for label, key in _TODAY if reading.get(key) is not None
    ]
    return text.append(f"\nToday   {', '.join(today)}", style="dim") if today else text


_TODAY = (
    ("solar", "pv_energy_today_kwh"), ("house", "load_energy_today_kwh"),
    ("bought", "import_energy_today_kwh"), ("sold", "export_energy_today_kwh"),
)  # fmt: skip


_COLUMNS: tuple[tuple[str, str], ...] = (
    ("SOC", "soc_pct"), ("battery", "battery_power_w"), ("solar", "pv_power_w"),
    ("temp.", "inverter_temperature_c"), ("says", "status"), ("age", _AGE),
)  # fmt: skip


def _devices(status: Status, members: list[Mapping[str, Json]]) -> Table:
    table = _table("device", "model")
    for label, _ in _COLUMNS:
        table.add_column(label, justify="left" if label == "says" else "right")
    for device in members:
        reading = device["reading"]
        cells = [Text(_short(key, reading)) for _, key in _COLUMNS]
        if _was_not_asked(status, device):
            cells[-1] = Text(_NOT_ASKED)
        online = device["online"]
        name = Text(_called(device), style="red" if online is False else "default")
        table.add_row(name, Text(one_line(str(device["model"]))), *cells)
    return table


def _short(key: str, reading: Mapping[str, Json]) -> str:
    return fact_text(key, reading[key]) if key in reading else ""


def _settings(status: Status) -> Table:
    """Settings as rows, inverters as columns. What a rule has moved carries a mark."""
    inverters = [device for device in status["devices"] if device["settings"]]
    owned = {(row["serial"], row["setting"]): row for row in status["owned"]}
    table = _table("setting", *(_called(device) for device in inverters))
    for name in sorted({name for device in inverters for name in device["settings"]}):
        cells = []
        for device in inverters:
            cell = Text(setting_text(name, device["settings"][name]) if name in device["settings"] else "")
            row = owned.get((device["serial"], name))
            if row is not None:
                cell.append("  ").append(one_line(f"by {row['rule']}"), style="bold magenta")
            cells.append(cell)
        table.add_row(Text(name), *cells)
    return table


def _alerts(status: Status) -> list[Text]:
    lines = []
    for alert in status["alerts"]:
        text = Text(
            one_line(f"{alert['severity']} {alert['state']}"), style=_SEVERITY.get(alert["severity"], "")
        )
        words = alert["message"] or alert["device"]
        text.append("  ").append(
            one_line(f"{alert['name']}: {words}" if words else alert["name"]), style="default"
        )
        lines.append(text)
    return lines


def _silenced(status: Status, zone: tzinfo) -> list[Text]:
    """What nobody hears of just now, by people's word. It counts for alerts that are quiet, too."""
    lines = []
    for row in status.get("silenced", ()):
        until = _wall(datetime.fromisoformat(row["until"]), zone, "%H:%M")
        name = one_line(str(row["name"]))
        words = f"is silent until {until}; `luxagent silence {name} off` ends that"
        lines.append(Text(f"{alert_text(name)} {words}", style="yellow"))
    return lines


def _remains(status: Status) -> Text:
    lines = remains(status)
    if lines == [NOTHING]:
        return Text(NOTHING, style="dim")
    return Text(f"{HEADING}\n", style="bold").append(
        "\n".join(f"  {line}" for line in lines), style="default"
    )


def _errors(status: Status) -> list[Text]:
    return [Text(one_line(str(error)), style="red") for error in status["errors"]]


def _called(device: Mapping[str, Json]) -> str:
    name, serial = one_line(str(device["name"])), one_line(str(device["serial"]))
    return serial if name in ("", serial) else f"{name} ({serial})"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(Text(column))
    return table
