"""What people are told: gathered once per tick, good or failed, and put on its way.

Nothing is decided here; `core.alerts` knows what an alert is. Each message is in the journal before the
channels hear of it, so that none is lost between two steps. Called by `tick`.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from luxagent.agent.ports import Channels, Messenger, Reader
from luxagent.agent.state import State
from luxagent.core.alerts.builtin import look, tuned
from luxagent.core.alerts.catalogue import Builtin
from luxagent.core.alerts.curious import curious, with_more
from luxagent.core.alerts.life import Alarm, AlertsOfTick, AlertView
from luxagent.core.alerts.message import ChannelTrouble, Message, told
from luxagent.core.alerts.situation import Situation
from luxagent.core.control.residual import sentences
from luxagent.core.events import Event, PlantBack, PlantLost, Ticked
from luxagent.core.facts.needs import Need
from luxagent.core.fold import fold
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Severity
from luxagent.errors import (
    CredentialsRefused,
    LuxagentError,
    NeedsPerson,
    NotPermitted,
    StateUnusable,
    WrongPlant,
)

log = logging.getLogger("luxagent.agent")

STEADY_TICKS = 5
"""So many ticks in a row must be kept before the disk counts as well again."""
MOST_UNSAVED = 1000
"""Events of alerts that are held for a disk that takes nothing; the oldest go first."""


class Alarms:
    """The built-in alerts of one agent, and the way of every message to the channels."""

    def __init__(self, state: State, messenger: Messenger, channels: Channels | None = None) -> None:
        self._state = state
        self._messenger = messenger
        self._channels = channels
        self._tuned: tuple[Policy, tuple[tuple[Builtin, Alarm], ...]] | None = None
        self._said_unusable = False
        self._good_ticks = 0
        """In a row, since the disk last took nothing."""
        self._unsaved: list[Event] = []
        """What has happened to alerts, and the disk has not taken yet."""
        self._looked_at: datetime | None = None
        """When the plant was last looked at for alerts, where the disk has not taken that either."""

    def more(
        self, plant: Plant, policy: Policy, reader: Reader, needs: frozenset[Need], names: frozenset[str],
        now: datetime,
    ) -> Plant:  # fmt: skip
        """The plant with what only the built-in alerts want to know. Never raises for what has no answer."""
        on = {alarm.name for _, alarm in self._alarms(policy)}
        extra = curious(on, needs, plant, self._state.memory, now)
        if not extra:
            return plant
        try:
            return with_more(plant, reader.read(needs | extra, names))
        except LuxagentError as error:
            log.info("%s could not be asked for: %s", ", ".join(sorted(extra)), error)
            return plant

    def after_tick(self, policy: Policy, plant: Plant, ticked: Ticked) -> AlertsOfTick:
        """The built-in alerts after a tick that went well; records it and sends what there is to say."""
        memory = self._memory()
        back: list[Event] = [PlantBack(ticked.at)] if memory.watch.trouble is not None else []
        out = self._look(policy, plant, _after(memory, back), ticked.at)
        said = (told(one, ticked.at) for one in out.messages)
        before = self._state.memory
        try:
            self._state.record([*self._unsaved, *back, *out.events, *said, ticked])
        finally:
            if self._state.memory is not before:  # taken, though owned.json beside the ledger may have failed
                self._unsaved, self._looked_at = [], None
                self._messenger.put(out.messages)
        self._say_usable()
        return out

    def after_failure(
        self, policy: Policy, error: LuxagentError, plant: Plant | None, now: datetime
    ) -> list[AlertView]:
        """The built-in alerts after a tick that could not read the plant, or whose disk took nothing."""
        known, news, unusable = self._memory().watch.trouble, list[Event](), None
        if isinstance(error, StateUnusable):  # what was read is told: an outage does not wait for the disk
            news, unusable = [PlantBack(now)] if plant is not None and known is not None else [], error
        else:
            plant, trouble = None, _trouble(error, now)
            news = [] if known is not None and known.kind == trouble.trouble else [trouble]
        out = self._look(policy, plant, _after(self._memory(), news), now)
        self._unsaved += [*news, *out.events, *(told(one, now) for one in out.messages)]
        self._looked_at = self._looked_at if plant is None else now
        before = self._state.memory
        if unusable is None:
            try:
                self._state.record(self._unsaved)
            except StateUnusable as full:
                unusable = full
        taken = unusable is None or self._state.memory is not before
        self._unsaved = [] if taken else self._unsaved[-MOST_UNSAVED:]
        if unusable is not None:
            self._say_unusable(unusable)
        self._messenger.put(out.messages)
        return out.views

    def _memory(self) -> Memory:
        """As it would be if the disk had taken all."""
        memory = _after(self._state.memory, self._unsaved)
        return memory if self._looked_at is None else replace(memory, ticked_at=self._looked_at)

    def _look(self, policy: Policy, plant: Plant | None, memory: Memory, now: datetime) -> AlertsOfTick:
        failing: Mapping[str, ChannelTrouble] = {} if self._channels is None else self._channels.failing()
        remains: tuple[str, ...] = ()
        if policy.dry_run and memory.owned and plant is not None:
            remains = sentences(plant, memory, policy.calendar.moment(now))
        return look(Situation(now, plant, memory, policy, failing, remains), self._alarms(policy))

    def _alarms(self, policy: Policy) -> tuple[tuple[Builtin, Alarm], ...]:
        """Worked out once for each policy."""
        if self._tuned is None or self._tuned[0] is not policy:
            self._tuned = (policy, tuned(policy))
        return self._tuned[1]

    def _say_usable(self) -> None:
        """Once some ticks in a row were kept: a disk that comes and goes is not told each time."""
        self._good_ticks += 1
        if self._said_unusable and self._good_ticks >= STEADY_TICKS:
            self._said_unusable = False
            words = "The disk takes again what is remembered."
            self._messenger.put([Message("Over: the state cannot be kept", words, Severity.CRITICAL)])

    def _say_unusable(self, error: StateUnusable) -> None:
        """Once: what cannot be remembered would else be said every tick."""
        self._good_ticks = 0
        if not self._said_unusable:
            self._said_unusable = True
            more = ("luxagent: It reads on and writes nothing until the disk takes it.",)
            self._messenger.put(
                [Message("The state cannot be kept", str(error), Severity.CRITICAL, (), more)]
            )


def _after(memory: Memory, events: Sequence[Event]) -> Memory:
    for event in events:
        memory = fold(memory, event)
    return memory


def _trouble(error: LuxagentError, now: datetime) -> PlantLost:
    words = error.brief if isinstance(error, WrongPlant) else str(error)
    if isinstance(error, CredentialsRefused):
        return PlantLost(now, "credentials", words)
    if isinstance(error, NotPermitted):
        return PlantLost(now, "blocked", words)
    if isinstance(error, NeedsPerson):
        return PlantLost(now, "stuck", words)
    return PlantLost(now, "unreachable", words)
