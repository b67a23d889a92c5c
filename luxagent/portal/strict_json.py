"""JSON as it ought to be: no NaN, no doubled keys, no bottomless nesting. Anything else is Unreadable."""

import json
import math
from typing import NoReturn

from luxagent.errors import Unreadable

Json = dict[str, object]
"""One answer of the portal: always an object."""


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
        return _DECODER.decode(body.decode("utf-8-sig"))
    except _NotStrictError as error:
        raise Unreadable(f"The portal's answer to {source} is not sound: {error}.") from None
    except RecursionError:
        raise Unreadable(f"The portal's answer to {source} is nested too deeply.") from None
    except ValueError:  # not UTF-8, not JSON, a number of thousands of digits
        raise Unreadable(f"The portal's answer to {source} is not JSON, or only a part of it.") from None


def parse_object(body: bytes, source: str, *, rows: bool = False) -> Json:
    """The object in `body`. With `rows`, a bare list counts as its rows: some portals list plants so."""
    value = parse(body, source)
    if rows and isinstance(value, list):
        return {"rows": value}
    if not isinstance(value, dict):
        raise Unreadable(f"The portal's answer to {source} is not an object.")
    return value
