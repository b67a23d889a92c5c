"""Whether an inverter's readings move at all: a dongle or portal that repeats itself stamps old data as new.

Pure. Called for every device of a tick, after `freshness`.
"""

import zlib
from dataclasses import replace

from luxagent.core.events import Seen
from luxagent.core.facts.metrics import METRICS_BY_KEY
from luxagent.core.facts.needs import Need
from luxagent.core.plant.device import Device


def noted(sight: Seen, before: Seen | None, device: Device) -> Seen:
    """What to remember of this upload, with since when uploads have said the very same."""
    if sight.uploaded_at is None:
        return sight
    if before is not None and before.uploaded_at == sight.uploaded_at:
        return replace(sight, total=before.total, same_since=before.same_since)
    numbers = sorted(
        (key, value)
        for key, value in device.reading.values.items()
        if isinstance(value, int | float)
        and key != "data_age_s"
        and key in METRICS_BY_KEY
        and METRICS_BY_KEY[key].need is Need.RUNTIME
    )
    if not numbers:  # nothing that could be believed
        return replace(sight, total=0, same_since=None)
    total = zlib.crc32(repr(numbers).encode())
    same = before is not None and before.total == total and before.same_since is not None
    return replace(sight, total=total, same_since=before.same_since if same and before else sight.uploaded_at)
