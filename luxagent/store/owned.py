"""owned.json: what is owned and what people have said, a second time, for the day the ledger is damaged.

Nothing else can tell which settings must go home and to what, or that somebody said pause. For `ledger`.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from luxagent.core.memory import Memory, Owned
from luxagent.store.codec import (
    Said,
    Unreadable,
    checksum,
    decode_owned,
    decode_said,
    encode_owned,
    encode_said,
)
from luxagent.store.db import set_aside
from luxagent.store.folder import replace_text

OWNED_NAME = "owned.json"

Ownership = Mapping[str, Mapping[str, Owned]]


class OwnedFile:
    """The file, and what it was last known to hold."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / OWNED_NAME
        self._holds: tuple[str, str | None] | None = None
        """What the file soundly holds, once it is known: what is owned, and what people have said."""
        self.event = 0
        """The ledger's last event when that was written; 0 is not known."""

    @property
    def exists(self) -> bool:
        return self._path.exists()

    def load(self) -> Memory:
        """A memory that knows what is owned, what people have said and little else. Raises Unreadable.

        What people have said has a sum of its own: the file of a version that did not keep it yet has none,
        and where that part is damaged what is owned still counts.
        """
        try:
            whole = json.loads(self._path.read_text(encoding="utf-8"))
            text, total, number = whole["owned"], whole["total"], whole["last_number"]
            said, said_total, event = whole.get("said"), whole.get("said_total"), whole.get("event")
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable(f"{OWNED_NAME} cannot be read") from error
        if (
            not isinstance(text, str)
            or not isinstance(number, int)
            or total != checksum("owned", number, text)
        ):
            raise Unreadable(f"{OWNED_NAME} was changed by something else")
        memory = Memory(owned=decode_owned(text), last_number=number)
        self._holds, self.event = (text, None), 0
        if isinstance(said, str) and isinstance(event, int) and said_total == checksum("said", event, said):
            with suppress(Unreadable):
                memory = _with_said(memory, decode_said(said))
                self._holds, self.event = (text, said), event
        return memory

    def save(self, memory: Memory, event: int) -> None:
        """Write it if anything that it keeps has changed since the last time. Raises StateUnusable.

        `event` is the ledger's last, which may be of a new ledger, and lower than before.
        """
        text, said = holds = encode_owned(memory.owned), encode_said(_said(memory))
        if self._holds is None and self.exists:
            with suppress(Unreadable):  # then it is written anew
                self.load()
        if holds == self._holds and event >= self.event:
            return
        number = memory.last_number
        body = {
            "owned": text, "last_number": number, "total": checksum("owned", number, text),
            "said": said, "said_total": checksum("said", event, said), "event": event,
        }  # fmt: skip
        replace_text(self._path, json.dumps(body) + "\n")
        self._holds, self.event = holds, event

    def set_aside(self, now: datetime) -> None:
        """Keep a file that cannot be read for a person to look at."""
        set_aside(self._path, now)


def _said(memory: Memory) -> Said:
    return Said(
        memory.pause, memory.flags, memory.leases, memory.custody.overrides, memory.clock_ahead_s
    )  # fmt: skip


def _with_said(memory: Memory, said: Said) -> Memory:
    custody = replace(memory.custody, overrides=said.overrides)
    return replace(
        memory, pause=said.pause, flags=said.flags, leases=said.leases, custody=custody,
        clock_ahead_s=said.clock_ahead_s,
    )  # fmt: skip
