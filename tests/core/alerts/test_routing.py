"""Which message goes which way, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luxagent.core.alerts.message import Message
from luxagent.core.alerts.routing import (
    LEAST_TRIES,
    MOST_AGE,
    MOST_PER_HOUR,
    MOST_RETRY,
    Delivery,
    Way,
    backoff,
    expired,
    ready,
    seconds_to_next,
    stand_in,
    troubles,
    ways_for,
)
from luxagent.core.policy.rules import Severity

NOW = datetime(2026, 6, 10, 19, 0, tzinfo=UTC)
WAYS = {
    "phone": Way("phone", Severity.WARNING),
    "mail": Way("mail"),
    "siren": Way("siren", Severity.CRITICAL),
}


def message(severity: str = "warning", *channels: str, besides: tuple[str, ...] = ()) -> Message:
    return Message("T", "B", Severity(severity), channels, id="m", besides=besides)


def row(number: int = 1, severity: str = "warning", **more: object) -> Delivery:
    return replace(Delivery(number, message(severity), "phone", NOW), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (message("info"), ["mail"]),
        (message("warning"), ["phone", "mail"]),
        (message("critical"), ["phone", "mail", "siren"]),
        (message("info", "siren"), ["siren"]),
        (message("info", "gone"), ["mail"]),
        (message("warning", besides=("phone",)), ["mail"]),
    ],
)
def test_a_channel_gets_what_is_loud_enough_or_names_it(found: Message, expected: list[str]) -> None:
    assert ways_for(found, WAYS) == expected


def test_retries_come_at_half_a_minute_doubled_up_to_a_quarter_of_an_hour() -> None:
    assert [backoff(tries).total_seconds() for tries in range(1, 9)] == [30, 60, 120, 240, 480, 900, 900, 900]
    assert backoff(10**6) == MOST_RETRY


def test_quiet_hours_let_only_the_critical_through() -> None:
    way = Way("phone", quiet=lambda _: True)
    rows = [row(1), row(2, "critical"), row(3, "info")]
    assert [one.id for one in ready(rows, way, NOW, 0)] == [2]
    assert [one.id for one in ready(rows, replace(way, quiet=lambda _: False), NOW, 0)] == [1, 2, 3]


def test_a_channel_that_failed_waits_but_a_new_critical_message_is_tried_at_once() -> None:
    later = NOW + timedelta(minutes=1)
    assert ready([row(1, tries=1, due=later), row(2)], WAYS["phone"], NOW, 0) == []
    assert len(ready([row(1, tries=1, due=later), row(2, "critical")], WAYS["phone"], NOW, 0)) == 2
    assert seconds_to_next([row(1, tries=1, due=later), row(2)], NOW) == 60


def test_a_due_time_from_before_the_clock_was_set_back_does_not_hold() -> None:
    assert ready([row(due=NOW + timedelta(days=1))], WAYS["phone"], NOW, 0)


def test_more_than_a_dozen_an_hour_wait_but_for_the_critical() -> None:
    assert ready([row()], WAYS["phone"], NOW, MOST_PER_HOUR) == []
    assert ready([row(), row(2, "critical")], WAYS["phone"], NOW, MOST_PER_HOUR)


def test_given_up_is_what_is_old_and_was_tried_often_and_never_the_newest() -> None:
    old = NOW - MOST_AGE - timedelta(hours=1)
    rows = [row(1, at=old, tries=LEAST_TRIES), row(2, at=old, tries=3), row(3, at=old, tries=LEAST_TRIES)]
    assert [one.id for one in expired(rows, NOW)] == [1]


def test_the_fallback_of_the_file_stands_in_and_any_other_only_where_nobody_has_it() -> None:
    failed = row(tries=3)
    ways = {"phone": Way("phone", fallback="siren"), "mail": Way("mail"), "siren": Way("siren")}
    both = frozenset({"phone", "mail"})
    assert stand_in(replace(failed, tries=2), ways, both) is None
    assert stand_in(failed, ways, both) == "siren"
    assert stand_in(failed, ways, both | {"siren"}) is None
    assert stand_in(failed, WAYS, both) is None
    assert stand_in(failed, WAYS, frozenset({"phone"})) == "mail"
    assert stand_in(replace(failed, stands_for="mail"), WAYS, frozenset({"phone"})) is None


def test_a_failing_channel_is_known_since_its_first_failure_with_its_last_error() -> None:
    first, then = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    rows = [row(1, failed_at=first, error="no"), row(2, failed_at=then, error="never"), row(3)]
    found = troubles(rows)
    assert (found["phone"].since, found["phone"].error, found["phone"].waiting) == (first, "never", 2)


@given(
    st.lists(st.tuples(st.sampled_from(["info", "warning", "critical"]), st.booleans()), max_size=20),
    st.booleans(),
    st.integers(0, 30),
)
def test_what_is_ready_is_always_some_of_what_waits_in_its_order(
    waiting: list[tuple[str, bool]], quiet: bool, lately: int
) -> None:
    rows = [
        row(n, severity, due=NOW + timedelta(minutes=3) if tried else None)
        for n, (severity, tried) in enumerate(waiting)
    ]
    found = ready(rows, Way("phone", quiet=lambda _: quiet), NOW, lately)
    assert [one.id for one in found] == sorted(one.id for one in found)
    assert set(found) <= set(rows)
    if quiet:
        assert all(one.message.severity is Severity.CRITICAL for one in found)
