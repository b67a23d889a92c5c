"""The rules file and the state folder that a verb was pointed at, or that are found where they belong."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from luxagent.cli import logs
from luxagent.cli.common import Common
from luxagent.cli.secrets import texts_to_hide
from luxagent.config import load
from luxagent.config.load import Config
from luxagent.errors import BadFile
from luxagent.store import place
from luxagent.store.lock import holder_pid


def rules_file(common: Common) -> Path:
    """The file's path as a person would write it. Raises BadFile saying where it was looked for."""
    found = load.find(None if common.config is None else str(common.config), common.environ, Path.cwd())
    return _short(found)


def load_config(common: Common, *, secrets: bool) -> Config:
    """The file as core values. `secrets`: whether `${NAME}`s must be there. Raises BadFile.

    Its secrets never show in a log from here on.
    """
    config = load.load(rules_file(common), environ=common.environ, resolve_secrets=secrets)
    logs.hide(*texts_to_hide(config))
    return config


def state_folder(common: Common, config: Config | None) -> Path:
    """Where the state is kept. Nothing is made."""
    return place.resolve(
        common.state,
        common.environ,
        None if config is None else config.state,
        None if config is None else config.path,
    )


def state_folder_of_broken(common: Common) -> Path:
    """Where an agent keeps its state that was started by this file when it was still right.

    What the file says by `state:` counts as far as it can be read.
    """
    try:
        path = rules_file(common)
    except BadFile:  # there is none
        return state_folder(common, None)
    stated = load.state_folder(path, environ=common.environ)
    return place.resolve(common.state, common.environ, stated, path)


def folder_of_running_agent(common: Common, broken: BadFile) -> Path:
    """Where an agent is running that goes by the last good file; it is said that this one is not.

    Raises `broken` where none runs.
    """
    folder = state_folder_of_broken(common)
    if holder_pid(folder) is None:
        raise broken
    click.echo(
        "luxagent: the rules file cannot be used (`luxagent check` says why); the agent that is running in "
        f"{folder} goes by the last good one.",
        err=True,
    )
    return folder


def state_alone(common: Common) -> tuple[Path, ZoneInfo | None]:
    """The state folder for a verb that needs no more of the file, and the site's zone if it is known.

    With `--state`, or beside a running agent, a broken file does not matter; a missing file never does.
    """
    try:
        config = load_config(common, secrets=False)
    except BadFile as error:
        if common.state is None and _names_a_file(common):
            return folder_of_running_agent(common, error), None
        return state_folder(common, None), None
    zone = config.ruleset.site.zone
    return state_folder(common, config), zone if isinstance(zone, ZoneInfo) else None


def _names_a_file(common: Common) -> bool:
    """Whether there is a file at all that could say where the state is."""
    try:
        rules_file(common)
    except BadFile:
        return False
    return True


def _short(path: Path) -> Path:
    """Relative to the working folder where it lies in it: findings are read by people and by editors."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
