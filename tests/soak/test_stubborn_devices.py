"""Each way of not doing as told, alone for ten thousand ticks, under a rule that stays and under others.

A rule that comes and goes every four hours has its going home disobeyed as well.
"""

from datetime import timedelta

import pytest

from luxagent.core.policy.conditions import Always
from tests.agent.device import AT_ONCE, Habit, Landing, silent, stubborn
from tests.core.builders import guards, rule

TICKS = 10_000
PERIOD = 120
"""Ticks between two changes of the reading: four hours."""


def always(landing: Landing | None) -> Habit:
    return lambda *_: landing


def clamped(_setting: str, value: object) -> Landing:
    """Nothing below 90 % is taken."""
    assert isinstance(value, float)
    return Landing(value=max(value, 90.0))


HABITS: dict[str, Habit] = {
    "obeys": always(AT_ONCE),
    "ignores": always(None),
    "delays": always(Landing(after=timedelta(minutes=45))),
    "clamps": clamped,
    "reverts": always(Landing(undone_after=timedelta(seconds=30))),
}
STAYS = {"obeys": 1, "ignores": 3, "delays": 3, "clamps": 3, "reverts": 164}
ENFORCED = {**STAYS, "reverts": 672}
"""Four fifths of 60 a day, for fourteen days that were begun."""
COMES_AND_GOES = {"obeys": 83, "ignores": 42 * 3, "delays": 83 * 3, "clamps": 42 * 3 + 41, "reverts": 42 * 2}
"""What is ignored is at home already when its rule lets go; what is cut short goes home at the first try."""


@pytest.mark.parametrize("habit", HABITS)
def test_under_a_rule_that_stays(habit: str) -> None:
    site = stubborn(silent(rule(when=Always(), charge_limit=80.0)), HABITS[habit])
    site.tick(TICKS)
    assert len(site.device.sent) == STAYS[habit]


@pytest.mark.parametrize("habit", HABITS)
def test_where_other_hands_are_taken_back_at_once(habit: str) -> None:
    enforce = guards(on_override_s=None)
    site = stubborn(silent(rule(when=Always(), charge_limit=80.0), guards=enforce), HABITS[habit])
    site.tick(TICKS)
    assert len(site.device.sent) == ENFORCED[habit]


@pytest.mark.parametrize("habit", HABITS)
def test_under_a_rule_that_comes_and_goes(habit: str) -> None:
    site = stubborn(silent(rule(charge_limit=80.0)), HABITS[habit])
    for n in range(TICKS // PERIOD):
        site.device.soc_pct = 64.0 if n % 2 else 56.0
        site.tick(PERIOD)
    assert len(site.device.sent) == COMES_AND_GOES[habit]
