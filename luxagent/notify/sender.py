"""Sends letters through a helper process, one for a whole batch, and waits for what became of each.

Knows nothing of retries or of what a letter says. Called by `post` from a thread of its own, and by the verb
`notify-test`. Neither a service that hangs nor an address that apprise would print reaches anybody here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

from luxagent.notify.letters import Letter

LIMIT_S = 30.0
"""Most time for the channels of one batch."""
START_S = 20.0
"""Most time for the helper to start: importing apprise takes seconds on a small computer."""

HELPER = Path(__file__).with_name("helper.py")
PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "DBUS_SESSION_BUS_ADDRESS",
)  # fmt: skip
"""The helper's environment. The portal's password, which may be in ours, is no message service's business."""

STOPPED = "luxagent stopped before it was sent"


class HelperSender:
    """Starts a helper per batch. `stop` ends what is under way, for good."""

    def __init__(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        limit_s: float = LIMIT_S,
        helper: Sequence[str] = (sys.executable, "-P", str(HELPER)),
    ) -> None:
        given = os.environ if environ is None else environ
        # requests would send a password from ~/.netrc uninvited.
        self._environ = {name: given[name] for name in PASSED_ON if name in given} | {"NETRC": os.devnull}
        self._limit_s, self._helper = limit_s, tuple(helper)
        self._lock = Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def send(self, batch: Mapping[str, tuple[str, Letter | None]]) -> dict[str, str]:
        """One letter per channel name and address; why each failed, or "". Never raises.

        Without a letter the address is only looked at.
        """
        if not batch:
            return {}
        channels = [
            {"name": name, "url": url, "message": None if letter is None else letter.as_job()}
            for name, (url, letter) in batch.items()
        ]
        answers, trouble = self._ask(json.dumps({"limit_s": self._limit_s, "channels": channels}).encode())
        return {name: answers.get(name, trouble) for name in batch}

    def stop(self) -> None:
        """End what is under way; it counts as failed."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                process.kill()

    def _ask(self, job: bytes) -> tuple[dict[str, str], str]:
        """The helper's answers, and what to say of channels that it says nothing of."""
        try:
            with self._lock:
                if self._stopped:
                    return {}, STOPPED
                process = subprocess.Popen(  # noqa: S603 - our own script, nothing from outside
                    self._helper,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=self._environ,
                    start_new_session=True,  # a Ctrl-C is for the agent, which lets the sending end first
                )
                self._processes.add(process)
        except OSError as error:
            return {}, f"the sending process could not be started: {error.strerror}"
        with process:
            late = False
            try:
                out, _ = process.communicate(job, timeout=self._limit_s + START_S)
            except subprocess.TimeoutExpired:
                late = True
                process.kill()
                out, _ = process.communicate()
        with self._lock:
            self._processes.discard(process)
            if self._stopped:
                trouble = STOPPED
            elif late:
                trouble = f"it took longer than {self._limit_s + START_S:g} s"
            else:
                trouble = f"the sending process ended with {process.returncode}"
        return _answers(out), trouble


def _answers(out: bytes) -> dict[str, str]:
    """Why each channel failed, or "" where it did not."""
    found: dict[str, str] = {}
    for line in out.splitlines():
        try:
            row = json.loads(line)
            found[str(row["channel"])] = str(row["error"])
        except (ValueError, KeyError, TypeError):  # cut short by the kill
            continue
    return found
