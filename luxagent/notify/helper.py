"""The sender's process: reads a job on stdin, sends through apprise, answers a line of JSON per channel.

Started by `sender` as a script of its own, which imports nothing else of luxagent. apprise weighs as much
as the rest of the agent and its services may hang: here neither matters, as the process ends after each job.
Addresses come in on stdin alone. apprise prints them when something is wrong, so its log is never shown; of
its warnings only a status number or the fact of a broken connection is taken over.

Job:    {"limit_s": 30, "channels": [{"name", "url", "message": {…} or null}]}
        a message has title, text, markdown and severity
Answer: {"channel", "error"}: `error` is "" if all went well; without a message the address is only looked at.
"""

import json
import logging
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import ContextVar
from typing import Any, TextIO

import apprise

BAD_ADDRESS = "apprise does not understand the address of this channel"
NOT_TAKEN = "the service did not take the message"
NO_CONNECTION = "the service could not be reached"
TYPES = {"warning": apprise.NotifyType.WARNING, "critical": apprise.NotifyType.FAILURE}
_STATUS = re.compile(r"\berror=(\d{3})\b")


_reason: ContextVar[list[str]] = ContextVar("reason")
"""Why the running message failed. apprise passes the context, and so this list, to threads of its own."""


class Reasons(logging.Handler):
    """Notes why apprise failed, in words of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        status = _STATUS.search(text)
        if status is not None:
            hint = "; look at its token or password" if status[1] in ("401", "403") else ""
            _reason.get([]).append(f"the service answered {status[1]}{hint}")
        elif "connection error" in text.lower():
            _reason.get([]).append(NO_CONNECTION)


def main() -> None:
    """Carry out one job and end, however many of its channels still hang."""
    out = _private_stdout()
    _hush()
    job = json.load(sys.stdin)
    channels = job["channels"]
    pool = ThreadPoolExecutor(max_workers=max(1, len(channels)))
    running = {pool.submit(_send, one["url"], one["message"]): one["name"] for one in channels}
    try:
        for future in as_completed(running, timeout=job["limit_s"]):
            _answer(out, running.pop(future), future.result())
    except TimeoutError:
        for name in running.values():
            _answer(out, name, f"it took longer than {job['limit_s']:g} s")
    os._exit(0)  # a thread that hangs in a service would hold an ordinary exit


def _answer(out: TextIO, channel: str, error: str) -> None:
    print(json.dumps({"channel": channel, "error": error}), file=out, flush=True)


def _send(url: str, message: dict[str, Any] | None) -> str:
    """Send to one channel; why it failed, or nothing."""
    sender = apprise.Apprise(asset=apprise.AppriseAsset(app_id="luxagent", app_desc="luxagent", app_url=""))
    reasons: list[str] = []
    _reason.set(reasons)
    try:
        if not sender.add(url):
            return BAD_ADDRESS
        if message is None:
            return ""
        plain = all(_prefers_text(one) for one in sender)
        sent = sender.notify(
            title=message["title"],
            body=message["text" if plain else "markdown"],
            notify_type=TYPES.get(message["severity"], apprise.NotifyType.INFO),
            body_format=apprise.NotifyFormat.TEXT if plain else apprise.NotifyFormat.MARKDOWN,
        )
    except Exception:  # noqa: BLE001 - what a service's plugin raises may hold the address
        return NOT_TAKEN
    return "" if sent else (reasons or [NOT_TAKEN])[-1]


def _prefers_text(service: Any) -> bool:  # noqa: ANN401 - any of apprise's plugins
    """Whether a service is best given plain text. Newer apprise names several formats, the best first."""
    formats = service.notify_format
    best = formats[0] if isinstance(formats, list | tuple) else formats
    return bool(best == apprise.NotifyFormat.TEXT)


def _private_stdout() -> TextIO:
    """Our own way out; whatever a plugin prints goes nowhere."""
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return out


def _hush() -> None:
    """Nothing that apprise or its libraries log is shown anywhere."""
    logging.getLogger().addHandler(logging.NullHandler())
    logger = logging.getLogger("apprise")
    logger.handlers[:] = [Reasons()]
    logger.setLevel(logging.WARNING)
    logger.propagate = False


if __name__ == "__main__":
    main()
