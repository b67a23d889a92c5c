"""`restore`: everything that luxagent has moved goes home, now, and stays there."""

from luxagent.agent.tick import TickReport
from luxagent.cli.codes import FAILED, OK
from luxagent.cli.errands.desk import Desk, is_set, said
from luxagent.cli.errands.outcomes import called, rows_of, sentences, value_text
from luxagent.core.control.late import on_the_way
from luxagent.core.decide import decide_home
from luxagent.core.events import LeaseEnded, Paused
from luxagent.core.memory import Memory
from luxagent.core.sent import LATE
from luxagent.store.requests import Answer, Body

DETAIL = "restore"
NOTHING_OWNED = "Nothing is owned: every setting is as luxagent found it, or as it belongs."


def carry_out(desk: Desk, body: Body) -> Answer:
    """Everything home. A person's `restore` also takes back what is set by hand, and pauses."""
    lines, good = go_home(desk)
    if is_set(body, "on_stop"):
        return said(*lines, code=OK if good else FAILED)
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
    if not good:
        lines.append(
            "What is not home is tried again until it is; `luxagent status` shows it."
            if desk.daemon
            else "What is not home stays as it is: try `luxagent restore` again, or start the agent."
        )
    return said(*lines, code=OK if good else FAILED)


def go_home(desk: Desk) -> tuple[list[str], bool]:
    """Send everything owned home at once: a sentence for each setting, and whether all of it is there.

    Raises what a tick raises: then nothing was done.
    """
    if not work_to_do(desk.memory):
        return [NOTHING_OWNED], True
    report = desk.act(decide_home)
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
    return lines, not desk.memory.owned and not desk.memory.open


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
