"""`luxagent doctor`: is everything in place? Each line OK, warning or failure, with what to do. Read only."""

from collections.abc import Iterator
from pathlib import Path

import click

from luxagent.cli import examine, wiring
from luxagent.cli.clock import Clock
from luxagent.cli.codes import FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.examine import Health, Line
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.logs import without_secrets
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.text import one_line
from luxagent.config.load import Config
from luxagent.errors import LuxagentError
from luxagent.portal.reader import PortalReader
from luxagent.store.refusals import Refusals

_MARKS = {Health.OK: "ok", Health.WARNING: "WARNING", Health.FAILURE: "FAILURE"}


@click.command("doctor", cls=Verb)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@pass_common
def command(common: Common, *, as_json: bool) -> int:
    """Try the login, and look at host, rights, wire, clocks and devices. Changes nothing.

    If the account is unknown here, every other host of the vendor is tried once with the same account and
    password, to say which one fits. Exits 1 if anything failed.
    """
    config = load_config(common, secrets=True)
    lines = []
    for line in _examined(config, state_folder(common, config), common.clock()):
        lines.append(line)
        if not as_json:
            print_text(_text(line))
    if as_json:
        rows = [
            {"about": row.about, "health": row.health.value, "words": _said(row.words), "todo": row.todo}
            for row in lines
        ]
        print_json({"findings": rows})
    return FAILED if any(line.health is Health.FAILURE for line in lines) else OK


def _examined(config: Config, folder: Path, clock: Clock) -> Iterator[Line]:
    zone, managed = config.ruleset.site.zone, wiring.policy_of(config, dry_run=True).managed
    with wiring.open_client(config, clock, folder) as client:
        welcome = True
        for line in examine.login(client, clock, Refusals(folder, clock.now)):
            welcome = welcome and line.health is Health.OK
            yield line
        if not welcome:
            return
        try:
            plant = PortalReader(client).read(frozenset(), managed)
            yield examine.rights(client, plant)
            yield examine.wire(client)
            yield from examine.clocks(client, plant, clock.now(), zone)
            yield from examine.devices(plant, managed)
        except LuxagentError as error:
            yield Line("plant", Health.FAILURE, str(error), "Try again later.")
            return
        for error_words in plant.errors:
            yield Line("plant", Health.WARNING, error_words)


def _text(line: Line) -> str:
    todo = f" {line.todo}" if line.todo else ""
    return f"{_MARKS[line.health]:>7}  {line.about}: {_said(line.words)}{todo}"


def _said(words: str) -> str:
    return without_secrets(one_line(words))
