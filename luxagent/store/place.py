"""Which folder holds the state. Called by every verb that needs it; makes nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

from luxagent.errors import StateUnusable

SYSTEM_FILES, SYSTEM_STATE = Path("/etc"), Path("/var/lib/luxagent")


def resolve(
    explicit: str | Path | None,
    environ: Mapping[str, str],
    file_state: str | Path | None = None,
    config_path: Path | None = None,
) -> Path:
    """The first that there is, always absolute: what `--state` said, systemd's, the file's, by custom.

    A relative `state:` is beside the file that says it. A file under /etc keeps its state in
    /var/lib/luxagent, or /var/lib/luxagent-NAME where it is /etc/luxagent/NAME/rules.yaml (luxagent@NAME);
    any other in the state folder of whoever runs the agent.
    """
    if explicit:
        return _absolute(Path(explicit), Path.cwd(), environ)
    given = environ.get("STATE_DIRECTORY", "").split(":")[0]  # systemd joins several with colons
    if given:
        return _absolute(Path(given), Path.cwd(), environ)
    config = _absolute(config_path, Path.cwd(), environ) if config_path is not None else None
    if file_state:
        return _absolute(Path(file_state), config.parent if config else Path.cwd(), environ)
    if config is not None and is_of_the_system(config):
        is_one_of_many = config.parent.parent == SYSTEM_FILES / "luxagent"
        return SYSTEM_STATE.with_name(f"luxagent-{config.parent.name}") if is_one_of_many else SYSTEM_STATE
    custom = environ.get("XDG_STATE_HOME", "")
    if custom and Path(custom).is_absolute():  # a relative one is to be ignored, says its specification
        return _absolute(Path(custom) / "luxagent", Path.cwd(), environ)
    return _home(environ) / ".local" / "state" / "luxagent"


def is_of_the_system(file: Path) -> bool:
    """Whether a rules file lies under /etc, where a service with a user of its own reads it."""
    return Path(os.path.normpath(Path.cwd() / file)).is_relative_to(SYSTEM_FILES)


def _absolute(path: Path, base: Path, environ: Mapping[str, str]) -> Path:
    """Absolute and without `..`; symbolic links stay as the owner wrote them."""
    if path.parts[:1] == ("~",):
        path = _home(environ).joinpath(*path.parts[1:])
    return Path(os.path.normpath(base / path))


def _home(environ: Mapping[str, str]) -> Path:
    home = environ.get("HOME", "")
    if home and Path(home).is_absolute():
        return Path(home)
    try:
        return Path.home()
    except RuntimeError as error:
        raise StateUnusable(
            "There is no home folder to keep the state in; name a folder with --state."
        ) from error
