"""Properties of all conditions: random trees over random histories."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.policy.compile import compile_condition
from luxagent.core.policy.conditions import (
    All,
    Always,
    AnyOf,
    Between,
    Bound,
    Compare,
    Condition,
    DayIs,
    FaultIs,
    FlagOn,
    Held,
    Not,
    Op,
    SunIs,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.optimistic import optimistic
from luxagent.core.values.days import Days
from luxagent.core.values.tri import Tri
from luxagent.core.values.windows import Edge, Window
from tests.core.policy.scenes import GROUND, Life, judged, scene

CLOCK = timedelta(minutes=1)

bounds = st.one_of(
    st.builds(Bound, st.integers(0, 4)),
    st.builds(Bound, st.integers(-1, 1), st.sampled_from(["soc_pct", "pv_power_w", "price"])),
)
metrics = st.sampled_from(["soc_pct", "pv_power_w", "price"])
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.just(Always()),
    st.builds(Compare, metrics, st.sampled_from(list(Op)), bounds, st.one_of(st.none(), bounds)),
    st.builds(Between, metrics, bounds, bounds, st.integers(0, 2)),
    st.builds(FlagOn, st.just("storm")),
    st.builds(WordIs, st.just("grid"), st.sampled_from(["up", "down"])),
    st.builds(FaultIs, st.sampled_from([frozenset(), frozenset({"E001"})])),
    st.builds(SunIs, st.booleans()),
    st.builds(TariffIs, st.just(frozenset({"peak"}))),
    st.builds(DayIs, st.builds(Days, st.sets(st.integers(0, 6)).map(frozenset))),
    st.builds(
        TimeIn,
        st.lists(
            st.builds(Window, st.builds(Edge, st.integers(0, 1439)), st.builds(Edge, st.integers(0, 1439))),
            min_size=1,
            max_size=2,
        ).map(tuple),
    ),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, max_size=4).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=4).map(tuple)),
        st.builds(Not, inner),
        st.builds(Held, inner, st.sampled_from([0, 240, 600])),
    ),
    max_leaves=8,
)
numbers = st.one_of(st.none(), st.integers(0, 4))
readings = st.fixed_dictionaries(
    {},
    optional={
        "soc_pct": numbers,
        "pv_power_w": numbers,
        "grid": st.sampled_from(["up", "down", None]),
        "faults": st.sampled_from([frozenset(), frozenset({"E001"}), None]),
    },
)
steps = st.tuples(st.sampled_from([0, 2, 5, 16, 300]), st.booleans(), readings)
histories = st.lists(steps, min_size=1, max_size=6)


@settings(max_examples=120)
@given(tree=trees, history=histories)
def test_the_explanation_is_as_true_as_the_judgement_and_moves_nothing(
    tree: Condition, history: list[tuple[int, bool, dict[str, Any]]]
) -> None:
    life = Life(tree)
    for minutes, storm, values in history:
        flags = frozenset({"storm"} if storm else ())
        life.now += (step := CLOCK * minutes)
        seen = life.scene(values, flags)
        because = life.explain(seen)
        assert seen.moved == []
        life.now -= step
        assert because.truth is life.tick(minutes, flags=flags, **values)
        assert because.text()
        assert all(leaf.wanted() and leaf.observed() is not None for leaf in because.leaves())


@settings(max_examples=120)
@given(tree=trees, history=histories)
def test_what_holds_could_hold_and_the_optimist_remembers_nothing(
    tree: Condition, history: list[tuple[int, bool, dict[str, Any]]]
) -> None:
    life = Life(tree)
    clock_judge, _ = compile_condition(optimistic(tree), "rule", GROUND)
    for minutes, storm, values in history:
        flags = frozenset({"storm"} if storm else ())
        truth = life.tick(minutes, flags=flags, **values)
        seen = life.scene({}, flags)
        assert truth is not True or clock_judge(seen) is True
        assert clock_judge(seen) is not None
        assert seen.moved == []


@given(tree=trees, history=histories)
def test_judging_is_deterministic_and_a_judge_keeps_nothing_itself(
    tree: Condition, history: list[tuple[int, bool, dict[str, Any]]]
) -> None:
    def truths(life: Life) -> list[Tri]:
        return [life.tick(m, flags=frozenset({"storm"} if s else ()), **v) for m, s, v in history]

    used = Life(tree)
    first = truths(used)
    again = Life(tree)
    again.judge = used.judge
    assert truths(again) == first


WORDS = {True: "down", False: "up", None: None}


@given(values=st.lists(st.sampled_from([True, False, None]), max_size=5))
def test_and_or_not_follow_kleene(values: list[Tri]) -> None:
    facts = {f"fact{n}": WORDS[value] for n, value in enumerate(values)}
    parts = tuple(WordIs(name, "down") for name in facts)
    both, either = judged(All(parts), scene(**facts)), judged(AnyOf(parts), scene(**facts))
    assert both is (False if False in values else None if None in values else True)
    assert either is (True if True in values else None if None in values else False)
    negated = tuple(Not(part) for part in parts)
    assert judged(Not(All(parts)), scene(**facts)) is judged(AnyOf(negated), scene(**facts))
    assert judged(Not(AnyOf(parts)), scene(**facts)) is judged(All(negated), scene(**facts))
    assert judged(Not(Not(All(parts))), scene(**facts)) is both
