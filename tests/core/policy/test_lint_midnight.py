"""Days beside a window over midnight are told only where they really cut it in two."""

import pytest

from luxagent.core.policy import conditions as c
from luxagent.core.policy.conditions import Condition
from luxagent.core.policy.lint import Sort, lint
from luxagent.core.values.days import Days
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window
from tests.core.builders import rule, ruleset, soc_below

FRIDAY, WEEK = Days(weekdays=frozenset({4})), Days(weekdays=frozenset(range(7)))
NIGHT, DAY = Window(Edge(1320), Edge(360)), Window(Edge(360), Edge(1320))
TARIFF = Tariff(
    (
        Period("peak", 0.3, 0.0, windows=(DAY,)),
        Period("night", 0.1, 0.0, windows=(NIGHT,)),
        Period("rest", 0.2, 0.0),
    )
)
ON_FRIDAY = c.DayIs(FRIDAY)


def is_cut(when: Condition) -> bool:
    policy = ruleset(rule("A", when), tariff=TARIFF)
    return any(remark.sort is Sort.CUT_AT_MIDNIGHT for remark in lint(policy, keeps_on_stop=False))


@pytest.mark.parametrize(
    "when",
    [
        c.All((c.TimeIn((NIGHT,)), c.Not(ON_FRIDAY))),
        c.All((ON_FRIDAY, c.AnyOf((c.TimeIn((NIGHT,)), c.FlagOn("x"))))),
        c.All((ON_FRIDAY, c.TariffIs(frozenset({"night"})))),
        c.All((ON_FRIDAY, c.CronIn("0 22 * * *", 8 * 3600))),
        c.All((ON_FRIDAY, c.CronIn("0 22 15 * *", 8 * 3600))),
        c.All((c.DayIs(Days(holiday=True)), c.TimeIn((NIGHT,)))),
        c.All((ON_FRIDAY, c.TimeIn((NIGHT,)), soc_below(60))),
    ],
)
def test_a_window_over_midnight_beside_the_calendars_days_is_cut(when: Condition) -> None:
    assert is_cut(when)


@pytest.mark.parametrize(
    "when",
    [
        c.TimeIn((NIGHT,), FRIDAY),  # one mapping: the day on which it begins
        c.All((ON_FRIDAY, c.TimeIn((DAY,)))),
        c.All((ON_FRIDAY, c.TimeIn((Window(Edge(1320), Edge(1440)),)))),
        c.All((c.DayIs(WEEK), c.TimeIn((NIGHT,)))),
        c.All((c.DayIs(Days(months=frozenset({6}))), c.TimeIn((NIGHT,)))),
        c.All((ON_FRIDAY, c.TariffIs(frozenset({"rest"})))),  # the rest of the day is no window
        c.All((ON_FRIDAY, c.TariffIs(frozenset({"night"})), c.TimeIn((Window(Edge(0), Edge(300)),)))),
        c.All((ON_FRIDAY, c.CronIn("0 9 * * *", 8 * 3600))),
        c.All((ON_FRIDAY, c.Not(c.TimeIn((NIGHT,))))),
        c.All((ON_FRIDAY, soc_below(60))),
    ],
)
def test_what_no_midnight_lies_in_is_not(when: Condition) -> None:
    assert not is_cut(when)
