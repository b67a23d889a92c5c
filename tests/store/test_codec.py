"""Any event and any memory comes back from JSON as it was, types and all."""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core import events as ev
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.store import codec

NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.one_of(
    st.booleans(),
    NUMBERS,
    st.integers(-1000, 1000),
    TEXTS,
    st.sampled_from(["1", "80.0", "true", "null"]),
    st.lists(TEXTS, max_size=3).map(tuple),
)
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def fitting(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type, whatever its form
    """Values of a field's type."""
    parts = get_args(hint)
    if hint == SettingValue or set(get_args(SettingValue)) < set(parts):
        return VALUES if hint == SettingValue else st.none() | VALUES
    if get_origin(hint) is Literal:
        return st.sampled_from(parts)
    if get_origin(hint) is UnionType:
        return st.one_of([st.none() if part is NoneType else fitting(part) for part in parts])
    if get_origin(hint) is tuple:
        return st.lists(fitting(parts[0]), max_size=3).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(TEXTS, fitting(parts[1]), max_size=3)
    if is_dataclass(hint):
        return st.builds(hint, **{name: fitting(part) for name, part in get_type_hints(hint).items()})
    return {datetime: INSTANTS, str: TEXTS, float: NUMBERS, int: st.integers(0), bool: st.booleans()}[hint]


EVENTS = st.one_of([fitting(kind) for kind in get_args(ev.Event)])


def exact(value: SettingValue | None) -> tuple[str, object]:
    """The value with its type, so that True is not 1; a number may be written 80 or 80.0."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number", value
    return type(value).__name__, value


def again(event: ev.Event) -> ev.Event | None:
    text = codec.encode(event)
    return codec.decode(event.kind, 5, text, codec.checksum(event.kind, 5, text))


@settings(deadline=None)  # the first one waits until the reader of all events is made
@given(EVENTS)
def test_any_event_comes_back_as_it_was(event: ev.Event) -> None:
    found = again(event)
    assert found == event
    assert type(found) is type(event)


@given(VALUES, st.none() | VALUES)
def test_setting_values_keep_their_types(value: SettingValue, before: SettingValue | None) -> None:
    event = ev.WriteIntended(NOW, 1, "s", "x", value, before, None, "", homeward=True)
    found = again(event)
    assert isinstance(found, ev.WriteIntended)
    assert (exact(found.value), exact(found.before)) == (exact(value), exact(before))


@settings(max_examples=50)
@given(st.lists(EVENTS, max_size=30))
def test_any_memory_comes_back_as_it_was(events: list[ev.Event]) -> None:
    memory = fold_all(Memory(), events)
    text = codec.encode_memory(memory)
    assert codec.decode_memory(5, text, codec.checksum("memory", 5, text)) == memory
    assert codec.decode_owned(codec.encode_owned(memory.owned)) == memory.owned


def test_every_kind_of_event_is_known_by_its_word() -> None:
    assert len(codec.KINDS) == len(get_args(ev.Event))
    assert codec.decode("sang", 0, "{}", codec.checksum("sang", 0, "{}")) is None


def test_half_a_character_from_a_portal_does_not_stop_the_ledger() -> None:
    assert again(ev.Noted(NOW, "words", "bad \ud800 end")) == ev.Noted(NOW, "words", "bad ? end")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("60", "61"),
        lambda text: text[:-1],
        lambda text: "",
        lambda text: "null",
    ],
)
def test_a_text_that_was_changed_is_not_believed(spoil: Callable[[str], str]) -> None:
    event = ev.HeldBack(NOW, "s", "x", 60.0, None, None, "", ("stale",))
    text = codec.encode(event)
    total = codec.checksum(event.kind, 5, text)
    for kind, place, found in (
        (event.kind, 5, spoil(text)),
        (event.kind, 6, text),
        ("noted", 5, text),
    ):
        with pytest.raises(codec.Unreadable):
            codec.decode(kind, place, found, total)
    with pytest.raises(codec.Unreadable):
        codec.decode_memory(5, spoil(text), codec.checksum("memory", 5, text))
    with pytest.raises(codec.Unreadable):
        codec.decode_owned(text)
