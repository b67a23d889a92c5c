"""Whatever happens, and however often the agent starts anew: the budgets of every hour and day hold."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.events import Event, Ticked, WriteClosed, WriteIntended
from luxagent.core.memory import Memory, fold_all
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


@dataclass
class Past:
    """An agent whose clock may be set back, and which may be started anew."""

    rules: Policy
    wall: timedelta = timedelta()
    true: timedelta = timedelta()
    events: list[Event] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    settings: dict[str, float | bool] = field(
        default_factory=lambda: {"charge_limit": 97.0, "discharge_floor": 20.0, "ac_charge": False}
    )
    sent: list[tuple[timedelta, bool]] = field(default_factory=list)
    """When, in time that really passed, and whether on the way home."""

    def record(self, events: list[Event]) -> None:
        self.events += events
        self.memory = fold_all(self.memory, events)

    def step(self, passed_min: int, set_back_min: int, soc: float | None, fate: Fate, restart: bool) -> None:
        self.true += timedelta(minutes=passed_min)
        self.wall += timedelta(minutes=passed_min - set_back_min)
        if restart:
            self.memory = fold_all(Memory(), self.events)
        now = NOON + self.wall
        seen = plant(inverter(values={"soc_pct": soc}, settings=self.settings))
        decision, _ = tick(self.rules, seen, self.memory, now)
        self.record(decision.events)
        for change in decision.changes:
            want, number = change.want, self.memory.last_number + 1
            self.sent.append((self.true, want.homeward))
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


_steps = st.lists(
    st.tuples(
        st.integers(1, 50),
        st.sampled_from([0, 0, 0, 0, 30, 600, 60 * 24 * 30]),
        st.sampled_from([30.0, 50.0, 70.0, None]),
        st.sampled_from(["confirmed", "confirmed", "unproven", "refused", "lapsed"]),
        st.booleans(),
    ),
    min_size=10,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(_steps)
def test_no_hour_and_no_day_has_more_writes_than_its_budget(
    steps: list[tuple[int, int, float | None, Fate, bool]],
) -> None:
    past = Past(RULES)
    for passed, set_back, soc, fate, restart in steps:
        past.step(passed, set_back, soc, fate, restart)
    for at, _ in past.sent:
        hour = [home for when, home in past.sent if at <= when < at + timedelta(hours=1)]
        day = [home for when, home in past.sent if at <= when < at + timedelta(hours=24)]
        assert len(hour) <= HOUR + 2
        assert len(day) <= DAY
        if not any(hour):
            assert len(hour) <= HOUR
        assert day.count(False) <= DAY - DAY // 5 + day.count(True)


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
