"""Who stands at the portal's door: what the agent was shown, and what it asked for.

Everything here comes from the requests, the answers and the house. The agent's journal is looked at for what
it has on disk before it acts: intents, other hands, and rules that took. What may never be is in `forbidden`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from luxagent.core.events import Event, LeaseSet, Resumed, RuleTook, WriteClosed, WriteIntended
from luxagent.core.plant.device import Plant
from luxagent.core.policy.policy import Policy
from luxagent.core.sightings import LandedLate, OverrideEnded, OverrideSeen
from luxagent.sim.house import House
from luxagent.sim.world import Reply, Request
from tests.agent.bench import START
from tests.life.forbidden import FORBIDDEN, took_blindly
from tests.life.homes import Homes, Key
from tests.life.seen import Heard, Order, Shown
from tests.life.words import (
    ROWS,
    Asked,
    Value,
    asked_of,
    mains_of,
    runtime_of,
    same,
    shown_in,
    speaks_of_another,
)

EXPLAINS = timedelta(minutes=40)
"""A write that was not confirmed may be taken for the cause of a change so long, and a little more.
So may what was sent to another inverter of the group, for it may have spread."""


def _is_meant(lease: LeaseSet, key: Key) -> bool:
    return lease.setting == key[1] and lease.serial in (None, key[0])


@dataclass(slots=True)
class Witness:
    """Sees every request and answer; what must not be is in `broken`, in words."""

    house: House
    policy: Policy
    homes: Homes
    journal: Sequence[Event]
    now: datetime
    tick: int = 0
    tick_began: datetime = START
    clock_is_wrong: bool = False
    firmware_reverts: bool = False
    restoring: bool = False
    """A person has everything sent home just now."""
    broken: list[str] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    heard: dict[str, Heard] = field(default_factory=dict)
    """The newest readings that the agent was shown, by inverter."""
    mains: tuple[int, float] | None = None
    """In which tick the GridBOSS last spoke of the mains, and their voltage."""
    shown: dict[Key, Shown] = field(default_factory=dict)
    """The settings that the agent was shown."""
    left_alone: dict[Key, datetime] = field(default_factory=dict)
    """Since when the agent has said that another hand was there."""
    lapsed: set[int] = field(default_factory=set)
    meant: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    """Every intent on disk: to which inverter, and when it really was."""
    _read: int = 0
    _open: dict[int, WriteIntended] = field(default_factory=dict)
    _to_baseline: set[int] = field(default_factory=set)
    """The numbers of intents for what the file of that moment called home."""
    _unsure: dict[int, tuple[Key, datetime]] = field(default_factory=dict)
    """Writes that were sent and not confirmed."""
    _watched: set[Key] = field(default_factory=set)
    """Managed settings that the agent has read, in a tick that ended well, since they are managed."""

    def before(self, request: Request, at: datetime) -> None:
        """A request has come."""
        self.read_journal(at)
        asked = self._asked(request)
        if asked is None:
            return
        order = self._order(asked, at)
        if order is None:
            self.broken.append(f"{asked}: it is sent without an open intent on disk")
            return
        for law in FORBIDDEN:
            why = law(order, self)
            if why:
                self.broken.append(f"{asked.setting} = {asked.value!r} to {asked.serial}: {why}")

    def after(self, request: Request, reply: Reply, at: datetime, *, turned_away: bool) -> None:
        """It has been answered."""
        serial, path = request.serial, request.path
        if speaks_of_another(reply.body, serial):
            pass  # nobody is told anything by it
        elif path.endswith("getInverterRuntime"):
            self._hear(serial, reply, at)
        elif path.endswith("getMidboxRuntime"):
            volts = mains_of(reply.body)
            self.mains = self.mains if volts is None else (self.tick, volts)
        elif "remoteRead/read" in path or path.endswith("getStatusInfo"):
            for setting, value in shown_in(reply.body).items():
                key = (serial, setting)
                self.homes.shown(key, value, at, could_know=self._could_know(key, value, at))
                self.shown[key] = Shown(self.tick, at, value)
        asked = None if turned_away else self._asked(request)
        order = None if asked is None else self._order(asked, at)
        if order is not None:
            self.orders.append(order)
            self._unsure[order.number] = (order.key, at)
            if self.firmware_reverts:
                self.homes.loose.add(order.key)

    def begins_a_tick(self, at: datetime) -> None:
        """What is heard from here on is heard in this tick."""
        self.tick, self.tick_began = self.tick + 1, at

    def ended(self, plant: Plant) -> None:
        """A tick has come to its end with this. What it has read it knows from now on.

        A `restore` remembers of nothing but what is owned what it reads.
        """
        if self.restoring:
            return
        for device in plant.devices:
            known = {name for name, value in device.settings.items() if value is not None}
            self._watched |= {(device.serial, name) for name in known & self.policy.managed}

    def goes_by(self, policy: Policy) -> None:
        """The owner saves another file."""
        self.policy = policy
        self._watched = {key for key in self._watched if key[1] in policy.managed}

    def clock_was_set(self, at: datetime) -> None:
        """What the agent counts from its clock may begin anew."""
        self._unsure = {number: (key, at) for number, (key, _) in self._unsure.items()}
        self.homes.updates = {serial: max(at, ends) for serial, ends in self.homes.updates.items()}

    def read_journal(self, at: datetime) -> None:
        """What was put on disk since the last look."""
        self.now = at
        for event in self.journal[self._read :]:
            if isinstance(event, WriteIntended):
                self._open[event.number] = event
                self.meant[event.number] = (event.serial, at)
                if event.rule is None and event.value == self.policy.baseline.get(event.setting):
                    self._to_baseline.add(event.number)
            elif isinstance(event, WriteClosed):
                self._closed(event)
            elif isinstance(event, OverrideSeen) and not event.enforced:
                self.left_alone[event.serial, event.setting] = at
            elif isinstance(event, OverrideEnded) and self.policy.guards.on_override_s is None:
                # The file says to enforce now, and the next one may take what was left alone.
                self.left_alone.pop((event.serial, event.setting), None)
                self.homes.enforced((event.serial, event.setting))
            elif isinstance(event, LandedLate):  # put back as the agent had it: its own again, to bring home
                self.left_alone.pop((event.serial, event.setting), None)
            elif isinstance(event, Resumed) and event.by_person:
                self.left_alone.clear()
            elif isinstance(event, LeaseSet):  # whoever sets it knows of the other hand
                alone = self.left_alone.items()
                self.left_alone = {key: at for key, at in alone if not _is_meant(event, key)}
            elif isinstance(event, RuleTook):
                why = took_blindly(event.rule, event.who, self)
                if why:
                    self.broken.append(f"{event.rule!r} took: {why}")
        self._read = len(self.journal)

    def _closed(self, event: WriteClosed) -> None:
        intent = self._open.pop(event.number, None)
        if event.outcome == "lapsed":
            self.lapsed.add(event.number)
        key = (event.serial, event.setting)
        if event.found is not None:
            self.homes.found.setdefault(key, []).append(event.found)
        to_baseline = event.number in self._to_baseline
        if intent is not None and to_baseline:  # home, also if the file has lost that baseline since
            self.homes.brought(key, intent.value, event.found)
        if event.outcome != "confirmed":
            return
        self._unsure.pop(event.number, None)
        if not self._was_shown(event):
            self.broken.append(f"{event.setting} of {event.serial} is called confirmed, but was not read")
        if intent is not None and to_baseline:
            self.homes.settled(key, intent.value)

    def _was_shown(self, event: WriteClosed) -> bool:
        """Whether the setting was shown since the last request of this write, and as it was wanted."""
        key, sent = (event.serial, event.setting), [o.at for o in self.orders if o.number == event.number]
        shown = self.shown.get(key)
        if shown is None or event.found is None or (sent and shown.at < sent[-1]):
            return False
        return event.setting not in ROWS or same(event.setting, shown.value, event.found)

    def _order(self, asked: Asked, at: datetime) -> Order | None:
        """The request with the intent that stands behind it."""
        for intent in self._open.values():
            if (intent.serial, intent.setting) == (asked.serial, asked.setting):
                return Order(at, self.meant[intent.number][1], self.tick, asked, intent)
        return None

    def _asked(self, request: Request) -> Asked | None:
        try:
            return asked_of(request)
        except (KeyError, ValueError) as error:
            self.broken.append(f"a control request that nobody understands: {request} ({error!r})")
            return None

    def _hear(self, serial: str, reply: Reply, at: datetime) -> None:
        body = runtime_of(reply.body)
        if body is None:
            return
        stamp = datetime.strptime(str(body["serverTime"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        last, status, soc = self.heard.get(serial), body.get("status"), body.get("soc")
        if last is not None and last.firmware != str(body.get("fwCode")):
            self.homes.updates[serial] = max(at, self.homes.updates.get(serial, at))
        self.heard[serial] = Heard(
            self.tick,
            at,
            stamp if last is None else max(stamp, last.uploaded_at),
            str(body.get("fwCode")),
            lost=body.get("lost") is True,
            status=status if isinstance(status, int) else None,
            soc_pct=float(soc) if isinstance(soc, int | float) and 0 <= soc <= 100 else None,
        )

    def _could_know(self, key: Key, value: Value, at: datetime) -> bool:
        """Whether nothing of the agent's own could explain that this setting is so now."""
        serial, setting = key
        mine = [since for (_, name), since in self._unsure.values() if name == setting]
        explained = any(self.clock_is_wrong or at - since < EXPLAINS for since in mine)
        watched = key in self._watched and setting in self.policy.managed
        updated = self.clock_is_wrong and serial in self.homes.updates
        updated = updated or self.homes.updated_lately(serial, at)
        spread = any(
            one.key != key and one.key[1] == setting and at - one.at < EXPLAINS
            and same(setting, one.intent.value, value)
            for one in self.orders
        )  # fmt: skip
        firm = self.policy.guards.on_override_s is None
        return watched and not (explained or updated or spread or firm)
