"""What systemd is told of the daemon: one datagram each time (sd_notify(3)), nothing where nobody listens.

The watchdog hears of finished ticks alone, never of a thread or a timer, so that a hang anywhere in a tick
ends in a restart. Called by `herald`.
"""

import logging
import os
import socket
from collections.abc import Mapping

from luxagent.cli.logs import without_secrets
from luxagent.cli.render.text import one_line

log = logging.getLogger("luxagent")

SEND_S = 1.0
"""A manager that does not read its socket must not hold a tick."""
LONGEST_STATUS = 300
"""Characters: `systemctl status` shows one line."""


class Notifier:
    """The service manager's ear, as the environment names it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        named = environ.get("NOTIFY_SOCKET", "")
        # A name that begins with @ is in the kernel's own namespace, without a file.
        self._address = "\0" + named[1:] if named.startswith("@") else named if named.startswith("/") else ""
        self.watched = _is_watched(environ)
        """Whether the manager ends a service that it does not hear from in time."""

    def ready(self, status: str) -> None:
        """The first tick has ended, or a reload; `status` says how things are."""
        self._send("READY=1", _status(status))

    def status(self, status: str) -> None:
        """How things are now."""
        self._send(_status(status))

    def alive(self, status: str, longest_s: float) -> None:
        """A tick has ended. The next is to end within so many seconds, or the manager steps in."""
        lines = [_status(status)]
        if self.watched:
            lines += ["WATCHDOG=1", f"WATCHDOG_USEC={int(longest_s * 1e6)}"]
        self._send(*lines)

    def reloading(self, monotonic_s: float) -> None:
        """The file is being read anew; `ready` ends it."""
        self._send(
            "RELOADING=1", f"MONOTONIC_USEC={int(monotonic_s * 1e6)}", _status("reading the file anew")
        )

    def stopping(self) -> None:
        """The end was asked for."""
        self._send("STOPPING=1", _status("ending, as asked"))

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as ear:
                ear.settimeout(SEND_S)
                ear.sendto("\n".join(lines).encode("utf-8", "replace"), self._address)
        except OSError as error:
            log.debug("the service manager does not listen: %s", error.strerror or error)


def _status(text: str) -> str:
    return f"STATUS={one_line(without_secrets(text))[:LONGEST_STATUS]}"


def _is_watched(environ: Mapping[str, str]) -> bool:
    """WATCHDOG_USEC holds a time, and WATCHDOG_PID, where it is given, means this very process."""
    usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    return usec.isdigit() and int(usec) > 0 and pid in ("", str(os.getpid()))
