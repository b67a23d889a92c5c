"""An alert that asks no inverter anything is told once, however many inverters there are."""

import pytest

from luxagent.core.events import AlertEnded, AlertFired, FlagSet
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Kind, Plant
from luxagent.core.policy.conditions import All, AnyOf, Condition, FlagOn, WordIs
from luxagent.core.policy.rules import AlertRule
from tests.core.builders import NOON, SERIAL, after, inverter, plant, policy, soc_below, tick

OTHER = "5271004299"
STORM = FlagOn("storm")
PAIR = plant(inverter(unit="A"), inverter(OTHER, unit="A", primary=False))


def fired(when: Condition, devices: tuple[str, ...] = ()) -> list[str]:
    """The devices for which it begins to fire while the flag is on."""
    rules = policy(alerts=(AlertRule("Storm", when, devices=devices),), flags=frozenset({"storm"}))
    memory = fold_all(Memory(), [FlagSet(NOON, "storm", on=True)])
    decision, _ = tick(rules, PAIR, memory, after(1))
    return [event.device for event in decision.events if isinstance(event, AlertFired)]


def test_it_is_told_once() -> None:
    assert fired(STORM) == [SERIAL]


@pytest.mark.parametrize("when", [All((STORM, soc_below(90))), AnyOf((STORM, soc_below(10)))])
def test_one_that_asks_a_reading_is_each_inverters_own(when: Condition) -> None:
    assert fired(when) == [SERIAL, OTHER]


def test_one_that_names_devices_is_theirs() -> None:
    assert fired(STORM, (OTHER,)) == [OTHER]


def test_what_had_begun_for_another_inverter_ends_there() -> None:
    """As in a ledger of before, or when the first inverter has changed."""
    rules = policy(alerts=(AlertRule("Storm", STORM),), flags=frozenset({"storm"}))
    memory = fold_all(Memory(), [FlagSet(NOON, "storm", on=True)])
    swapped = plant(*reversed(PAIR.devices))
    _, memory = tick(rules, swapped, memory, after(1))
    decision, memory = tick(rules, PAIR, memory, after(3))
    memory = fold_all(memory, [FlagSet(after(4), "storm", on=False)])
    decision, memory = tick(rules, PAIR, memory, after(5))
    ended = [event.device for event in decision.events if isinstance(event, AlertEnded)]
    assert sorted(ended) == sorted([SERIAL, OTHER])
    assert memory.watch.alerts.get("Storm", {}) == {}


GRID_DOWN = WordIs("grid", "down")
BOSS = inverter("4434000001", kind=Kind.GRIDBOSS, unit="A", values={"grid": "down"}, primary=False)


def told_of_grid(seen: Plant, when: Condition = GRID_DOWN, devices: tuple[str, ...] = ()) -> list[str]:
    rules = policy(alerts=(AlertRule("Dark", when, devices=devices),))
    return [event.device for event in tick(rules, seen)[0].events if isinstance(event, AlertFired)]


def test_one_that_asks_only_what_a_gridboss_tells_is_told_once_for_those_behind_it() -> None:
    assert told_of_grid(plant(*PAIR.devices, BOSS)) == [SERIAL]


def test_without_a_gridboss_each_inverter_sees_the_grid_by_itself() -> None:
    first = inverter(unit="A", values={"grid": "down"})
    other = inverter(OTHER, unit="A", primary=False, values={"grid": "down"})
    assert told_of_grid(plant(first, other)) == [SERIAL, OTHER]


def test_one_that_asks_the_inverter_too_or_names_it_is_its_own() -> None:
    behind = plant(*PAIR.devices, BOSS)
    assert told_of_grid(behind, All((GRID_DOWN, soc_below(90)))) == [SERIAL, OTHER]
    assert told_of_grid(behind, devices=(OTHER,)) == [OTHER]
