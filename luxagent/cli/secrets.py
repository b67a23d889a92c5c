"""Every secret of a file, found by its type: what is declared secret is kept out of every log from then on.

No list of keys to keep up to date: a new key whose kind is `secret()` is found like the old ones.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from luxagent.config.load import Config
from luxagent.config.secrets import SecretText
from luxagent.errors import NeedsPerson

LEAST_PART = 8
"""Shorter parts of an address, such as a path's "topic", are words and would blot out half the log."""


def texts_to_hide(config: Config) -> Iterator[str]:
    """The secrets themselves, and the tokens and passwords within those that are addresses."""
    for secret in secrets_in(config):
        with suppress(NeedsPerson):  # the file was loaded without its secrets
            text = secret.reveal()
            yield text
            yield from _parts(text)


def secrets_in(value: object) -> Iterator[SecretText]:
    """Every SecretText that a value holds, however deep."""
    if isinstance(value, SecretText):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            yield from secrets_in(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from secrets_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from secrets_in(one)


def _parts(text: str) -> Iterator[str]:
    """Where a secret is an address, some library may quote a piece of it."""
    if "://" not in text:
        return
    try:
        parts = urlsplit(text)
    except ValueError:
        return
    pieces = [parts.password or "", *parts.path.split("/"), *(value for _, value in parse_qsl(parts.query))]
    for piece in pieces:
        if len(piece) >= LEAST_PART:
            yield from {piece, unquote(piece)}
