"""Messages on their way to people, through a helper process. Fits `agent.ports.Messenger`.

`put` hands over and returns. A thread that lives only while there is work starts one helper per batch, which
sends to all channels at once; what became of each message is asked for with `outcomes`. Nothing is tried
twice and nothing outlives the process here.
"""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread

from luxagent.core.alerts.message import Message
from luxagent.core.policy.rules import Severity

LIMIT_S = 30.0
"""Most time for the channels of one batch."""
START_S = 20.0
"""Most time for the helper to start: importing apprise takes seconds on a small computer."""
WAITING_MOST = 200
"""Messages that wait while a service hangs; beyond that the oldest give way."""

HELPER = Path(__file__).with_name("helper.py")
PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "DBUS_SESSION_BUS_ADDRESS",
)  # fmt: skip
"""The helper's environment. The portal's password, which may be in ours, is no message service's business."""

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a person: its name in the file, an apprise URL, and the least severity it is for."""

    name: str
    url: str = field(repr=False)
    severity: Severity = Severity.INFO


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message on one channel. `error` is empty when the service took it."""

    channel: str
    title: str
    error: str = ""


class AppriseMessenger:
    """Sends in the background. `close` it at the end."""

    def __init__(
        self,
        channels: Iterable[Channel],
        *,
        environ: Mapping[str, str] | None = None,
        limit_s: float = LIMIT_S,
        helper: Sequence[str] = (sys.executable, "-P", str(HELPER)),
    ) -> None:
        self._channels = {channel.name: channel for channel in channels}
        given = os.environ if environ is None else environ
        # requests would send a password from ~/.netrc uninvited.
        self._environ = {name: given[name] for name in PASSED_ON if name in given} | {"NETRC": os.devnull}
        self._limit_s, self._helper = limit_s, tuple(helper)
        self._state = Condition()
        self._waiting: deque[tuple[Channel, Message]] = deque()
        self._outcomes: list[Delivery] = []
        self._worker: Thread | None = None
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def put(self, messages: Sequence[Message]) -> None:
        """Start delivery and return. A channel that a message names gets it whatever its least severity."""
        with self._state:
            for message in messages:
                for name in message.channels or self._fit_for(message.severity):
                    channel = self._channels.get(name)
                    if channel is None or self._closed:
                        self._fail(
                            name, message, "no such channel" if channel is None else "luxagent is stopping"
                        )
                    else:
                        self._waiting.append((channel, message))
            while len(self._waiting) > WAITING_MOST:
                dropped, message = self._waiting.popleft()
                self._fail(dropped.name, message, "too many messages were waiting")
            if self._waiting and self._worker is None:
                self._worker = Thread(target=self._work, name="messages", daemon=True)
                self._worker.start()

    def settle(self, timeout_s: float) -> bool:
        """Wait until all is delivered or has failed, but no longer than this. Whether it is."""
        with self._state:
            return self._state.wait_for(lambda: self._worker is None, timeout_s)

    def outcomes(self) -> tuple[Delivery, ...]:
        """What became of messages since the last time this was asked."""
        with self._state:
            found = tuple(self._outcomes)
            self._outcomes.clear()
        return found

    def check(self) -> tuple[Delivery, ...]:
        """Have apprise look at every address, without sending; waits for the answer. Titles are empty."""
        return tuple(self._run([(channel, None) for channel in self._channels.values()]))

    def close(self) -> None:
        """End what is still under way; it counts as failed."""
        with self._state:
            self._closed = True
            while self._waiting:
                channel, message = self._waiting.popleft()
                self._fail(channel.name, message, "luxagent stopped before it was sent")
            for process in self._processes:
                process.kill()
            self._state.wait_for(lambda: self._worker is None, 5)

    def _fit_for(self, severity: str) -> list[str]:
        rank = _RANK[Severity(severity)]
        return [one.name for one in self._channels.values() if _RANK[one.severity] <= rank]

    def _fail(self, channel: str, message: Message, why: str) -> None:
        self._outcomes.append(Delivery(channel, message.title, why))

    def _work(self) -> None:
        """Batch after batch, until nothing waits."""
        while True:
            with self._state:
                batch = list(self._waiting)
                self._waiting.clear()
                if not batch:
                    self._worker = None
                    self._state.notify_all()
                    return
            found = self._run(batch)
            with self._state:
                self._outcomes.extend(found)

    def _run(self, batch: Sequence[tuple[Channel, Message | None]]) -> list[Delivery]:
        """One helper for one batch. Never raises."""
        if not batch:
            return []
        by_channel: dict[str, list[Message]] = {channel.name: [] for channel, _ in batch}
        for channel, message in batch:
            if message is not None:
                by_channel[channel.name].append(message)
        channels = [
            {"name": name, "url": self._channels[name].url, "message": _as_one(messages)}
            for name, messages in by_channel.items()
        ]
        answers, trouble = self._ask(json.dumps({"limit_s": self._limit_s, "channels": channels}).encode())
        return [
            Delivery(channel.name, message.title if message else "", answers.get(channel.name, trouble))
            for channel, message in batch
        ]

    def _ask(self, job: bytes) -> tuple[dict[str, str], str]:
        """The helper's answers, and what to say of channels that it says nothing of."""
        try:
            with self._state:
                if self._closed:
                    return {}, "luxagent stopped before it was sent"
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
        with self._state:
            self._processes.discard(process)
            if self._closed:
                trouble = "luxagent stopped before it was sent"
            elif late:
                trouble = f"it took longer than {self._limit_s + START_S:g} s"
            else:
                trouble = f"the sending process ended with {process.returncode}"
        return _answers(out), trouble


def _as_one(messages: Sequence[Message]) -> dict[str, str] | None:
    """What waits for a channel goes out together: apprise pauses for seconds between two messages."""
    if not messages:
        return None
    loudest = max(messages, key=lambda one: _RANK[one.severity])
    title, body = loudest.title, loudest.body
    if len(messages) > 1:
        title = f"{title} (and {len(messages) - 1} more)"
        body = "\n\n".join(f"{one.title}\n{one.body}" for one in messages)
    return {"title": title, "body": body, "severity": loudest.severity}


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
