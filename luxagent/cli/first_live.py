"""Leaving dry run, the riskiest moment: before the first write ever, or the first after a dry run, say what
will change, and ask where there is a person at a terminal.

Under a service manager nobody can be asked: the list goes to the log on stderr, however little else that
says, and then it is carried out. Called by `run` and `once`, which a person starts for good; `set` and
`restore` are wishes of their own.
"""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TextIO

import click

from luxagent.cli.render.text import one_line
from luxagent.cli.render.words import value_text
from luxagent.cli.wiring import Wired
from luxagent.core.control.changes import Change
from luxagent.core.decide import Decision
from luxagent.core.events import LeftDryRun
from luxagent.errors import Declined

log = logging.getLogger("luxagent")

HEADING = "luxagent has only looked until now. From here on it writes settings."


def mind_the_first_write(wired: Wired, now: Callable[[], datetime], *, yes: bool) -> None:
    """Put the question before the first tick that could write, if none has written since the last dry run."""
    agent = wired.agent
    if not wired.has_hand or agent.state.memory.began:
        return

    def mind(decision: Decision) -> bool:
        if decision.held and not decision.changes:
            return False  # something waits, and would be the first write: that is what is to be announced
        lines = told(decision)
        if not yes and _is_terminal(sys.stdin):
            _ask(lines)
        else:
            shown = max(logging.INFO, log.getEffectiveLevel())  # `once` is quiet, but not about this
            for line in (HEADING, *lines):
                log.log(shown, "%s", line)
        agent.state.record([LeftDryRun(now(), " ".join(lines))])
        return True

    agent.before_first_write = mind


def told(decision: Decision) -> list[str]:
    """What the tick is about to change, a sentence each."""
    return [_line(change) for change in decision.changes] or ["Nothing has to be changed just now."]


def _line(change: Change) -> str:
    want = change.want
    have, value = value_text(want.setting, want.have), value_text(want.setting, change.value)
    why = ": ".join(part for part in (want.rule or "", want.because) if part)
    return one_line(f"{want.serial}: {want.setting} {have} -> {value} ({why}).")


def _ask(lines: list[str]) -> None:
    """Raises Declined, also where the question would not be seen."""
    if not _is_terminal(sys.stderr):
        raise Declined(
            "Nothing was written: this would be the first write, and with stderr sent elsewhere nobody sees "
            "the question. Say it without `2>`, or with --yes."
        )
    for line in (HEADING, "It would change now:", *(f"  {line}" for line in lines)):
        click.echo(line, err=True)
    with _ctrl_c_ends():
        yes = click.confirm("Go on?", default=False, err=True)
    if not yes:
        raise Declined("Nothing was written. With `dry_run: on` it goes on looking only.")


@contextmanager
def _ctrl_c_ends() -> Iterator[None]:
    """The daemon's own handler waits for the tick to end, which waits for the answer."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
