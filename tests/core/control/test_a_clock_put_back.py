"""A clock that was ahead and is put back where nothing told of it: a portal without a clock, luxagent off.

What was taken down meanwhile lies in the future then. It may hold nothing for longer than its own length.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from luxagent.core.events import (
    ClockSet,
    FlagSet,
    LeaseEnded,
    LeaseSet,
    Paused,
    Resumed,
    Ticked,
    WriteClosed,
    WriteIntended,
)
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import FlagOn
from luxagent.core.policy.policy import Policy
from tests.core.builders import NOON, SERIAL, inverter, plant, policy, rule, soc_below, tick


@dataclass
class Watched:
    """One inverter, and an agent whose clock may be ahead."""

    rules: Policy
    settings: dict[str, SettingValue | None]
    memory: Memory = field(default_factory=Memory)
    sent: list[tuple[float, str, SettingValue]] = field(default_factory=list)
    """At which minute, in time that really passed."""

    def tick(
        self,
        minute: float,
        soc: float | None = 50,
        ahead: timedelta = timedelta(),
        ignored: Collection[str] = (),
        *,
        noticed: bool = True,
    ) -> None:
        """A tick whose writes go out a second later, and which ends two seconds after that."""
        now = NOON + timedelta(minutes=minute) + ahead
        seen = plant(
            inverter(values={"soc_pct": soc}, settings=self.settings), clock_ok=not (ahead and noticed)
        )
        decision, self.memory = tick(self.rules, seen, self.memory, now)
        at = now + timedelta(seconds=1)
        for change in sorted(decision.changes, key=lambda change: change.stage):
            want, name, number = change.want, change.want.setting, self.memory.last_number + 1
            self.sent.append((minute, name, change.value))
            if name not in ignored:
                self.settings[name] = change.value is not False if name == "quick_charge" else change.value
            outcome = "unproven" if name in ignored else "confirmed"
            self.memory = fold_all(
                self.memory,
                [
                    WriteIntended(
                        at, number, SERIAL, name, change.value, want.have, want.rule, "", want.homeward
                    ),
                    WriteClosed(at, number, SERIAL, name, outcome, self.settings[name]),  # type: ignore[arg-type]
                ],
            )
        self.memory = fold_all(self.memory, [Ticked(now + timedelta(seconds=3))])


def test_a_way_home_that_failed_in_the_future_is_tried_again_within_minutes() -> None:
    """Also where something else goes home in the very tick that finds the clock put back."""
    rules = policy(
        rule("Low", soc_below(40), ac_charge=True),
        rule("Middle", soc_below(60), charge_limit=70.0),
        baseline={"ac_charge": False, "charge_limit": 97.0},
    )
    house = Watched(rules, {"ac_charge": False, "charge_limit": 97.0})
    house.tick(0, 30)
    house.tick(2, 50, ahead=timedelta(days=300), ignored=["ac_charge"])
    house.tick(4, 70)
    house.tick(15, 70)
    assert house.sent[2:] == [
        (2, "ac_charge", False),
        (4, "charge_limit", 97.0),
        (15, "ac_charge", False),
    ]


def test_one_quick_charge_is_not_started_again_and_again_by_a_rule_that_took_in_the_future() -> None:
    rules = policy(rule("Storm", FlagOn("storm"), quick_charge=3600.0))
    house = Watched(rules, {"quick_charge": False})
    house.memory = fold_all(house.memory, [FlagSet(NOON - timedelta(hours=1), "storm", on=True)])
    house.tick(0, ahead=timedelta(hours=5))
    for minute in range(5, 8 * 60, 5):
        house.settings["quick_charge"] = 5 <= minute - 5 < 60
        house.tick(minute)
    assert house.sent == [(5, "quick_charge", 3600.0)]


def test_a_quick_charge_by_hand_is_not_started_again_either() -> None:
    """The steady clock tells here: what was set by hand goes along with the write that came of it."""
    house = Watched(policy(), {"quick_charge": False})
    ahead = timedelta(hours=5)
    house.memory = fold_all(house.memory, [LeaseSet(NOON + ahead, "quick_charge", 3600.0)])
    house.tick(1, ahead=ahead, noticed=False)
    [started] = house.sent
    house.memory = fold_all(house.memory, [ClockSet(NOON + timedelta(minutes=3), -ahead.total_seconds(), 0)])
    house.tick(3)
    house.settings["quick_charge"] = False
    house.tick(70)
    assert house.sent == [started]


def test_the_hold_of_a_rule_that_took_in_the_future_lasts_its_own_length() -> None:
    rules = policy(rule("Low", soc_below(40), hold_s=900, ac_charge=True), baseline={"ac_charge": False})
    house = Watched(rules, {"ac_charge": False})
    house.tick(0, 30, ahead=timedelta(hours=5))
    for minute in (2, 4, 16, 20):
        house.tick(minute, 30 if minute < 16 else 95)
    assert house.sent == [(2, "ac_charge", True), (20, "ac_charge", False)]


def test_a_rule_in_doubt_since_the_future_lets_go_when_its_grace_is_over() -> None:
    rules = policy(rule("Low", soc_below(40), ac_charge=True), baseline={"ac_charge": False})
    house = Watched(rules, {"ac_charge": False})
    house.tick(0, 30)
    house.tick(2, None, ahead=timedelta(hours=5))
    for minute in (4, 18, 20):
        house.tick(minute, None)
    assert house.sent == [(0, "ac_charge", True), (20, "ac_charge", False)]


def test_what_people_said_for_how_long_is_not_over_because_the_clock_was_set() -> None:
    until = NOON + timedelta(hours=10)
    said = [
        Paused(NOON, until),
        LeaseSet(NOON, "charge_limit", 70.0, until),
        FlagSet(NOON, "storm", on=True, until=until),
    ]
    memory = fold_all(Memory(), said)
    day = timedelta(hours=25).total_seconds()
    memory = fold_all(memory, [ClockSet(NOON + timedelta(hours=25), day, day)])
    decision, memory = tick(policy(), plant(), memory, NOON + timedelta(hours=26))
    assert not [one for one in decision.events if isinstance(one, Resumed | LeaseEnded | FlagSet)]
    memory = fold_all(memory, [ClockSet(NOON + timedelta(hours=1), -day, 0.0)])
    assert memory.pause is not None
    assert (memory.pause.until, memory.flags["storm"]) == (until, until)
    decision, _ = tick(policy(), plant(), memory, NOON + timedelta(hours=10))
    assert len([one for one in decision.events if isinstance(one, Resumed | LeaseEnded | FlagSet)]) == 3
