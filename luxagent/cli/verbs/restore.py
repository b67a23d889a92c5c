"""`luxagent restore`: everything home."""

import logging
from pathlib import Path

import click

from luxagent.cli.ask import alone, ask
from luxagent.cli.codes import OK, REFUSED
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.secrets import secrets_in
from luxagent.cli.stopping import STATUS, is_stopping, step_down
from luxagent.config.load import Config, OnStop
from luxagent.core.control.residual import left_behind
from luxagent.core.values.moment import Calendar
from luxagent.store import journal
from luxagent.store.lock import holder_pid

log = logging.getLogger("luxagent")


@click.command("restore", cls=Verb)
@click.option("--on-stop", is_flag=True, help="For the service's ExecStopPost: act only if the file says "
              "`on_stop: restore` and the service is really stopping, and do not pause.")  # fmt: skip
@pass_common
def command(common: Common, *, on_stop: bool) -> int:
    """Send every setting that luxagent has moved home at once, then pause until `resume`.

    Neither a pause nor another hand, tries that failed, a write a moment ago or the hour's budget holds it.
    Exits 0 when everything is home, else 1, saying what is not.
    """
    return _on_stop(common) if on_stop else ask(common, "restore", {})


def _say_what_stays(common: Common, config: Config, folder: Path) -> None:
    """After refused credentials nothing can be sent, and systemd starts nothing again."""
    step_down(folder, common.environ, ())  # what SQLite lays beside the ledger must not be root's
    memory, now = journal.look(folder), common.clock().now()
    names = {serial: name for name, serial in config.names.items()}
    rest = left_behind(memory, names, Calendar(config.ruleset.site.zone).moment(now))
    if rest:
        click.echo("The portal refuses the account and the password, so this stays as it is:")
    for one in rest:
        click.echo(one.sentence)


def _on_stop(common: Common) -> int:
    config = load_config(common, secrets=False)
    folder = state_folder(common, config)
    if config.on_stop is not OnStop.RESTORE:
        log.info("the file does not say on_stop: restore, so everything stays as it is")
        return OK
    if not folder.is_dir():
        log.info("there is no state folder, so nothing was ever moved")
        return OK
    if not is_stopping(common.environ):
        log.info("the service is not stopping for good, so everything stays as it is")
        if common.environ.get(STATUS) == str(REFUSED):
            _say_what_stays(common, config, folder)
        return OK
    names = [name for secret in secrets_in(config) for name in secret.names]
    common.environ = step_down(folder, common.environ, names)
    if holder_pid(folder) is not None:
        log.warning("an agent is running, so everything stays as it is")
        return OK
    answer = alone(common, config, folder, common.clock(), "restore", {"on_stop": True})
    for line in answer.lines:
        click.echo(line)
    return answer.code
