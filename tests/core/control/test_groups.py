"""Inverters of a group that differ in what one rule wants alike: said, tried again, and said louder."""

from luxagent.core.events import Event, WriteClosed, WriteIntended
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.policy.conditions import Always, FlagOn
from luxagent.core.sightings import GroupSplit, GroupWhole
from tests.core.builders import NOON, after, changes_of, inverter, plant, policy, rule, tick

RULES = policy(rule(when=Always(), charge_limit=80.0))


def pair(first: float | None, second: float | None, **more: SettingValue) -> Plant:
    return plant(
        inverter("A1", unit="A", settings={"charge_limit": first, **more}),
        inverter("A2", unit="A", primary=False, settings={"charge_limit": second, **more}),
    )


def told(events: list[Event]) -> list[GroupSplit | GroupWhole]:
    return [event for event in events if isinstance(event, GroupSplit | GroupWhole)]


def after_split() -> Memory:
    _, memory = tick(RULES, pair(100.0, 100.0))
    decision, memory = tick(RULES, pair(80.0, 100.0), memory, after(2))
    [split] = told(decision.events)
    assert isinstance(split, GroupSplit)
    assert (split.unit, split.setting, split.lasting) == ("A", "charge_limit", False)
    assert split.detail in ("A2 100 %, A1 80 %", "A1 80 %, A2 100 %")
    return memory


def test_a_group_that_is_wrong_as_a_whole_is_not_split() -> None:
    assert told(tick(RULES, pair(100.0, 100.0))[0].events) == []


def test_partial_success_is_said_once_and_the_other_half_is_tried_again() -> None:
    memory = after_split()
    decision, _ = tick(RULES, pair(80.0, 100.0), memory, after(4))
    assert told(decision.events) == []
    assert changes_of(decision) == [("charge_limit", 80.0)]


def test_a_split_that_lasts_half_an_hour_is_said_again_and_once() -> None:
    memory = after_split()
    decision, memory = tick(RULES, pair(80.0, 100.0), memory, after(32))
    [split] = told(decision.events)
    assert isinstance(split, GroupSplit)
    assert split.lasting
    assert told(tick(RULES, pair(80.0, 100.0), memory, after(90))[0].events) == []


def test_agreeing_again_is_said() -> None:
    decision, memory = tick(RULES, pair(80.0, 80.0), after_split(), after(4))
    assert [type(event) for event in told(decision.events)] == [GroupWhole]
    assert memory.custody.splits == {}


def test_a_member_that_cannot_be_read_is_no_split() -> None:
    _, memory = tick(RULES, pair(100.0, 100.0))
    assert told(tick(RULES, pair(80.0, None), memory, after(2))[0].events) == []


def on_the_way_home(first_before: float, second_before: float) -> Memory:
    """Both were taken to 80 %, and no rule wants it any more."""
    memory = Memory()
    for number, (serial, before) in enumerate((("A1", first_before), ("A2", second_before))):
        intent = WriteIntended(NOON, number, serial, "charge_limit", 80.0, before, "Rule", "", homeward=False)
        closed = WriteClosed(NOON, number, serial, "charge_limit", "confirmed", 80.0)
        memory = fold_all(memory, [intent, closed])
    return memory


HOMEWARD = policy(rule(when=FlagOn("storm"), charge_limit=80.0))


def test_a_group_that_is_split_on_its_way_home_is_said_and_agrees_once_both_are_there() -> None:
    memory = on_the_way_home(100.0, 100.0)
    _, memory = tick(HOMEWARD, pair(80.0, 80.0), memory, after(20))
    decision, memory = tick(HOMEWARD, pair(100.0, 80.0), memory, after(22))
    found = told(decision.events)
    for minute in (24, 60):
        decision, memory = tick(HOMEWARD, pair(100.0, 80.0), memory, after(minute))
        found += told(decision.events)
    assert [(type(one), getattr(one, "lasting", None)) for one in found] == [
        (GroupSplit, False), (GroupSplit, True),
    ]  # fmt: skip
    decision, memory = tick(HOMEWARD, pair(100.0, 100.0), memory, after(62))
    assert [type(event) for event in told(decision.events)] == [GroupWhole]


def test_members_with_homes_of_their_own_are_no_split_on_the_way_there() -> None:
    memory = on_the_way_home(90.0, 100.0)
    _, memory = tick(HOMEWARD, pair(80.0, 80.0), memory, after(20))
    for minute in (22, 24, 60):
        decision, memory = tick(HOMEWARD, pair(90.0, 80.0), memory, after(minute))
        assert told(decision.events) == []


def test_a_setting_that_each_inverter_has_for_itself_may_differ() -> None:
    rules = policy(rule(when=Always(), eps=True))
    assert told(tick(rules, pair(80.0, 100.0))[0].events) == []


def test_two_lone_inverters_are_no_group() -> None:
    seen = plant(inverter("A1", settings={"charge_limit": 80.0}), inverter("A2"))
    assert told(tick(RULES, seen)[0].events) == []
