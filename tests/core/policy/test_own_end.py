"""Where the inverter could end a charge or discharge itself, `check` offers the lines for it."""

import pytest

from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.lint import Sort, lint
from luxagent.core.values.days import Days
from luxagent.core.values.sun import SunEvent
from luxagent.core.values.windows import Edge, Window
from tests.core.builders import rule, ruleset, soc_below

BY_SOC: dict[str, SettingValue] = {"ac_charge": False, "ac_charge_type": "soc", "ac_charge_limit": 80.0}
SUNSET = Window(Edge(event=SunEvent.SUNSET), Edge(1380))


def at(*spans: tuple[int, int], days: Days | None = None) -> Condition:
    windows = tuple(Window(Edge(start * 60), Edge(end * 60)) for start, end in spans)
    return c.TimeIn(windows) if days is None else c.TimeIn(windows, days)


def offers(when: Condition, *, baseline: dict[str, SettingValue] = BY_SOC, **sets: SettingValue) -> list[str]:
    policy = ruleset(rule("A", when, **(sets or {"ac_charge": True})), baseline=baseline)
    return [remark.hint for remark in lint(policy, keeps_on_stop=False) if remark.sort is Sort.OWN_END]


@pytest.mark.parametrize(
    ("when", "windows"),
    [
        (at((23, 5)), "23:00 to 05:00"),
        (at((18, 24)), "18:00 to 24:00"),
        (at((0, 5)), "00:00 to 05:00"),
        (at((1, 3), (2, 5), (12, 14)), "12:00 to 14:00, 01:00 to 05:00"),
        (at((23, 5), days=Days(weekdays=frozenset({5, 6}))), "23:00 to 05:00"),
        (c.All((at((23, 5)), soc_below(60, 78))), "23:00 to 05:00"),
        (c.AnyOf((at((1, 2)), at((4, 5)))), "01:00 to 02:00, 04:00 to 05:00"),
    ],
)
def test_windows_that_hold_every_minute_of_the_rule_are_offered(when: Condition, windows: str) -> None:
    (hint,) = offers(when)
    prefix, _, listed = hint.partition(", ac_charge_windows: ")
    assert prefix == "ac_charge_type: time"
    assert set(listed.strip("[]").split(", ")) == set(windows.split(", "))


@pytest.mark.parametrize(
    "when",
    [
        soc_below(20, 40),  # at any hour
        c.FlagOn("storm"),
        c.All((c.TimeIn((SUNSET,)), soc_below(60, 78))),  # the sun wanders, the inverter's windows do not
        at((0, 1), (2, 3), (4, 5), (6, 7)),  # it has three
        c.AnyOf((at((1, 2)), c.FlagOn("storm"))),
    ],
)
def test_nothing_is_offered_where_no_window_comes_to_the_same(when: Condition) -> None:
    assert offers(when) == []


def test_nothing_is_offered_where_the_inverter_ends_it_already() -> None:
    own: dict[str, SettingValue] = {"ac_charge_type": "time", "ac_charge_windows": ("23:00-05:00",)}
    assert offers(at((23, 5)), baseline={**BY_SOC, **own}) == []


def test_each_rule_is_told_once_whatever_else_is_said_of_it() -> None:
    policy = ruleset(
        rule("A", at((23, 5)), ac_charge=True),
        rule("B", at((18, 20)), forced_discharge=True),
        rule("C", at((10, 12)), forced_charge=True),
        baseline={"ac_charge": False, "forced_discharge": False, "forced_charge": False},
    )
    for keeps in (True, False):
        found = [
            remark.where[-3:]
            for remark in lint(policy, keeps_on_stop=keeps)
            if remark.sort in (Sort.OWN_END, Sort.CHARGE_TYPE, Sort.CHARGE_WINDOWS)
            or (remark.sort is Sort.KEEPS_GOING and remark.where[-1] != "ac_charge")
        ]
        assert sorted({where[0] for where in found}) == ["A", "B", "C"]
        assert len(found) == 3


@pytest.mark.parametrize(
    ("baseline", "offered"),
    [
        ({"ac_charge": False, "ac_charge_type": "soc"}, "quick_charge: 3 h in place of ac_charge"),
        ({**BY_SOC, "ac_charge_limit": 100.0}, "ac_charge_type: time with ac_charge_windows"),
    ],
)
def test_a_cron_window_is_offered_as_a_quick_charge_where_nothing_shapes_the_charge(
    baseline: dict[str, SettingValue], offered: str
) -> None:
    policy = ruleset(rule("A", c.CronIn("0 2 * * sun", 10_800), ac_charge=True), baseline=baseline)
    (hint,) = [one.hint for one in lint(policy, keeps_on_stop=False) if one.sort is Sort.CHARGE_TYPE]
    assert hint == f"{offered}; or on_stop: restore with an ac_charge_limit"
