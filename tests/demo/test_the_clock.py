"""The demo's clock: time passes only while somebody waits, and only as fast as a watcher can follow."""

from datetime import UTC, datetime, timedelta

import pytest

from luxagent.cli.demo.clock import Pace, VirtualClock

START = datetime(2026, 1, 13, 22, 0, tzinfo=UTC)


def clock_of(hours: float = 1.0, pace: Pace | None = None) -> VirtualClock:
    return VirtualClock(START, START + timedelta(hours=hours), pace)


class Watch:
    """Real seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_stands_still_but_for_waits() -> None:
    clock = clock_of()
    assert clock.now() == clock.now() == START
    clock.wait(90)
    assert clock.now() == START + timedelta(seconds=90)
    assert clock.monotonic() == 90


def test_a_rest_ends_with_the_day_and_a_wait_may_go_past_it() -> None:
    clock = clock_of(hours=1)
    clock.rest(3 * 3600)
    assert clock.now() == clock.end
    assert clock.stopping
    clock.wait(3)
    assert clock.now() == clock.end + timedelta(seconds=3)
    clock.rest(120)
    assert clock.monotonic() == 3603


def test_it_never_runs_backwards() -> None:
    clock = clock_of()
    clock.wait(-5)
    assert clock.now() == START


def test_a_stop_is_not_the_end_of_the_day_but_ends_it() -> None:
    clock = clock_of()
    assert not clock.stopping
    clock.stop()
    assert clock.stopped
    assert clock.stopping


def test_a_stopped_clock_waits_for_nobody() -> None:
    clock = clock_of(hours=24 * 365, pace=Pace(86_400, Watch()))
    clock.stop()
    clock.wait(1000)  # a thousand real seconds at this pace
    assert clock.monotonic() == 1000


def test_the_pace_turns_a_day_into_seconds() -> None:
    pace = Pace(20.0, Watch())
    assert pace.real_wait_s(43_200) == pytest.approx(10)


def test_work_between_two_waits_is_part_of_the_pace() -> None:
    watch = Watch()
    pace = Pace(86.4, watch)
    watch.now += 0.04
    assert pace.real_wait_s(120) == pytest.approx(0.08)


def test_it_dwells_once_on_what_is_worth_reading() -> None:
    pace = Pace(86.4, Watch())
    pace.dwell(0.5)
    pace.dwell(0.2)
    assert pace.real_wait_s(0) == pytest.approx(0.5)
    assert Pace(86.4, Watch()).real_wait_s(0) == 0


def test_a_machine_too_slow_for_the_pace_does_not_wait_at_all() -> None:
    watch = Watch()
    pace = Pace(86.4, watch)
    watch.now += 5
    pace.dwell(1.0)
    assert pace.real_wait_s(120) == 0
