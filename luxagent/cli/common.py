"""What every verb takes, before or after its name: `-c FILE`, `--state FOLDER`, `-v`.

`Common` travels as click's `obj`. Tests put a clock of their own into it; nothing else is ever replaced.
"""

import gc
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from luxagent.cli import logs
from luxagent.cli.clock import Clock, SystemClock
from luxagent.cli.codes import CLOSED_PIPE, INTERRUPTED


@dataclass(slots=True)
class Common:
    """The options that all verbs share, and the world they run in."""

    config: Path | None = None
    state: Path | None = None
    verbose: int = 0
    log_format: str = "text"
    clock: Callable[[], Clock] = SystemClock
    environ: dict[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)


pass_common = click.make_pass_decorator(Common, ensure=True)


class Verb(click.Command):
    """A command that takes the common options too and ends quietly on Ctrl-C and on a closed pipe.

    `log_level` is what goes to stderr without any `-v`.
    """

    def __init__(self, *args: Any, log_level: int = logs.QUIET, **kwargs: Any) -> None:  # noqa: ANN401 (as in click)
        super().__init__(*args, **kwargs)
        self.log_level = log_level
        self.params += options()

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (as in click)
        common = ctx.ensure_object(Common)
        if not gc.isenabled():  # as the console script leaves it; what was imported stays for good
            gc.freeze()
            gc.enable()
        logs.start(self.log_level, common.verbose, as_json=common.log_format == "json")
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            ctx.exit(CLOSED_PIPE)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


def options() -> Sequence[click.Parameter]:
    """New parameters that store what they are given in `Common`; the one nearest to the verb wins."""
    path = click.Path(readable=False, path_type=Path)  # who reads it says what is wrong with it
    return (
        click.Option(
            ["-c", "--config"], type=path, metavar="FILE", expose_value=False, callback=_store,
            help="The rules file. [else $LUXAGENT_CONFIG, ./rules.yaml, "
            "~/.config/luxagent/rules.yaml, /etc/luxagent/rules.yaml]",
        ),
        click.Option(
            ["--state"], type=path, metavar="FOLDER", expose_value=False, callback=_store,
            help="Where the journal and what is owned are kept.",
        ),
        click.Option(
            ["-v", "--verbose"], count=True, expose_value=False, callback=_store,
            help="Say more on stderr; -vv says everything.",
        ),
        click.Option(
            ["--log-format"], type=click.Choice(["text", "json"]), expose_value=False, callback=_store,
            help="Of the log on stderr. [default: text]",
        ),
    )  # fmt: skip


def _store(ctx: click.Context, param: click.Parameter, value: Path | int | str | None) -> None:
    common = ctx.ensure_object(Common)
    if param.name == "verbose":
        common.verbose += int(str(value or 0))
    elif value is not None:
        setattr(common, str(param.name), value)
