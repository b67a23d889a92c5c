"""`pause` and `resume`: hands off for a while or until further notice, and hands on again."""

from datetime import timedelta

from luxagent.cli.codes import OK
from luxagent.cli.errands.desk import Desk, is_set, said, seconds_or_none
from luxagent.cli.errands.outcomes import moved, sentences
from luxagent.cli.errands.restore import Homecoming, go_home, not_home
from luxagent.cli.errands.words import NOBODY_RUNS, until_words
from luxagent.core.control import residual
from luxagent.core.events import Paused, Resumed
from luxagent.store.requests import Answer, Body


def pause(desk: Desk, body: Body) -> Answer:
    """Write nothing from now on. With `home`, everything goes home first."""
    for_s = seconds_or_none(body, "for_s")
    home = go_home(desk) if is_set(body, "home") else Homecoming([], OK)
    lines = home.lines
    now = desk.now()
    until = None if for_s is None else now + timedelta(seconds=for_s)
    desk.record(Paused(now, until, home=is_set(body, "home")))
    ending = until_words(until, desk.zone) or " until `luxagent resume`"
    lines.append(f"Paused{ending}: nothing is written.")
    if is_set(body, "home"):
        lines.append("" if home.code == OK else not_home(desk))
    elif desk.memory.owned:
        lines.append("What luxagent has moved stays as it is meanwhile:")
        lines += residual.sentences(desk.plant(), desk.memory, desk.policy.calendar.moment(now))
    else:
        lines.append("Nothing that luxagent has moved waits to go home.")
    return said(*lines, code=home.code)


def resume(desk: Desk, body: Body) -> Answer:  # noqa: ARG001 (every errand takes one)
    """Write again; what was jammed or left alone for another hand may be tried anew."""
    was = desk.memory.pause
    desk.record(Resumed(desk.now()))
    words = (
        "Hands on again." if was is not None else "It was not paused. What was held back may be tried anew."
    )
    if not desk.daemon:
        return said(words, NOBODY_RUNS)
    trouble = desk.try_tick()
    rows = [] if desk.ticked is None else moved(desk.ticked, desk.policy)
    return said(words, *sentences(rows), trouble)
