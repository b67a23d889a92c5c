"""`luxagent notify-test`: one message per channel, and what became of it."""

from collections.abc import Iterable
from dataclasses import replace

import click

from luxagent.cli import wiring
from luxagent.cli.codes import FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import load_config
from luxagent.cli.logs import without_secrets
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.text import one_line
from luxagent.cli.secrets import secrets_in
from luxagent.config.load import Config
from luxagent.config.secrets import Vault
from luxagent.core.alerts.message import Message
from luxagent.notify.letters import letter_of
from luxagent.notify.sender import HelperSender

TITLE = "luxagent: a test"
NOT_ASKED_FOR = "(a secret that was not asked for)"
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
    config = load_config(common, secrets=False)
    unknown = [name for name in names if name not in config.channels]
    if unknown:
        known = ", ".join(config.channels) or "none"
        raise click.UsageError(f"There is no channel {unknown[0]!r}; the file has: {known}.")
    asked = names or tuple(config.channels)
    config = _with_secrets_of(asked, config, common)
    channels = {one.name: one for one in wiring.channels(config)}
    chosen = {name: channels[name] for name in asked}
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


def _with_secrets_of(asked: Iterable[str], config: Config, common: Common) -> Config:
    """The file with the addresses of these channels. Raises BadFile where one of theirs is missing.

    No other secret of the file must be at hand, the portal's password least of all.
    """
    needed = {name for channel in asked for name in config.channels[channel].url.names}
    others = {name for secret in secrets_in(config) for name in secret.names} - needed
    vault = Vault(common.environ)
    stand_ins = {name: NOT_ASKED_FOR for name in others if vault.find(name) is None}
    return load_config(replace(common, environ={**common.environ, **stand_ins}), secrets=True)
