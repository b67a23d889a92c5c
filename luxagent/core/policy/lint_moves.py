"""Lint about rules that work against themselves: they move the very value they wait for."""

from collections.abc import Iterator, Mapping

from luxagent.core.facts.settings import SettingValue
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
