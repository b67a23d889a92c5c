"""`luxagent health`: whether the daemon is well, for monitors and containers."""

import click

from luxagent.cli.codes import FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.health import health, recent_s
from luxagent.cli.output import print_json, print_text
from luxagent.core.values.units import parse_duration_s


@click.command("health", cls=Verb)
@click.option("--within", metavar="TIME", help="How long ago the last good tick may be. [default: three "
              "intervals and a minute]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_common
def command(common: Common, *, within: str | None, as_json: bool) -> int:
    """Exit 0 when the daemon runs and its last good tick is recent, else 1, saying why.

    Asks no portal and writes nothing.
    """
    config = load_config(common, secrets=False)
    try:
        within_s = recent_s(config.interval_s) if within is None else parse_duration_s(within)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--within") from None
    found = health(state_folder(common, config), within_s, common.clock().now())
    if as_json:
        print_json(found.as_json())
    else:
        print_text(found.words)
    return OK if found.well else FAILED
