"""A rule with a `hold` goes on deciding when the one above it has let go, unless the clock keeps that one."""

import pytest

from luxagent.core.policy.conditions import All, Always, Bound, Compare, Condition, FlagOn, Op, TimeIn
from luxagent.core.policy.lint import Sort, lint
from luxagent.core.values.windows import Edge, Window
from tests.core.builders import rule, ruleset

QUARTER_S, TWO_HOURS_S = 900.0, 7200.0


def pv(watts: float) -> Compare:
    return Compare("pv_power_w", Op.ABOVE, Bound(watts))


def window(start: int, end: int) -> TimeIn:
    return TimeIn((Window(Edge(start * 60), Edge(end * 60)),))


def is_hidden(upper: Condition, lower: Condition, *, hold_s: tuple[float, float]) -> bool:
    rules = (
        rule("Upper", upper, hold_s=hold_s[0], charge_limit=80.0),
        rule("Lower", lower, hold_s=hold_s[1], charge_limit=90.0),
    )
    found = lint(ruleset(*rules), keeps_on_stop=False)
    return Sort.HIDDEN in [remark.sort for remark in found if remark.where[1] == "Lower"]


@pytest.mark.parametrize("hold_s", [(QUARTER_S, QUARTER_S), (TWO_HOURS_S, QUARTER_S), (0.0, QUARTER_S)])
def test_the_upper_rule_may_let_go_while_the_lower_one_is_held(hold_s: tuple[float, float]) -> None:
    # The upper one takes at 08:00, the lower one at 12:00; a cloud at 12:05 ends the upper one at once.
    assert not is_hidden(pv(500), pv(3000), hold_s=hold_s)
    assert not is_hidden(pv(500), All((pv(500), FlagOn("storm"))), hold_s=hold_s)


def test_equal_conditions_differ_where_one_is_held_for_longer() -> None:
    assert not is_hidden(pv(500), pv(500), hold_s=(TWO_HOURS_S, QUARTER_S))
    assert is_hidden(pv(500), pv(500), hold_s=(QUARTER_S, QUARTER_S))


def test_a_lower_rule_without_a_hold_is_hidden_whatever_the_upper_one_has() -> None:
    assert is_hidden(pv(500), pv(3000), hold_s=(QUARTER_S, 0.0))
    assert is_hidden(pv(500), pv(3000), hold_s=(0.0, 0.0))


@pytest.mark.parametrize("upper", [window(8, 20), FlagOn("storm"), Always()])
def test_what_no_reading_ends_hides_a_rule_that_is_held(upper: Condition) -> None:
    lower = All((window(10, 12), FlagOn("storm"), pv(3000)))
    assert is_hidden(upper, lower, hold_s=(0.0, TWO_HOURS_S))
    assert not is_hidden(All((upper, pv(500))), lower, hold_s=(TWO_HOURS_S, TWO_HOURS_S))


def test_a_held_rule_that_outlasts_the_window_above_is_not_hidden() -> None:
    assert not is_hidden(window(8, 11), All((window(10, 12), pv(3000))), hold_s=(0.0, TWO_HOURS_S))
