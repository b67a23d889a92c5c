"""One tick as people see it: what the agent read, and how each rule stands.

Everything here is what came over HTTP, not what the house knows of itself; None is unknown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from luxagent.agent.tick import TickReport
from luxagent.cli.render.text import one_line
from luxagent.core.plant.units import unit_reading
from luxagent.core.policy.policy import Policy
from luxagent.core.values.units import Unit, format_quantity


@dataclass(frozen=True, slots=True)
class View:
    """The plant's powers as the agent read them."""

    at: datetime
    soc_pct: float | None = None
    pv_w: float | None = None
    load_w: float | None = None
    import_w: float | None = None
    export_w: float | None = None
    battery_w: float | None = None
    """Plus is charging."""
    cell_delta_mv: float | None = None
    grid_up: bool | None = None


@dataclass(frozen=True, slots=True)
class RuleView:
    """What one rule is doing."""

    name: str
    stands: Literal["holds", "waits", "in doubt"]
    since: datetime | None
    because: str


def view_of(report: TickReport) -> View:
    """The first unit of the plant; the demo's house has one."""
    inverters = report.plant.inverters
    if not inverters:
        return View(report.moment.at)
    reading = unit_reading(report.plant, inverters[0].unit)
    grid = reading.get("grid")
    return View(
        at=report.moment.at,
        soc_pct=reading.number("soc_pct"),
        pv_w=reading.number("pv_power_w"),
        load_w=reading.number("load_power_w"),
        import_w=reading.number("grid_import_power_w"),
        export_w=reading.number("grid_export_power_w"),
        battery_w=reading.number("battery_power_w"),
        cell_delta_mv=reading.number("cell_delta_mv"),
        grid_up=None if grid is None else grid == "up",
    )


def rules_of(report: TickReport, policy: Policy) -> list[RuleView]:
    """Every rule in the order of the file."""
    outlook = next(iter(report.decision.outlooks.values()), None)
    if outlook is None:
        return []
    views = []
    for compiled in policy.rules:
        name, standing = compiled.rule.name, outlook.of(compiled.rule.scope)
        because = one_line(standing.because(compiled))
        if standing.holds(name):
            views.append(RuleView(one_line(name), "holds", standing.since(name), because))
        elif standing.doubtful(name):
            views.append(RuleView(one_line(name), "in doubt", None, because))
        else:
            views.append(RuleView(one_line(name), "waits", None, because))
    return views


def power(watts: float | None) -> str:
    """Watts for people, in kW wherever a tenth of one shows."""
    if watts is None:
        return "unknown"
    return f"{watts / 1000:.1f} kW" if abs(watts) >= 50 else f"{watts:.0f} W"


def percent(value: float | None) -> str:
    """A state of charge for people."""
    return "unknown" if value is None else f"{value:.0f} %"


def grid_words(view: View) -> str:
    """The grid in two words: which way, and how much."""
    if view.grid_up is False:
        return "OUTAGE"
    bought, sold = view.import_w or 0.0, view.export_w or 0.0
    if view.import_w is None and view.export_w is None:
        return "unknown"
    if bought >= 50:
        return f"buying {power(bought)}"
    return f"selling {power(sold)}" if sold >= 50 else "idle"


def battery_words(view: View) -> str:
    """The battery's power in two words."""
    if view.battery_w is None:
        return "unknown"
    if abs(view.battery_w) < 50:
        return "resting"
    return f"{'charging' if view.battery_w > 0 else 'giving'} {power(abs(view.battery_w))}"


def cells(view: View) -> str:
    """How far the cells differ."""
    return "unknown" if view.cell_delta_mv is None else format_quantity(view.cell_delta_mv, Unit.MV)
