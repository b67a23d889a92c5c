"""Hysteresis: `until` and `margin`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luxagent.core.events import Latched
from luxagent.core.policy.conditions import All, AnyOf, Between, Bound, FlagOn, Not, Op, WordIs
from tests.core.policy.scenes import Life, soc

STORM = frozenset({"storm"})


@pytest.mark.parametrize(
    ("op", "until", "socs", "truths"),
    [
        (Op.BELOW, 60, [30, 29, 45, 59, 60, 45, 30], [False, True, True, True, False, False, False]),
        (Op.AT_MOST, 60, [31, 30, 59, 60, 31], [False, True, True, False, False]),
        (Op.ABOVE, 20, [30, 31, 25, 21, 20, 25, 30], [False, True, True, True, False, False, False]),
        (Op.AT_LEAST, 20, [29, 30, 21, 20, 29], [False, True, True, False, False]),
        (Op.AT_MOST, 30, [30, 30, 30, 31, 30], [True, True, True, False, True]),  # Z equal to X: no flicker
        (Op.BELOW, 30, [29, 30, 29], [True, False, True]),
    ],
)
def test_takes_at_x_and_stays_until_z(op: Op, until: float, socs: list[float], truths: list[bool]) -> None:
    life = Life(All((soc(op, 30, until),)))
    assert [life.tick(soc_pct=value) for value in socs] == truths
    alone = Life(soc(op, 30, until))
    assert [alone.tick(soc_pct=value) for value in socs] == truths


def test_starts_afresh_once_another_condition_of_its_mapping_is_false() -> None:
    life = Life(All((FlagOn("storm"), soc(Op.BELOW, 90, 97))))
    assert life.tick(soc_pct=89, flags=STORM) is True
    assert life.tick(soc_pct=93, flags=STORM) is True
    assert life.tick(soc_pct=93) is False
    assert life.tick(soc_pct=93, flags=STORM) is False
    assert life.tick(soc_pct=89, flags=STORM) is True


def test_takes_nothing_while_another_condition_is_false() -> None:
    life = Life(All((FlagOn("storm"), soc(Op.BELOW, 90, 97))))
    assert life.tick(soc_pct=80) is False
    assert life.memory.latched == {}


def test_an_unknown_value_leaves_the_latch_as_it_was() -> None:
    life = Life(All((soc(Op.BELOW, 30, 60),)))
    assert [life.tick(soc_pct=v) for v in (29, None, 45)] == [True, None, True]
    assert [life.tick(soc_pct=v) for v in (60, None, 45)] == [False, None, False]


def test_an_unknown_sibling_does_not_end_it() -> None:
    life = Life(All((WordIs("grid", "up"), soc(Op.BELOW, 30, 60))))
    assert life.tick(soc_pct=29, grid="up") is True
    assert life.tick(soc_pct=45, grid=None) is None
    assert life.tick(soc_pct=45, grid="up") is True
    assert life.tick(soc_pct=45, grid="down") is False
    assert life.tick(soc_pct=45, grid="up") is False


def test_two_latches_of_one_mapping_end_each_other() -> None:
    both = All((soc(Op.BELOW, 30, 60), Between("pv_power_w", Bound(0), Bound(500), margin=200)))
    life = Life(both)
    assert life.tick(soc_pct=29, pv_power_w=500) is True
    assert life.tick(soc_pct=45, pv_power_w=700) is True
    assert life.tick(soc_pct=45, pv_power_w=701) is False
    assert life.tick(soc_pct=45, pv_power_w=500) is False  # the other latch began afresh
    assert life.tick(soc_pct=29, pv_power_w=500) is True


def test_margin_widens_between_for_leaving_only() -> None:
    life = Life(Between("soc_pct", Bound(20), Bound(90), margin=5))
    assert [life.tick(soc_pct=v) for v in (19, 20, 15, 95, 96, 95, 90)] == [
        False, True, True, True, False, False, True,
    ]  # fmt: skip


def test_in_a_list_or_under_not_it_is_a_mapping_of_its_own() -> None:
    life = Life(AnyOf((FlagOn("storm"), soc(Op.BELOW, 30, 60))))
    assert life.tick(soc_pct=29, flags=STORM) is True  # judged although the flag would do
    assert life.tick(soc_pct=45) is True
    assert life.tick(soc_pct=60) is False
    opposite = Life(Not(soc(Op.BELOW, 30, 60)))
    assert [opposite.tick(soc_pct=v) for v in (29, 45, 60, 45)] == [False, False, True, True]


def test_a_nested_mapping_keeps_its_own_siblings() -> None:
    inner = All((FlagOn("storm"), soc(Op.BELOW, 30, 60)))
    life = Life(All((WordIs("grid", "up"), inner)))
    assert life.tick(soc_pct=29, grid="up", flags=STORM) is True
    assert life.tick(soc_pct=45, grid="down", flags=STORM) is False
    assert life.tick(soc_pct=45, grid="up", flags=STORM) is True


def test_tells_only_changes() -> None:
    life = Life(All((soc(Op.BELOW, 30, 60),)))
    moved = []
    for value in (29, 29, 45, None, 45, 60, 60):
        seen = life.scene({"soc_pct": value})
        life.judge(seen)
        moved += [event.on for event in seen.moved if isinstance(event, Latched)]
        life.tick(soc_pct=value)
    assert moved == [True, False]


@given(
    x=st.integers(0, 100),
    gap=st.integers(1, 40),
    up=st.booleans(),
    walk=st.lists(st.one_of(st.none(), st.integers(-20, 140)), max_size=40),
)
def test_never_flips_twice_without_crossing_both_thresholds(
    x: int, gap: int, up: bool, walk: list[int | None]
) -> None:
    z = x + gap if not up else x - gap
    life = Life(soc(Op.ABOVE if up else Op.BELOW, x, z))
    on, crossed_x, crossed_z = False, False, False
    for value in walk:
        truth = life.tick(soc_pct=value)
        if value is not None:
            crossed_x |= value > x if up else value < x
            crossed_z |= value <= z if up else value >= z
        if truth is None:
            assert value is None
        elif truth is not on:
            assert crossed_x if truth else crossed_z
            on, crossed_x, crossed_z = truth, False, False
