"""The demo as lines: one for each thing that happens, one an hour for the house. For pipes and `--plain`.

No port number and no real time is in them, so that the same seed gives the same text.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from luxagent.agent.tick import TickReport
from luxagent.cli.demo.summary import Figures
from luxagent.cli.demo.telling import (
    AlertTurned,
    Happening,
    LetGo,
    Remark,
    RuleTurned,
    Sent,
    Withheld,
    Written,
)
from luxagent.cli.demo.view import battery_words, grid_words, percent, power, view_of
from luxagent.cli.render.text import one_line
from luxagent.core.values.units import format_duration

Say = Callable[[str], None]
Local = Callable[[datetime], datetime]

_KIND_WIDTH = 8


class PlainWatcher:
    """Says lines. `local` gives site time."""

    def __init__(self, say: Say, local: Local) -> None:
        self._say = say
        self._local = local
        self._hour: datetime | None = None

    def ticked(self, report: TickReport, happenings: Sequence[Happening]) -> None:
        """A line for the house in the first tick of each hour, and one for each thing that happened."""
        hour = self._local(report.moment.at).replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour = hour
            view = view_of(report)
            house = (
                f"battery {percent(view.soc_pct):>5}, {battery_words(view):<16} "
                f"sun {power(view.pv_w):<7} house {power(view.load_w):<7} grid {grid_words(view)}"
            )
            self._line(report.moment.at, "house", house)
        for error in report.errors:
            self._line(report.moment.at, "error", one_line(error))
        for happening in happenings:
            line = told_line(happening, self._local)
            if line is not None:
                self._say(line)

    def _line(self, at: datetime, kind: str, text: str) -> None:
        self._say(_dated(self._local(at), kind, text))


def told_line(happening: Happening, local: Local) -> str | None:
    """A thing that happened as one line with the site's clock; None for what another line tells already."""
    told = line_of(happening)
    return None if told is None else _dated(local(happening.at), *told)


def _dated(at: datetime, kind: str, text: str) -> str:
    return f"{at:%a %H:%M}  {kind:<{_KIND_WIDTH}}  {text}".rstrip()


def line_of(happening: Happening) -> tuple[str, str] | None:
    """What sort of thing it is, and what to say."""
    match happening:
        case RuleTurned(rule=rule, holds=True, because=because):
            return "rule", f"{rule} takes over: {because}"
        case RuleTurned(rule=rule, because=because):
            return "rule", f"{rule} lets go: {because}"
        case Written():
            return "write", write_text(happening)
        case Withheld():
            held = f"{happening.setting} → {happening.value} ({happening.rule})"
            return "held", f"{held}: {happening.reason}"
        case LetGo():
            return "home", f"{happening.setting} is back at {happening.value} and nobody's"
        case Sent():
            to = f" (to {', '.join(happening.channels)})" if happening.channels else ""
            return happening.severity, f"{happening.title}{to}. {happening.body}"
        case Remark():
            return "note", happening.text
        case AlertTurned():
            return None


def write_text(written: Written) -> str:
    """A write with its proof."""
    return f"{written.setting} {written.before} → {written.value}, {proof_text(written)} ({written.rule})"


def proof_text(written: Written) -> str:
    """What became of a write."""
    if written.outcome == "confirmed":
        return f"confirmed after {format_duration(written.after_s)}"
    return f"{written.outcome}: {written.detail}" if written.detail else written.outcome


def figure_lines(figures: Figures) -> list[str]:
    """The summary as lines."""
    width = max(len(about) for about, _ in figures)
    return [f"  {about:<{width}}  {text}".rstrip() for about, text in figures]
