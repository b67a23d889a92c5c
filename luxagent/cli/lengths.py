"""Lengths of time on the command line: "2 h", "90 min", "1.5 h"."""

from typing import Any

import click

from luxagent.cli.common import Verb
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


_MOST_WORDS = 8
"""1 week 2 days 3 h 4 min"""


class LengthVerb(Verb):
    """A verb with an option that takes a length as people type it, in one word or in several: `--for 2 h`.

    `length` is that option.
    """

    def __init__(self, *args: Any, length: str, **kwargs: Any) -> None:  # noqa: ANN401 (as in click)
        super().__init__(*args, **kwargs)
        self.length = length

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _joined(args, self.length))


def _joined(args: list[str], option: str) -> list[str]:
    """The words after the option as one: as many of them as make a length of time."""
    if option not in args:
        return args
    first = args.index(option) + 1
    ends = range(min(len(args), first + _MOST_WORDS), first, -1)
    end = next((end for end in ends if _is_length(" ".join(args[first:end]))), first + 1)
    return [*args[:first], *filter(None, [" ".join(args[first:end])]), *args[end:]]


def _is_length(written: str) -> bool:
    try:
        parse_duration_s(written)
    except ValueError:
        return False
    return True
