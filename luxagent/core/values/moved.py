"""Instants moved by so much, wherever they stand: for when the clock that told them is found to be wrong."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

T = TypeVar("T")


def moved(value: T, by_s: float) -> T:
    """The value with every instant in it moved. One that no calendar would hold stays where it is."""
    try:
        return cast(T, _moved(value, timedelta(seconds=by_s)))
    except (OverflowError, ValueError):
        return value


def _moved(value: Any, by: timedelta) -> Any:  # noqa: ANN401  # whatever state is made of
    if isinstance(value, datetime):
        try:
            return value + by
        except OverflowError:
            return value
    if isinstance(value, Mapping):
        return {key: _moved(one, by) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_moved(one, by) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: _moved(getattr(value, item.name), by) for item in fields(value)})
    return value
