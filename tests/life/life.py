"""A house, its portal, and agents that come and go: everything that can happen to them, one method each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import requests

from luxagent.agent.tick import TickReport
from luxagent.core.decide import decide_home
from luxagent.core.events import FlagSet, LeaseEnded, LeaseSet, Paused, Resumed
from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy.policy import Policy
from luxagent.errors import LuxagentError
from luxagent.sim.faults import CATALOGUE
from luxagent.sim.house import House
from luxagent.sim.mains import Span
from luxagent.sim.scenario import single_house
from luxagent.sim.server import SimPortal, WireName
from luxagent.sim.world import Reply, Request
from tests.agent.bench import START, Site, Steps, Stop, Straight
from tests.agent.clocks import HostClock
from tests.life.homes import Homes
from tests.life.witness import Witness
from tests.life.words import ROWS, Value, register_value, same, truth

COSTLY = {"huge", "deep-json", "long-number"}
"""Tried elsewhere: they only burn time here."""
OUT_OF_SIGHT = {"local-stamps", "locked", "another-hand"}
"""Stamps of another zone and locked accounts have tests of their own; the hand is played by the machine."""
TELLING = (
    "stale", "write-ignored", "write-late", "write-refused", "write-reverts", "write-clamped",
    "timeout-but-applied", "timeout-not-applied",
)  # fmt: skip
"""Faults in which the agent goes on writing, or is tempted to."""
FAULTS = (*sorted(set(CATALOGUE) - COSTLY - OUT_OF_SIGHT), *TELLING * 4)
UPLOADS_S = 300
"""As many dongles do; and a house that goes in such steps costs next to nothing."""
NEVER_S = 10**9
PATIENT = {"api-blocked": 25.0, "no-permission": 3.0, "guest": 3.0, "read-only": 3.0}
"""Hours that the agent leaves a portal alone which has spoken of rights."""


class Line(Straight):
    """Between the agent and the portal: takes time, may break, and is listened to."""

    def __init__(self, portal: SimPortal, clock: HostClock, witness: Witness) -> None:
        super().__init__(portal)
        self._clock, self._witness = clock, witness

    def answer(self, request: Request) -> Reply:
        self._clock.move(0.05)
        self._witness.before(request, self._clock.at)
        asked = len(self._portal.world.asked)
        reply = super().answer(request)
        away = len(self._portal.world.asked) == asked and _no_session(reply)
        self._witness.after(request, reply, self._clock.at, turned_away=away)
        if reply.hang or reply.drip_s:
            self._clock.move(30)
            raise requests.ReadTimeout("no whole answer in time")
        if reply.cut_at is not None:
            raise requests.exceptions.ChunkedEncodingError("cut")
        return reply


def _no_session(reply: Reply) -> bool:
    return (
        reply.status in (301, 302, 307, 401, 403)
        or reply.body.lstrip()[:1] == b"<"
        or (reply.body == b'{"success": false}')
    )


class Trap(Steps):
    """Stops the agent at a step of the next tick, or so many steps after it next sends something."""

    after_send: int | None = None
    _sends = False

    def step(self, name: str) -> None:
        super().step(name)
        if self.after_send is None or not (self._sends or name == "send"):
            return
        self._sends = True
        self.after_send -= 1
        if self.after_send < 0:
            raise Stop(name)

    def over(self) -> None:
        """The tick has ended, one way or the other."""
        self.at = None
        if self._sends:
            self.after_send, self._sends = None, False


class Life(Site):
    """One plant from its first tick to the end of all rules."""

    clock: HostClock
    steps: Trap

    def __init__(self, rules: Policy, wire: WireName, house: Callable[..., House] = single_house) -> None:
        super().__init__(None, rules, wire, house, HostClock(START))
        self.steps = Trap()
        self.wire: WireName = wire
        self.house.step_s = self.house.upload_every_s = UPLOADS_S
        self.homes = Homes()
        self.witness = Witness(self.house, rules, self.homes, self.events, START)
        for serial in self.serials:
            for setting in (*ROWS, "ac_charge_windows"):
                self.homes.begin(serial, setting, truth(self.house, serial, setting))
        self.ticks = self.kills = 0
        self._ends_later: list[tuple[datetime, Callable[[], None]]] = []
        self.patient_until = START
        self.paused = self.clock_touched = False
        self.quick_by_hand: set[int] = set()
        """The numbers of the quick charges that people started."""

    @property
    def house(self) -> House:
        return self.portal.house

    @property
    def serials(self) -> list[str]:
        return list(self.portal.house.inverters)

    def line(self) -> requests.Session:
        return Line(self.portal, self.clock, self.witness)

    # Time, and the agent in it

    def begin(self) -> None:
        super().begin()
        self.agent.started("a life")

    def tick(self, after_s: float = 0.0, stop_before: int | None = None) -> TickReport | LuxagentError | None:
        """Time passes, then the agent ticks. None where it was killed on the way, and begun anew."""
        self.clock.move(after_s)
        return self._done(self.agent.tick, stop_before)

    def restore(self, stop_before: int | None = None, *, on_stop: bool = False) -> None:
        """Somebody says `restore`, or the service stops and its file says `on_stop: restore`."""
        self.witness.restoring = True
        result = self._done(lambda: self.agent.act(decide_home), stop_before)
        self.witness.restoring = False
        if on_stop:
            self.begin()
        elif isinstance(result, TickReport):
            self.end_what_is_set()
            self.pause()

    def _done(
        self, act: Callable[[], TickReport], stop_before: int | None
    ) -> TickReport | LuxagentError | None:
        self._let_end()
        self.ticks += 1
        self.witness.begins_a_tick(self.clock.at)
        self.steps.at = None if stop_before is None else self.steps.count + stop_before
        result: TickReport | LuxagentError | None
        try:
            result = act()
        except LuxagentError as error:
            result = error
        except Stop:
            result = None
            self.kills += 1
            self.homes.died(self.witness.tick_began)
            self.steps.over()
            self.begin()
        self.steps.over()
        self.witness.read_journal(self.clock.at)
        if isinstance(result, TickReport):
            self.witness.ended(result.plant)
        return result

    def ends_in(self, minutes: float, end: Callable[[], None]) -> None:
        """Nothing lasts for ever: before the first tick after so long."""
        self._ends_later.append((self.clock.at + timedelta(minutes=minutes), end))

    def _let_end(self) -> None:
        due = [end for at, end in self._ends_later if at <= self.clock.at]
        self._ends_later = [(at, end) for at, end in self._ends_later if at > self.clock.at]
        for end in due:
            end()

    def set_clock(self, by_s: float) -> None:
        """The computer's clock is moved; `right_clock` is the time server."""
        self.clock.error_s += by_s
        self._clock_was_set()

    def stop_clock(self) -> None:
        self.clock.stands = True
        self._clock_was_set()

    def right_clock(self) -> None:
        self.clock.error_s, self.clock.stands = 0.0, False
        self._clock_was_set()

    def _clock_was_set(self) -> None:
        self.clock_touched = self.clock_touched or self.clock.stands or self.clock.error_s != 0
        self.witness.clock_was_set(self.clock.at)
        self.witness.clock_is_wrong = self.clock.stands or self.clock.error_s != 0

    # People

    def hand(self, setting: str, value: Value, serial: str) -> None:
        """Somebody changes a setting in the app."""
        self.portal.settle()
        if same(setting, value, truth(self.house, serial, setting)):
            return
        self.portal.by_another_hand(serial, ROWS[setting].register, register_value(setting, value))
        self.homes.changed((serial, setting), value, self.clock.at)

    def quick_charge_by_hand(self, minutes: int | None) -> None:
        """Somebody starts a quick charge, or stops whichever runs."""
        self.portal.settle()
        now = self.portal.world.now
        for unit in {self.house.unit_of(serial) for serial in self.serials}:
            if minutes is None:
                self.house.quick.stop(unit)
            else:
                self.house.quick.start(unit, now, minutes)
                task = self.house.quick.task(unit, now)
                self.quick_by_hand |= {task.number} if task is not None else set()

    def set_by_hand(self, setting: str, value: SettingValue, serial: str | None, minutes: int | None) -> None:
        """Somebody has luxagent set it, for so long or until they say otherwise."""
        now = self.clock.now()
        until = None if minutes is None else now + timedelta(minutes=minutes)
        self.agent.state.record(
            [LeaseSet(now, setting, value, until, None if setting == "quick_charge" else serial)]
        )
        self.witness.read_journal(self.clock.at)
        self.homes.forgive(setting, serial)
        self._done(lambda: self.agent.tick(asked=True), None)

    def end_what_is_set(self) -> None:
        now, leases = self.clock.now(), self.memory.leases
        self.agent.state.record(
            [LeaseEnded(now, setting, serial or None) for setting, row in leases.items() for serial in row]
        )

    def flag(self, name: str, *, on: bool) -> None:
        self.agent.state.record([FlagSet(self.clock.now(), name, on=on)])

    def pause(self) -> None:
        self.agent.state.record([Paused(self.clock.now())])
        self.paused = True

    def resume(self) -> None:
        self.agent.state.record([Resumed(self.clock.now())])
        self.witness.read_journal(self.clock.at)
        self.homes.forgive()
        self.paused = False

    def go_by(self, policy: Policy) -> None:
        """The owner saves another file."""
        self.rules = self.agent.policy = policy
        self.witness.goes_by(policy)

    # The plant

    def fault(self, name: str, serial: str | None = None, rate: float = 1.0) -> None:
        self.portal.faults.on(name, serial, rate)
        self._note_firmware()

    def mend(self, name: str) -> None:
        if name in PATIENT:
            self.patient_until = max(self.patient_until, self.clock.at + timedelta(hours=PATIENT[name]))
        self.portal.faults.off(name)
        self._note_firmware()

    def _note_firmware(self) -> None:
        self.witness.firmware_reverts = "write-reverts" in self.portal.faults.active

    def uploads(self, *, come: bool) -> None:
        """Commands reach the inverter as ever; what it reports may be stuck on the way."""
        self.portal.settle()
        self.house.upload_every_s = UPLOADS_S if come else NEVER_S

    def charge_is(self, soc_pct: float) -> None:
        for inverter in self.house.inverters.values():
            for module in inverter.bank.modules:
                module.stored_wh = module.capacity_wh * soc_pct / 100
            inverter.bank._sum_up()

    def load_is(self, scale: float) -> None:
        self.house.load_scale = scale

    def grid(self, *, up: bool) -> None:
        self.portal.settle()
        spans = [] if up else [Span(self.house.at, self.house.at + timedelta(days=400))]
        self.house.mains = replace(self.house.mains, outages=spans)

    def update_firmware(self, serial: str) -> None:
        """The vendor updates an inverter over night: 25 minutes, then another version runs."""
        self.portal.settle()
        firmware, now = self.portal.world.firmware, self.portal.world.now
        if not firmware.updating(serial, now):
            firmware.version(serial, now)
            firmware.offer_next(serial)
            firmware.begin(serial, now)
            self.homes.updates[serial] = self.clock.at + timedelta(minutes=25)

    def is_updating(self, serial: str) -> bool:
        return self.portal.world.firmware.updating(serial, self.clock.at)

    def charges_for_nobody(self) -> bool:
        """Whether a quick charge runs that no person started, nor a firmware which took back its stop."""
        serials = [serial for serial in self.serials if (serial, "quick_charge") not in self.homes.loose]
        tasks = [self.house.quick.task(self.house.unit_of(serial), self.clock.at) for serial in serials]
        return any(task is not None and task.number not in self.quick_by_hand for task in tasks)
