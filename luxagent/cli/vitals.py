"""Keeps the picture of the agent that the web pages show. Follows every finished tick."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from luxagent import __version__
from luxagent.agent.service import Ended
from luxagent.agent.tick import TickReport
from luxagent.cli.health import recent_s
from luxagent.cli.logs import without_secrets
from luxagent.cli.render.text import one_line
from luxagent.cli.wiring import Wired
from luxagent.web.vitals import TICK_BUCKETS_S, Vitals


class Pulse:
    """The newest picture. A tick replaces it whole, so that another thread may look at any time."""

    def __init__(self, wired: Wired, now: Callable[[], datetime]) -> None:
        self._wired = wired
        self._now = now
        self._writes: Counter[tuple[str, str]] = Counter()
        policy = wired.agent.policy
        self._vitals = Vitals(__version__, policy.digest, policy.dry_run, recent_s(wired.interval_s), now())

    def look(self) -> tuple[Vitals, datetime]:
        """The newest picture, and the time now."""
        return self._vitals, self._now()

    def ended(self, ended: Ended) -> None:
        """A tick has ended, well or not."""
        now, report = self._now(), ended.report
        old = replace(self._vitals, recent_s=recent_s(self._wired.interval_s))  # a reload may change it
        requests = dict(self._wired.exchanges)
        if report is None:
            trouble = one_line(without_secrets(ended.words))
            self._vitals = replace(old, trouble=trouble, failed_ticks=old.failed_ticks + 1, requests=requests)
            return
        policy = self._wired.agent.policy
        self._writes.update(
            (setting, result.outcome.value) for (_, setting), result in report.results.items()
        )
        self._vitals = replace(
            old,
            policy=policy.digest,
            dry_run=policy.dry_run,
            good_at=now,
            trouble="",
            good_ticks=old.good_ticks + 1,
            tick_seconds=_counted(old.tick_seconds, report.took_s),
            tick_seconds_sum=old.tick_seconds_sum + report.took_s,
            data_age_s=_ages(report),
            requests=requests,
            writes=dict(self._writes),
            budget_left=self._budget_left(report, now),
            alerts=Counter(view.state for view in report.decision.alerts),
        )

    def _budget_left(self, report: TickReport, now: datetime) -> dict[tuple[str, str], int]:
        guards, memory = self._wired.agent.policy.guards, self._wired.agent.state.memory
        left = {}
        for device in report.plant.inverters:
            ages = [now - attempt.at for attempt in memory.attempts.get(device.serial, ())]
            for per, span, most in (
                ("hour", timedelta(hours=1), guards.writes_per_hour),
                ("day", timedelta(days=1), guards.writes_per_day),
            ):
                left[device.serial, per] = max(0, most - sum(age < span for age in ages))
        return left


def _counted(counts: tuple[float, ...], took_s: float) -> tuple[float, ...]:
    """One more tick in the first bucket that is long enough."""
    counts = counts or (0,) * (len(TICK_BUCKETS_S) + 1)
    place = sum(took_s > edge for edge in TICK_BUCKETS_S)
    return (*counts[:place], counts[place] + 1, *counts[place + 1 :])


def _ages(report: TickReport) -> dict[str, float]:
    found = {device.serial: device.reading.number("data_age_s") for device in report.plant.devices}
    return {serial: age_s for serial, age_s in found.items() if age_s is not None}
