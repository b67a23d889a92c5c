"""What runs after the service: whether it is really stopping, and as whom to go on."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from luxagent.config.secrets import Vault

RESULT, STATUS = "SERVICE_RESULT", "EXIT_STATUS"
FOR_GOOD = frozenset({"success", "timeout"})
"""`success`: it ended because it was asked to. `timeout`: it was asked to and did not end in time. All else
(`exit-code`, `signal`, `core-dump`, `watchdog`, `oom-kill` …) is a crash, after which `Restart=` starts it
again, and that start goes on with what is owned."""


def is_stopping(environ: Mapping[str, str]) -> bool:
    """Whether systemd says that the service was stopped. A `systemctl restart` cannot be told from a stop."""
    return environ.get(RESULT, "") in FOR_GOOD


def step_down(folder: Path, environ: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Let root become the owner of the state folder, for good; anyone else stays who they are.

    systemd gives credentials to nothing that runs after a service, and only root can read the files that they
    are made of. So the secrets of these names are read first: they are in the environment that is returned.
    May raise OSError.
    """
    vault = Vault(environ)
    found = {name: secret for name in names if (secret := vault.find(name)) is not None}
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.setgroups([])
        os.setresgid(owner.st_gid, owner.st_gid, owner.st_gid)
        os.setresuid(owner.st_uid, owner.st_uid, owner.st_uid)
    return {**environ, **found}
