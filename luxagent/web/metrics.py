"""The vitals as Prometheus metrics. A new metric is one entry of `families`."""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from luxagent.web.vitals import TICK_BUCKETS_S, Look, Vitals

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics(Collector):
    """The newest picture, each time it is asked for. Keeps nothing."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self._registry)

    def describe(self) -> list[Metric]:
        """Nothing is asked for when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        vitals, now = self._look()
        yield _one("luxagent_healthy", "1 while the last good tick is recent.", float(vitals.health(now)[0]))
        yield from families(vitals)


def families(vitals: Vitals) -> Iterator[Metric]:
    """Every metric but for health, which depends on the time."""
    about = {"version": vitals.version, "policy": vitals.policy, "dry_run": str(vitals.dry_run).lower()}
    yield InfoMetricFamily("luxagent", "The version, and a hash of the rules in force.", value=about)
    if vitals.good_at is not None:
        at = vitals.good_at.timestamp()
        yield _one("luxagent_last_good_tick_timestamp_seconds", "When the last good tick ended.", at)
    yield _ticks(vitals)
    failed = CounterMetricFamily("luxagent_failed_ticks", "Ticks that could not read the plant.")
    failed.add_metric([], vitals.failed_ticks)
    yield failed
    ages = GaugeMetricFamily("luxagent_data_age_seconds", "Age of a device's data.", labels=["serial"])
    for serial, age_s in vitals.data_age_s.items():
        ages.add_metric([serial], age_s)
    yield ages
    for name, meaning, labels, counts in (
        ("luxagent_requests", "Requests to the portal.", ("endpoint", "outcome"), vitals.requests),
        ("luxagent_writes", "Setting values sent.", ("setting", "outcome"), vitals.writes),
    ):
        counter = CounterMetricFamily(name, meaning, labels=labels)
        for key, count in counts.items():
            counter.add_metric(key, count)
        yield counter
    left = GaugeMetricFamily(
        "luxagent_write_budget_left", "Setting values that may still be sent.", labels=["serial", "per"]
    )
    for key, count in vitals.budget_left.items():
        left.add_metric(key, count)
    yield left
    alerts = GaugeMetricFamily("luxagent_alerts", "Alerts by state.", labels=["state"])
    for state in ("pending", "firing", "ended"):
        alerts.add_metric([state], vitals.alerts.get(state, 0))
    yield alerts


def _ticks(vitals: Vitals) -> Metric:
    counts = list(accumulate(vitals.tick_seconds or (0,) * (len(TICK_BUCKETS_S) + 1)))
    edges = [*map(str, TICK_BUCKETS_S), "+Inf"]
    found = HistogramMetricFamily("luxagent_tick_seconds", "How long good ticks took.")
    found.add_metric([], list(zip(edges, counts, strict=True)), vitals.tick_seconds_sum)
    return found


def _one(name: str, meaning: str, value: float) -> Metric:
    found = GaugeMetricFamily(name, meaning)
    found.add_metric([], value)
    return found
