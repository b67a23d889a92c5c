"""What bears on writing just now, in sentences for `status`: people's words, other hands, budgets, guards."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from luxagent.cli.render.text import one_line
from luxagent.cli.render.words import value_text
from luxagent.core.control.guards import HOMEWARD_SHARE
from luxagent.core.custody import holds_of_last_day
from luxagent.core.memory import Memory
from luxagent.core.policy.rules import GuardRules

_HOUR, _DAY = timedelta(hours=1), timedelta(hours=24)


def hands_lines(memory: Memory, guards: GuardRules, now: datetime, zone: tzinfo) -> list[str]:
    """All of it; empty where nobody has said anything and nothing was sent."""
    parts = (
        _pause(memory, now, zone), _flags(memory, now, zone), _leases(memory, now, zone),
        _others(memory, guards, now, zone), _budgets(memory, guards, now), _holds(memory, now),
    )  # fmt: skip
    return [one_line(line) for part in parts for line in part]


def _pause(memory: Memory, now: datetime, zone: tzinfo) -> Iterator[str]:
    pause = memory.pause
    if pause is not None and _lasts(pause.until, now):
        yield f"Paused{_until(pause.until, zone) or ' until luxagent resume'}: nothing is written"


def _flags(memory: Memory, now: datetime, zone: tzinfo) -> Iterator[str]:
    for name, until in sorted(memory.flags.items()):
        if _lasts(until, now):
            yield f"Flag {name} is on{_until(until, zone)}"


def _leases(memory: Memory, now: datetime, zone: tzinfo) -> Iterator[str]:
    for name, rows in sorted(memory.leases.items()):
        for serial, lease in sorted(rows.items()):
            if _lasts(lease.until, now):
                where = f"{serial}: " if serial else ""
                yield f"Set by hand: {where}{name} {value_text(name, lease.value)}{_until(lease.until, zone)}"


def _others(memory: Memory, guards: GuardRules, now: datetime, zone: tzinfo) -> Iterator[str]:
    for serial, rows in sorted(memory.custody.overrides.items()):
        for name, one in sorted(rows.items()):
            until = None if guards.on_override_s is None else one.at + timedelta(seconds=guards.on_override_s)
            if _lasts(until, now):
                yield (
                    f"Another hand: {serial} {name} was changed to {value_text(name, one.found)} "
                    f"and is left alone{_until(until, zone)}"
                )


def _budgets(memory: Memory, guards: GuardRules, now: datetime) -> Iterator[str]:
    """What was sent, and what is left for takes; a fifth of the day's is kept for going home."""
    kept = guards.writes_per_day // HOMEWARD_SHARE
    for serial, attempts in sorted(memory.attempts.items()):
        day = sum(1 for one in attempts if now - one.at < _DAY)
        hour = sum(1 for one in attempts if now - one.at < _HOUR)
        if day:
            yield (
                f"Writes to {serial}: {hour} of {guards.writes_per_hour} in the last hour, "
                f"{day} of {guards.writes_per_day} in the last day ({kept} of these are kept for going home)"
            )


def _holds(memory: Memory, now: datetime) -> Iterator[str]:
    counts = holds_of_last_day(memory.custody, now)
    if counts:
        words = ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))
        yield f"Guards in the last day: {words}"


def _lasts(until: datetime | None, now: datetime) -> bool:
    return until is None or now < until


def _until(until: datetime | None, zone: tzinfo) -> str:
    return "" if until is None else f" until {until.astimezone(zone):%Y-%m-%d %H:%M}"
