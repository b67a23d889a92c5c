"""The nearest change that would turn a rule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import (
    All,
    AnyOf,
    Between,
    Bound,
    Compare,
    Condition,
    FaultIs,
    FlagOn,
    Held,
    Not,
    Op,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.flip import Flip, flip_text, flips
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import Rule, Ruleset
from luxagent.core.policy.scene import Scene
from luxagent.core.values.days import Days
from luxagent.core.values.windows import Edge, Window
from tests.core.policy.scenes import TARIFF, soc
from tests.core.policy.weeks import SITES, clocks, tariffs, ticked

NIGHT = TimeIn((Window(Edge(23 * 60 + 30), Edge(5 * 60 + 30)),))
LOW = soc(Op.BELOW, 60, 78)
BAND = Between("soc_pct", Bound(20), Bound(60))
WIDER = Between("soc_pct", Bound(20), Bound(60), 5)
SURPLUS = Compare("pv_power_w", Op.ABOVE, Bound(500, "load_power_w"))
SITE = SITES["Phoenix"]


def at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=SITE.zone).astimezone(UTC)


def ways(
    when: Condition,
    now: datetime,
    flags: dict[str, datetime | None] | None = None,
    **values: Any,  # noqa: ANN401
) -> list[str]:
    """The ways in words, after one tick before that has left its timers and latches."""
    policy = build(Ruleset(SITE, (Rule("Rule", when, {}),), tariff=TARIFF))
    on = flags or {}
    seen = Scene("unit", policy.calendar.moment(now), values, frozenset(on))
    taking = policy.rules[0].judge(seen) is not True
    memory = fold_all(Memory(), seen.moved)
    timers, latched = memory.timers.get("unit", {}), memory.latched.get("unit", {})
    scene = Scene("unit", seen.moment, values, frozenset(on), timers, latched)
    return [flip_text(way, now, policy, taking=taking) for way in flips(policy.rules[0], scene, policy, on)]


@pytest.mark.parametrize(
    ("when", "values", "text"),
    [
        (LOW, {"soc_pct": 61}, "soc is 61 %, would take below 60 %"),
        (LOW, {"soc_pct": 55}, "soc is 55 %, would let go at 78 % or above"),
        (LOW, {}, "soc is not known, would take below 60 %"),
        (soc(Op.BELOW, 60), {"soc_pct": 55}, "soc is 55 %, would let go at 60 % or above"),
        (soc(Op.AT_MOST, 60), {"soc_pct": 55}, "soc is 55 %, would let go above 60 %"),
        (soc(Op.ABOVE, 60), {"soc_pct": 65}, "soc is 65 %, would let go at 60 % or below"),
        (soc(Op.AT_LEAST, 60), {"soc_pct": 65}, "soc is 65 %, would let go below 60 %"),
        (soc(Op.ABOVE, 60, 40), {"soc_pct": 65}, "soc is 65 %, would let go at 40 % or below"),
        (Not(soc(Op.BELOW, 60)), {"soc_pct": 55}, "soc is 55 %, would take at 60 % or above"),
        (Not(soc(Op.BELOW, 60)), {"soc_pct": 65}, "soc is 65 %, would let go below 60 %"),
        (BAND, {"soc_pct": 15}, "soc is 15 %, would take at 20 % or above"),
        (BAND, {"soc_pct": 65}, "soc is 65 %, would take at 60 % or below"),
        (WIDER, {"soc_pct": 55}, "soc is 55 %, would let go above 65 %"),
        (WIDER, {"soc_pct": 25}, "soc is 25 %, would let go below 15 %"),
        (SURPLUS, {"pv_power_w": 900, "load_power_w": 700},
         "pv_power is 900 W, would take above load_power + 500 W"),
        (WordIs("grid", "down"), {"grid": "up"}, "grid is up, would take when down"),
        (WordIs("grid", "down"), {"grid": "down"}, "grid is down, would let go when not down"),
        (WordIs("grid", "down"), {}, "grid is unknown, would take when down"),
        (FaultIs(), {"faults": frozenset()}, "would take with any fault"),
        (FaultIs(), {"faults": frozenset({"E019"})}, "would let go with no fault"),
        (FaultIs(frozenset({"E019"})), {"faults": frozenset()}, "would take with fault E019"),
        (FlagOn("storm"), {}, "flag storm is off, would take when switched on"),
        (Held(LOW, 600), {"soc_pct": 61}, "soc is 61 %, would take below 60 % for 10 min"),
    ],
)  # fmt: skip
def test_one_leaf_says_what_is_seen_and_where_it_would_turn(
    when: Condition, values: dict[str, Any], text: str
) -> None:
    assert ways(when, at(12), **values) == [text]


def test_the_clock_says_when() -> None:
    assert ways(NIGHT, at(12)) == ["at 23:30"]
    assert ways(NIGHT, at(23, 45)) == ["tomorrow at 05:30"]
    assert ways(TariffIs(frozenset({"peak"})), at(17)) == ["at 21:00"]
    sunday = TimeIn(NIGHT.windows, Days(frozenset({6})))
    assert ways(sunday, at(12)) == ["on Sun 21 Jun at 23:30"]


def test_everything_that_is_missing_must_come_together() -> None:
    both = All((NIGHT, LOW))
    assert ways(both, at(12), soc_pct=61) == ["at 23:30 if soc below 60 % (is 61 %)"]
    assert ways(both, at(12), soc_pct=50) == ["at 23:30"]
    assert ways(both, at(23, 45), soc_pct=61) == ["soc is 61 %, would take below 60 %"]
    three = All((LOW, WordIs("grid", "down")))
    assert ways(three, at(12), soc_pct=61, grid="up") == [
        "with soc below 60 % (is 61 %) and grid down (is up)"
    ]


def test_the_clocks_parts_are_met_at_one_instant() -> None:
    """At 23:30 it is Monday; the window of Saturday is another matter."""
    saturday = All((NIGHT, TimeIn((Window(Edge(0), Edge(60)),), Days(frozenset({6}))), LOW))
    assert ways(saturday, at(12), soc_pct=61) == ["on Sun 21 Jun at 00:00 if soc below 60 % (is 61 %)"]


def test_what_never_meets_has_no_way() -> None:
    never = All((NIGHT, TimeIn((Window(Edge(600), Edge(660)),)), LOW))
    assert ways(never, at(12), soc_pct=50) == []


def test_of_several_ways_the_nearest_is_named_first() -> None:
    holding = All((NIGHT, LOW))
    assert ways(holding, at(23, 45), soc_pct=50) == [
        "tomorrow at 05:30", "soc is 50 %, would let go at 78 % or above"
    ]  # fmt: skip
    assert ways(holding, at(23, 45), soc_pct=59)[0] == "soc is 59 %, would let go at 78 % or above"
    either = AnyOf((NIGHT, soc(Op.BELOW, 30), FlagOn("storm")))
    assert ways(either, at(12), soc_pct=31) == [
        "soc is 31 %, would take below 30 %",
        "at 23:30",
        "flag storm is off, would take when switched on",
    ]


def test_all_ways_must_close_for_an_any_to_let_go() -> None:
    either = AnyOf((NIGHT, soc(Op.BELOW, 30)))
    assert ways(either, at(23, 45), soc_pct=20) == ["tomorrow at 05:30 if soc at 30 % or above (is 20 %)"]


def test_a_running_for_says_when_it_is_over() -> None:
    assert ways(Held(LOW, 600), at(12), soc_pct=50) == ["at 12:10"]
    assert ways(Held(All((NIGHT, LOW)), 600), at(12), soc_pct=50) == ["at 23:40"]


def test_a_flag_with_an_end_lets_go_then() -> None:
    assert ways(FlagOn("storm"), at(12), {"storm": at(18)}) == ["at 18:00"]
    assert ways(FlagOn("storm"), at(12), {"storm": None}) == [
        "flag storm is on, would let go when switched off"
    ]


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_rule_on_the_clock_alone_turns_when_it_is_said_to(data: st.DataObject) -> None:
    leaves = st.lists(clocks.filter(lambda leaf: not isinstance(leaf, FlagOn)), min_size=1, max_size=3)
    parts = tuple(data.draw(leaves))
    when = data.draw(
        st.sampled_from([All(parts), AnyOf(parts), Not(All(parts)), All((AnyOf(parts), parts[0]))])
    )
    policy = build(Ruleset(SITES["Lord Howe"], (Rule("Rule", when, {}),), tariff=data.draw(tariffs)))
    start = datetime(2026, 4, 3, tzinfo=UTC) + timedelta(minutes=data.draw(st.integers(0, 1440)))
    scene = Scene("unit", policy.calendar.moment(start), {})
    before = policy.rules[0].judge(scene) is True
    memory = fold_all(Memory(), scene.moved)
    after = Scene("unit", scene.moment, {}, latched=memory.latched.get("unit", {}))
    found = flips(policy.rules[0], after, policy, {})
    days = ticked(policy, Memory(), start, start + timedelta(days=1))
    turned = next((now for now, holding in days if (holding == {"Rule"}) is not before), None)
    assert _first(found, start + timedelta(days=1)) == turned


def _first(found: tuple[Flip, ...], end: datetime) -> datetime | None:
    soon = [way.at for way in found if way.at is not None and way.at < end]
    return min(soon, default=None)


def test_a_policy_is_what_it_was_after_it_was_asked() -> None:
    policy: Policy = build(Ruleset(SITE, (Rule("Rule", All((NIGHT, LOW)), {}),), tariff=TARIFF))
    scene = Scene("unit", policy.calendar.moment(at(12)), {"soc_pct": 61})
    assert flips(policy.rules[0], scene, policy, {}) == flips(policy.rules[0], scene, policy, {})
    assert scene.moved == []
