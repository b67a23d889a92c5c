"""Health in a word, and metrics that Prometheus can read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from luxagent.web.vitals import Vitals
from tests.web.conftest import NOON, WELL, Visit

HOST = {"Host": "localhost"}


@pytest.mark.parametrize(
    ("vitals", "code", "words"),
    [
        (WELL, 200, "the last good tick was 30 s ago"),
        (replace(WELL, trouble="The portal is away."), 200, "the last good tick was 30 s ago"),
        (
            replace(WELL, good_at=NOON - timedelta(seconds=500), trouble="The portal is away."),
            503,
            "the last good tick was 500 s ago: The portal is away.",
        ),
        (replace(WELL, good_at=NOON + timedelta(days=365)), 503, "the last good tick was -31536000 s ago"),
        (replace(WELL, good_at=None, started_at=NOON), 503, "starting: there was no look at the plant yet"),
        (
            replace(WELL, good_at=None, started_at=NOON, trouble="No route."),
            503,
            "there was no good tick yet: No route.",
        ),
    ],
    ids=["well", "a tick missed", "stale", "clock set back a year", "starting", "no network at boot"],
)
def test_health_is_the_last_good_tick(vitals: Vitals, code: int, words: str, visit: Visit) -> None:
    answer = visit(vitals).get("/healthz", headers=HOST)
    assert (answer.status_code, answer.json) == (code, {"healthy": code == 200, "detail": words})


def test_the_metrics_say_all_that_is_known(visit: Visit) -> None:
    text = visit().get("/metrics", headers=HOST).text
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["luxagent_healthy",] == 1
    assert found["luxagent_info", "false", "abcdef123456", "0.1.0"] == 1
    assert found["luxagent_tick_seconds_bucket", "0.25"] == 20
    assert found["luxagent_tick_seconds_bucket", "0.5"] == 29
    assert found["luxagent_tick_seconds_bucket", "+Inf"] == found["luxagent_tick_seconds_count",] == 30
    assert found["luxagent_tick_seconds_sum",] == 7.5
    assert found["luxagent_failed_ticks_total",] == 2
    assert found["luxagent_data_age_seconds", "52710E0417"] == 42
    assert found["luxagent_requests_total", "login", "lost"] == 1
    assert found["luxagent_writes_total", "confirmed", "charge_limit"] == 3
    assert found["luxagent_write_budget_left", "day", "52710E0417"] == 57
    assert found["luxagent_alerts", "firing"] == 1
    assert found["luxagent_alerts", "pending"] == 0


def test_before_the_first_tick_there_are_metrics_too(visit: Visit) -> None:
    blank = Vitals("0.1.0", "p", dry_run=True, recent_s=60, started_at=NOON)
    text = visit(blank).get("/metrics", headers=HOST).text
    assert 'dry_run="true"' in text
    assert "luxagent_tick_seconds_count 0.0" in text
