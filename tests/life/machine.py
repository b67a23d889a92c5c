"""Anything may happen in any order: the machine that lives a house's life and looks at it after each step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from luxagent.core.sightings import OverrideSeen
from luxagent.sim.house import House
from luxagent.sim.server import WireName
from tests.life import ending
from tests.life.life import FAULTS, Life
from tests.life.rulesets import BY_HAND, FLAGS, NAMES, SET_BY_HAND, policies

MINUTE, HOUR = 60.0, 3600.0
RATES = st.sampled_from([1.0, 1.0, 0.5])
LASTING = st.sampled_from([5, 20, 20, 60, 300])
"""Minutes after which a trouble ends by itself."""


@dataclass(slots=True)
class Tally:
    """What came to pass in all lives of one run."""

    lives: int = 0
    steps: int = 0
    ticks: int = 0
    writes: int = 0
    """Values that were sent."""
    homeward: int = 0
    overrides: int = 0
    kills: int = 0
    faults: set[str] = field(default_factory=set)


class LifeOfAHouse(RuleBasedStateMachine):
    """Rules are what happens. What may never be is in `forbidden`, what must be in the end in `ending`."""

    wire: ClassVar[WireName]
    house: ClassVar[Callable[..., House]]
    tally: ClassVar[Tally]

    def __init__(self) -> None:
        super().__init__()
        self.files = policies(self.wire)
        self.life = Life(self.files["charging"], self.wire, self.house)
        self.life.__enter__()
        self.tally.lives += 1
        self.steps = -1  # the first look comes before anything has happened

    @initialize(
        file=st.sampled_from(NAMES[:3]),
        soc_pct=st.sampled_from([20.0, 45.0, 70.0]),
        trouble=st.none() | st.sampled_from(FAULTS),
        minutes=LASTING,
    )
    def begin(self, file: str, soc_pct: float, trouble: str | None, minutes: int) -> None:
        self.life.charge_is(soc_pct)
        self.life.go_by(self.files[file])
        if trouble is not None:  # many lives choose to have no other
            self._begins(trouble, None, 1.0, minutes)

    # Time

    @rule(minutes=st.sampled_from([2, 2, 5, 12]))
    def tick(self, minutes: int) -> None:
        self.life.tick(minutes * MINUTE)

    @rule(times=st.integers(2, 4))
    def several_ticks(self, times: int) -> None:
        for _ in range(times):
            self.life.tick(2 * MINUTE)

    @rule()
    def ticks_of_an_hour(self) -> None:
        for _ in range(4):
            self.life.tick(15 * MINUTE)

    @rule(hours=st.sampled_from([1, 3, 9]))
    def a_long_sleep(self, hours: int) -> None:
        self.life.tick(hours * HOUR)

    @rule()
    def twice_in_no_time(self) -> None:
        self.life.tick()

    # The portal and the line

    @rule(
        name=st.sampled_from(FAULTS),
        rate=st.sampled_from([1.0, 1.0, 0.5]),
        one=st.booleans(),
        minutes=LASTING,
    )
    def goes_wrong(self, name: str, rate: float, one: bool, minutes: int) -> None:
        self._begins(name, self.life.serials[-1] if one else None, rate, minutes)

    def _begins(self, name: str, serial: str | None, rate: float, minutes: int) -> None:
        life = self.life
        self.tally.faults.add(name)
        life.fault(name, serial, rate)
        life.ends_in(minutes, lambda: life.mend(name))

    @rule(minutes=LASTING)
    def uploads_are_stuck(self, minutes: int) -> None:
        self.life.uploads(come=False)
        self.life.ends_in(minutes, lambda: self.life.uploads(come=True))

    @rule()
    def all_is_well(self) -> None:
        ending.calm(self.life)

    @rule()
    def sessions_end(self) -> None:
        self.life.portal.end_sessions()

    # People

    @rule(data=st.data())
    def another_hand(self, data: st.DataObject) -> None:
        setting = data.draw(st.sampled_from(sorted(BY_HAND[self.wire])), "setting")
        value = data.draw(st.sampled_from(BY_HAND[self.wire][setting]), "value")
        serial = data.draw(st.sampled_from(self.life.serials), "inverter")
        self.life.hand(setting, value, serial)

    @rule(minutes=st.sampled_from([None, 20, 90]))
    def quick_charge_by_hand(self, minutes: int | None) -> None:
        self.life.quick_charge_by_hand(minutes)

    @rule(data=st.data(), one=st.booleans(), minutes=st.sampled_from([None, 10, 60, 300]))
    def set_by_hand(self, data: st.DataObject, one: bool, minutes: int | None) -> None:
        setting = data.draw(st.sampled_from(sorted(SET_BY_HAND[self.wire])), "setting")
        value = data.draw(st.sampled_from(SET_BY_HAND[self.wire][setting]), "value")
        self.life.set_by_hand(setting, value, self.life.serials[-1] if one else None, minutes)

    @rule()
    def what_is_set_by_hand_ends(self) -> None:
        self.life.end_what_is_set()

    @rule(step=st.sampled_from([None, None, 1, 3]))
    def restore(self, step: int | None) -> None:
        self.life.restore(step)

    @rule(step=st.sampled_from([None, None, 1, 3]), minutes=st.sampled_from([0, 2, 30]))
    def stops_and_begins(self, step: int | None, minutes: int) -> None:
        self.life.restore(step, on_stop=True)
        self.life.tick(minutes * MINUTE)

    @rule(name=st.sampled_from(FLAGS), on=st.booleans())
    def flag(self, name: str, on: bool) -> None:
        self.life.flag(name, on=on)

    @rule(file=st.sampled_from(NAMES))
    def another_file(self, file: str) -> None:
        self.life.go_by(self.files[file])

    @rule(minutes=LASTING)
    def pause(self, minutes: int) -> None:
        self.life.pause()
        self.life.ends_in(minutes, self.life.resume)

    @rule()
    def resume(self) -> None:
        self.life.resume()

    # The plant

    @rule(soc_pct=st.sampled_from([15.0, 38.0, 47.0, 55.0, 64.0, 92.0]))
    def charge_is(self, soc_pct: float) -> None:
        self.life.charge_is(soc_pct)

    @rule(up=st.booleans())
    def grid(self, up: bool) -> None:
        self.life.grid(up=up)

    @rule(scale=st.sampled_from([0.3, 1.0, 4.0]))
    def load_is(self, scale: float) -> None:
        self.life.load_is(scale)

    @rule(one=st.booleans())
    def firmware_update(self, one: bool) -> None:
        self.life.update_firmware(self.life.serials[-1 if one else 0])

    # The computer

    @rule()
    def restart(self) -> None:
        self.life.begin()
        self.life.tick(5.0)

    @rule(step=st.integers(1, 6), minutes=st.sampled_from([0, 2, 30]))
    def is_killed(self, step: int, minutes: int) -> None:
        self.life.tick(2 * MINUTE, stop_before=step)
        self.life.tick(minutes * MINUTE)

    @rule(steps=st.integers(0, 5))
    def will_be_killed_when_it_writes(self, steps: int) -> None:
        self.life.steps.after_send = steps

    @rule(by_s=st.sampled_from([90.0, -90.0, HOUR, -HOUR, 3 * HOUR, 25 * HOUR, -25 * HOUR]), minutes=LASTING)
    def clock_is_set(self, by_s: float, minutes: int) -> None:
        self.life.set_clock(by_s)
        self.life.ends_in(minutes, self.life.right_clock)

    @rule(minutes=LASTING)
    def clock_stands(self, minutes: int) -> None:
        self.life.stop_clock()
        self.life.ends_in(minutes, self.life.right_clock)

    @rule()
    def clock_is_right(self) -> None:
        self.life.right_clock()

    @invariant()
    def nothing_is_broken(self) -> None:
        self.steps += 1
        assert not self.life.witness.broken, self.life.witness.broken
        sent = self.life.sent
        assert len(sent) == len(set(sent)), "an intent was sent twice"

    def teardown(self) -> None:
        life, tally = self.life, self.tally
        tally.steps += max(self.steps, 0)
        try:
            ending.let_go(life)
            assert not life.witness.broken, life.witness.broken
        finally:
            tally.ticks += life.ticks
            tally.kills += life.kills
            tally.writes += len({one.number for one in life.witness.orders})
            tally.homeward += len({one.number for one in life.witness.orders if one.homeward})
            tally.overrides += sum(isinstance(event, OverrideSeen) for event in life.events)
            life.__exit__()
