"""YAML text becomes a small tree of nodes that know their place. The only module that imports yaml.

PyYAML's events are turned into nodes directly: nothing is constructed or recursed into before its size and
depth are known (libyaml's own composer crashes on deep nesting), and no YAML 1.1 guessing takes place:
a scalar keeps its text, so `23:00`, `no`, `0777` and the serial `44300E0585` stay what the owner wrote.
Whoever expects a switch, a number or a text reads it from there. Only an empty value, `~` or `null` is null.

Duplicate keys, anchors, aliases, tags and further documents are refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from luxagent.config.findings import START, Code, Fault, Place, quote
from luxagent.config.syntax import NO_BREAK, TYPOGRAPHIC, comment, explain, is_comment, mistyped

LARGEST_BYTES = 1024 * 1024
"""A policy of 300 rules is a tenth of this."""
DEEPEST = 32
"""Nested mappings and lists; `any` within `not` within `all` takes two each."""
MOST_EVENTS = 60_000
"""Some 2,500 rules; it bounds the time that a file of nothing but commas can take."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
"""Control characters, line separators, text direction: what no editor shows and a terminal would obey."""
_TO_THE_END = 10_000
"""The length of what goes on over further lines: to the end of its first."""
_NULLS = ("", "~", "null", "Null", "NULL")


