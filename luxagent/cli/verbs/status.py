"""`luxagent status`: what the plant reports now, what is owned, what would remain without the agent."""

import sys
from datetime import UTC
from pathlib import Path

import click

from luxagent.cli.codes import OK
from luxagent.cli.common import Common, Verb, pass_common
from luxagent.cli.files import folder_of_running_agent, load_config, state_folder
from luxagent.cli.health import INTERVAL_KEY, PLANTS_KEY
from luxagent.cli.insight import snapshot_of
from luxagent.cli.output import print_json
from luxagent.cli.render.hands import hands_lines
from luxagent.cli.render.status_json import silenced_json
from luxagent.cli.render.values import Json
from luxagent.config.load import Config
from luxagent.core.memory import Memory
from luxagent.errors import BadFile, LuxagentError, StateUnusable
from luxagent.store import journal
from luxagent.store.lock import holder_pid


@click.command("status", cls=Verb)
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--fresh", is_flag=True, help="Ask the portal even while an agent is running; a second login "
              "may end the agent's session.")  # fmt: skip
@pass_common
def command(common: Common, *, as_json: bool, fresh: bool) -> int:
    """Show what the plant reports, what luxagent has moved, and what would remain if it ended now.

    While an agent is running this is what it saw last; otherwise the portal is asked, read only.
    """
    config: Config | None
    try:
        config = load_config(common, secrets=False)
        folder = state_folder(common, config)
    except BadFile as broken:
        if fresh:
            raise
        config, folder = None, folder_of_running_agent(common, broken)
    pid = None if fresh else holder_pid(folder)
    status, error = _asked(common, folder) if pid is None else (_last(folder, pid), None)
    memory = _memory(folder)
    status["silenced"] = silenced_json(memory.watch.silenced, common.clock().now())
    if as_json:
        print_json(status)
    elif error is None:
        _draw(status, common, memory, config, pid)
    elif status["owned"]:  # the portal is away, but what would remain is known, and feared
        _draw({**status, "errors": []}, common, memory, config, pid)
    if error is not None:
        raise error
    return OK


def _asked(common: Common, folder: Path) -> tuple[dict[str, Json], LuxagentError | None]:
    """What the portal says now. The secrets are needed only here."""
    from luxagent.cli.look import look

    looked = look(load_config(common, secrets=True), folder, common.clock())
    return looked.status, looked.error


def _last(folder: Path, pid: int) -> dict[str, Json]:
    """What the running agent saw last. Raises TryLater if it has seen nothing yet."""
    status = snapshot_of(folder, pid)
    for key in (INTERVAL_KEY, PLANTS_KEY):  # for others; the shape is the same with and without an agent
        status.pop(key, None)
    return status


def _draw(
    status: dict[str, Json], common: Common, memory: Memory, config: Config | None, pid: int | None
) -> None:
    """For people. rich is imported only here. Without a file the zone is this computer's."""
    from luxagent.cli.render.status_table import draw

    now = common.clock().now()
    zone = (now.astimezone().tzinfo or UTC) if config is None else config.ruleset.site.zone
    hands = [] if config is None else hands_lines(memory, config.ruleset.guards, now, zone)
    draw(status, now, zone, pid, sys.stdout, common.environ, hands)


def _memory(folder: Path) -> Memory:
    """What people said and what the guards do; always as it stands on disk now."""
    try:
        return journal.look(folder)
    except StateUnusable:  # `errors` says so
        return Memory()
