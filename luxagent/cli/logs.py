"""What is said on stderr: our own log lines, without secrets and without anything a terminal would obey.

Other libraries' logs are left out: some of them print addresses with their tokens.
"""

import json
import logging
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from luxagent.cli.calm import Calm
from luxagent.cli.render.text import one_line, printable

QUIET, TALKATIVE = logging.WARNING, logging.INFO
_LEAST_SECRET = 4
"""Shorter texts would blot out half the log."""
_JOURNAL_LEVELS = {logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}

_secrets: set[str] = set()


class _Clean(logging.Formatter):
    """Takes out what was registered as secret, wherever it comes from; a traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(printable(super().format(record), keep="\n\t"))


class _ForJournal(_Clean):
    """For systemd: a priority in front and no time, for the journal knows it."""

    def format(self, record: logging.LogRecord) -> str:
        level = _JOURNAL_LEVELS.get(record.levelno, 6)
        return "\n".join(f"<{level}>{line}" for line in super().format(record).splitlines())


class _AsJson(logging.Formatter):
    """For programs: one object a line, its texts as clean as the others."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(without_secrets(record.getMessage())),
        }
        if record.exc_info:
            line["trace"] = without_secrets(printable(self.formatException(record.exc_info), keep="\n\t"))
        return json.dumps(line, ensure_ascii=True)


def start(level: int, verbose: int, *, as_json: bool = False) -> None:
    """Send our log to stderr, from `level` on; each `-v` lets one level more through."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Calm())
    handler.setFormatter(_AsJson() if as_json else _for_people())
    ours = logging.getLogger("luxagent")
    ours.handlers[:] = [handler]
    ours.setLevel(max(logging.DEBUG, level - 10 * verbose))
    ours.propagate = False
    _secrets.clear()  # what an earlier command of this process had to hide is a word like any other now
    logging.raiseExceptions = False  # a closed stderr is no reason for a traceback
    logging.lastResort = None


def _for_people() -> logging.Formatter:
    if _under_systemd():
        return _ForJournal("%(message)s")
    return _Clean("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")


def hide(*texts: str) -> None:
    """These texts are secrets: never let them through."""
    _secrets.update(text for text in texts if len(text) >= _LEAST_SECRET)


def without_secrets(text: str) -> str:
    """The text with every secret blotted out, but where it is a word of a sentence of our own."""
    for secret in sorted(_secrets, key=len, reverse=True):
        if secret in text:
            text = _without(secret, text)
    return text


def _without(secret: str, text: str) -> str:
    """The places are judged in the text as it was, before any is blotted out."""
    from luxagent.cli.own_words import is_our_own  # next to never wanted, and slow to come

    def blot(found: re.Match[str]) -> str:
        return found[0] if is_our_own(text, *found.span()) else "(secret)"

    return re.sub(re.escape(secret), blot, text)


def _under_systemd() -> bool:
    """Whether stderr is the journal: systemd names its device and inode."""
    named = os.environ.get("JOURNAL_STREAM", "")
    try:
        found = Path(f"/dev/fd/{sys.stderr.fileno()}").stat()
    except (OSError, ValueError, AttributeError):
        return False
    return named == f"{found.st_dev}:{found.st_ino}"
