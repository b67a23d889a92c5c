"""refused.json: credentials that the portal refused, and until when they must not be tried again.

A service that restarts in a loop would else try a wrong password each time, and could lock the account. The
file holds no secret: only a salted, slow digest of address, account and password, so that other credentials
are tried at once. Fits the portal's `Gate`. It exists only while something is refused.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from luxagent.errors import StateUnusable
from luxagent.store.folder import make_folder, replace_text

REFUSED_NAME = "refused.json"

BACK_OFF: tuple[timedelta, ...] = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long refused credentials rest after the first, second, third and every later refusal."""
MOST = 8
"""Refusals remembered: one for each host that the same credentials were tried on."""
_ROUNDS = 100_000

_log = logging.getLogger("luxagent.store")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One set of credentials, refused `times` in a row, last at `at`."""

    sentence: str
    times: int
    at: datetime
    until: datetime

    def left(self, now: datetime) -> timedelta:
        """How much longer they rest. A clock that was set back lengthens it by no more than the back-off."""
        return min(self.until - now, _rest(self.times))


class Refusals:
    """Remembers refused credentials in the state folder, or in this process where the folder will not do."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._path = folder / REFUSED_NAME
        self._now = now
        self._unwritten: dict[str, Refusal] = {}

    def why_not(self, fingerprint: str) -> str | None:
        """A sentence why these credentials must not be tried now, or None."""
        now, refusal = self._now(), self._known(fingerprint)
        if refusal is None or refusal.left(now) <= timedelta():
            return None
        return f"{refusal.sentence} {_next(refusal.left(now))}"

    def refused(self, fingerprint: str, sentence: str) -> str:
        """These credentials were refused once more. The sentence, with when they are tried again."""
        now, before = self._now(), self._known(fingerprint)
        times = 1 if before is None else before.times + 1
        refusal = Refusal(sentence, times, now, now + _rest(times))
        self._unwritten[fingerprint] = refusal
        salt, rows = self._load()
        salt = salt or secrets.token_hex(16)
        rows.pop(mark := _mark(salt, fingerprint), None)
        rows[mark] = refusal
        try:
            self._save(salt, dict(list(rows.items())[-MOST:]))
            del self._unwritten[fingerprint]
        except StateUnusable as error:
            _log.warning("refused credentials are remembered only until this process ends: %s", error)
        return f"{sentence} {_next(_rest(times))}"

    def accepted(self, fingerprint: str) -> None:
        """These credentials are good: what was held against them is forgotten."""
        self._unwritten.pop(fingerprint, None)
        salt, rows = self._load()
        if rows.pop(_mark(salt, fingerprint), None) is None:
            return
        with suppress(StateUnusable, OSError):
            if rows:
                self._save(salt, rows)
            else:
                self._path.unlink()

    def _known(self, fingerprint: str) -> Refusal | None:
        salt, rows = self._load()
        kept = rows.get(_mark(salt, fingerprint)) if rows else None
        return kept or self._unwritten.get(fingerprint)

    def _load(self) -> tuple[str, dict[str, Refusal]]:
        """Salt and rows. A file that cannot be read counts as none: one try too many is no harm."""
        try:
            whole = json.loads(self._path.read_text(encoding="utf-8"))
            rows = {mark: _refusal(row) for mark, row in whole["refused"].items()}
            # Half a character, of which no mark could be made, is found here.
            return str(whole["salt"]).encode().decode(), rows
        except FileNotFoundError:
            return "", {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            _log.warning("%s cannot be read and counts for nothing", self._path)
            return "", {}

    def _save(self, salt: str, rows: Mapping[str, Refusal]) -> None:
        make_folder(self._folder)
        refused = {
            mark: {
                "sentence": row.sentence,
                "times": row.times,
                "at": row.at.isoformat(),
                "until": row.until.isoformat(),
            }
            for mark, row in rows.items()
        }
        replace_text(self._path, json.dumps({"salt": salt, "refused": refused}, indent=1) + "\n")


@lru_cache(maxsize=16)
def _mark(salt: str, fingerprint: str) -> str:
    """What the file knows credentials by: slow to compute, so that nobody guesses passwords with it."""
    return hashlib.pbkdf2_hmac("sha256", fingerprint.encode(), salt.encode(), _ROUNDS).hex()


def _refusal(row: Mapping[str, object]) -> Refusal:
    at, until = datetime.fromisoformat(str(row["at"])), datetime.fromisoformat(str(row["until"]))
    if at.tzinfo is None or until.tzinfo is None:
        raise ValueError("an instant without a zone")
    return Refusal(str(row["sentence"]), max(1, int(str(row["times"]))), at, until)


def _rest(times: int) -> timedelta:
    return BACK_OFF[min(times, len(BACK_OFF)) - 1]


def _next(left: timedelta) -> str:
    minutes = max(1, -int(-left.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    words = " ".join(f"{n} {unit}" for n, unit in ((hours, "h"), (rest, "min")) if n)
    return f"They are tried again in {words}, for trying more often could lock the account."
