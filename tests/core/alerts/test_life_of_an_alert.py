"""An alert is told once when it starts and once when it ends; unknown neither starts nor ends it."""

from collections.abc import Sequence
from dataclasses import replace

from luxagent.core.decide import Decision
from luxagent.core.events import Ticked
from luxagent.core.fold import fold
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Kind
from luxagent.core.plant.reading import Module, Value
from luxagent.core.policy.conditions import Bound, Compare, Op, WordIs
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import AlertRule, Severity
from tests.core.builders import after, inverter, plant, policy, tick

FAULT = AlertRule("Inverter fault", WordIs("status", "fault"), Severity.CRITICAL)
SPREAD = Compare("cell_delta_mv", Op.ABOVE, Bound(50), Bound(40))
MODULE = Module("Battery_ID_02", cell_max_mv=3400, cell_min_mv=3340, cell_max_number=3, cell_min_number=11)


def told(decision: Decision) -> list[str]:
    return [message.title for message in decision.messages]


def play(rules: Policy, steps: Sequence[tuple[float, dict[str, Value]]]) -> list[list[str]]:
    """Titles of the messages of each tick, by minute and what the inverter then reports."""
    memory, titles = Memory(), []
    for minute, values in steps:
        delta = values.get("cell_delta_mv")
        module = MODULE if delta is None else replace(MODULE, cell_min_mv=3400 - float(str(delta)))
        seen = plant(inverter(values=values, modules=(module,)))
        decision, memory = tick(rules, seen, memory, after(minute))
        memory = fold(memory, Ticked(after(minute)))
        titles.append(told(decision))
    return titles


def status(*words: str) -> dict[str, Value]:
    return {"status": frozenset(words)}


def test_it_is_told_once_when_it_starts_and_once_when_it_ends() -> None:
    rules = policy(alerts=(FAULT,))
    steps = [
        (0, status("normal")),
        (2, status("fault")),
        (4, status("fault")),
        (6, status("normal")),
        (8, status()),
    ]
    assert play(rules, steps) == [[], ["Inverter fault"], [], ["Over: Inverter fault"], []]


def test_unknown_never_ends_it() -> None:
    rules = policy(alerts=(FAULT,))
    steps = [(0, status("fault")), (2, {"status": None}), (4, {"status": None}), (6, status("normal"))]
    assert play(rules, steps) == [["Inverter fault"], [], [], ["Over: Inverter fault"]]


def test_unknown_never_starts_it() -> None:
    assert play(policy(alerts=(FAULT,)), [(0, {"status": None}), (2, {"status": None})]) == [[], []]


def test_for_must_have_lasted() -> None:
    rules = policy(alerts=(AlertRule("Cells", SPREAD, for_s=600),))
    wide: dict[str, Value] = {"cell_delta_mv": 60.0}
    assert play(rules, [(0, wide), (8, wide), (10, wide)]) == [[], [], ["Cells"]]


def test_what_passes_before_its_time_is_never_told() -> None:
    rules = policy(alerts=(AlertRule("Cells", SPREAD, for_s=600),))
    steps: list[tuple[float, dict[str, Value]]] = [
        (0, {"cell_delta_mv": 60.0}), (8, {"cell_delta_mv": 30.0}), (10, {"cell_delta_mv": 60.0}),
    ]  # fmt: skip
    assert play(rules, steps) == [[], [], []]


def test_a_pending_alert_starts_anew_after_a_gap_in_the_readings() -> None:
    rules = policy(alerts=(AlertRule("Cells", SPREAD, for_s=600),))
    wide: dict[str, Value] = {"cell_delta_mv": 60.0}
    assert play(rules, [(0, wide), (40, wide), (45, wide), (50, wide)]) == [[], [], [], ["Cells"]]


def test_a_pending_alert_waits_on_where_ticks_are_further_apart_than_stale_after() -> None:
    rules = policy(alerts=(AlertRule("Cells", SPREAD, for_s=1800),), interval_s=1200.0)
    wide: dict[str, Value] = {"cell_delta_mv": 60.0}
    assert play(rules, [(0, wide), (20, wide), (40, wide)]) == [[], [], ["Cells"]]
    assert play(rules, [(0, wide), (60, wide), (80, wide), (100, wide)]) == [[], [], [], ["Cells"]]


def test_hysteresis_keeps_it_firing_between_the_two_thresholds() -> None:
    rules = policy(alerts=(AlertRule("Cells", SPREAD),))
    deltas = (60.0, 45.0, 41.0, 39.0)
    steps: list[tuple[float, dict[str, Value]]] = [
        (2.0 * n, {"cell_delta_mv": d}) for n, d in enumerate(deltas)
    ]
    assert play(rules, steps) == [["Cells"], [], [], ["Over: Cells"]]


def test_reminders_come_at_their_interval() -> None:
    rules = policy(alerts=(replace(FAULT, repeat_s=3600.0),))
    steps = [(minute, status("fault")) for minute in (0.0, 30.0, 60.0, 90.0, 120.0)]
    assert play(rules, steps) == [
        ["Inverter fault"], [], ["Still: Inverter fault"], [], ["Still: Inverter fault"],
    ]  # fmt: skip


def test_the_text_names_the_battery_and_its_cells_with_units() -> None:
    words = (
        "Battery {battery}: cells differ by {cell_delta} (cell {cell_max_number} high, {cell_min_number} low)"
    )
    rules = policy(alerts=(AlertRule("Cells", SPREAD, message=words),))
    seen = plant(inverter(values={"cell_delta_mv": 60.0}, modules=(MODULE,), name="garage"))
    decision, _ = tick(rules, seen)
    assert decision.messages[0].body == (
        "garage: Battery Battery_ID_02: cells differ by 60 mV (cell 3 high, 11 low)"
    )


def test_the_end_tells_how_long_it_lasted_and_what_it_was() -> None:
    rules = policy(alerts=(replace(FAULT, message="it reports {status}"),))
    _, memory = tick(rules, plant(inverter(values=status("fault"), name="garage")))
    decision, _ = tick(rules, plant(inverter(values=status("normal"), name="garage")), memory, after(90))
    assert decision.messages[0].body == "garage: over after 1 h 30 min. It was: it reports fault"
    assert decision.alerts[0].state == "ended"


def test_each_device_has_its_own_alert() -> None:
    rules = policy(alerts=(FAULT,))
    seen = plant(
        inverter("A1", unit="A", values=status("fault")), inverter("A2", unit="A", values=status("normal"))
    )
    decision, _ = tick(rules, seen)
    assert [(view.device, view.state) for view in decision.alerts] == [("A1", "firing")]


def test_a_gridboss_is_asked_for_its_own_status_but_not_for_what_its_inverters_tell_already() -> None:
    outage = AlertRule("Outage", WordIs("grid", "down"))
    boss = replace(inverter("B1", unit="A", values={**status("fault"), "grid": "down"}), kind=Kind.GRIDBOSS)
    member = inverter("A1", unit="A", values={"grid": "down"})
    decision, _ = tick(policy(alerts=(FAULT, outage)), plant(boss, member))
    assert sorted((view.name, view.device) for view in decision.alerts) == [
        ("Inverter fault", "B1"), ("Outage", "A1"),
    ]  # fmt: skip
