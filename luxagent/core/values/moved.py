"""Instants moved or capped, wherever they stand: for when the clock that told them is found to be wrong."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

T = TypeVar("T")


def moved(value: T, by_s: float) -> T:
    """The value with every instant in it moved. One that no calendar would hold stays where it is."""
    try:
        by = timedelta(seconds=by_s)
    except (OverflowError, ValueError):
        return value

    def move(at: datetime) -> datetime:
        try:
            return at + by
        except OverflowError:
            return at

    return cast(T, _changed(value, move))


def not_after(value: T, at: datetime) -> T:
    """The value with every instant in it that is later than `at` put to `at`."""
    return cast(T, _changed(value, lambda one: min(one, at)))


def _changed(value: Any, change: Callable[[datetime], datetime]) -> Any:  # noqa: ANN401  # any state
    if isinstance(value, datetime):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _changed(one, change) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_changed(one, change) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{item.name: _changed(getattr(value, item.name), change) for item in fields(value)}
        )
    return value
