"""The long form of a property that the tests sample: weeks by the hundred, and whole years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import (
    All,
    AnyOf,
    Bound,
    Compare,
    CronIn,
    DayIs,
    Held,
    Not,
    Op,
    SunIs,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.policy import build
from luxagent.core.policy.rules import Rule, Ruleset
from luxagent.core.values.days import Days, YearlySpan
from luxagent.core.values.sun import SunEvent
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window
from tests.core.policy.weeks import SITES, assert_plan_equals_ticking, policies, starts


@pytest.mark.parametrize("place", SITES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_plan_equals_ticking_over_any_week_of_the_year(place: str, data: st.DataObject) -> None:
    policy, start = data.draw(policies(place)), data.draw(starts(place))
    lasting = data.draw(st.sampled_from([None, timedelta(days=2, minutes=7)]))
    flags: dict[str, datetime | None] = {} if lasting is None else {"storm": start + lasting}
    assert_plan_equals_ticking(policy, Memory(flags=flags), start, 7)


SUNSET, SUNRISE = Edge(event=SunEvent.SUNSET), Edge(event=SunEvent.SUNRISE)
NIGHT = TimeIn((Window(Edge(23 * 60 + 30), Edge(5 * 60 + 30)),))
CHANGING = TimeIn((Window(Edge(90), Edge(150)), Window(Edge(175), Edge(181))), Days(frozenset({6})))
TARIFF = Tariff(
    (
        Period("peak", 0.3, 0.1, (Window(Edge(16 * 60), Edge(21 * 60)),), Days(frozenset(range(5)))),
        Period("sunny", 0.05, 0.0, (Window(Edge(600), Edge(event=SunEvent.SUNSET, offset_min=-60)),)),
        Period("rest", 0.15, 0.05),
    ),
    "EUR",
    frozenset({date(2026, 12, 25)}),
)
RULES = (
    Rule("night", All((NIGHT, Compare("soc_pct", Op.BELOW, Bound(60), Bound(78)))), {}),
    Rule("changing", CHANGING, {}, hold_s=900),
    Rule("dark", TimeIn((Window(SUNSET, SUNRISE), Window(Edge(event=SunEvent.DAWN), Edge(420)))), {}),
    Rule("sun", AnyOf((SunIs(up=True), CronIn("30 2 * * sun", 5400))), {}),
    Rule("latched", Compare("price", Op.BELOW, Bound(0.1), Bound(0.2)), {}),
    Rule("holiday", All((DayIs(Days(holiday=True, weekdays=frozenset({5}))), Not(NIGHT))), {}),
    Rule("late", Held(All((TariffIs(frozenset({"peak"})), WordIs("grid", "up"))), 3600), {}),
    Rule("early", All((NIGHT, Not(Held(NIGHT, 1800)))), {}, hold_s=3600),
    Rule("winter", DayIs(Days(dates=(YearlySpan((11, 20), (2, 29)),))), {}),
)


@pytest.mark.parametrize("place", SITES)
def test_plan_equals_ticking_over_a_whole_year(place: str) -> None:
    """2028 has a 29 February."""
    policy = build(Ruleset(SITES[place], RULES, tariff=TARIFF))
    assert_plan_equals_ticking(policy, Memory(), datetime(2028, 1, 1, tzinfo=UTC), 366)


@pytest.mark.parametrize("place", SITES)
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_random_rules_over_a_whole_year(place: str, data: st.DataObject) -> None:
    policy = data.draw(policies(place))
    assert_plan_equals_ticking(policy, Memory(), datetime(2026, 1, 1, tzinfo=UTC), 365)
