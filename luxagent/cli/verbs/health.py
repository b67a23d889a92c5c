"""`luxagent health`: whether the daemon is well, for monitors and containers."""

from pathlib import Path

import click

from luxagent.cli.codes import FAILED, OK
from luxagent.cli.common import Common, pass_common
from luxagent.cli.files import load_config, state_folder, state_folder_of_broken
from luxagent.cli.health import health, interval_in_force_s, recent_s
from luxagent.cli.lengths import LengthVerb
from luxagent.cli.output import print_json, print_text
from luxagent.core.values.units import parse_duration_s
from luxagent.errors import BadFile
from luxagent.store.lock import holder_pid


@click.command("health", cls=LengthVerb, length="--within")
@click.option("--within", metavar="TIME", help="How long ago the last good tick may be. [default: three "
              "intervals and a minute]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@pass_common
def command(common: Common, *, within: str | None, as_json: bool) -> int:
    """Exit 0 when the daemon runs and its last good tick is recent, else 1, saying why.

    Asks no portal and writes nothing.
    """
    try:
        within_s = None if within is None else parse_duration_s(within)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--within") from None
    folder, interval_s = _where_and_how_often(common, asked=within_s is not None)
    found = health(folder, recent_s(interval_s) if within_s is None else within_s, common.clock().now())
    if as_json:
        print_json(found.as_json())
    else:
        print_text(found.words)
    return OK if found.well else FAILED


def _where_and_how_often(common: Common, *, asked: bool) -> tuple[Path, float]:
    """The state folder, and the interval of the agent that runs there.

    What the daemon left counts more than the file, which may have been changed, or broken, since it was
    read. Raises BadFile for a broken one where an agent runs whose interval is needed (not `asked` for with
    --within) and unknown.
    """
    try:
        config = load_config(common, secrets=False)
    except BadFile:
        folder = state_folder_of_broken(common)
        left_s = interval_in_force_s(folder)
        if holder_pid(folder) is not None and left_s is None and not asked:
            raise
        return folder, left_s or 0.0  # without an agent no tick is recent
    folder = state_folder(common, config)
    return folder, interval_in_force_s(folder) or config.interval_s