class Misplaced(Exception):
    """The file is not YAML as we take it: what is wrong, and where."""

    def __init__(self, place: Place, fault: Fault) -> None:
        self.place, self.fault = place, fault
        super().__init__(str(fault))


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it was written. Plain `null`, `~` and nothing at all are null."""

    place: Place
    text: str
    quoted: bool = False
    spoilt: bool = False
    """Stands in for something whose fault has been told already."""

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping: where the key stands, and its value."""

    place: Place
    node: "Node"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping. Keys are texts, in the order of the file."""

    place: Place
    entries: Mapping[str, Entry] = field(default_factory=dict)


Node = Scalar | Items | Table


def entry_of(node: Node | None, key: str) -> Entry | None:
    """One key of a mapping; None where the node is none, or has no such key."""
    return node.entries.get(key) if isinstance(node, Table) else None


def parse(data: bytes) -> tuple[Node, tuple[Misplaced, ...]]:
    """The tree of a file, and what is wrong with it but leaves it readable (a key twice, an alias).

    Raises Misplaced where it cannot be read on.
    """
    text = _decode(data)
    composer = _Composer(text)
    try:
        return composer.document(), tuple(composer.faults)
    except yaml.MarkedYAMLError as error:
        raise _explain(error, text) from None
    except (yaml.YAMLError, ValueError) as error:
        # ValueError: the pure loader on an escape like "\U00110000"
        raise Misplaced(START, Fault(f"this is not YAML ({type(error).__name__})", "", Code.SYNTAX)) from None


def _decode(data: bytes) -> str:
    if len(data) > LARGEST_BYTES:
        raise Misplaced(START, Fault("the file is larger than 1 MiB", "", Code.UNREADABLE))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place_in(data[: error.start].decode("utf-8-sig", "replace"))
        fault = Fault("the file is not UTF-8 text from here on", "save it as UTF-8", Code.UNREADABLE)
        raise Misplaced(place, fault) from None
    odd = _ODD.search(text)
    if odd is not None:
        name = f"U+{ord(odd[0]):04X}"
        fault = Fault(f"there is an invisible character here, {name}", "delete it", Code.SYNTAX)
        raise Misplaced(_place_in(text[: odd.start()]), fault)
    return text


def _place_in(before: str) -> Place:
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


class _Composer:
    """Events become nodes, one call per node; depth is bounded before going down."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))
        self._left = MOST_EVENTS
        self.faults: list[Misplaced] = []

    def document(self) -> Node:
        self._next()  # the start of the stream
        if isinstance(self._next(), yaml.StreamEndEvent):
            return Table(START)
        node = self._node(self._next(), 0)
        self._next()  # the end of the document
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._note(after, "a second document begins here", "keep one document, without ---")
        return Table(START) if isinstance(node, Scalar) and node.is_null else node

    def _next(self) -> yaml.Event:
        event = next(self._events)
        self._left -= 1
        if self._left < 0:
            raise Misplaced(_place(event), Fault("more values than any policy needs", "", Code.TOO_DEEP))
        return event

    def _note(self, event: yaml.Event, message: str, hint: str) -> None:
        self.faults.append(Misplaced(_place(event), Fault(message, hint, Code.EXTRA)))

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._note(event, "aliases (*name) are not used in this file", "write the value out")
            return Scalar(_place(event), "", spoilt=True)
        if getattr(event, "anchor", None) is not None:
            self._note(event, "anchors (&name) are not used in this file", "write the value out")
        if getattr(event, "tag", None) is not None:
            self._note(event, "tags (!name) are not used in this file", 'quote a text that begins with "!"')
        if depth >= DEEPEST:
            raise Misplaced(_place(event), Fault(f"nested over {DEEPEST} levels deep", "", Code.TOO_DEEP))
        if isinstance(event, yaml.ScalarEvent):
            fault = _mistyped(event)
            if fault is None:
                return _scalar(event)
            self.faults.append(Misplaced(_place(event), fault))
            return Scalar(_place(event), "", spoilt=True)
        return (
            self._items(event, depth)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._table(event, depth)
        )

    def _items(self, start: yaml.Event, depth: int) -> Items:
        items: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Items(_place(start, event), tuple(items))

    def _key(self, event: yaml.ScalarEvent) -> Node:
        """A key by what it means, if it is mistyped; spoilt if it was meant for a comment."""
        fault, place = _mistyped(event) or _comment(event), _place(event)
        if fault is None:
            return self._node(event, 0)
        if event.value.startswith(NO_BREAK):
            raise Misplaced(place, fault)  # it stands in another mapping than it seems to
        self.faults.append(Misplaced(place, fault))
        meant = event.value.strip(NO_BREAK + TYPOGRAPHIC)
        return Scalar(place, meant, spoilt=is_comment(event.value))

    def _table(self, start: yaml.Event, depth: int) -> Table:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event) if isinstance(event, yaml.ScalarEvent) else self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if isinstance(key, Scalar) and key.spoilt:
                continue
            if not isinstance(key, Scalar):
                fault = Fault("a key must be a plain word", "a text in { } or [ ] needs quotes", Code.SYNTAX)
                self.faults.append(Misplaced(key.place, fault))
            elif key.text in entries:
                message = f"{quote(key.text)} is here twice, first on line {entries[key.text].place.line}"
                self.faults.append(Misplaced(key.place, Fault(message, "keep one", Code.DUPLICATE_KEY)))
            else:
                entries[key.text] = Entry(key.place, value)
        return Table(_place(start, event), entries)


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    odd = _ODD.search(event.value)
    if odd is not None:
        message = f"the text holds a control character, U+{ord(odd[0]):04X}"
        raise Misplaced(_place(event), Fault(message, "", Code.SYNTAX))
    return Scalar(_place(event), event.value, bool(event.style))


def _mistyped(event: yaml.ScalarEvent) -> Fault | None:
    return None if event.style else mistyped(event.value)


def _comment(event: yaml.ScalarEvent) -> Fault | None:
    return comment() if not event.style and is_comment(event.value) else None


def _place(event: yaml.Event, last: yaml.Event | None = None) -> Place:
    """Where an event stands, up to the end of `last` where that is given: the bracket that closes it."""
    start, end = event.start_mark, (last or event).end_mark
    if start is None or end is None:
        return START
    length = end.column - start.column if end.line == start.line else _TO_THE_END
    return Place(start.line + 1, start.column + 1, max(1, length))


def _explain(error: yaml.MarkedYAMLError, text: str) -> Misplaced:
    """None of libyaml's own words are passed on: some quote the file, and the file may hold a password."""
    problem = f"{error.context or ''}; {error.problem or ''}"
    last, first = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
    places = [START if mark is None else Place(mark.line + 1, mark.column + 1) for mark in (last, first)]
    return Misplaced(*explain(problem, places[0], places[1], text))
