"""`luxagent dump`: what a bug report needs, without who and where you are."""

import click

from luxagent.cli.codes import OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.dump import dump
from luxagent.cli.files import load_config, rules_file, state_folder, state_folder_of_broken
from luxagent.cli.health import interval_in_force_s, recent_s
from luxagent.cli.output import print_json
from luxagent.config.file import DEFAULT_INTERVAL_S
from luxagent.config.load import Config
from luxagent.errors import BadFile


@click.command("dump", cls=Verb)
@click.option("--json", "_as_json", is_flag=True, help="As it is anyway: a dump is JSON.")
@pass_common
def command(common: Common, *, _as_json: bool) -> int:
    """Print versions, the file, the state and the last of the journal, for a bug report.

    Secrets, comments, the account and addresses are left out; serials, names and plants become serial-1,
    name-1, plant-1; the place is rounded to a degree. Read it before you send it. Asks no portal.
    """
    path = rules_file(common)
    config: Config | None
    try:
        config = load_config(common, secrets=True)
    except BadFile:
        config = _without_secrets(common)
    folder = state_folder_of_broken(common) if config is None else state_folder(common, config)
    written_s = DEFAULT_INTERVAL_S if config is None else config.interval_s
    interval_s, now = interval_in_force_s(folder) or written_s, common.clock().now()
    print_json(dump(path, config, folder, common.environ, recent_s(interval_s), now))
    return OK


def _without_secrets(common: Common) -> Config | None:
    """The file where only a secret is missing; None where more is wrong with it."""
    try:
        return load_config(common, secrets=False)
    except BadFile:
        return None
