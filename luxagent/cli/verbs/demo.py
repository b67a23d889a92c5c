"""`luxagent demo`: a day of a pretend house under the real agent, with nothing to set up."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import click

from luxagent.cli.clock import Clock
from luxagent.cli.codes import OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.demo.clock import Pace, VirtualClock
from luxagent.cli.demo.day import EXAMPLES, Day, WireName, open_day
from luxagent.cli.demo.plain import PlainWatcher, figure_lines
from luxagent.cli.output import print_text

REAL_S_PER_DAY = 20.0
"""For whoever watches; what happens holds the clock back a little more."""

READS_NOTHING = (
    "The demo reads no file and keeps no state of yours: it shows the packaged example. "
    "What your file would do, `luxagent plan -c FILE` shows."
)


@click.command("demo", cls=Verb)
@click.option(
    "--days", type=click.IntRange(1, 31), default=1, show_default=True, help="How many days to show."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Weather and load; the same seed is the same day."
)
@click.option(
    "--wire",
    type=click.Choice(["live", "document"]),
    default="live",
    show_default=True,
    help="Which form of the portal's API is spoken.",
)
@click.option("--plain", is_flag=True, help="Lines instead of a screen; so it is without a terminal, too.")
@pass_common
def command(common: Common, *, days: int, seed: int, wire: WireName, plain: bool) -> int:
    """Watch the agent work for a day: nothing to set up, nothing real is touched.

    A built-in portal with a house behind it listens on loopback. The real agent reads it over HTTP, decides
    by the packaged example file, writes, reads back and tells, on a clock that runs a day in half a minute. A
    file of yours is not read (`-c` changes nothing here): `luxagent plan` shows what that would do.
    """
    length = timedelta(days=days)
    if common.config is not None or common.state is not None:
        click.echo(READS_NOTHING, err=True)
    if plain or not _can_draw():
        _plainly(wire, seed, length)
    else:
        _drawn(common.clock(), wire, seed, length)
    return OK


def _plainly(wire: WireName, seed: int, length: timedelta) -> None:
    with open_day(wire, seed, length) as day, _ended_by_hand(day.clock):
        for line in (*_greeting(day), ""):
            print_text(line)
        day.run(PlainWatcher(print_text, day.policy.calendar.local))
        for line in ("", _title(day), *figure_lines(day.figures())):
            print_text(line)


def _drawn(clock: Clock, wire: WireName, seed: int, length: timedelta) -> None:
    # rich is only for those who watch.
    from rich.console import Console

    from luxagent.cli.demo.panels import draw_summary
    from luxagent.cli.demo.screen import Screen

    console = Console()
    pace = Pace(REAL_S_PER_DAY, clock.monotonic)
    with open_day(wire, seed, length, pace) as day, _ended_by_hand(day.clock):
        with Screen(day, console, pace, clock.monotonic) as screen:
            day.run(screen)
        for line in (*_greeting(day), "", *screen.story(), ""):
            console.print(line, markup=False, highlight=False)
        draw_summary(console, day.figures(), _title(day))


def _title(day: Day) -> str:
    return "The day so far, in figures" if day.clock.stopped else "The day in figures"


def _greeting(day: Day) -> list[str]:
    return [
        f"A pretend house behind a portal on loopback ({day.wire} wire), the real agent, "
        f"and the packaged {EXAMPLES[day.wire]}.",
        "Dry run is off, for this demo alone: only the pretend inverter is written to.",
    ]


def _can_draw() -> bool:
    """Whether there is a terminal that can show blocks."""
    out = sys.stdout
    return out.isatty() and (out.encoding or "").lower().replace("-", "") == "utf8"


@contextmanager
def _ended_by_hand(clock: VirtualClock) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the day after the tick that runs; a second Ctrl-C ends it at once."""

    def stop(number: int, _frame: FrameType | None) -> None:
        if clock.stopped and number == signal.SIGINT:
            raise KeyboardInterrupt
        clock.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
