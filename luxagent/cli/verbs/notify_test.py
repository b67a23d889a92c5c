"""`luxagent notify-test`: one message per channel, and what became of it."""

import click

from luxagent.cli import wiring
from luxagent.cli.codes import FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import load_config
from luxagent.cli.logs import without_secrets
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.text import one_line
from luxagent.core.alerts.message import Message
from luxagent.notify.letters import letter_of
from luxagent.notify.sender import HelperSender

TITLE = "luxagent: a test"
BODY = "If you can read this, the channel {name!r} works."


@click.command("notify-test", cls=Verb)
@click.argument("names", nargs=-1, metavar="[CHANNEL]...")
@click.option("--json", "as_json", is_flag=True, help="What became of each, as JSON.")
@pass_common
def command(common: Common, *, names: tuple[str, ...], as_json: bool) -> int:
    """Send one message to every channel of the file, or to those named, at once and past its quiet hours.

    Says what the service answered where it failed; exits 1 then. Nothing is tried twice, and a running agent
    is not disturbed.
    """
    config = load_config(common, secrets=True)
    channels = {one.name: one for one in wiring.channels(config)}
    unknown = [name for name in names if name not in channels]
    if unknown:
        known = ", ".join(channels) or "none"
        raise click.UsageError(f"There is no channel {unknown[0]!r}; the file has: {known}.")
    chosen = {name: channels[name] for name in names or channels}
    errors = HelperSender(environ=common.environ).send(
        {name: (one.url, letter_of([Message(TITLE, BODY.format(name=name))])) for name, one in chosen.items()}
    )
    found = {name: without_secrets(one_line(error)) for name, error in errors.items()}
    if as_json:
        print_json({"channels": [{"name": name, "error": error or None} for name, error in found.items()]})
        return FAILED if any(found.values()) else OK
    for name, error in found.items():
        print_text(f"{name}: {error}" if error else f"{name}: taken by the service")
    if not found:
        print_text("The file has no channel (`notify`); alerts are in the journal alone.")
    return FAILED if any(found.values()) else OK
