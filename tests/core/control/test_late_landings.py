"""A take that was not proven may land long after: its setting is not given up before, or taken up again."""

import pytest

from luxagent.core.control.late import LATE
from luxagent.core.decide import Decision, decide_home
from luxagent.core.events import CameHome, LeaseEnded, LeaseSet, Resumed, Ticked, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.policy import Policy
from luxagent.core.sightings import LandedLate, OverrideSeen
from tests.core.builders import (
    NOON,
    SERIAL,
    after,
    changes_of,
    inverter,
    plant,
    policy,
    reasons_of,
    rule,
    soc_below,
    tick,
)
from tests.core.control.test_going_home import Loop

CASES: list[tuple[str, SettingValue, SettingValue, SettingValue]] = [
    ("ac_charge", False, True, True),
    ("charge_limit", 100.0, 80.0, 80.0),
    ("quick_charge", False, 3600.0, True),
]
"""Setting, home, what is sent, and how that reads."""
EACH = pytest.mark.parametrize(("setting", "home", "sent", "there"), CASES, ids=[case[0] for case in CASES])


class Late(Loop):
    """A take at noon whose fate the test says."""

    def tick(self, soc_pct: float | None, minutes: float = 11) -> Decision:
        decision = super().tick(soc_pct, minutes)
        self.memory = fold_all(self.memory, [Ticked(after(self.minute))])
        return decision

    def take(self, setting: str, value: SettingValue, outcome: str = "unproven") -> None:
        seen = self.settings[setting]
        taken = WriteIntended(NOON, 1, SERIAL, setting, value, seen, "Low", "", homeward=False)
        closed = WriteClosed(after(0.1), 1, SERIAL, setting, outcome, seen)  # type: ignore[arg-type]
        self.memory = fold_all(self.memory, [taken, closed])


def low(setting: str, value: SettingValue, **more: object) -> Policy:
    return policy(rule("Low", soc_below(40), **{setting: value}), **more)  # type: ignore[arg-type]


def kept(decision: Decision) -> bool:
    return not any(isinstance(event, CameHome) for event in decision.events)


@EACH
@pytest.mark.parametrize("outcome", ["unproven", "lapsed"])
def test_it_stays_owned_while_the_take_may_land_and_goes_home_when_it_does(
    setting: str, home: SettingValue, sent: SettingValue, there: SettingValue, outcome: str
) -> None:
    loop = Late(low(setting, sent), **{setting: home})
    loop.tick(90, 0)
    loop.take(setting, sent, outcome)
    for _ in range(5):
        assert kept(loop.tick(90, 2))
    assert setting in loop.memory.owned[SERIAL]
    loop.settings[setting] = there
    loop.tick(90, 2)
    assert loop.sent == [(setting, home)]
    loop.tick(90, 2)
    assert loop.memory.owned == {}


@EACH
def test_half_an_hour_later_it_is_home_and_nothing_was_written(
    setting: str, home: SettingValue, sent: SettingValue, there: SettingValue
) -> None:
    assert there != home
    loop = Late(low(setting, sent), **{setting: home})
    loop.tick(90, 0)
    loop.take(setting, sent)
    assert kept(loop.tick(90, LATE.total_seconds() / 60))
    assert not kept(loop.tick(90, 2))
    assert (loop.memory.owned, loop.sent) == ({}, [])


def test_its_limit_is_not_loosened_while_the_switch_may_still_go_on() -> None:
    loop = Late(policy(), ac_charge=False, ac_charge_limit=90.0)
    loop.rules = policy(rule("Low", soc_below(40), ac_charge_limit=50.0, ac_charge=True))
    loop.tick(90, 0)
    loop.take("ac_charge", True)
    limit = WriteIntended(NOON, 2, SERIAL, "ac_charge_limit", 50.0, 90.0, "Low", "", homeward=False)
    closed = WriteClosed(after(0.1), 2, SERIAL, "ac_charge_limit", "confirmed", 50.0)
    loop.memory = fold_all(loop.memory, [limit, closed])
    loop.settings["ac_charge_limit"] = 50.0
    assert reasons_of(loop.tick(90, 2), "ac_charge_limit") == (Reason.WAITS,)
    loop.tick(90, 31)
    assert loop.sent == [("ac_charge_limit", 90.0)]


def test_what_the_portal_refused_is_not_waited_for() -> None:
    loop = Late(low("ac_charge", value=True), ac_charge=False)
    loop.tick(90, 0)
    loop.take("ac_charge", True, "refused")
    assert not kept(loop.tick(90, 2))


def test_a_restore_waits_for_it_as_well() -> None:
    loop = Late(low("ac_charge", value=True), ac_charge=False)
    loop.tick(90, 0)
    loop.take("ac_charge", True)
    seen = plant(inverter(settings=loop.settings))
    for minutes, waits in ((1, True), (31, False)):
        moment = loop.rules.calendar.moment(after(minutes))
        assert kept(decide_home(moment, seen, loop.memory, loop.rules)) is waits


@EACH
def test_what_lands_after_it_was_given_up_is_owned_again_by_its_rule_and_goes_home(
    setting: str, home: SettingValue, sent: SettingValue, there: SettingValue
) -> None:
    """As after a way home that was proven, with the take still on its way."""
    loop = Late(low(setting, sent), **{setting: home})
    loop.tick(90, 0)
    loop.take(setting, sent)
    loop.memory = fold_all(loop.memory, [CameHome(after(1), SERIAL, setting, home)])
    loop.settings[setting] = there
    decision = loop.tick(90, 2)
    [landed] = [event for event in decision.events if isinstance(event, LandedLate)]
    assert (landed.setting, landed.before, landed.rule) == (setting, home, "Low")
    assert changes_of(decision) == [(setting, home)]
    assert not [event for event in decision.events if isinstance(event, OverrideSeen)]


