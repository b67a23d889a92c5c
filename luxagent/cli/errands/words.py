"""Sentences that several errands say."""

from datetime import datetime, tzinfo

NOBODY_RUNS = "No agent is running: this counts from the next `luxagent run` or `once` on."

DRY = "Nothing is written in a dry run"
"""The beginning of a sentence; its end says what becomes of what was asked for."""


def until_words(until: datetime | None, zone: tzinfo) -> str:
    """ " until 2026-06-01 14:00", in the site's time; empty where there is no end."""
    return "" if until is None else f" until {until.astimezone(zone):%Y-%m-%d %H:%M}"
