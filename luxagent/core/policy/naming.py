"""Names that stay: a text for any tree of core values, and digests of it.

`repr` will not do, because a set of words prints in another order in every process: a restart would then
lose the timers of a rule that nobody touched.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any


def canonical(value: Any) -> str:  # noqa: ANN401  # any core value at all
    """The same text for equal values, in every process."""
    names = _field_names(value.__class__)
    if names is not None:
        inner = ", ".join([f"{name}={canonical(getattr(value, name))}" for name in names])
        return f"{type(value).__name__}({inner})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(f"{canonical(k)}: {canonical(v)}" for k, v in value.items())) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(canonical, value))) + "}"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(map(canonical, value)) + ")"
    return repr(value)


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def digest(value: Any, length: int = 16) -> str:  # noqa: ANN401
    """Hexadecimal digits that tell one value from another."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:length]


def slot_name(owner: str, path: tuple[int, ...], node: Any) -> str:  # noqa: ANN401
    """Where a timer or latch of a rule is kept: "Fill up#1a2b3c4d.0.2".

    Made of the rule's name, the node itself and its place in the tree, so that a rule that did not change
    keeps its timers over a reload, and one that did starts afresh.
    """
    place = ".".join(map(str, path)) or "0"
    return f"{owner}#{digest((path, node), 8)}.{place}"
