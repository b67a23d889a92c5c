"""How far a device's reading can be believed: its age, whether the portal hears it, frozen data, jumps.

Pure: what was seen before is an argument and an answer. `decide` calls this for every device before any
rule looks at it. What cannot be believed becomes unknown, with the reason beside it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from luxagent.core.events import Seen
from luxagent.core.facts.reasons import Unknown
from luxagent.core.plant.counters import check_counters
from luxagent.core.plant.device import Device
from luxagent.core.plant.reading import Reading, Value
from luxagent.core.values.tri import Tri

AHEAD = timedelta(minutes=2)
"""A stamp may be this far in the future: clocks differ. Further, its age is unknown."""
JUMP_PCT = 10.0
"""More than this between two uploads is no charge or discharge."""
EDGE_JUMP_PCT = 3.0
"""A BMS that loses its link says 0 or 100; this near to them it may be true."""
FROZEN_AFTER = timedelta(hours=1)
"""No plant says the very same of everything for so long while the sun shines on it."""

_AGE, _SOC, _ONLINE, _STATUS, _OFFLINE = "data_age_s", "soc_pct", "online", "status", "offline"
_PV = "pv_power_w"


def believe(
    device: Device,
    seen: Seen | None,
    now: datetime,
    stale_after_s: float,
    *,
    sun_is_up: Tri = None,
    zone: tzinfo = UTC,
) -> tuple[Device, Seen]:
    """The device with all that cannot be believed made unknown, and what to remember of this upload.

    - A device the portal does not hear (`online` False): everything unknown, LOST; status is "offline".
    - An upload of unknown age, older than `stale_after_s`, stamped over two minutes ahead, or older than
      one seen before: everything unknown, STALE.
    - Uploads that for an hour of daylight differ in their stamps alone: everything unknown, FROZEN.
    - A SOC that jumped: unknown, JUMPED, until another upload agrees with it or with the one before.
    - A counter of the day that fell, other than at midnight in `zone`: unknown, JUMPED, in this upload.

    It is daylight while the sun is up at the site, or the device itself reports solar power.

    `data_age_s` is always set: the age of the newest upload (of frozen ones, of the first), never negative;
    None if unknown. The same
    `Seen` comes back where nothing new was learned.
    """
    before = Seen() if seen is None else seen
    if before.uploaded_at is not None and before.uploaded_at > now + AHEAD:
        before = Seen()  # our clock was set back, or the portal's stamps changed their meaning
    reading = device.reading
    newest = _newest(reading.uploaded_at, before.uploaded_at)
    age_s = None if newest is None or newest > now + AHEAD else max((now - newest).total_seconds(), 0.0)
    if device.online is False:
        return _darkened(device, age_s, Unknown.LOST), before
    late = reading.uploaded_at is None or reading.uploaded_at != newest
    if late or age_s is None or age_s > stale_after_s:
        return _darkened(device, age_s, Unknown.STALE), before
    same_since = _same_since(reading, before, sun_is_up)
    believed, after = _check_soc(reading, before, stale_after_s)
    believed, after = check_counters(believed, before, after, zone, device.clock_error_s)
    if (after.fingerprint, after.same_since) != (reading.fingerprint, same_since):
        after = replace(after, fingerprint=reading.fingerprint, same_since=same_since)
    if same_since is not None and newest is not None and newest - same_since >= FROZEN_AFTER:
        age_s = (now - same_since).total_seconds()
        return _darkened(device, age_s, Unknown.FROZEN), after
    values = {**believed.values, _AGE: age_s}
    return replace(device, reading=replace(believed, values=values)), after


def _same_since(reading: Reading, before: Seen, sun_is_up: Tri) -> datetime | None:
    """Since which upload everything has been the same; None where that cannot be told."""
    at = reading.uploaded_at
    if reading.fingerprint == "" or at is None:
        return None
    if reading.fingerprint != before.fingerprint or before.same_since is None:
        return at
    if at == before.uploaded_at:
        return before.same_since
    return before.same_since if sun_is_up or (reading.number(_PV) or 0) > 0 else at


def _newest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _darkened(device: Device, age_s: float | None, why: Unknown) -> Device:
    """Its battery modules are as old as the rest: what they say now is not known either."""
    return replace(device, reading=_dark(device.reading, age_s, why), modules=())


def _dark(reading: Reading, age_s: float | None, why: Unknown) -> Reading:
    """All unknown, but for what is known of the silence itself."""
    values: dict[str, Value] = dict.fromkeys(reading.values)
    values[_AGE] = age_s
    if _ONLINE in reading.values:
        values[_ONLINE] = reading.values[_ONLINE]
    status = reading.values.get(_STATUS)
    if why is Unknown.LOST:
        values[_ONLINE] = "no"
        values[_STATUS] = frozenset({_OFFLINE})
    elif isinstance(status, frozenset) and _OFFLINE in status:
        values[_STATUS] = frozenset({_OFFLINE})
    reasons = {key: why for key, value in values.items() if value is None}
    return replace(reading, values=values, why=reasons)


def _check_soc(reading: Reading, before: Seen, stale_after_s: float) -> tuple[Reading, Seen]:
    """Doubt a SOC that jumped since the last upload. After a long silence it is taken as it is."""
    at, soc = reading.uploaded_at, reading.number(_SOC)
    if at is not None and at == before.uploaded_at:
        return (reading if soc is None or before.doubted_pct is None else _doubt(reading)), before
    if soc is None:
        return reading, replace(before, uploaded_at=at)
    silent = (
        at is None or before.uploaded_at is None or (at - before.uploaded_at).total_seconds() > stale_after_s
    )
    last, doubted = before.soc_pct, before.doubted_pct
    agrees = doubted is not None and not jumped(doubted, soc)
    if silent or last is None or agrees or not jumped(last, soc):
        return reading, replace(before, uploaded_at=at, soc_pct=soc, doubted_pct=None)
    return _doubt(reading), replace(before, uploaded_at=at, soc_pct=last, doubted_pct=soc)


def jumped(before: float, after: float) -> bool:
    """Whether a SOC cannot have gone from one value to the other between two uploads."""
    moved = abs(after - before)
    return moved > JUMP_PCT or (moved > EDGE_JUMP_PCT and after in (0.0, 100.0))


def _doubt(reading: Reading) -> Reading:
    return replace(
        reading,
        values={**reading.values, _SOC: None},
        why={**reading.why, _SOC: Unknown.JUMPED},
    )
