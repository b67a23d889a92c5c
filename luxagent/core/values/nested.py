"""Maps of maps, as the agent's memory holds them: by who, then what."""

from collections.abc import Mapping
from typing import TypeVar

V = TypeVar("V")
Nested = Mapping[str, Mapping[str, V]]


def put(nested: Nested[V], outer: str, inner: str, value: V | None) -> dict[str, Mapping[str, V]]:
    """A copy with one entry set, or removed when `value` is None. A row without entries is not kept."""
    row = dict(nested.get(outer, {}))
    if value is None:
        row.pop(inner, None)
    else:
        row[inner] = value
    copy = dict(nested)
    if row:
        copy[outer] = row
    else:
        copy.pop(outer, None)
    return copy
