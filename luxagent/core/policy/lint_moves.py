"""Lint about rules that work against themselves: they move the value they wait for, or ask for both ways."""

from collections.abc import Iterator, Mapping

from luxagent.core.facts.settings import FORCES_CHARGE, FORCES_DISCHARGE, SettingValue
from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_ranges import FALLING, physical
from luxagent.core.policy.lint_remarks import Remark, Sort, Study
from luxagent.core.policy.words import metric_name, quantity

_UP, _DOWN = 1, -1
_CHARGING = {
    **dict.fromkeys(("soc_pct", "battery_voltage_v", "battery_power_w", "battery_current_a"), _UP),
    **dict.fromkeys(("cell_max_mv", "cell_min_mv"), _UP),
    "grid_export_power_w": _DOWN,
}
_FROM_THE_GRID = {**_CHARGING, "grid_import_power_w": _UP}
_DISCHARGING = {metric: -way for metric, way in _FROM_THE_GRID.items()}
_LESS_IMPORT = {"grid_import_power_w": _DOWN}
_LESS_EXPORT = {"grid_export_power_w": _DOWN}

_MOVES: dict[tuple[str, bool], Mapping[str, int]] = {
    ("ac_charge", True): _FROM_THE_GRID,
    ("quick_charge", True): _FROM_THE_GRID,
    ("forced_charge", True): _CHARGING,
    ("forced_discharge", True): _DISCHARGING,
    ("ac_charge", False): _LESS_IMPORT,
    ("peak_shaving", True): _LESS_IMPORT,
    ("export", False): _LESS_EXPORT,
}
"""A switch and where it is turned: the metrics that follow, and which way they go."""
_CAPS = {"ac_charge_power": "grid_import_power_w", "export_limit": "grid_export_power_w"}
"""Numbers that hold a metric down."""


def moved_by(sets: Mapping[str, SettingValue]) -> dict[str, tuple[int, str]]:
    """The metrics that these settings move: which way, and by which setting."""
    found: dict[str, tuple[int, str]] = {}
    for name, value in sets.items():
        for metric, way in _MOVES.get((name, value is not False), {}).items():
            found.setdefault(metric, (way, name))
        if name in _CAPS:
            found.setdefault(_CAPS[name], (_DOWN, name))
    return found


def turns_away(leaf: c.Condition, moved: Mapping[str, tuple[int, str]], *, holds: bool = True) -> str | None:
    """The setting that moves a compared metric out of its bounds; None where none does."""
    if isinstance(leaf, c.Between) and leaf.metric in moved:
        return moved[leaf.metric][1] if holds else None
    if not isinstance(leaf, c.Compare) or leaf.metric not in moved:
        return None
    way, name = moved[leaf.metric]
    falling = (leaf.op in FALLING) is holds
    return name if (way == _UP) is falling else None


def no_until(about: Study) -> Iterator[Remark]:
    """A threshold without hysteresis on a value that the rule itself moves."""
    for setter in about.rules:
        moved = moved_by(setter.sets)
        seen = {(part.leaf, part.holds) for way in setter.ways or () for part in way.parts} if moved else ()
        for leaf, holds in sorted(seen, key=repr):
            name = turns_away(leaf, moved, holds=holds)
            if name is None or not isinstance(leaf, c.Compare | c.Between):
                continue
            if (leaf.margin > 0) if isinstance(leaf, c.Between) else leaf.until is not None:
                continue
            word = metric_name(leaf.metric)
            yield Remark(
                Sort.NO_UNTIL,
                (setter.where[0], setter.where[1], "when", word),
                f"this rule itself moves {word} (by {name}), so it would switch on and off around one value",
                _mended(leaf, holds=holds),
            )


def _mended(leaf: c.Compare | c.Between, *, holds: bool) -> str:
    if isinstance(leaf, c.Between):
        return "widen it for leaving: between 20% and 60% margin 5%"
    if leaf.bound.metric is not None:
        return "say until where it lets go"
    rising = (leaf.op in FALLING) is not holds
    at = leaf.bound.constant
    until = min(max(at * (0.8 if rising else 1.25), physical(leaf.metric).low), physical(leaf.metric).high)
    how = f"{'above' if rising else 'below'} {quantity(leaf.metric, at)} until {quantity(leaf.metric, until)}"
    return f"say until where it lets go, like {how}"


def conflict(about: Study) -> Iterator[Remark]:
    """A rule with the baseline below it that asks for what the guards never let through."""
    for setter in about.setters:
        charge = next((name for name in FORCES_CHARGE if _on(about.sure_value(setter, name))), None)
        drain = next((name for name in FORCES_DISCHARGE if _on(about.sure_value(setter, name))), None)
        if charge and drain and (charge in setter.sets or drain in setter.sets):
            own = drain if drain in setter.sets else charge
            yield Remark(
                Sort.CONFLICT,
                (*setter.where, own),
                f"{charge} and {drain} would be on together, which is never written",
                f"set {charge if own == drain else drain}: off beside it",
            )
        stop = about.sure_value(setter, "charge_limit")
        for name in ("discharge_floor", "forced_discharge_floor"):
            floor = about.sure_value(setter, name)
            both = isinstance(stop, float) and isinstance(floor, float) and stop < floor < 100
            if both and (name in setter.sets or "charge_limit" in setter.sets):
                yield Remark(
                    Sort.CONFLICT,
                    (*setter.where, name if name in setter.sets else "charge_limit"),
                    f"{name} ({floor:g} %) is above charge_limit ({stop:g} %), which is never written",
                    "a floor stays below the stop; 100 % alone is allowed, to hold the battery",
                )


def _on(value: SettingValue | None) -> bool:
    return value is not None and value is not False
