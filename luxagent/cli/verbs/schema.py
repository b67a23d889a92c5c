"""`luxagent schema`: the JSON Schema of the rules file, for editors."""

import click

from luxagent.cli.codes import OK
from luxagent.cli.common import Verb
from luxagent.cli.output import print_json
from luxagent.config import load


@click.command("schema", cls=Verb)
def command() -> int:
    """Print the JSON Schema of the rules file.

    `luxagent schema > rules.schema.json` beside rules.yaml gives an editor completion and help.
    """
    print_json(load.json_schema())
    return OK
