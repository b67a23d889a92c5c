"""`luxagent doctor`: is everything in place? Each line OK, warning or failure, with what to do. Read only."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import click

from luxagent.cli import wiring
from luxagent.cli.clock import Clock
from luxagent.cli.codes import BAD_FILE, FAILED, OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.examine import channels, habits, host, portal, state
from luxagent.cli.examine.line import MARKS, Health, Line, failure, warning
from luxagent.cli.files import load_config, state_folder
from luxagent.cli.logs import without_secrets
from luxagent.cli.output import print_json, print_text
from luxagent.cli.render.text import one_line
from luxagent.config.load import Config
from luxagent.core.plant.device import Device, Plant
from luxagent.errors import BadFile, LuxagentError
from luxagent.notify.sender import HelperSender
from luxagent.portal.client import PortalClient
from luxagent.portal.reader import PortalReader
from luxagent.store.refusals import Refusals


@click.command("doctor", cls=Verb)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@pass_common
def command(common: Common, *, as_json: bool) -> int:
    """Look at everything that should be in place, and say what to do where it is not. Changes nothing.

    File and secrets and who can read them, state folder and journal, disk, channels (nothing is sent); then
    the login, rights, wire, clocks and zone, each inverter, and what it does by itself against the file. If
    the account is unknown here, every other host of the vendor is tried once with the same account and
    password, to say which one fits. Exits 1 if anything failed, 78 if the file cannot be used.
    """
    lines = []
    broken = False
    try:
        config = load_config(common, secrets=True)
        found = _examined(common, config, state_folder(common, config), common.clock())
    except BadFile as error:
        found, broken = _without_file(common, error), True
    for line in found:
        lines.append(line)
        if not as_json:
            print_text(_text(line))
    if as_json:
        rows = [
            {
                "about": row.about,
                "health": row.health.value,
                "words": _said(row.words),
                "todo": _said(row.todo),
            }
            for row in lines
        ]
        print_json({"findings": rows})
    if broken:
        return BAD_FILE
    return FAILED if any(line.health is Health.FAILURE for line in lines) else OK


def _without_file(common: Common, error: BadFile) -> Iterator[Line]:
    """What can be looked at with a file that cannot be used."""
    yield host.broken_file(error)
    if common.state is not None:
        now = common.clock().now()
        yield from state.state(common.state, now, now.astimezone().tzinfo or UTC)
        yield host.disk(common.state)


def _examined(common: Common, config: Config, folder: Path, clock: Clock) -> Iterator[Line]:
    yield from host.file(config)
    yield from host.secrets(config, common.environ)
    yield from state.state(folder, clock.now(), config.ruleset.site.zone)
    yield host.disk(folder)
    yield from channels.channels(wiring.channels(config), HelperSender(environ=common.environ))
    yield from channels.watchers(config)
    with wiring.open_client(config, clock, folder) as client:
        welcome = True
        for line in portal.login(client, clock, Refusals(folder, clock.now)):
            welcome = welcome and line.health is Health.OK
            yield line
        if welcome:
            yield from _plant(config, client, clock)


def _plant(config: Config, client: PortalClient, clock: Clock) -> Iterator[Line]:
    zone, policy = config.ruleset.site.zone, wiring.policy_of(config, dry_run=True)
    try:
        plant = PortalReader(client).read(frozenset(), policy.managed | habits.WATCHED)
        yield portal.rights(client, plant)
        yield portal.wire(client)
        yield from portal.clocks(client, plant, clock.now(), zone)
        yield from portal.devices(plant, policy.managed)
        for device in plant.inverters:
            yield from habits.against(device, policy, quick_charge=_quick_charge(client, plant, device))
    except LuxagentError as error:
        yield failure("plant", str(error), "Try again later.")
        return
    for words in plant.errors:
        yield warning("plant", words)


def _quick_charge(client: PortalClient, plant: Plant, device: Device) -> bool | None:
    """Whether a quick charge runs; told once a unit, None where it cannot be read."""
    if not device.primary or not plant.wire_sure:
        return None
    try:
        return client.quick_charge(device.serial).running
    except LuxagentError:
        return None


def _text(line: Line) -> str:
    todo = f" {_said(line.todo)}" if line.todo else ""
    return f"{MARKS[line.health]:>7}  {line.about}: {_said(line.words)}{todo}"


def _said(words: str) -> str:
    return without_secrets(one_line(words))
