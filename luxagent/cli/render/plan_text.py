"""`plan` for a person: a lane for each rule over the hours of the day, then what each would set, in order.

Full blocks are sure, shaded ones hang on a reading that is named below. Where output is piped there is no
colour, and the same text.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TextIO

from rich.console import Console
from rich.text import Text

from luxagent.cli.render.console import console_for
from luxagent.cli.render.lanes import HALVES, Axis, Level, axes, cell, fill, walls
from luxagent.cli.render.plan_words import Plan, absent, baseline, remaining, seen, windows
from luxagent.cli.render.text import one_line
from luxagent.core.policy.policy import CompiledRule
from luxagent.core.values.units import format_duration

LONGEST_NAME = 40
DATE = len("Mon 01 Jun")
_COLOURS = ("cyan", "green", "magenta", "blue", "bright_red", "bright_cyan", "bright_green", "bright_magenta")
_NOW = "bold yellow"
_COARSE, _FINE = 2, 4
"""Cells for each hour: as many as the terminal has room for."""


def draw(plan: Plan, out: TextIO, environ: Mapping[str, str]) -> None:
    """Draw it all."""
    console = console_for(out, environ)
    console.print(_head(plan))
    rules = [rule for rule in plan.policy.rules if any(span.rule == rule.rule.name for span in plan.spans)]
    if rules:
        _lanes(plan, rules, console)
        console.print(_legend(plain=console.options.ascii_only))
        console.print()
        for line in windows(plan, console.width):
            console.print(line)
    for line in (*absent(plan), *baseline(plan), *seen(plan), *remaining(plan)):
        console.print(line)


def _head(plan: Plan) -> Text:
    zone = plan.policy.ruleset.site.zone
    start, end = plan.wall(plan.start), plan.wall(plan.end)
    text = Text(f"{start:%a %d %b %H:%M} to {end:%a %d %b %H:%M}", style="bold")
    text.append(f"  {zone}", style="dim")
    hours = (plan.end - plan.start) / timedelta(hours=1)
    if hours != 24 * plan.days:
        change = "forward" if hours < 24 * plan.days else "back"
        length = format_duration(abs(hours - 24 * plan.days) * 3600)
        text.append(f"  clocks are put {change} by {length}", style="yellow")
    if plan.policy.dry_run:
        text.append("  dry run: nothing is written", style="bold yellow")
    return text


def _lanes(plan: Plan, rules: Sequence[CompiledRule], console: Console) -> None:
    """A block of lanes for each axis."""
    plain = console.options.ascii_only
    longest = max(len(one_line(rule.rule.name)) for rule in rules)
    width = max(DATE, min(LONGEST_NAME, longest, max(12, console.width - 26 * _COARSE - 4)))
    zone = plan.policy.ruleset.site.zone
    fine = console.width >= width + 26 * _FINE + 4
    for axis in axes(plan.start, plan.end, zone, _FINE if fine else _COARSE):
        console.print()
        mark = _mark(plan, axis, width, plain=plain)
        if mark is not None:
            console.print(mark)
        console.print(_top(axis, width))
        for number, rule in enumerate(rules):
            console.print(_lane(plan, axis, rule, _COLOURS[number % len(_COLOURS)], width, plain=plain))


def _mark(plan: Plan, axis: Axis, width: int, *, plain: bool) -> Text | None:
    """Where now is, above the hours."""
    column = _now_column(plan, axis)
    if column is None:
        return None
    words = f"now {plan.wall(plan.now):%H:%M}"
    at, arrow = width + 2 + column, "v" if plain else "▼"
    text = f"{words} {arrow}".rjust(at + 1) if at > len(words) + width else " " * at + f"{arrow} {words}"
    return Text(text, style=_NOW)


def _top(axis: Axis, width: int) -> Text:
    """The date and the hours."""
    text = Text(f"{axis.start:%a %d %b}".ljust(width) + "  ", style="bold")
    text.append(axis.hour_labels(), style="dim")
    return text


def _lane(plan: Plan, axis: Axis, rule: CompiledRule, colour: str, width: int, *, plain: bool) -> Text:
    name = one_line(rule.rule.name)
    name = name if len(name) <= width else f"{name[: width - 1]}…"
    text = Text(f"{name.ljust(width)}  ", style=colour)
    zone = plan.policy.ruleset.site.zone
    stretches = [
        (start, end, Level.MAYBE if span.depends_on else Level.SURE)
        for span in plan.spans
        if span.rule == rule.rule.name
        for start, end in walls(span.start, span.end, zone)
    ]
    halves = fill(axis, stretches)
    column = _now_column(plan, axis)
    for n in range(axis.cells):
        char, level = cell(halves[n * HALVES : (n + 1) * HALVES], plain=plain)
        if n == column:
            text.append("|" if plain else "│" if level is Level.NOTHING else char, style=_NOW)
        elif level is Level.NOTHING:
            text.append(
                "." if plain and n % axis.per_hour == 0 else "·" if n % axis.per_hour == 0 else " ",
                style="dim",
            )
        else:
            text.append(char, style=f"bold {colour}" if level is Level.SURE else colour)
    text.rstrip()
    return text


def _legend(*, plain: bool) -> Text:
    sure, maybe = ("#", "-") if plain else ("█", "▒")
    return Text(f"{sure} holds   {maybe} holds if the reading named below is so", style="dim")


def _now_column(plan: Plan, axis: Axis) -> int | None:
    """The cell of now, if the axis has it and it lies in the time that is shown."""
    column = int(axis.place(plan.wall(plan.now)) // 1)
    shown = plan.start <= plan.now <= plan.end
    return column if shown and 0 <= column < axis.cells else None
