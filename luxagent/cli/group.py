"""The verbs by name. Each is imported only when it is called for, so that none pays for another."""

from importlib import import_module

import click

from luxagent import __version__
from luxagent.cli.common import Common, options

VERBS: dict[str, str] = {
    "demo": "A day of a pretend house in under a minute; nothing to set up.",
    "init": "Ask a few questions and write a commented rules.yaml.",
    "run": "The daemon: read, decide, write, prove, tell, again and again.",
    "once": "Exactly one iteration of run.",
    "check": "Validate the rules file; never touches the network.",
    "status": "What the plant reports now, what is owned, what would remain.",
    "plan": "The next 24 hours: which rule can hold when, and what it would set.",
    "why": "Each rule and setting explained, and the nearest change that would turn it.",
    "health": "Exit 0 when the daemon's last good tick is recent.",
    "dump": "What a bug report needs, without who and where you are.",
    "log": "The journal: writes with their proof, holds, alerts.",
    "set": "Set a setting by hand, for a while or until it is taken back.",
    "flag": "Switch a mode of the rules file on or off by hand.",
    "silence": "Hear nothing of an alert for a while.",
    "pause": "Hands off: write nothing, for a while or until resume.",
    "resume": "Hands on again.",
    "restore": "Send everything that was moved home, and pause.",
    "firmware": "Versions, updates under way; starts one only if a person insists.",
    "doctor": "Login, host, rights, wire and clocks: what is well, and what to do.",
    "notify-test": "One message per channel, and what became of it.",
    "portal": "Serve the built-in portal, to practise on.",
    "schema": "The JSON Schema of the rules file, for editors.",
}
"""Verb to its short help. The module is `luxagent.cli.verbs.NAME` and offers `command`."""


class Verbs(click.Group):
    """A group that knows its verbs' names and short helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (as in click)
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"luxagent.cli.verbs.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    params=[*options()],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="VERB [ARGS]...",
    epilog="Exit codes: 0 ok, 1 findings or failure, 2 usage, 75 try later, 77 credentials refused, "
    "78 bad file.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def luxagent(ctx: click.Context) -> None:
    """Keep a Luxpower or EG4 inverter's settings where a YAML file says they should be.

    Unofficial; it changes power equipment at your own risk. Start with `luxagent demo`.
    """
    ctx.ensure_object(Common)
