"""`luxagent resume`: hands on again."""

import click

from luxagent.cli.ask import ask
from luxagent.cli.common import Common, Verb, pass_common


@click.command("resume", cls=Verb)
@pass_common
def command(common: Common) -> int:
    """End a pause, and let what was jammed or left alone be tried anew."""
    return ask(common, "resume", {})
