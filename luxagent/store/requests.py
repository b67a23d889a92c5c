"""Requests of people to the running agent and its answers: small files in `requests/` of the state folder.

Each file is moved into place whole. What is asked is taken by renaming it, so that it is carried out once or
never: `withdraw` and `take` cannot both win, and what an agent took before it died is not taken again. The
verbs leave and wait, the daemon takes and answers; only the owner of the folder can do either.
"""

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from luxagent.errors import StateUnusable
from luxagent.store import bell
from luxagent.store.folder import make_folder, replace_text

FOLDER_NAME = "requests"
ASKED, TAKEN, ANSWERED = ".asked", ".taken", ".answer"
TOO_OLD = timedelta(minutes=2)
"""A request that is older, or from the future, is not carried out: whoever asked has long gone."""
KEPT_FOR_S = 600.0
"""Answers that nobody came for."""
_LARGEST_BYTES = 64 * 1024

Body = Mapping[str, Any]
"""What is asked for, as JSON values by name."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something a person asks of the agent."""

    id: str
    kind: str
    at: datetime
    body: Body

    def is_stale(self, now: datetime) -> bool:
        """Whether it has waited too long to be carried out."""
        return abs(now - self.at) > TOO_OLD


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the exit code of the verb, and what it prints."""

    code: int = 0
    lines: tuple[str, ...] = ()


class RequestBox:
    """The folder, for both sides."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER_NAME

    def leave(self, kind: str, body: Body, now: datetime) -> str:
        """Ask for something; returns the name by which the answer is found. Raises StateUnusable."""
        make_folder(self._folder.parent)
        make_folder(self._folder)
        name = f"{int(now.timestamp() * 1000):015d}-{secrets.token_hex(6)}"
        text = json.dumps({"kind": kind, "at": now.isoformat(), "body": dict(body)}, allow_nan=False)
        replace_text(self._folder / (name + ASKED), text + "\n", durable=False)
        bell.ring(self._folder.parent)
        return name

    def withdraw(self, name: str) -> bool:
        """Take the request back; False if it has been taken up already."""
        try:
            (self._folder / (name + ASKED)).unlink()
        except OSError:
            return False
        return True

    def collect(self, name: str) -> Answer | None:
        """The answer, if it has come; it is gone from the folder then."""
        path = self._folder / (name + ANSWERED)
        found = _read(path)
        if found is None:
            return None
        with suppress(OSError):
            path.unlink()
        code, lines = found.get("code"), found.get("lines")
        if not isinstance(code, int) or not isinstance(lines, list):
            return Answer(1, ("The running agent gave an answer that cannot be understood.",))
        return Answer(code, tuple(map(str, lines)))

    def take(self) -> list[Request]:
        """What was asked since the last time, oldest first. Where there is nothing it costs one look."""
        found = []
        for name in sorted(self._names(ASKED)):
            taken = self._folder / (name + TAKEN)
            try:
                (self._folder / (name + ASKED)).rename(taken)
            except OSError:  # withdrawn just now
                continue
            request = _request(name, _read(taken))
            if request is None:
                self.answer(name, Answer(1, ("The request could not be understood.",)))
            else:
                found.append(request)
        return found

    def answer(self, name: str, answer: Answer) -> None:
        """Tell whoever asked. Never raises: the deed counts, and the journal tells of it."""
        text = json.dumps({"code": answer.code, "lines": list(answer.lines)})
        with suppress(StateUnusable):
            replace_text(self._folder / (name + ANSWERED), text + "\n", durable=False)
        with suppress(OSError):
            (self._folder / (name + TAKEN)).unlink()

    def sweep(self, now: datetime) -> None:
        """Take away what was left lying: answers that nobody came for, what a dead agent had taken up."""
        for suffix in (TAKEN, ANSWERED):
            for name in self._names(suffix):
                if suffix == TAKEN or abs(now.timestamp() - _left_at(name)) > KEPT_FOR_S:
                    with suppress(OSError):
                        (self._folder / (name + suffix)).unlink()

    def _names(self, suffix: str) -> list[str]:
        try:
            with os.scandir(self._folder) as entries:
                return [entry.name.removesuffix(suffix) for entry in entries if entry.name.endswith(suffix)]
        except OSError:
            return []


def _left_at(name: str) -> float:
    """When a request was left, by its own clock; long ago where the name is not ours."""
    digits = name.partition("-")[0]
    return int(digits) / 1000 if digits.isascii() and digits.isdigit() else 0.0


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with path.open(encoding="utf-8") as file:
            found = json.loads(file.read(_LARGEST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _request(name: str, found: dict[str, Any] | None) -> Request | None:
    if found is None:
        return None
    kind, body = found.get("kind"), found.get("body")
    try:
        at = datetime.fromisoformat(str(found.get("at")))
    except ValueError:
        return None
    if not isinstance(kind, str) or not isinstance(body, dict) or at.tzinfo is None:
        return None
    return Request(name, kind, at, body)