def test_it_is_owned_again_while_its_rule_holds_and_goes_home_when_that_lets_go() -> None:
    loop = Late(low("ac_charge", value=True), ac_charge=False)
    loop.tick(90, 0)
    loop.take("ac_charge", True)
    loop.memory = fold_all(loop.memory, [CameHome(after(1), SERIAL, "ac_charge", False)])
    loop.settings["ac_charge"] = True
    assert changes_of(loop.tick(30, 2)) == []
    assert loop.memory.owned[SERIAL]["ac_charge"].holder == "Low"
    loop.tick(90, 2)
    assert loop.sent == [("ac_charge", False)]


@EACH
@pytest.mark.parametrize("blind", ["no tick", "not read", "inverter gone"])
def test_what_landed_while_nobody_could_look_is_ours_however_late_it_is_seen(
    setting: str, home: SettingValue, sent: SettingValue, there: SettingValue, blind: str
) -> None:
    loop = Late(low(setting, sent), **{setting: home})
    loop.tick(90, 0)
    loop.take(setting, sent)
    loop.tick(90, 2)
    if blind == "not read":
        loop.settings[setting] = None
        for _ in range(9):
            loop.tick(90, 5)
    elif blind == "inverter gone":
        for minutes in range(5, 50, 5):
            at = after(minutes)
            _, loop.memory = tick(loop.rules, plant(inverter("OTHER")), loop.memory, at)
            loop.memory = fold_all(loop.memory, [Ticked(at)])
        loop.minute = 45
    loop.settings[setting] = there
    decision = loop.tick(90, 45 if blind == "no tick" else 5)
    assert not [event for event in decision.events if isinstance(event, OverrideSeen)]
    loop.tick(90, 2)
    assert loop.sent == [(setting, home)]
    assert loop.memory.custody.unread.get(SERIAL, {}) == {}


def test_what_read_well_long_after_and_then_changes_is_somebodys() -> None:
    loop = Late(low("charge_limit", 80.0), charge_limit=100.0)
    loop.tick(90, 0)
    loop.take("charge_limit", 80.0)
    loop.settings["charge_limit"] = None
    loop.tick(90, 5)
    loop.settings["charge_limit"] = 100.0
    for _ in range(6):
        loop.tick(90, 5)
    loop.settings["charge_limit"] = 80.0
    assert [event for event in loop.tick(90, 5).events if isinstance(event, OverrideSeen)]
    assert loop.sent == []


def test_a_number_on_the_way_that_is_seen_so_late_is_somebodys() -> None:
    loop = Late(low("charge_limit", 80.0), charge_limit=100.0)
    loop.tick(90, 0)
    loop.take("charge_limit", 80.0)
    loop.tick(90, 2)
    loop.settings["charge_limit"] = 90.0
    assert [event for event in loop.tick(90, 45).events if isinstance(event, OverrideSeen)]
    assert loop.sent == []


def test_what_somebody_sets_in_between_meanwhile_is_theirs() -> None:
    loop = Late(low("charge_limit", 80.0), charge_limit=100.0)
    loop.tick(90, 0)
    loop.take("charge_limit", 80.0)
    loop.memory = fold_all(loop.memory, [CameHome(after(1), SERIAL, "charge_limit", 100.0)])
    loop.settings["charge_limit"] = 90.0
    assert changes_of(loop.tick(90, 2)) == []
    assert loop.memory.owned == {}


def test_a_value_by_hand_that_is_over_is_waited_for_too() -> None:
    loop = Late(policy(), ac_charge=False)
    loop.memory = fold_all(loop.memory, [LeaseSet(NOON, "ac_charge", True)])
    loop.take("ac_charge", True)
    loop.memory = fold_all(loop.memory, [LeaseEnded(after(1), "ac_charge", None, "")])
    assert kept(loop.tick(90, 2))
    loop.settings["ac_charge"] = True
    loop.tick(90, 2)
    assert loop.sent == [("ac_charge", False)]


def test_what_waits_at_home_for_a_write_that_may_land_is_given_up_once_that_is_over() -> None:
    """Nothing moves meanwhile, so that ticks in which all is as before are not worked out anew."""
    rules, at_home = low("charge_limit", 80.0), plant(inverter(settings={"charge_limit": 100.0}))
    moved = [
        WriteIntended(NOON, 1, SERIAL, "charge_limit", 80.0, 100.0, "Low", "", homeward=False),
        WriteClosed(after(0.1), 1, SERIAL, "charge_limit", "confirmed", 80.0),
        WriteIntended(after(5), 2, SERIAL, "charge_limit", 95.0, 80.0, None, "", homeward=True),
        WriteClosed(after(5.1), 2, SERIAL, "charge_limit", "unproven", 80.0),
        Resumed(after(5.5)),
        Ticked(after(6)),
    ]
    memory = fold_all(Memory(), moved)
    for minute in (8, 10, 12, 30):
        decision, memory = tick(rules, at_home, memory, after(minute))
        assert kept(decision)
        assert memory.owned != {}
    decision, memory = tick(rules, at_home, memory, after(40))
    assert not kept(decision)
    assert memory.owned == {}
