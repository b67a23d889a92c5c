"""Whether power flows after a charge from the grid is proven to be on, said once and with the reason."""

from datetime import datetime, timedelta

import pytest

from luxagent.core.events import WriteClosed, WriteIntended
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.plant.reading import Reading, Value
from luxagent.core.policy.conditions import Always
from luxagent.core.sightings import EffectSeen
from tests.core.builders import NOON, SERIAL, VALUES, after, inverter, plant, policy, rule, tick

RULES = policy(rule(when=Always(), ac_charge=True))


def proven(setting: str = "ac_charge", value: SettingValue = True) -> Memory:
    _, memory = tick(RULES, plant())
    intent = WriteIntended(NOON, 1, SERIAL, setting, value, False, "Rule", "", homeward=False)
    return fold_all(memory, [intent, WriteClosed(NOON, 1, SERIAL, setting, "confirmed", True)])


def seen(
    at: datetime, values: dict[str, Value] | None = None, settings: dict[str, SettingValue] | None = None
) -> Plant:
    reading = Reading({**VALUES, "battery_power_w": 0.0, **(values or {})}, uploaded_at=at)
    made = inverter(settings={"ac_charge": True, "quick_charge": True, **(settings or {})})
    return plant(inverter(settings=dict(made.settings), reading=reading))


def effects(
    memory: Memory, minutes: float, values: dict[str, Value] | None = None,
    settings: dict[str, SettingValue] | None = None, uploaded: float | None = None,
) -> list[tuple[str, str]]:  # fmt: skip
    at = after(minutes if uploaded is None else uploaded)
    decision, _ = tick(RULES, seen(at, values, settings), memory, after(minutes))
    return [(e.effect, e.detail) for e in decision.events if isinstance(e, EffectSeen)]


def test_a_charge_that_flows_is_effective() -> None:
    assert effects(proven(), 2, {"battery_power_w": 3000.0}) == [("effective", "the battery takes 3 kW")]


def test_a_charge_that_does_not_flow_is_told_after_a_quarter_of_an_hour_of_uploads() -> None:
    assert effects(proven(), 14.9) == []
    assert effects(proven(), 15) == [("no effect", "battery power is 0 W")]


def test_an_upload_from_before_the_proof_says_nothing() -> None:
    assert effects(proven(), 60, {"battery_power_w": 3000.0}, uploaded=-1) == []


def test_it_is_said_once() -> None:
    memory = proven()
    decision, memory = tick(RULES, seen(after(15)), memory, after(15))
    assert [e.effect for e in decision.events if isinstance(e, EffectSeen)] == ["no effect"]
    assert effects(memory, 17) == []


@pytest.mark.parametrize(
    ("values", "settings", "reason"),
    [
        ({"soc_pct": 89.4}, {"ac_charge_limit": 90.0}, "full"),
        ({"grid": "down"}, {}, "grid is down"),
        ({"grid": None}, {}, "not known"),
        ({"battery_temperature_c": 1.0}, {}, "1 °C"),
        ({"battery_temperature_c": 48.0}, {}, "48 °C"),
        ({"status": frozenset({"fault"})}, {}, "fault"),
        ({}, {"ac_charge_type": "time", "ac_charge_windows": ("23:30-05:30",)}, "23:30-05:30"),
        ({}, {"ac_charge_type": "time", "ac_charge_windows": ()}, "no window"),
        ({"soc_pct": 50.0}, {"ac_charge_type": "soc", "ac_charge_start": 30.0}, "starts below 30 %"),
    ],
    ids=str,
)
def test_what_may_keep_power_from_flowing_is_named(
    values: dict[str, Value], settings: dict[str, SettingValue], reason: str
) -> None:
    [(effect, detail)] = effects(proven(), 15, values, settings)
    assert effect == "excused"
    assert reason in detail


def test_inside_its_window_nothing_is_excused() -> None:
    settings: dict[str, SettingValue] = {"ac_charge_type": "time", "ac_charge_windows": ("11:00-13:00",)}
    assert [effect for effect, _ in effects(proven(), 15, {}, settings)] == ["no effect"]


def test_a_quick_charge_is_watched_like_that_too() -> None:
    memory = proven("quick_charge", 3600.0)
    assert [effect for effect, _ in effects(memory, 15)] == ["no effect"]
    assert [effect for effect, _ in effects(memory, 15, {"battery_power_w": 900.0})] == ["effective"]


def test_what_was_switched_off_again_is_not_waited_for() -> None:
    assert [effect for effect, _ in effects(proven(), 3, {}, {"ac_charge": False})] == ["excused"]
    intent = WriteIntended(
        NOON + timedelta(minutes=5), 2, SERIAL, "ac_charge", False, True, None, "", homeward=True
    )
    memory = fold_all(proven(), [intent])
    assert memory.custody.effects == {}


def test_switching_off_waits_for_nothing() -> None:
    assert proven(value=False).custody.effects == {}
