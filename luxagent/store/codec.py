"""Events and memory to JSON text and back, exactly.

msgspec reads the dataclasses of the core as they are. Each text goes with a sum: most single bit flips in a
SQLite file pass its own check. Called by `ledger`, `journal` and `owned`.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cache
from typing import Any, get_args

import msgspec

from luxagent.core import events as ev
from luxagent.core.custody import Override
from luxagent.core.memory import Lease, Memory, Owned, Pause


class Unreadable(ValueError):
    """A row is not what was written, or not what this version can understand. Never leaves `store`."""


@dataclass(frozen=True, slots=True)
class Said:
    """What people have said and done that holds on: no reading of an inverter tells it."""

    pause: Pause | None = None
    flags: Mapping[str, datetime | None] = field(default_factory=dict)
    leases: Mapping[str, Mapping[str, Lease]] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, Override]] = field(default_factory=dict)
    clock_ahead_s: float = 0.0
    """By the clock of then their ends are told."""


_CLASSES: Mapping[str, type[ev.Event]] = {
    event.__dataclass_fields__["kind"].default: event for event in get_args(ev.Event)
}

KINDS: frozenset[str] = frozenset(_CLASSES)
"""The kinds of events that this version knows."""


def encode(event: ev.Event) -> str:
    """An event as JSON text. Raises Unreadable for what could not be read again, such as a NaN."""
    try:
        text = _plain(event)
    except UnicodeEncodeError:  # half a character, as JSON of a portal can carry it
        text = _plain(_whole(event))
    try:
        _reader(event.kind).decode(text)
    except msgspec.ValidationError as error:
        raise Unreadable(f"an event of kind {event.kind!r} cannot be kept") from error
    return text


def _whole(event: ev.Event) -> ev.Event:
    """The event with a question mark in the place of each lone surrogate."""
    texts: dict[str, Any] = {
        item.name: value.encode(errors="replace").decode()
        for item in fields(event)
        if isinstance(value := getattr(event, item.name), str)
    }
    return replace(event, **texts)


def decode(kind: str, place: int, text: str, total: int) -> ev.Event | None:
    """The event; None if its kind is of a newer version. Raises Unreadable."""
    if total != checksum(kind, place, text):
        raise Unreadable(f"a row of kind {kind!r} was changed by something else")
    if kind not in KINDS:
        return None
    try:
        event: ev.Event = _reader(kind).decode(text)
    except msgspec.DecodeError as error:
        raise Unreadable(f"a row of kind {kind!r} cannot be understood") from error
    return event


def encode_memory(memory: Memory) -> str:
    """The whole memory as JSON text."""
    return _plain(memory)


def decode_memory(upto: int, text: str, total: int) -> Memory:
    """The memory. Raises Unreadable."""
    if total != checksum("memory", upto, text):
        raise Unreadable("the checkpoint was changed by something else")
    try:
        return _memory().decode(text)
    except msgspec.DecodeError as error:
        raise Unreadable("the checkpoint cannot be understood") from error


def encode_owned(owned: Mapping[str, Mapping[str, Owned]]) -> str:
    """What is owned as JSON text."""
    return _plain(owned)


def decode_owned(text: str) -> Mapping[str, Mapping[str, Owned]]:
    """What is owned. Raises Unreadable."""
    try:
        return _owned().decode(text)
    except msgspec.DecodeError as error:
        raise Unreadable("what is owned cannot be understood") from error


def encode_said(said: Said) -> str:
    """What people have said as JSON text."""
    return _plain(said)


def decode_said(text: str) -> Said:
    """What people have said. Raises Unreadable."""
    try:
        return _said().decode(text)
    except msgspec.DecodeError as error:
        raise Unreadable("what people have said cannot be understood") from error


def checksum(kind: str, place: int, text: str) -> int:
    """The sum that is kept beside a text; `place` is the number that stands with it in its row."""
    return zlib.crc32(f"{kind} {place}\n{text}".encode(errors="surrogatepass"))


def _plain(value: object) -> str:
    """JSON by what the values are; a number that is none becomes null."""
    return msgspec.json.encode(value).decode()


# Made at the first use, as verbs without a ledger need none of them.


@cache
def _reader(kind: str) -> msgspec.json.Decoder[ev.Event]:
    return msgspec.json.Decoder(_CLASSES[kind])


@cache
def _memory() -> msgspec.json.Decoder[Memory]:
    return msgspec.json.Decoder(Memory)


@cache
def _owned() -> msgspec.json.Decoder[Mapping[str, Mapping[str, Owned]]]:
    return msgspec.json.Decoder(Mapping[str, Mapping[str, Owned]])


@cache
def _said() -> msgspec.json.Decoder[Said]:
    return msgspec.json.Decoder(Said)
