"""Whether the agent of a state folder is well: what `luxagent health` tells, by what the daemon left."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from luxagent.cli.render.values import Json
from luxagent.core.values.units import format_duration
from luxagent.store.lock import holder_pid
from luxagent.store.snapshot import Snapshot

TICKS_MISSED, SLOW_S = 3, 60.0
INTERVAL_KEY, PLANTS_KEY = "interval_s", "plants"
"""Of the snapshot alone: the rhythm that the daemon kept when it left it, and the names of the plants."""


def recent_s(interval_s: float) -> float:
    """How old the last good tick of a healthy agent may be: three intervals and a slow tick."""
    return TICKS_MISSED * interval_s + SLOW_S


@dataclass(frozen=True, slots=True)
class Health:
    """Well or not, and why."""

    well: bool
    words: str
    pid: int | None
    """Of the running agent; None if none runs, 0 if it cannot be told."""
    good_at: datetime | None
    age_s: float | None

    def as_json(self) -> dict[str, Json]:
        """The shape of `health --json`."""
        at = None if self.good_at is None else self.good_at.isoformat()
        return {"healthy": self.well, "detail": self.words, "pid": self.pid, "last_good_tick": at,
                "age_s": self.age_s}  # fmt: skip


def health(folder: Path, within_s: float, now: datetime) -> Health:
    """Look at the lock and at the snapshot that every good tick leaves. Asks nobody, writes nothing."""
    pid = holder_pid(folder)
    good_at = _stamp((Snapshot(folder).read() or {}).get("at"))
    age_s = None if good_at is None else round((now - good_at).total_seconds(), 1)
    if pid is None:
        return Health(well=False, words=f"No agent is using {folder}.", pid=pid, good_at=good_at, age_s=age_s)
    if age_s is None:
        return Health(
            well=False, words="The agent has not had a good tick yet.", pid=pid, good_at=None, age_s=None
        )
    words = f"The last good tick was {format_duration(abs(age_s))} ago"
    if abs(age_s) > within_s:
        return Health(
            well=False,
            words=f"{words}, over {format_duration(within_s)}.",
            pid=pid,
            good_at=good_at,
            age_s=age_s,
        )
    return Health(well=True, words=f"{words}.", pid=pid, good_at=good_at, age_s=age_s)


def interval_in_force_s(folder: Path) -> float | None:
    """The rhythm of the daemon that left the snapshot; None where it does not tell."""
    found = (Snapshot(folder).read() or {}).get(INTERVAL_KEY)
    if not isinstance(found, int | float) or isinstance(found, bool):
        return None
    return float(found) if 0 < found < 1e9 else None


def _stamp(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
