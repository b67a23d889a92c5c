"""The life of a write, as rules for what comes next. Nothing is done until it is proven.

    intended -> sent -> answered -> read back -> confirmed
                                 \\-> refused (the portal said no)
                                 \\-> unproven (read twice, another value both times)
                                 \\-> unknown (could not be read): stays open, settled by reading later

A write is never sent twice: what is not known is found out by reading.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from luxagent.core.control.answers import Answer, Reply
from luxagent.core.events import WriteClosed
from luxagent.core.facts.settings import SettingValue, same_value
from luxagent.core.memory import Write

LOOKS = 2
"""Read-backs before a write is called unproven: after `settle`, and again after twice that."""


@dataclass(frozen=True, slots=True)
class Close:
    """Settled."""

    event: WriteClosed


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Read the setting back after this many settle times."""

    settles: int


@dataclass(frozen=True, slots=True)
class LeaveOpen:
    """Not known yet; the next tick reads before anything else."""


Step = Close | LookAgain | LeaveOpen


def after_answer(write: Write, reply: Reply, now: datetime) -> Step:
    """A refusal ends it; anything else must be read back."""
    if reply.answer is Answer.REFUSED:
        return Close(_closed(write, now, "refused", None, reply.words))
    return LookAgain(1)


def after_look(write: Write, found: SettingValue | None, looks: int, now: datetime) -> Step:
    """What the `looks`-th read-back says (1 is the first)."""
    if same_value(write.setting, write.value, found):
        return Close(_closed(write, now, "confirmed", found, ""))
    if looks < LOOKS:
        return LookAgain(2)
    if found is None:
        return LeaveOpen()
    return Close(_closed(write, now, "unproven", found, "read twice, and it still says something else"))


def never_left(writes: Iterable[Write]) -> frozenset[int]:
    """The numbers of open writes that were certainly not sent: the agent died over one before them.

    The intents of a stage are on disk at one instant, and then each waits for the answer to the one before.
    """
    unanswered = [write for write in writes if write.answer is None]
    first: dict[datetime, int] = {}
    for write in unanswered:
        first[write.at] = min(write.number, first.get(write.at, write.number))
    return frozenset(write.number for write in unanswered if write.number != first[write.at])


def after_gap(
    write: Write, found: SettingValue | None, now: datetime, *, left: bool = True
) -> WriteClosed | None:
    """What a read says of a write left open by an earlier tick, or by a process that died; None is not yet.

    A write that was accepted and now reads otherwise is unproven. One without a lasting answer did not reach
    the inverter, or (windows, edge by edge) not all of it did: it has lapsed, and a new intent may follow.
    Of one that never left, whatever is found is nothing of its doing.
    """
    if found is None:
        return None
    if not left:
        return replace(_closed(write, now, "lapsed", found, "it was never sent"), left=False)
    if same_value(write.setting, write.value, found):
        return _closed(write, now, "confirmed", found, "found on reading later")
    if write.answer == "accepted":
        return _closed(write, now, "unproven", found, "it was accepted, but reads otherwise")
    untouched = write.before is None or same_value(write.setting, write.before, found)
    words = "it was not carried out" if untouched else "it was not carried out in full"
    return _closed(write, now, "lapsed", found, words)


def _closed(
    write: Write,
    now: datetime,
    outcome: Literal["confirmed", "refused", "unproven", "lapsed"],
    found: SettingValue | None,
    detail: str,
) -> WriteClosed:
    return WriteClosed(now, write.number, write.serial, write.setting, outcome, found, detail)
