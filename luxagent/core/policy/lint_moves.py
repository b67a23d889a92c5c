"""Lint about rules that work against themselves: they move the very value they wait for."""

from collections.abc import Iterator, Mapping
from math import inf

from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_forces import FORCES, first_stop
from luxagent.core.policy.lint_ranges import FALLING
from luxagent.core.policy.lint_reach import beyond, step
from luxagent.core.policy.lint_remarks import Remark, Setter, Sort, Study
from luxagent.core.policy.words import metric_name, quantity

_UP, _DOWN = 1, -1
_NEARLY_FULL_PCT = 95.0
_LEAST_GAP_PCT = 5.0
"""Less SOC than this between taking and letting go is switched through in minutes."""
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
                _mended(leaf, _soc_stop(about, setter, name), holds=holds),
            )


def _soc_stop(about: Study, setter: Setter, switch: str) -> tuple[float, str]:
    """Where the inverter by itself stops what this switch forces; beyond any SOC where it does not."""
    force = next((one for one in FORCES if one.switch == switch), None)
    return (inf, "") if force is None else first_stop(about, setter, force, sure=False)


def _mended(leaf: c.Compare | c.Between, stop: tuple[float, str], *, holds: bool) -> str:
    name = leaf.metric
    if isinstance(leaf, c.Between):
        if leaf.low.metric is not None or leaf.high.metric is not None:
            return "say with a margin how far beyond it lets go"
        ends = " and ".join(quantity(name, bound.constant) for bound in (leaf.low, leaf.high))
        margin = quantity(name, step(name, leaf.high.constant) / 3)
        return f"widen it for leaving: between {ends} margin {margin}"
    if leaf.bound.metric is not None:
        return "say until where it lets go"
    rising = (leaf.op in FALLING) is not holds
    at = leaf.bound.constant
    until = beyond(name, at, up=not rising)
    if name == "soc_pct" and rising and at + step(name, at) <= _NEARLY_FULL_PCT:
        until, at = at, beyond(name, at, up=True)  # what somebody discharges down to is not to be undercut
    if name == "soc_pct" and stop[1]:
        until = max(until, stop[0]) if rising else min(until, stop[0])
        if (at - until if rising else until - at) < _LEAST_GAP_PCT:
            away = "lower" if rising else "higher"
            return f"say until where it lets go; {stop[1]} ({stop[0]:g} %) has to be {away} for that"
    how = f"{'above' if rising else 'below'} {quantity(name, at)} until {quantity(name, until)}"
    return f"say until where it lets go, like {how}"
