"""What to write so that the inverter ends a forced charge or discharge by itself, with or without luxagent.

Only where that comes to the same while luxagent runs: windows of the inverter's own that hold every minute in
which the rule can, or a quick charge as long as a cron window. Else nothing is offered.
"""

from collections.abc import Iterator

from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint_remarks import Setter, Study
from luxagent.core.policy.lint_ways import Way
from luxagent.core.values.units import format_duration
from luxagent.core.values.windows import DAY_MIN

MOST_WINDOWS = 3
_DAY = (1 << DAY_MIN) - 1
_LONGEST_QUICK_CHARGE_S = 86_400
_SHAPE_A_CHARGE = ("ac_charge_power", "ac_charge_limit")
"""What a quick charge would not go by."""


def own_end(about: Study, setter: Setter, switch: str, windows: str) -> str:
    """The lines to write in place of, or beside, the switch; empty where nothing comes to the same."""
    ways = [way for way in setter.ways or () if not way.never]
    if setter.rule is None or not ways:
        return ""
    if switch == "ac_charge" and (length_s := _cron_s(ways)):
        shaped = any(about.value(setter, name) is not None for name in _SHAPE_A_CHARGE)
        return "" if shaped else f"quick_charge: {format_duration(length_s)} in place of ac_charge"
    spans = _spans(ways)
    if not spans:
        return ""
    by_time = switch != "ac_charge" or about.value(setter, "ac_charge_type") == "time"
    lines = [*([] if by_time else ["ac_charge_type: time"]), f"{windows}: [{', '.join(spans)}]"]
    return ", ".join(lines)


def _cron_s(ways: list[Way]) -> float:
    """How long the cron windows are that the rule hangs on, where all are equally long; else 0."""
    lengths = {
        next((part.leaf.lasting_s for part in way.parts if isinstance(part.leaf, c.CronIn) and part.holds), 0)
        for way in ways
    }
    length = lengths.pop()
    return length if not lengths and length <= _LONGEST_QUICK_CHARGE_S and length % 60 == 0 else 0


def _spans(ways: list[Way]) -> list[str]:
    """The minutes of the day in which the rule can hold, as few windows; empty where they would not do."""
    minutes = 0
    for way in ways:
        if any(_wanders(part.leaf) for part in way.parts):
            return []
        for day in range(7):
            minutes |= way.possible.week >> (day * DAY_MIN) & _DAY
    if minutes in (0, _DAY):
        return []
    started = minutes & ~(minutes << 1 | minutes >> (DAY_MIN - 1))
    ended = minutes & ~(minutes >> 1 | (minutes & 1) << (DAY_MIN - 1))
    if started.bit_count() > MOST_WINDOWS:
        return []
    shut = (~minutes & minutes + 1).bit_length() - 1  # a window over midnight is one: begin beside it
    starts, ends = (sorted(_ones(edges), key=lambda m: (m - shut) % DAY_MIN) for edges in (started, ended))
    return [f"{_clock(start)} to {_clock(end + 1)}" for start, end in zip(starts, ends, strict=True)]


def _ones(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _clock(minute: int) -> str:
    minute = minute if minute == DAY_MIN else minute % DAY_MIN
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _wanders(leaf: c.Condition) -> bool:
    """Whether its times differ from day to day of the year, as the sun does."""
    return isinstance(leaf, c.SunIs) or (
        isinstance(leaf, c.TimeIn) and any(window.needs_sun for window in leaf.windows)
    )
