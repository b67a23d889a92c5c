"""One tick: read, believe, settle, decide, write and prove, tell, record.

Each phase may fail alone. Nothing is decided here; `core.decide` thinks, the writer acts, and this module
hands values from one to the next. Called by `service` again and again, by `once` once, and by the demo.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from luxagent.agent.alarms import Alarms
from luxagent.agent.ports import Channels, Clock, Hand, Heartbeat, Messenger, Reader
from luxagent.agent.state import State
from luxagent.agent.writer import Key, Result, Writer, settle_open
from luxagent.core.alerts.life import AlertView
from luxagent.core.alerts.message import told
from luxagent.core.control.reading_list import reading_list
from luxagent.core.decide import Decide, Decision, decide
from luxagent.core.events import ClockSet, Seen, Started, Stopped, Ticked
from luxagent.core.plant.device import Plant
from luxagent.core.plant.freshness import believe
from luxagent.core.policy.leaves import sun_up
from luxagent.core.policy.policy import Policy
from luxagent.core.sightings import AccountTried, OverrideSeen
from luxagent.core.values.moment import Moment
from luxagent.errors import LuxagentError

CLOCK_SLIP_S = 30.0
"""Wall and monotonic progress may differ by this much between two ticks; beyond it the clock was set."""


@dataclass(frozen=True, slots=True)
class TickReport:
    """Everything one tick saw and did; what `once --json`, `status` and the demo show."""

    moment: Moment
    plant: Plant
    decision: Decision
    results: Mapping[Key, Result] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    took_s: float = 0.0


class Agent:
    """The parts of one account, wired once by `cli`. Without a hand it can only look."""

    def __init__(
        self,
        *,
        clock: Clock,
        reader: Reader,
        hand: Hand | None,
        state: State,
        policy: Policy,
        settle_s: float,
        messenger: Messenger,
        heartbeat: Heartbeat | None = None,
        channels: Channels | None = None,
        account: str = "",
    ) -> None:
        self.policy = policy
        self.state = state
        self._clock = clock
        self._reader = reader
        self._account = account
        """Tells one account from another."""
        self._settle_s = settle_s
        self._writer: Writer | None = None
        self.grip(hand)
        self._messenger = messenger
        self._alarms = Alarms(state, messenger, channels)
        self._heartbeat = heartbeat
        self._last: tuple[datetime, float] | None = None
        self._slip_s: float | None = None
        """How far the wall clock ran ahead of the steady one since the plant was read; None is never yet."""
        self._read: Plant | None = None
        """What this tick has read, where it fails later."""
        self.alerts_of_failure: list[AlertView] = []
        """The alerts that are not quiet after a tick that raised."""
        self.before_first_write: Callable[[Decision], bool] | None = None
        """Told what the first tick that could write is about to do; False: to be told of the next as well.
        May raise to prevent it."""

    def grip(self, hand: Hand | None) -> None:
        """What writes from the next tick on; without a hand nothing can."""
        self._writer = None
        if hand is not None:
            self._writer = Writer(hand, self._reader, self.state, self._clock, self._settle_s, self._account)

    def pulse(self, heartbeat: Heartbeat | None) -> None:
        """Whom to tell of every tick from the next one on."""
        self._heartbeat = heartbeat

    def started(self, version: str) -> None:
        """Put the start into the journal."""
        self.state.record(
            [Started(self._clock.now(), version, self.policy.dry_run, policy=self.policy.digest)]
        )

    def stopped(self) -> None:
        """Put the end into the journal."""
        self.state.record([Stopped(self._clock.now())])

    def tick(self, *, asked: bool = False) -> TickReport:
        """One whole tick. Raises TryLater or NeedsPerson when the plant could not be read at all.

        Where a person has `asked` for something, settings are read anew: who says off has just seen on.
        """
        began, self._read = self._clock.monotonic(), None
        try:
            report = self._tick(decide, asked=asked)
        except LuxagentError as error:
            self._beat(good=False)
            now = self._clock.now()
            self.alerts_of_failure = self._alarms.after_failure(self.policy, error, self._read, now)
            raise
        self._beat(good=not report.errors and self._is_heard(report.plant))
        return replace(report, took_s=self._clock.monotonic() - began)

    def act(self, decide: Decide) -> TickReport:
        """Look, and do what `decide` makes of it, outside the rhythm of the ticks. Raises as `tick` does.

        Settings are read anew. Nothing is said to the heartbeat, and the time of the last tick stays: rules
        were not judged.
        """
        return self._tick(decide, asked=True, in_rhythm=False)

    def _tick(self, decide: Decide, *, asked: bool, in_rhythm: bool = True) -> TickReport:
        slipped = self._clock_slipped()
        now = self._clock.now()
        moment = self.policy.calendar.moment(now)
        self._mind_account(now)
        plant, seen = self._look(moment, slipped=slipped)
        self._read = plant
        self._mind_clock(plant, now)
        fresh = {write.serial for write in self.state.memory.open.values()}
        if fresh:
            settle_open(self._reader, self.state, self._clock)
        if asked:
            fresh = {device.serial for device in plant.inverters}
        plant = self._with_fresh_settings(plant, fresh)
        decision = decide(moment, plant, self.state.memory, self.policy)
        again, writes = _strange(decision), bool(decision.changes) and self._writer is not None
        if writes:
            again |= {change.want.serial for change in decision.changes} - fresh
            plant = self._with_update_state(plant)
        if again or writes:
            plant = self._with_fresh_settings(plant, again)
            decision = decide(moment, plant, self.state.memory, self.policy)
        results: dict[Key, Result] = {}
        self._mind_first_write(decision)
        self.state.record([*decision.events, *(told(one, now) for one in decision.messages)])
        self._messenger.put(decision.messages)
        if decision.changes and self._writer is not None:
            results = self._writer.carry_out(decision.changes)
        plant = _with_found(plant, results)
        if in_rhythm:
            ticked = Ticked(self._clock.now(), seen)
            alerts = self._alarms.after_tick(self.policy, plant, ticked)
            decision.alerts += alerts.views
            decision.messages += alerts.messages
        return TickReport(moment, plant, decision, results, plant.errors)

    def _mind_first_write(self, decision: Decision) -> None:
        """Once, before a tick that could write. What is raised there ends the tick."""
        mind = self.before_first_write
        if mind is not None and self._writer is not None and not self.policy.dry_run:
            self.before_first_write = None if mind(decision) else mind

    def _mind_account(self, now: datetime) -> None:
        """Another account than the one that the portal refused may write, for all we know."""
        refused = self.state.memory.custody.no_rights.values()
        if any(one.account != self._account for one in refused):
            self.state.record([AccountTried(now, "another account is used now")])

    def _look(self, moment: Moment, *, slipped: bool) -> tuple[Plant, dict[str, Seen]]:
        """Read the plant and keep only what can be believed."""
        memory, now = self.state.memory, moment.at
        wanted = reading_list(self.policy, memory)
        plant = wanted.seen(self._reader.read(wanted.needs, wanted.settings))
        plant = self._alarms.more(plant, self.policy, self._reader, wanted.needs, wanted.names, now)
        devices, seen = [], {}
        stale_after_s = self.policy.guards.stale_after_s
        sun_is_up = None if moment.sun is None else sun_up(moment.sun, moment.minute)
        for device in plant.devices:
            believed, sight = believe(
                device,
                memory.seen.get(device.serial),
                now,
                stale_after_s,
                sun_is_up=sun_is_up,
                zone=self.policy.calendar.zone,
            )
            devices.append(believed)
            seen[device.serial] = sight
        clock_ok = plant.clock_ok and not slipped
        return replace(plant, devices=tuple(devices), clock_ok=clock_ok), seen

    def _with_fresh_settings(self, plant: Plant, serials: Collection[str]) -> Plant:
        """The same plant with these inverters' settings asked for now: nothing is written on old ones."""
        if not serials:
            return plant
        fresh = {}
        for device in plant.inverters:
            if device.serial in serials and device.settings:
                fresh[device.serial] = self._reader.read_settings(device.serial, frozenset(device.settings))
        return replace(
            plant,
            devices=tuple(
                replace(device, settings={**device.settings, **fresh[device.serial]})
                if device.serial in fresh
                else device
                for device in plant.devices
            ),
        )

    def _with_update_state(self, plant: Plant) -> Plant:
        """Ask whether a firmware update runs anywhere in the account; only ever asked before a write."""
        if self._reader.updating() is not True:
            return plant
        return replace(plant, updating=True)

    def _clock_slipped(self) -> bool:
        """Whether the wall clock was set since the last tick."""
        wall, steady = self._clock.now(), self._clock.monotonic()
        last, self._last = self._last, (wall, steady)
        if last is None:
            return False
        slip_s = (wall - last[0]).total_seconds() - (steady - last[1])
        if self._slip_s is not None:
            self._slip_s += slip_s
        return abs(slip_s) > CLOCK_SLIP_S

    def _mind_clock(self, plant: Plant, now: datetime) -> None:
        """Take down that the wall clock was set, before anything is counted by it.

        The portal's clock tells, also over a restart and a sleep; a clock of the portal's that moves while
        ours keeps pace with the steady one says nothing of ours. Without the portal's the steady one tells.
        """
        before, slip_s = self.state.memory.clock_ahead_s, self._slip_s
        ours = slip_s is None or abs(slip_s) > CLOCK_SLIP_S
        if ours:
            self._slip_s = 0.0
        ahead = before + (slip_s or 0.0) if plant.clock_ahead_s is None else plant.clock_ahead_s
        if abs(ahead - before) > CLOCK_SLIP_S:
            self.state.record([ClockSet(now, ahead - before if ours else 0.0, ahead)])

    def _is_heard(self, plant: Plant) -> bool:
        """Whether any inverter has spoken lately: who watches from outside should know if none has."""
        most_s = self.policy.guards.stale_after_s
        heard = [device for device in plant.inverters if device.online is not False]
        ages = [device.reading.number("data_age_s") for device in heard]
        return any(age is not None and age <= most_s for age in ages)

    def _beat(self, *, good: bool) -> None:
        if self._heartbeat is not None:
            self._heartbeat.beat(good)


def _strange(decision: Decision) -> set[str]:
    """Inverters that show another hand: one wrong answer must not end what is owned, so it is asked again."""
    return {event.serial for event in decision.events if isinstance(event, OverrideSeen)}


def _with_found(plant: Plant, results: Mapping[Key, Result]) -> Plant:
    """The plant as the read-backs left it. A quick charge is the whole group's, whoever was asked."""
    if not results:
        return plant
    unit_of = {device.serial: device.unit for device in plant.devices}
    devices = []
    for device in plant.inverters:
        found = {
            name: result.found
            for (serial, name), result in results.items()
            if result.found is not None
            and (serial == device.serial or (name == "quick_charge" and unit_of[serial] == device.unit))
        }
        devices.append(replace(device, settings={**device.settings, **found}) if found else device)
    kept = {device.serial: device for device in devices}
    return replace(plant, devices=tuple(kept.get(device.serial, device) for device in plant.devices))
