"""`luxagent pause`: hands off."""

import click

from luxagent.cli.ask import ask
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.lengths import length_s


@click.command("pause", cls=Verb)
@click.argument("for_s", metavar="[LENGTH]", nargs=-1, callback=length_s)
@click.option("--home", is_flag=True, help="Send everything that was moved home first.")
@pass_common
def command(common: Common, *, for_s: float | None, home: bool) -> int:
    """Write nothing: `pause`, `pause 2 h`. Without a length until `resume`.

    Everything is read, judged and told as ever. Says what luxagent has moved and what of it remains.
    """
    return ask(common, "pause", {"for_s": for_s, "home": home})
