"""The console that things are drawn on: colour only on a terminal, and not where NO_COLOR is set."""

from collections.abc import Mapping
from typing import TextIO

from rich.console import Console

PIPED_WIDTH, WIDEST = 110, 160


def console_for(out: TextIO, environ: Mapping[str, str], widest: int = WIDEST) -> Console:
    """Draws on `out`; what comes from outside must be `Text`, for there is no markup."""
    piped = not out.isatty()
    console = Console(
        file=out,
        force_terminal=False if piped else None,
        width=PIPED_WIDTH if piped else None,
        no_color=bool(environ.get("NO_COLOR")) or piped,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.width = min(console.width, widest)
    return console
