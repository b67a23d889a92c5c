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
from luxagent.core.watch import Watch
from luxagent.errors import (
    CredentialsRefused,
    LuxagentError,
    NeedsPerson,
    NotPermitted,
    StateUnusable,
    WrongPlant,
)

log = logging.getLogger("luxagent.agent")


class Alarms:
    """The built-in alerts of one agent, and the way of every message to the channels."""

    def __init__(self, state: State, messenger: Messenger, channels: Channels | None = None) -> None:
        self._state = state
        self._messenger = messenger
        self._channels = channels
        self._tuned: tuple[Policy, tuple[tuple[Builtin, Alarm], ...]] | None = None
        self._said_unusable = False
        self._unsaved: Watch | None = None
        """What the alerts would remember if the disk took it."""

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
        memory = self._state.memory
        back: list[Event] = [PlantBack(ticked.at)] if memory.watch.trouble is not None else []
        out = self._look(policy, plant, _after(memory, back), ticked.at)
        self._state.record([*back, *out.events, *(told(one, ticked.at) for one in out.messages), ticked])
        if self._said_unusable:
            words = "The disk takes again what is remembered."
            self._messenger.put([Message("Over: the state cannot be kept", words, Severity.CRITICAL)])
        self._said_unusable, self._unsaved = False, None
        self._messenger.put(out.messages)
        return out

    def after_failure(
        self, policy: Policy, error: LuxagentError, plant: Plant | None, now: datetime
    ) -> list[AlertView]:
        """The built-in alerts after a tick that could not read the plant, or whose disk took nothing."""
        if isinstance(error, StateUnusable):
            self._say_unusable(error)
            return self._without_disk(policy, plant, now)
        trouble = _trouble(error, now)
        known = self._state.memory.watch.trouble
        lost: list[Event] = [] if known is not None and known.kind == trouble.trouble else [trouble]
        out = self._look(policy, None, _after(self._state.memory, lost), now)
        try:
            self._state.record([*lost, *out.events, *(told(one, now) for one in out.messages)])
        except StateUnusable as unusable:
            self._say_unusable(unusable)
            return []
        self._messenger.put(out.messages)
        return out.views

    def _without_disk(self, policy: Policy, plant: Plant | None, now: datetime) -> list[AlertView]:
        """An outage is told though nothing can be remembered, but for as long as this process lasts."""
        memory = self._state.memory
        memory = memory if self._unsaved is None else replace(memory, watch=self._unsaved)
        out = self._look(policy, plant, memory, now)
        self._unsaved = _after(memory, out.events).watch
        self._messenger.put(out.messages)
        return out.views

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

    def _say_unusable(self, error: StateUnusable) -> None:
        """Once: what cannot be remembered would else be said every tick."""
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
