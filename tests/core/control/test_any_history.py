"""Whatever happens, and however often the agent starts anew: the budgets of every hour and day hold."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.events import ClockSet, Event, Ticked, WriteClosed, WriteIntended
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.policy import Policy
from tests.core.builders import NOON, SERIAL, guards, inverter, plant, policy, rule, soc_below, tick
from tests.core.control.test_going_home import Loop

HOUR, DAY = 4, 12
RULES = policy(
    rule("Low", soc_below(40), charge_limit=70.0, discharge_floor=30.0),
    rule("Middle", soc_below(60), charge_limit=80.0, ac_charge=True),
    baseline={"ac_charge": False},
    guards=guards(writes_per_hour=HOUR, writes_per_day=DAY, same_setting_every_s=0.0),
)
Fate = Literal["confirmed", "unproven", "refused", "lapsed"]


class Sent(NamedTuple):
    at: timedelta
    """In time that really passed."""
    homeward: bool
    ahead: bool
    """While the clock was known to be ahead."""


@dataclass
class Past:
    """An agent whose clock may be set, and which may be started anew."""

    rules: Policy
    wall: timedelta = timedelta()
    true: timedelta = timedelta()
    events: list[Event] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    settings: dict[str, float | bool] = field(
        default_factory=lambda: {"charge_limit": 97.0, "discharge_floor": 20.0, "ac_charge": False}
    )
    sent: list[Sent] = field(default_factory=list)

    def record(self, events: list[Event]) -> None:
        self.events += events
        self.memory = fold_all(self.memory, events)

    def set_clock(self, minutes: int) -> None:
        """Set it by so much, and find that out by the portal's, as the agent does before it decides."""
        self.wall += timedelta(minutes=minutes)
        self.record([ClockSet(NOON + self.wall, 60.0 * minutes, 0.0)])

    def step(
        self,
        passed_min: int,
        set_back_min: int,
        soc: float | None,
        fate: Fate,
        restart: bool,
        ahead_min: int = 0,
    ) -> None:
        """A tick; `set_back_min` is for good, `ahead_min` for this tick, and nothing tells of either."""
        self.true += timedelta(minutes=passed_min)
        self.wall += timedelta(minutes=passed_min - set_back_min)
        if restart:
            self.memory = fold_all(Memory(), self.events)
        now = NOON + self.wall + timedelta(minutes=ahead_min)
        seen = plant(inverter(values={"soc_pct": soc}, settings=self.settings), clock_ok=ahead_min == 0)
        decision, _ = tick(self.rules, seen, self.memory, now)
        self.record(decision.events)
        for change in decision.changes:
            want, number = change.want, self.memory.last_number + 1
            self.sent.append(Sent(self.true, want.homeward, ahead_min > 0))
            value = change.value
            assert isinstance(value, float | bool)
            if fate == "confirmed":
                self.settings[want.setting] = value
            self.record(
                [
                    WriteIntended(
                        now, number, SERIAL, want.setting, value, want.have, want.rule, "", want.homeward
                    ),
                    WriteClosed(now, number, SERIAL, want.setting, fate, self.settings[want.setting]),
                ]
            )
        self.record([Ticked(now)])

    def within(self, length: timedelta) -> list[list[bool]]:
        """For each write, which of it and those after it within so long went home."""
        return [
            [two.homeward for two in self.sent if one.at <= two.at < one.at + length] for one in self.sent
        ]

    def keeps_to_its_budgets(self) -> bool:
        hours, days = self.within(timedelta(hours=1)), self.within(timedelta(hours=24))
        return all(len(hour) <= HOUR + (2 if any(hour) else 0) for hour in hours) and all(
            len(day) <= DAY and day.count(False) <= DAY - DAY // 5 + day.count(True) for day in days
        )


_minutes = st.integers(1, 50)
_soc = st.sampled_from([30.0, 50.0, 70.0, None])
_fate = st.sampled_from(["confirmed", "confirmed", "unproven", "refused", "lapsed"])
_set = st.sampled_from([0, 0, 0, 30, 300, 60 * 25, 60 * 24 * 30, -30, -300, -60 * 25, -60 * 24 * 30])
_set_back = st.sampled_from([0, 0, 0, 0, 30, 600, 60 * 24 * 30])
_ahead = st.sampled_from([0, 0, 0, 5, 300, 60 * 25, 60 * 24 * 30])


def _lives(*parts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(*parts), min_size=10, max_size=30)


@settings(max_examples=40, deadline=None)
@given(_lives(_minutes, _set_back, _soc, _fate, st.booleans()))
def test_no_hour_and_no_day_has_more_writes_than_its_budget(steps: list[tuple[Any, ...]]) -> None:
    past = Past(RULES)
    for step in steps:
        past.step(*step)
    assert past.keeps_to_its_budgets()


@settings(max_examples=40, deadline=None)
@given(_lives(_set, _minutes, _soc, _fate, st.booleans()))
def test_nor_if_the_clock_is_set_forth_and_back_and_that_is_found_out(steps: list[tuple[Any, ...]]) -> None:
    past = Past(RULES)
    for set_min, passed_min, soc, fate, restart in steps:
        past.set_clock(set_min)
        past.step(passed_min, 0, soc, fate, restart)
    assert past.keeps_to_its_budgets()


@settings(max_examples=40, deadline=None)
@given(_lives(_minutes, st.just(0), _soc, _fate, st.booleans(), _ahead))
def test_nor_by_what_is_sent_once_a_clock_that_was_ahead_is_put_back(steps: list[tuple[Any, ...]]) -> None:
    """What went home meanwhile is beyond counting, for a clock that is ahead says that a day has passed."""
    past = Past(RULES)
    for step in steps:
        past.step(*step)
    for one in (one for one in past.sent if not one.ahead):
        day = [two for two in past.sent if one.at - timedelta(hours=24) < two.at < one.at]
        hour = [two for two in day if two.at > one.at - timedelta(hours=1)]
        assert len(day) < DAY - (0 if one.homeward else DAY // 5)
        assert len(hour) < HOUR + (2 if one.homeward else 0)


def test_a_clock_that_runs_ahead_every_quarter_of_an_hour_refills_nothing() -> None:
    """240 writes a day were seen where 20 are allowed: each way home made all before it forgotten."""
    rules = policy(
        rule("Low", soc_below(40), charge_limit=70.0),
        rule("Middle", soc_below(60), discharge_floor=30.0),
        guards=guards(writes_per_hour=12, writes_per_day=20, same_setting_every_s=600.0),
    )
    past = Past(rules)
    for n in range(240):
        ahead = 60 * 48 if n % 8 == 2 else 0
        past.step(6, 0, 30.0 if (n // 2) % 2 == 0 else 70.0, "confirmed", restart=False, ahead_min=ahead)
    assert len(past.sent) <= 20


@pytest.mark.parametrize(("until", "writes"), [(None, 60), (65.0, 1)])
def test_a_value_that_dithers_at_its_threshold_is_bounded_by_the_day_and_by_hysteresis(
    until: float | None, writes: int
) -> None:
    """59 and 61 in turn, a day long: four fifths of the day's budget are takes, the rest brings them home."""
    loop = Loop(policy(rule(when=soc_below(60, until), charge_limit=80.0)), charge_limit=97.0)
    for n in range(720):
        loop.tick(59.0 if n % 2 else 61.0, 2)
    assert len(loop.sent) <= writes
    assert until is None or loop.sent == [("charge_limit", 80.0)]
