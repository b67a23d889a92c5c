"""The one way to write: intent on disk, request, answer, read-back, outcome on disk.

Works through the stages of a tick's changes. One settle and one read-back per stage and inverter; a switch
whose limit was not confirmed is held. Nothing is ever sent twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from luxagent.agent.ports import Clock, Hand, Reader
from luxagent.agent.state import State
from luxagent.core.control.answers import Answer, Reply
from luxagent.core.control.changes import Change
from luxagent.core.control.loosening import switch_of
from luxagent.core.control.writes import (
    Close,
    LookAgain,
    Step,
    after_answer,
    after_gap,
    after_look,
    never_left,
)
from luxagent.core.events import Event, HeldBack, WriteAnswered, WriteIntended
from luxagent.core.facts.reasons import Outcome, Reason
from luxagent.core.facts.settings import SettingValue
from luxagent.core.memory import Write
from luxagent.core.sightings import AccountRefused

Key = tuple[str, str]
"""Serial and setting."""

_ANSWER_WORDS: dict[Answer, Literal["accepted", "refused", "lost"]] = {
    Answer.ACCEPTED: "accepted",
    Answer.REFUSED: "refused",
    Answer.LOST: "lost",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change."""

    outcome: Outcome
    found: SettingValue | None = None
    words: str = ""
    """The portal's, or ours; empty when there is nothing to add."""
    reason: Reason | None = None


class Writer:
    """Carries changes out. Built only where there is a hand; a dry run has no writer."""

    def __init__(
        self, hand: Hand, reader: Reader, state: State, clock: Clock, settle_s: float, account: str = ""
    ) -> None:
        self._hand = hand
        self._reader = reader
        self._state = state
        self._clock = clock
        self._settle_s = settle_s
        self._account = account

    def carry_out(self, changes: Sequence[Change]) -> dict[Key, Result]:
        """All stages in order. Every change gets a result."""
        results: dict[Key, Result] = {}
        ordered = sorted(changes, key=lambda change: change.stage)
        for _, group in groupby(ordered, key=lambda change: change.stage):
            ready = [change for change in group if not self._waits(change, results)]
            results |= self._stage(ready)
        return results

    def _waits(self, change: Change, results: dict[Key, Result]) -> bool:
        """Hold a switch whose limit, or whose rival's giving way, was not confirmed a moment ago.

        Going home only what `needs` says counts: a rival, and for a limit that lets more through its switch.
        """
        want = change.want
        missing = [
            setting
            for (serial, setting), result in results.items()
            if serial == want.serial
            and (setting in change.needs or switch_of(setting) == want.setting)
            and result.outcome is not Outcome.CONFIRMED
        ]
        if want.homeward:
            missing = [setting for setting in missing if setting in change.needs]
        elif change.value is False:
            return False
        if not missing:
            return False
        words = f"{', '.join(missing)} could not be put in place first"
        results[want.serial, want.setting] = Result(Outcome.HELD, want.have, words, Reason.WAITS)
        self._state.record(
            [
                HeldBack(
                    self._clock.now(), want.serial, want.setting, change.value, want.have, want.rule,
                    want.because, (Reason.WAITS.value,),
                )
            ]
        )  # fmt: skip
        return True

    def _stage(self, changes: Iterable[Change]) -> dict[Key, Result]:
        writes = self._intend(list(changes))
        results: dict[Key, Result] = {}
        waiting: list[Write] = []
        for write in writes:
            reply = self._hand.send(write.serial, write.setting, write.value)
            now = self._clock.now()
            word = _ANSWER_WORDS[reply.answer]
            answered = WriteAnswered(now, write.number, write.serial, write.setting, word, reply.words)
            step = after_answer(write, reply, now)
            self._state.record([answered, *_closing(step), *self._rights(write, reply, now)])
            if isinstance(step, Close):
                results[write.serial, write.setting] = _result(step, reply)
            else:
                waiting.append(write)
        for looks in (1, 2):
            if waiting:
                waiting = self._look(waiting, looks, results)
        return results

    def _rights(self, write: Write, reply: Reply, now: datetime) -> list[Event]:
        """That the account may not write is kept: a restart must not ask again and again."""
        if not reply.for_good:
            return []
        return [AccountRefused(now, reply.words, self._account, write.serial, write.setting)]

    def _intend(self, changes: list[Change]) -> list[Write]:
        """Every intent of the stage is on disk before the first request leaves."""
        now, number = self._clock.now(), self._state.memory.last_number
        intents = [
            WriteIntended(
                now, number + place, change.want.serial, change.want.setting, change.value, change.want.have,
                change.want.rule, change.want.because, change.want.homeward,
            )
            for place, change in enumerate(changes, start=1)
        ]  # fmt: skip
        self._state.record(intents)
        return [self._state.memory.open[intent.number] for intent in intents]

    def _look(self, writes: list[Write], looks: int, results: dict[Key, Result]) -> list[Write]:
        """Settle once, read each inverter once, and return the writes that want another look."""
        self._clock.wait(self._settle_s * looks)
        found: dict[str, dict[str, SettingValue | None]] = {}
        for serial in dict.fromkeys(write.serial for write in writes):
            names = frozenset(write.setting for write in writes if write.serial == serial)
            found[serial] = dict(self._reader.read_settings(serial, names))
        again: list[Write] = []
        for write in writes:
            value = found[write.serial].get(write.setting)
            step = after_look(write, value, looks, self._clock.now())
            self._state.record(_closing(step))
            if isinstance(step, LookAgain):
                again.append(write)
            elif isinstance(step, Close):
                results[write.serial, write.setting] = _result(step, None)
            else:
                words = "sent, but it could not be read back; it will be read before anything else is done"
                results[write.serial, write.setting] = Result(Outcome.UNKNOWN, None, words)
        return again


def settle_open(reader: Reader, state: State, clock: Clock) -> None:
    """Read every setting with an open write and close what can be closed. Needs no hand: it only reads."""
    writes = list(state.memory.open.values())
    unsent = never_left(writes)
    for serial in dict.fromkeys(write.serial for write in writes):
        mine = [write for write in writes if write.serial == serial]
        found = reader.read_settings(serial, frozenset(write.setting for write in mine))
        closed = [
            after_gap(write, found.get(write.setting), clock.now(), left=write.number not in unsent)
            for write in mine
        ]
        state.record([event for event in closed if event is not None])


def _closing(step: Step) -> list[Event]:
    return [step.event] if isinstance(step, Close) else []


def _result(step: Close, reply: Reply | None) -> Result:
    event = step.event
    words = reply.words if reply is not None else event.detail
    return Result(Outcome(event.outcome), event.found, words if event.outcome != "confirmed" else "")
