"""Whether a service is really stopping, as far as systemd tells a program that runs after it."""

from collections.abc import Mapping

RESULT = "SERVICE_RESULT"
FOR_GOOD = frozenset({"success", "timeout"})
"""`success`: it ended because it was asked to. `timeout`: it was asked to and did not end in time. All else
(`exit-code`, `signal`, `core-dump`, `watchdog`, `oom-kill` …) is a crash, after which `Restart=` starts it
again, and that start goes on with what is owned."""


def is_stopping(environ: Mapping[str, str]) -> bool:
    """Whether systemd says that the service was stopped. A `systemctl restart` cannot be told from a stop."""
    return environ.get(RESULT, "") in FOR_GOOD
