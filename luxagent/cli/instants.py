"""Instants on the command line: "2026-06-01T12:00" in site time, "2026-06-01", or how long ago: "2 h"."""

from datetime import UTC, datetime, timedelta, tzinfo

import click

from luxagent.core.values.units import parse_duration_s
from luxagent.core.values.wallclock import instant


def dated(written: str, zone: tzinfo, option: str) -> datetime:
    """The instant of a date, or of a date and time. Raises click's BadParameter."""
    try:
        return _dated(written, zone)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{written!r} is not a date and time of the site like 2026-03-07T12:00.", param_hint=option
        ) from None


def dated_or_ago(written: str, now: datetime, zone: tzinfo, option: str) -> datetime:
    """The same, or so long before now. Raises click's BadParameter."""
    try:
        return now - timedelta(seconds=parse_duration_s(written))
    except (ValueError, OverflowError):
        pass  # then it is a date
    try:
        return _dated(written, zone)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{written!r} is neither a length of time (2 h) nor a date, or date and time (2026-06-01T12:00).",
            param_hint=option,
        ) from None


def _dated(written: str, zone: tzinfo) -> datetime:
    found = datetime.fromisoformat(written.strip())
    return found.astimezone(UTC) if found.tzinfo is not None else instant(found, zone)
