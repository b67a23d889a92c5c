"""The day's counters, which only rise until the inverter's own midnight. Pure; `freshness` asks.

One that falls at another time was set back, or this sample is a wrong one: it is unknown until the next
upload, which counts on from there or is back where it was.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from luxagent.core.events import Seen
from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.reading import Reading

COUNTERS = tuple(key for key in METRICS_BY_KEY if key.endswith("_energy_today_kwh"))
_ROUNDING_KWH = 0.05
"""Less than the tenth of a kWh in which they count."""


def check_counters(
    reading: Reading, before: Seen, after: Seen, zone: tzinfo, clock_error_s: float | None
) -> tuple[Reading, Seen]:
    """The reading without counters that fell, and what is remembered of this upload in `after`.

    `clock_error_s` is how far the inverter's clock is ahead: its midnight comes so much sooner.
    """
    now_kwh = {key: kwh for key in COUNTERS if (kwh := reading.number(key)) is not None}
    if not now_kwh and not before.counters:
        return reading, after
    at, last = reading.uploaded_at, before.uploaded_at
    if at is not None and at == last:
        fell = before.fell
    else:
        turned = _day(at, zone, clock_error_s) != _day(last, zone, clock_error_s)
        fell = () if turned else _fallen(before.counters, now_kwh)
    if (after.counters, after.fell) != (now_kwh, fell):
        after = replace(after, counters=now_kwh, fell=fell)
    if not fell:
        return reading, after
    values = {**reading.values, **dict.fromkeys(fell)}
    return replace(reading, values=values, why={**reading.why, **dict.fromkeys(fell, Unknown.JUMPED)}), after


def _fallen(before: Mapping[str, float], now: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(key for key, kwh in now.items() if kwh < before.get(key, 0.0) - _ROUNDING_KWH)


def _day(at: datetime | None, zone: tzinfo, clock_error_s: float | None) -> date | None:
    return None if at is None else (at.astimezone(zone) + timedelta(seconds=clock_error_s or 0)).date()
