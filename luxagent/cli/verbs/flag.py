"""`luxagent flag`: switch a mode that the rules file declares."""

import click

from luxagent.cli.ask import ask
from luxagent.cli.common import Common, pass_common
from luxagent.cli.lengths import LengthVerb, length_s


@click.command("flag", cls=LengthVerb, length="--for")
@click.argument("name")
@click.argument("position", metavar="on|off", type=click.Choice(["on", "off"], case_sensitive=False))
@click.option(
    "--for",
    "for_s",
    callback=length_s,
    metavar="LENGTH",
    help="How long it stays on: 48 h. Without it, until it is switched off.",
)
@pass_common
def command(common: Common, *, name: str, position: str, for_s: float | None) -> int:
    """Switch a mode of the rules file on or off by hand; rules ask for it with `flag: NAME`.

    A running agent goes by it within a second or two.
    """
    on = position == "on"
    if for_s is not None and not on:
        raise click.UsageError("--for goes with on: a flag that is off stays off until it is switched on.")
    return ask(common, "flag", {"name": name, "on": on, "for_s": for_s})
