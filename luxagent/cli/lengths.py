"""Lengths of time on the command line: "2 h", "90 min", "1.5 h"."""

import click

from luxagent.cli.errands.desk import LONGEST_S
from luxagent.core.values.units import parse_duration_s


def length_s(ctx: click.Context, param: click.Parameter, value: str | tuple[str, ...] | None) -> float | None:
    """The seconds of an option or of an argument of several words; None where it was left out."""
    written = " ".join(value) if isinstance(value, tuple) else value
    if not written:
        return None
    try:
        found = parse_duration_s(written)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", ctx, param) from error
    if not 0 < found <= LONGEST_S:
        raise click.BadParameter(f"{written!r} must be more than nothing and at most 366 days.", ctx, param)
    return found
