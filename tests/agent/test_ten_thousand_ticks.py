"""A device that ignores, delays, clamps or reverts what it is told costs the writes docs/safety.md states.

Ten thousand ticks are a fortnight at one every two minutes. `tests/soak/test_stubborn_devices.py` lets each
of them go on alone, and together with rules that come and go.
"""

from collections import Counter
from datetime import timedelta

import pytest

from luxagent.core.control.answers import Answer
from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy.conditions import Always
from tests.agent.device import AT_ONCE, Landing, silent, stubborn
from tests.core.builders import SERIAL, rule

pytestmark = pytest.mark.long

WANTED: dict[str, SettingValue] = {
    "charge_limit": 80.0,
    "discharge_floor": 40.0,
    "ac_charge_limit": 70.0,
    "ac_charge_power": 5000.0,
    "discharge_current": 50.0,
}
HABITS: dict[str, Landing | None] = {
    "charge_limit": None,
    "discharge_floor": Landing(after=timedelta(minutes=45)),
    "ac_charge_limit": Landing(after=timedelta(minutes=5)),
    "ac_charge_power": Landing(value=4000.0),
    "discharge_current": Landing(undone_after=timedelta(seconds=30)),
}
"""Ignored, late beyond the third try, late within the first, cut short, and gone back."""


def test_ten_thousand_ticks_cost_three_writes_or_one_every_two_hours() -> None:
    site = stubborn(silent(rule(when=Always(), **WANTED)), lambda setting, _: HABITS[setting])
    site.tick(10_000)
    assert Counter(setting for _, setting, _ in site.device.sent) == {
        "charge_limit": 3,  # not confirmed three times in a row: jammed
        "discharge_floor": 3,  # jammed too, until it lands
        "ac_charge_limit": 1,  # lands before it may be tried again
        "ac_charge_power": 3,
        "discharge_current": 164,  # another hand, seen two minutes later and left alone for two hours
    }
    assert set(site.memory.misses[SERIAL]) == {"charge_limit", "ac_charge_power"}
    assert site.device.settings["discharge_floor"] == 40.0
    assert site.device.settings["ac_charge_limit"] == 70.0


def test_a_way_home_that_is_never_proven_costs_the_fifth_of_the_day_that_is_kept_and_goes_on() -> None:
    well = False
    site = stubborn(
        silent(rule(charge_limit=80.0)), lambda _, value: AT_ONCE if well or value == 80.0 else None
    )
    site.tick()
    site.device.soc_pct = 90.0
    site.tick(720 * 3)
    assert len(site.device.sent) == 1 + 12 * 3
    well = True
    site.tick(720)
    assert site.memory.owned == {}
    assert site.device.settings["charge_limit"] == 100.0


def test_a_portal_that_never_answers_a_command_costs_three_writes_as_well() -> None:
    site = stubborn(silent(rule(when=Always(), charge_limit=80.0)), lambda *_: None, Answer.LOST)
    site.tick(720)
    assert len(site.device.sent) == 3


def test_a_lost_answer_is_followed_by_reading_and_never_by_sending_again() -> None:
    rules = silent(rule(when=Always(), charge_limit=80.0))
    site = stubborn(rules, lambda *_: AT_ONCE, Answer.LOST)
    site.tick()
    assert len(site.device.sent) == 1
    assert site.memory.open == {}
    assert site.memory.owned[SERIAL]["charge_limit"].proven


def test_a_switch_whose_limit_was_not_proven_a_moment_ago_stays_off() -> None:
    rules = silent(rule(when=Always(), ac_charge=True, ac_charge_limit=70.0))
    site = stubborn(rules, lambda setting, _: None if setting == "ac_charge_limit" else AT_ONCE)
    site.tick(60)
    assert {setting for _, setting, _ in site.device.sent} == {"ac_charge_limit"}
    assert site.device.settings["ac_charge"] is False


@pytest.mark.parametrize(
    ("taken", "home"), [(70.0, {"ac_charge_limit"}), (95.0, set())], ids=["would loosen", "would tighten"]
)
def test_going_home_a_limit_is_not_loosened_while_its_switch_is_not_proven_off(
    taken: float, home: set[str]
) -> None:
    """The limit was 90 % before: from 70 % that lets more through, from 95 % less."""
    well = False
    site = stubborn(
        silent(rule(ac_charge=True, ac_charge_limit=taken)),
        lambda setting, value: AT_ONCE if well or (setting, value) != ("ac_charge", False) else None,
    )
    site.tick(2)
    assert site.device.settings["ac_charge"] is True
    site.device.soc_pct = 90.0
    site.tick(300)
    waits = {name for name, hold in site.memory.held[SERIAL].items() if "waits" in hold.reasons}
    assert waits == home
    assert site.device.settings["ac_charge_limit"] == (taken if home else 90.0)
    well = True
    site.tick(720)
    assert site.memory.owned == {}
    assert (site.device.settings["ac_charge"], site.device.settings["ac_charge_limit"]) == (False, 90.0)


def test_a_charge_does_not_begin_while_the_inverter_will_not_stop_discharging() -> None:
    rules = silent(rule(when=Always(), ac_charge=True, forced_discharge=False))
    site = stubborn(rules, lambda setting, _: None if setting == "forced_discharge" else AT_ONCE)
    site.device.settings["forced_discharge"] = True
    site.tick(60)
    assert {setting for _, setting, _ in site.device.sent} == {"forced_discharge"}
    assert site.device.settings["ac_charge"] is False
