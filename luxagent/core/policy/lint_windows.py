"""What the inverter's own windows, as a file gives them, leave out of a rule's time. For lint alone."""

from luxagent.core.policy.lint_remarks import Setter, Study
from luxagent.core.values.windows import DAY_MIN, Edge, Window


def left_out(about: Study, setter: Setter, name: str) -> str:
    """That a rule holds at times which these windows leave out; empty where it does not.

    Silent where readings alone decide, as in the baseline: there the windows may be meant to narrow it.
    """
    windows = about.value(setter, name)
    if setter.rule is None or setter.ways is None or not isinstance(windows, tuple):
        return ""
    inside = about.almanac.windows(tuple(map(_clock_window, windows))).certain
    if any(not way.possible.always and not way.possible.within(inside) for way in setter.ways):
        return f"this rule holds at times that {name} ({', '.join(windows)}) leave out; nothing flows then"
    return ""


def _clock_window(written: str) -> Window:
    """A window of the inverter as the core keeps it: "23:30-05:30"."""
    start, end = (int(text[:2]) * 60 + int(text[3:5]) for text in written.split("-"))
    return Window(Edge(start), Edge(end or DAY_MIN))
