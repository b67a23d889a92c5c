"""`restore`: everything that luxagent has moved goes home, now, and stays there."""

from dataclasses import dataclass

from luxagent.agent.tick import TickReport
from luxagent.cli.codes import FAILED, OK, code_of
from luxagent.cli.errands.desk import Desk, is_set, said
from luxagent.cli.errands.outcomes import called, rows_of, sentences
from luxagent.cli.errands.words import DRY
from luxagent.cli.render.words import value_text
from luxagent.core.control import residual
from luxagent.core.control.late import on_the_way
from luxagent.core.decide import decide_home
from luxagent.core.events import LeaseEnded, Paused
from luxagent.core.memory import Memory
from luxagent.core.sent import LATE
from luxagent.errors import LuxagentError, StateUnusable, WrongPlant
from luxagent.store.requests import Answer, Body

DETAIL = "restore"
NOTHING_OWNED = "Nothing is owned: every setting is as luxagent found it, or as it belongs."


@dataclass(frozen=True, slots=True)
class Homecoming:
    """A sentence for each setting, and what the command ends with: 0 when all of it is home."""

    lines: list[str]
    code: int
    done: bool = True
    """Whether the plant could be asked at all."""


def carry_out(desk: Desk, body: Body) -> Answer:
    """Everything home. A person's `restore` also takes back what is set by hand, and pauses."""
    home = go_home(desk)
    lines = home.lines
    if is_set(body, "on_stop"):
        if home.code != OK and desk.policy.dry_run:
            lines.append(not_home(desk))
        elif home.code != OK:
            lines.append("Say `luxagent restore`, put it back by hand, or start the agent again.")
        return said(*lines, code=home.code)
    if not home.done and not desk.daemon:
        return said(*lines, "Try `luxagent restore` again, or put it back by hand.", code=home.code)
    now = desk.now()
    desk.record(
        *(
            LeaseEnded(now, name, serial or None, DETAIL)
            for name, rows in desk.memory.leases.items()
            for serial in rows
        ),
        Paused(now, detail=DETAIL, home=True),
    )
    lines.append("Paused until `luxagent resume`, or the rules would take again at once.")
    return said(*lines, "" if home.code == OK else not_home(desk), code=home.code)


def not_home(desk: Desk) -> str:
    """What becomes of what could not go home just now, although it is paused."""
    if desk.policy.dry_run:
        return (
            f"{DRY}: what is not home stays as it is. Put it back by hand, or say `dry_run: off` in the "
            "file and try `luxagent restore` again."
        )
    if desk.daemon:
        return "What is not home goes there as soon as it can; `luxagent status` shows it."
    return "What is not home stays as it is: try `luxagent restore` again, or start the agent."


def go_home(desk: Desk) -> Homecoming:
    """Send everything owned home at once. Raises StateUnusable."""
    if not work_to_do(desk.memory):
        return Homecoming([NOTHING_OWNED], OK)
    try:
        report = desk.act(decide_home)
    except StateUnusable:
        raise
    except LuxagentError as error:
        moment = desk.policy.calendar.moment(desk.now())
        left = residual.sentences(desk.plant(), desk.memory, moment)
        words = error.brief if isinstance(error, WrongPlant) else str(error)  # the journal may hear of it
        return Homecoming([words, "So this stays as it is for now:", *left], code_of(error), done=False)
    names = called(report)
    told = {(row.want.serial, row.want.setting) for _, row in rows_of(report, desk.policy)}
    lines = list(sentences(rows_of(report, desk.policy)))
    for serial, owned in desk.memory.owned.items():
        for name, mine in owned.items():
            where = names.get(serial, serial)
            if (serial, name) not in told:
                was = value_text(name, mine.before)
                lines.append(f"{where}: {name} is not home (it was {was}): the plant does not show it.")
            else:
                lines += _may_still_arrive(desk, report, serial, name, where)
    home = not desk.memory.owned and not desk.memory.open
    return Homecoming(lines, OK if home else FAILED)


def _may_still_arrive(desk: Desk, report: TickReport, serial: str, name: str, where: str) -> list[str]:
    """What is said of a setting that reads as at home while an earlier write of it may still land."""
    home = next((w.have for w in report.decision.unchanged if (w.serial, w.setting) == (serial, name)), None)
    sent = None if home is None else on_the_way(desk.memory, serial, name, home, desk.now())
    if sent is None:
        return []
    at, until = (moment.astimezone(desk.zone) for moment in (sent.at, sent.at + LATE))
    value = value_text(name, sent.value)
    return [
        f"{where}: {name} is not safely home: {value}, sent at {at:%H:%M}, was not proven and may "
        f"still arrive. It stays owned and is looked at again until {until:%H:%M}."
    ]


def work_to_do(memory: Memory) -> bool:
    """Whether anything may have to go home, so that the plant must be asked."""
    return bool(memory.owned or memory.open)
