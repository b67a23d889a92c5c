"""`luxagent why`: how every rule stands, what would turn it, and who decides each setting."""

import sys
from datetime import datetime

import click

from luxagent.cli.codes import OK
from luxagent.cli.common import Common, pass_common
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.insight import insight
from luxagent.cli.instants import dated_or_ago
from luxagent.cli.lengths import LengthVerb
from luxagent.cli.output import print_json
from luxagent.cli.render.why_json import why_json
from luxagent.cli.render.why_view import rule_views, setting_views
from luxagent.config.load import Config
from luxagent.config.meant import near
from luxagent.core.facts.settings import SETTINGS, describe


@click.command("why", cls=LengthVerb, length="--at")
@click.argument("setting", required=False)
@click.option("--at", "written", metavar="TIME", help="What was recorded then: a date and time of the site "
              "(2026-06-01T12:00), or how long ago (2 h).")  # fmt: skip
@click.option("--fresh", is_flag=True, help="Ask the portal even while an agent is running; a second login "
              "may end the agent's session.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@pass_common
def command(common: Common, setting: str | None, *, written: str | None, fresh: bool, as_json: bool) -> int:
    """Explain every rule, or those that speak of one SETTING.

    For each condition what was seen, how old it is, and the nearest change that would turn the rule; for each
    setting which rule decides, why the others do not, and which guards hold it. Nothing is written.
    """
    if setting is not None:
        _known(setting)
    config = load_config(common, secrets=False)
    now = common.clock().now()
    if written is not None:
        at = dated_or_ago(written, now, config.ruleset.site.zone, "--at")
        if at > now:
            raise click.BadParameter(
                f"{written!r} is yet to come; `luxagent plan` looks ahead.", param_hint="--at"
            )
        _then(common, config, setting, at, as_json=as_json)
        return OK
    seen = insight(common, config, fresh=fresh)
    now = common.clock().now()
    rules, settings = rule_views(seen, now, setting), setting_views(seen, setting)
    if as_json:
        print_json(why_json(seen, rules, settings))
        return OK
    from luxagent.cli.render.why_text import draw

    draw(seen, rules, settings, now, sys.stdout, common.environ)
    if setting is not None and not settings:
        click.echo(f"Neither a rule nor the baseline speaks of {setting}; it is left alone.")
    return OK


def _known(setting: str) -> None:
    """Raises click's BadParameter for a name that is no setting's."""
    try:
        describe(setting)
    except KeyError:
        meant = near(setting, SETTINGS)
        hint = f" Did you mean {meant}?" if meant else ""
        raise click.BadParameter(f"There is no setting {setting!r}.{hint}", param_hint="SETTING") from None


def _then(common: Common, config: Config, setting: str | None, at: datetime, *, as_json: bool) -> None:
    """What the journal has of an instant."""
    from luxagent.cli.recorded import recorded
    from luxagent.cli.render.why_then import then_json, then_lines

    found = recorded(state_folder(common, config), at, setting)
    if as_json:
        print_json(then_json(found))
        return
    for line in then_lines(found, config.ruleset.site.zone):
        click.echo(line)
