"""JSON as it ought to be: no NaN, no doubled keys, no bottomless nesting. Anything else is Unreadable."""

import json
import math
from typing import Any, NoReturn

from luxagent.errors import Unreadable

Json = dict[str, object]
"""One answer of the portal: always an object."""

MOST_DEEP = 64
"""Nothing of the portal's goes deeper than five; what walks an answer must not run out of stack."""


class _NotStrictError(ValueError):
    """Legal for Python's parser, but not for ours."""


def _constant(word: str) -> NoReturn:
    raise _NotStrictError(f"it holds {word}")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _NotStrictError("it holds a number without end")
    return number


def _object(pairs: list[tuple[str, object]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotStrictError("a key stands in it twice")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)


def parse(body: bytes, source: str) -> object:
    """The value in `body`. Raises Unreadable, naming `source`, for anything that is not strict JSON."""
    try:
        value: object = _DECODER.decode(body.decode("utf-8-sig"))
    except _NotStrictError as error:
        raise Unreadable(f"The portal's answer to {source} is not sound: {error}.") from None
    except RecursionError:
        raise _too_deep(source) from None
    except ValueError:  # not UTF-8, not JSON, a number of thousands of digits
        raise Unreadable(f"The portal's answer to {source} is not JSON, or only a part of it.") from None
    if body.count(b"{") + body.count(b"[") > MOST_DEEP and _is_deep(value):
        raise _too_deep(source)
    return value


def _too_deep(source: str) -> Unreadable:
    return Unreadable(f"The portal's answer to {source} is nested too deeply.")


def _is_deep(value: object) -> bool:
    """Whether anything lies deeper in it than MOST_DEEP."""
    level: list[Any] = [value]
    for _ in range(MOST_DEEP):
        inside = (one.values() if isinstance(one, dict) else one for one in level)
        level = [deeper for row in inside for deeper in row if isinstance(deeper, dict | list)]
    return bool(level)


def parse_object(body: bytes, source: str, *, rows: bool = False) -> Json:
    """The object in `body`. With `rows`, a bare list counts as its rows: some portals list plants so."""
    value = parse(body, source)
    if rows and isinstance(value, list):
        return {"rows": value}
    if not isinstance(value, dict):
        raise Unreadable(f"The portal's answer to {source} is not an object.")
    return value
