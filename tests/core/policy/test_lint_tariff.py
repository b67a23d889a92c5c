"""Periods of the tariff may share a name, each for a season; one that never comes is told."""

from luxagent.core.policy import conditions as c
from luxagent.core.policy.lint import Sort, lint
from luxagent.core.values.days import Days
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import Edge, Window
from tests.core.builders import rule, ruleset

SUMMER, WINTER = Days(months=frozenset({6, 7, 8})), Days(months=frozenset({12, 1, 2}))
NIGHT = (Window(Edge(1320), Edge(360)),)
REST = Period("rest", 0.2)


def sorts(tariff: Tariff, *whens: c.Condition) -> list[Sort]:
    rules = (rule(f"R{number}", when, eps=True) for number, when in enumerate(whens))
    found = lint(ruleset(*rules, tariff=tariff), keeps_on_stop=False)
    return [remark.sort for remark in found if remark.sort in (Sort.NEVER_HOLDS, Sort.HIDDEN)]


def test_periods_of_one_name_may_be_one_for_each_season() -> None:
    seasons = Tariff((Period("night", 0.1, 0, NIGHT, SUMMER), Period("night", 0.2, 0, NIGHT, WINTER), REST))
    night = c.TariffIs(frozenset({"night"}))
    assert sorts(seasons, c.All((night, c.DayIs(WINTER))), c.All((night, c.DayIs(SUMMER)))) == []
    spring = c.DayIs(Days(months=frozenset({4})))
    assert sorts(seasons, c.All((night, spring))) == [Sort.NEVER_HOLDS]


def test_a_period_that_those_above_leave_some_time_for_is_not_hidden() -> None:
    evening = Period("evening", 0.3, 0, (Window(Edge(1200), Edge(1380)),))
    assert sorts(Tariff((Period("night", 0.1, 0, NIGHT), evening, REST))) == []
    inside = Period("late", 0.3, 0, (Window(Edge(1380), Edge(1400)),))
    assert sorts(Tariff((Period("night", 0.1, 0, NIGHT), inside, REST))) == [Sort.HIDDEN]
    whole_day = Period("all", 0.1, 0, (Window(Edge(0), Edge(1440)),))
    assert sorts(Tariff((whole_day, REST))) == []
    summer_nights = Period("night", 0.1, 0, NIGHT, SUMMER)
    assert sorts(Tariff((summer_nights, inside, REST))) == []


def test_periods_of_one_name_may_each_have_a_price_of_their_own() -> None:
    dear = Period("day", 0.31, 0, (), SUMMER)
    seasons = Tariff((dear, Period("day", 0.13)))
    above = c.Compare("price", c.Op.ABOVE, c.Bound(0.2))
    assert sorts(seasons, above, c.DayIs(WINTER)) == []
    assert sorts(seasons, above, c.DayIs(SUMMER)) == [Sort.HIDDEN]
