"""`luxagent once`: exactly one iteration of `run`."""

from dataclasses import dataclass
from pathlib import Path

import click

from luxagent import __version__
from luxagent.agent.tick import TickReport
from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.codes import FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.first_live import mind_the_first_write
from luxagent.cli.logs import without_secrets
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.once_json import nothing_json, once_json
from luxagent.cli.render.once_text import once_text
from luxagent.cli.render.text import one_line
from luxagent.cli.render.verdicts import Verdict, calm, troubles, verdicts
from luxagent.config.load import Config
from luxagent.core.alerts.life import AlertView
from luxagent.errors import LuxagentError

SURPRISE = "Something went wrong that should not have."


@dataclass(frozen=True, slots=True)
class Tick:
    """What one iteration came to."""

    report: TickReport
    rows: dict[str, list[Verdict]]
    errors: list[str]
    dry_run: bool


@click.command("once", cls=Verb)
@click.option("--json", "as_json", is_flag=True, help="Everything seen, decided and done, as JSON.")
@click.option("--dry-run", is_flag=True, help="Decide and report, but write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before the first write after a dry run.")
@pass_common
def command(common: Common, *, as_json: bool, dry_run: bool, yes: bool) -> int:
    """Read, decide, write, prove, tell: one iteration, then end.

    What is remembered is kept between calls, so a timer could drive it. Exits 1 when a write was refused
    or not proven, or something went wrong; 75 when the plant could not be read; 77 when the portal
    refuses the account. Before the first write after a dry run it lists what will change and, at a
    terminal, asks.
    """
    config = load_config(common, secrets=True)
    clock = common.clock()
    dry_run = dry_run or config.ruleset.dry_run
    alerts: list[AlertView] = []
    try:
        tick = _tick(config, state_folder(common, config), clock, alerts, dry_run=dry_run, yes=yes)
    except Exception as error:
        if as_json:
            words = str(error) if isinstance(error, LuxagentError) else SURPRISE
            url = wiring.portal_url(config)
            said = without_secrets(one_line(words))
            print_json(nothing_json(clock.now(), said, alerts, dry_run=dry_run, url=url))
        raise
    if as_json:
        print_json(once_json(tick.report, tick.rows, tick.errors, dry_run=tick.dry_run))
    else:
        for line in once_text(tick.report, tick.rows, tick.errors, dry_run=tick.dry_run):
            print_text(line)
    return OK if calm(tick.rows) and not tick.errors else FAILED


def _tick(
    config: Config, folder: Path, clock: Clock, alerts: list[AlertView], *, dry_run: bool, yes: bool
) -> Tick:
    """One iteration, with the folder held and everything sent that was due.

    Of a tick that raises, the alerts that are not quiet are put into `alerts`; what they say is sent too.
    """
    with wiring.open_agent(config, folder, clock, dry_run=dry_run) as wired:
        if config.ruleset.dry_run and wired.agent.state.memory.began:
            wired.agent.started(
                __version__
            )  # the file went back to a dry run: the next live start asks again
        mind_the_first_write(wired, clock.now, yes=yes)
        try:
            report = wired.agent.tick()
        except LuxagentError:
            alerts += wired.agent.alerts_of_failure
            raise
        finally:
            wired.settle()
        errors = troubles(report, wired.undelivered())
        return Tick(report, verdicts(report, wired.agent.policy), errors, wired.dry_run)
