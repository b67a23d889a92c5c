"""Truth with a third value: None is unknown. And, or and not follow Kleene."""

from collections.abc import Iterable

Tri = bool | None


def negate(value: Tri) -> Tri:
    """Not unknown is unknown."""
    return None if value is None else not value


def all_of(values: Iterable[Tri]) -> Tri:
    """False if any is false; else unknown if any is unknown; else true (also of nothing)."""
    result: Tri = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Tri]) -> Tri:
    """True if any is true; else unknown if any is unknown; else false (also of nothing)."""
    result: Tri = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result
