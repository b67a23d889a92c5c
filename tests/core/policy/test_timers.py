"""`for`: how long a condition must have held."""

from datetime import timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from luxagent.core.events import TimerCleared, TimerSet
from luxagent.core.policy.conditions import All, AnyOf, FlagOn, Held, Op
from luxagent.core.policy.leaves import Ground
from luxagent.core.policy.rules import GuardRules, Ruleset, Site
from tests.core.policy.scenes import ZONE, Life, soc

LOW = soc(Op.BELOW, 30)
STORM = frozenset({"storm"})


def test_holds_once_its_part_has_held_that_long() -> None:
    life = Life(Held(LOW, 600))
    assert [life.tick(soc_pct=20) for _ in range(7)] == [False] * 5 + [True] * 2


def test_false_starts_it_anew() -> None:
    life = Life(Held(LOW, 240))
    assert [life.tick(soc_pct=v) for v in (20, 20, 40, 20, 20, 20)] == [False] * 5 + [True]


def test_a_length_of_zero_is_the_part_itself() -> None:
    life = Life(Held(LOW, 0))
    assert life.tick(soc_pct=20) is True
    assert life.memory.timers == {}


def test_unknown_halts_it_and_the_halt_is_not_counted() -> None:
    life = Life(Held(LOW, 600))
    assert life.tick(soc_pct=20) is False
    assert life.tick(4, soc_pct=20) is False
    assert life.tick(1, soc_pct=None) is None  # 5 minutes counted
    assert life.tick(8, soc_pct=None) is None
    assert life.tick(2, soc_pct=20) is False
    assert life.tick(4, soc_pct=20) is False
    assert life.tick(1, soc_pct=20) is True


def test_a_halt_longer_than_stale_after_starts_it_anew() -> None:
    life = Life(Held(LOW, 600))
    life.tick(soc_pct=20)
    life.tick(9, soc_pct=None)
    life.tick(9, soc_pct=None)
    assert life.tick(9, soc_pct=20) is False
    assert life.tick(9, soc_pct=20) is False
    assert life.tick(1, soc_pct=20) is True


def test_a_gap_in_ticks_longer_than_stale_after_starts_it_anew() -> None:
    life = Life(Held(LOW, 600))
    life.tick(soc_pct=20)
    assert life.tick(15, soc_pct=20) is True
    assert life.tick(16, soc_pct=20) is False
    assert life.tick(10, soc_pct=20) is True


def test_a_gap_that_ends_in_unknown_starts_it_anew_too() -> None:
    life = Life(Held(LOW, 600))
    life.tick(soc_pct=20)
    assert life.tick(16, soc_pct=None) is None
    assert life.tick(soc_pct=20) is False


def slowly(interval_min: float, stale_after_min: float, seconds: float) -> Life:
    """A `for` in a file with this `interval` and `stale_after`."""
    guards = GuardRules(stale_after_s=stale_after_min * 60)
    rules = Ruleset(Site(ZONE), guards=guards, interval_s=interval_min * 60)
    return Life(Held(LOW, seconds), Ground.of(ZONE, bridge_s=rules.bridge_s))


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 6 * 60))
def test_it_is_over_at_the_first_tick_after_its_time_however_far_apart_the_ticks_are(
    interval: int, stale_after: int, length: int
) -> None:
    life = slowly(interval, stale_after, length * 60)
    needed = ceil(length / interval)
    found = [life.tick(interval, soc_pct=20) for _ in range(needed + 1)]
    assert found == [False] * needed + [True]


def test_with_rare_ticks_it_outlives_one_that_failed_and_starts_anew_after_two() -> None:
    failed = slowly(20, 15, 3600)
    assert [failed.tick(minutes, soc_pct=20) for minutes in (20, 40, 20)] == [False, False, True]
    unread = slowly(20, 15, 2400)
    assert [unread.tick(20, soc_pct=value) for value in (20, None, 20, 20)] == [False, None, False, True]
    away = slowly(20, 15, 3600)
    assert [away.tick(minutes, soc_pct=20) for minutes in (20, 60, 40, 20)] == [False, False, False, True]


def test_a_clock_set_back_starts_it_anew_instead_of_waiting_a_day() -> None:
    life = Life(Held(LOW, 600))
    life.tick(soc_pct=20)
    life.now -= timedelta(days=1)
    assert life.tick(soc_pct=20) is False
    assert life.tick(10, soc_pct=20) is True


def test_counts_although_a_sibling_already_decides() -> None:
    either = Life(AnyOf((FlagOn("storm"), Held(LOW, 240))))
    assert either.tick(soc_pct=20, flags=STORM) is True
    assert either.tick(4, soc_pct=20) is True
    both = Life(All((FlagOn("storm"), Held(LOW, 240))))
    assert both.tick(soc_pct=20) is False
    assert both.tick(4, soc_pct=20, flags=STORM) is True


def test_times_a_whole_mapping_with_its_latches() -> None:
    life = Life(Held(All((FlagOn("storm"), soc(Op.BELOW, 30, 60))), 240))
    assert life.tick(soc_pct=29, flags=STORM) is False
    assert life.tick(4, soc_pct=45, flags=STORM) is True
    assert life.tick(soc_pct=45) is False
    assert life.memory.timers == life.memory.latched == {}


def test_tells_only_changes() -> None:
    life = Life(Held(LOW, 600))
    moved = []
    for value in (20, 20, None, None, 20, 20, 40, 40):
        seen = life.scene({"soc_pct": value})
        life.judge(seen)
        moved += [
            event.halted_at is not None if isinstance(event, TimerSet) else "cleared"
            for event in seen.moved
            if isinstance(event, TimerSet | TimerCleared)
        ]
        life.tick(soc_pct=value)
    assert moved == [False, True, False, "cleared"]
