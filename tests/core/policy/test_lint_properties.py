"""What lint says of random conditions is so: it never calls something impossible that then happens."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from luxagent.core.control.standing import stand
from luxagent.core.events import Ticked
from luxagent.core.fold import fold_all
from luxagent.core.policy.conditions import All, Condition, SunIs, TariffIs, TimeIn
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.lint import Sort, lint
from luxagent.core.policy.lint_times import Almanac
from luxagent.core.policy.policy import build
from luxagent.core.policy.rules import Rule, Ruleset, Site
from luxagent.core.policy.scene import Scene
from luxagent.core.values.days import DateSpan, Days, YearlySpan
from luxagent.core.values.moment import Calendar
from luxagent.core.values.sun import Place, SunEvent
from luxagent.core.values.tariff import Period, Tariff
from luxagent.core.values.windows import DAY_MIN, Edge, Window
from tests.core.policy.scenes import TARIFF, ZONE, Life, judged
from tests.core.policy.test_lint_spans import is_at
from tests.core.policy.test_random_trees import histories, trees

SITE = Site(ZONE, Place(33.45, -112.07))


def sorts(*conditions: Condition) -> list[Sort]:
    rules = tuple(Rule(f"rule {n}", when, {"eps": True}) for n, when in enumerate(conditions))
    found = lint(Ruleset(SITE, rules, tariff=TARIFF), keeps_on_stop=True)
    return [remark.sort for remark in found]


@settings(max_examples=200, deadline=None)
@given(tree=trees, other=trees, history=histories)
def test_what_can_never_hold_never_does(
    tree: Condition, other: Condition, history: list[tuple[int, bool, dict[str, Any]]]
) -> None:
    both = All((tree, other))
    if Sort.NEVER_HOLDS not in sorts(both):
        return
    life = Life(both)
    for minutes, storm, values in history:
        assert life.tick(minutes, flags=frozenset({"storm"} if storm else ()), **values) is not True


@settings(max_examples=250, deadline=None)
@given(upper=trees, more=trees, history=histories, joined=st.booleans())
def test_a_rule_that_is_hidden_holds_only_while_the_one_above_does(
    upper: Condition, more: Condition, history: list[tuple[int, bool, dict[str, Any]]], joined: bool
) -> None:
    lower = All((upper, more)) if joined else more
    if Sort.HIDDEN not in sorts(upper, lower):
        return
    high, low = Life(upper), Life(lower)
    for minutes, storm, values in history:
        flags = frozenset({"storm"} if storm else ())
        above = high.tick(minutes, flags=flags, **values)
        assert low.tick(minutes, flags=flags, **values) is not True or above is True


holds = st.sampled_from([0.0, 600.0, 3600.0])


@settings(max_examples=250, deadline=None)
@given(upper=trees, more=trees, history=histories, same=st.booleans(), hold_s=st.tuples(holds, holds))
def test_a_rule_that_is_hidden_decides_nothing_whatever_is_held(
    upper: Condition,
    more: Condition,
    history: list[tuple[int, bool, dict[str, Any]]],
    same: bool,
    hold_s: tuple[float, float],
) -> None:
    lower = upper if same else All((upper, more))
    rules = (
        Rule("upper", upper, {"eps": True}, hold_s=hold_s[0]),
        Rule("lower", lower, {"eps": True}, hold_s=hold_s[1]),
    )
    file = Ruleset(SITE, rules, tariff=TARIFF)
    if Sort.HIDDEN not in [remark.sort for remark in lint(file, keeps_on_stop=True)]:
        return
    policy, life = build(file), Life(upper)
    for minutes, storm, values in history:
        life.now += timedelta(minutes=minutes)
        seen = life.scene(values, frozenset({"storm"} if storm else ()))
        standing, events = stand(policy.rules, "unit", seen, life.memory, policy)
        life.memory = fold_all(life.memory, [*seen.moved, *events, Ticked(life.now)])
        assert standing.holds("upper") or not standing.holds("lower")


edges = st.one_of(
    st.builds(Edge, st.integers(0, 1439)),
    st.builds(Edge, st.just(0), st.sampled_from(list(SunEvent)), st.integers(-90, 90)),
)
spans = st.one_of(
    st.builds(YearlySpan, *[st.tuples(st.integers(1, 12), st.integers(1, 28))] * 2),
    st.builds(
        lambda first, more: DateSpan(first, first + timedelta(more)),
        st.dates(date(2025, 6, 1), date(2027, 6, 1)),
        st.integers(0, 400),
    ),
)
days = st.builds(
    Days,
    st.none() | st.frozensets(st.integers(0, 6)),
    st.booleans(),
    st.none() | st.frozensets(st.integers(1, 12)),
    st.none() | st.lists(spans, min_size=1, max_size=2).map(tuple),
)
windows = st.lists(st.builds(Window, edges, edges), min_size=1, max_size=2).map(tuple)
periods = st.lists(
    st.builds(Period, st.sampled_from("abc"), st.just(0.1), st.just(0.0), windows, days), max_size=3
)
leaves = st.one_of(
    st.builds(TimeIn, windows, days),
    st.builds(SunIs, st.booleans()),
    st.builds(TariffIs, st.frozensets(st.sampled_from("abcz"), min_size=1)),
)
places = st.sampled_from([Place(33.45, -112.07), Place(69.6, 18.96), Place(-31.5, 159.1), None])
instants = st.lists(st.integers(0, 2 * 366 * DAY_MIN), min_size=10, max_size=30)


@settings(max_examples=150, deadline=None)
@given(leaf=leaves, place=places, above=periods, minutes=instants, holidays=st.booleans())
def test_the_almanac_knows_when_a_leaf_can_hold_and_when_it_does_for_sure(
    leaf: Condition, place: Place | None, above: list[Period], minutes: list[int], holidays: bool
) -> None:
    assume(isinstance(leaf, TariffIs) or place is not None)
    zone = ZoneInfo("UTC")
    marked = frozenset({date(2026, 12, 25), date(2026, 7, 3)} if holidays else ())
    tariff = Tariff((*above, Period("z", 0.2)), "", marked)
    span = Almanac(Ruleset(Site(zone, place), tariff=tariff)).of(leaf)
    assert span is not None
    calendar, ground = Calendar(zone, place), Ground.of(zone, tariff)
    for minute in minutes:
        moment = calendar.moment(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))
        truth = judged(leaf, Scene("unit", moment, {}), ground)
        for found, negated in ((span, False), (span.negated(), True)):
            holds = truth is not negated
            assert is_at(found.possible, moment) or not holds
            assert holds or not is_at(found.certain, moment)
