"""The demo as a screen. Keeps what is shown, and says when it is drawn: a dozen times a second at most, and
at once when something happened, on which it then stays for a moment. What it looks like is `panels`.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.layout import Layout
from rich.live import Live

from luxagent.agent.tick import TickReport
from luxagent.cli.demo import panels
from luxagent.cli.demo.clock import Pace
from luxagent.cli.demo.day import Day
from luxagent.cli.demo.plain import told_line
from luxagent.cli.demo.spark import Series
from luxagent.cli.demo.telling import Happening, LetGo, RuleTurned, Sent, Withheld, Written
from luxagent.cli.demo.view import View, rules_of, view_of

FRAME_S = 1 / 12
DRAWING_SHARE = 0.2
"""Of the time at most: on a slow machine there are fewer frames, not a longer day."""
DWELL_S = {RuleTurned: 0.5, Written: 0.4, LetGo: 0.3, Withheld: 0.6, Sent: 1.1}
"""Real seconds to stay on something worth reading."""
WIDE = 100
"""From this many columns on, writes and messages stand side by side."""
TALL = 30
"""From this many lines on there is room for a frame around the clock."""
MOST_RULES = 8
_DAY = timedelta(days=1)


class Screen:
    """Draws a day. Use as a context manager around it."""

    def __init__(self, day: Day, console: Console, pace: Pace, steady: Callable[[], float]) -> None:
        self._day = day
        self._pace = pace
        self._steady = steady
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._draw_next = float("-inf")
        self._report: TickReport | None = None
        self._view = View(day.clock.now())
        self._entries: list[panels.Entry] = []
        self._sent: list[Sent] = []
        self._begin = day.clock.start
        names = ("soc", "pv", "load", "bought", "sold", "cells", "outage")
        self._series = {name: Series() for name in names}

    def __enter__(self) -> Self:
        self._live.__enter__()
        self._draw()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def story(self) -> list[str]:
        """Every write and every message as lines, for when the screen is gone."""
        happenings = sorted([*self._entries, *self._sent], key=lambda one: one.at)
        lines = (told_line(one, self._day.policy.calendar.local) for one in happenings)
        return [line for line in lines if line is not None]

    def ticked(self, report: TickReport, happenings: Sequence[Happening]) -> None:
        """Take the tick's readings, keep what is shown in a list, and draw if it is time."""
        self._report, self._view = report, view_of(report)
        self._sample()
        for one in happenings:
            if isinstance(one, Written | Withheld | LetGo):
                self._entries.append(one)
            elif isinstance(one, Sent):
                self._sent.append(one)
            self._pace.dwell(DWELL_S.get(type(one), 0.0))
        if happenings or self._steady() >= self._draw_next:
            self._draw()

    def _sample(self) -> None:
        view = self._view
        while view.at - self._begin >= _DAY:
            self._begin += _DAY
            for series in self._series.values():
                series.clear()
        values = {
            "soc": view.soc_pct,
            "pv": view.pv_w,
            "load": view.load_w,
            "bought": view.import_w,
            "sold": view.export_w,
            "cells": view.cell_delta_mv,
            "outage": None if view.grid_up is None else float(not view.grid_up),
        }
        for name, value in values.items():
            self._series[name].add((view.at - self._begin) / _DAY, value)

    def _draw(self) -> None:
        began = self._steady()
        width, height = self._live.console.size
        self._live.update(self._page(width, height), refresh=True)
        ended = self._steady()
        self._draw_next = max(began + FRAME_S, ended + (ended - began) * (1 / DRAWING_SHARE - 1))

    def _page(self, width: int, height: int) -> Layout:
        day = self._day
        wide, tall = width >= WIDE, height >= TALL
        views = rules_of(self._report, day.policy)[:MOST_RULES] if self._report else []
        head_lines, rule_lines = 3 if tall else 1, min(len(day.policy.rules), MOST_RULES) + 2
        room = max(1, height - head_lines - panels.HOUSE_LINES - rule_lines - 1 - 2)
        columns = {name: series.columns(panels.spark_room(width)) for name, series in self._series.items()}
        lists = Layout(ratio=1)
        if wide:
            lists.split_row(
                Layout(panels.writes(day, self._entries, room)),
                Layout(panels.told(day, self._sent, room, width // 2 - 4)),
            )
        else:
            lists.update(panels.news(day, self._entries, self._sent, room))
        page = Layout()
        page.split_column(
            Layout(panels.head(day, self._view.at, framed=tall), size=head_lines),
            Layout(panels.house(day, self._view, columns, self._begin, width), size=panels.HOUSE_LINES),
            Layout(panels.rules(day, views, width), size=rule_lines),
            lists,
            Layout(panels.foot(day), size=1),
        )
        return page
