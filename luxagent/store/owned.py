"""owned.json: what is owned, a second time, for the day the ledger is damaged.

Nothing else can tell which settings must go home and to what. Called by `ledger`.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from luxagent.core.memory import Memory, Owned
from luxagent.store.codec import Unreadable, checksum, decode_owned, encode_owned
from luxagent.store.db import set_aside
from luxagent.store.folder import replace_text

OWNED_NAME = "owned.json"

Ownership = Mapping[str, Mapping[str, Owned]]


class OwnedFile:
    """The file, and what it was last known to hold."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / OWNED_NAME
        self._text: str | None = None
        """What the file holds, once it is known."""

    @property
    def exists(self) -> bool:
        return self._path.exists()

    def load(self) -> Memory:
        """A memory that knows what is owned and little else. Raises Unreadable."""
        try:
            whole = json.loads(self._path.read_text(encoding="utf-8"))
            text, total, number = whole["owned"], whole["total"], whole["last_number"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable(f"{OWNED_NAME} cannot be read") from error
        if (
            not isinstance(text, str)
            or not isinstance(number, int)
            or total != checksum("owned", number, text)
        ):
            raise Unreadable(f"{OWNED_NAME} was changed by something else")
        memory = Memory(owned=decode_owned(text), last_number=number)
        self._text = text
        return memory

    def save(self, memory: Memory) -> None:
        """Write it if what is owned has changed since the last time. Raises StateUnusable."""
        text = encode_owned(memory.owned)
        if self._text is None and self.exists:
            with suppress(Unreadable):  # then it is written anew
                self.load()
        if text == self._text:
            return
        number = memory.last_number
        body = {"owned": text, "last_number": number, "total": checksum("owned", number, text)}
        replace_text(self._path, json.dumps(body) + "\n")
        self._text = text

    def set_aside(self, now: datetime) -> None:
        """Keep a file that cannot be read for a person to look at."""
        set_aside(self._path, now)
