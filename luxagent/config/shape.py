"""The file's grammar as tables: sections of keys, each key with its kind of value and its description.

One table serves three masters: reading (`Section.read`), the errors about unknown and missing keys, and the
JSON Schema of `luxagent schema`. A key is typed, so `fields.get(KEY)` is.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from luxagent.config.context import Context
from luxagent.config.findings import Code, Fault, Place, quote
from luxagent.config.homes import home_of
from luxagent.config.meant import key_meant
from luxagent.config.nodes import Items, Node, Scalar, Table

_JOINED = re.compile(r"([A-Za-z_]\w*):(?=\S)")
"""A key and its value in one word: YAML takes that for a text."""

MOST_LISTED = 12
"""Keys in a message; nobody reads through more."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
D = TypeVar("D")
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind(Generic[T_co]):
    """A sort of value: how a node becomes one (raising Fault), and what a JSON Schema says of it."""

    read: Callable[[Node, Context], T_co]
    schema: Schema


@dataclass(frozen=True, slots=True)
class Key(Generic[T_co]):
    """One key of a section."""

    name: str
    kind: Kind[T_co]
    meaning: str
    """A sentence for the owner: the description in the JSON Schema."""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """What was read of one mapping. A key that is absent, or at fault, has no value."""

    place: Place
    nodes: Mapping[str, Node] = field(default_factory=dict)
    _values: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: Key[T]) -> T | None:
        return cast("T | None", self._values.get(key.name))

    def get_or(self, key: Key[T], default: D) -> T | D:
        found = self.get(key)
        return default if found is None else found

    def place_of(self, key: Key[Any]) -> Place:
        """Where the key's value stands, or where the mapping begins."""
        node = self.nodes.get(key.name)
        return self.place if node is None else node.place


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping with a known set of keys."""

    name: str
    meaning: str
    keys: tuple[Key[Any], ...]

    def read(self, node: Node, context: Context) -> Fields:
        """Every key that can be read; a finding for each that cannot, is unknown, or is missing."""
        if not isinstance(node, Table):
            joined = _JOINED.match(node.text) if isinstance(node, Scalar) else None
            ours = joined is not None and any(key.name == joined[1] for key in self.keys)
            hint = f"a space is missing after {joined[0]}" if joined and ours else self._sample(node)
            raise Fault(f"{self.meaning} is written as a mapping", hint, Code.TYPE)
        known = {key.name: key for key in self.keys}
        nodes: dict[str, Node] = {}
        values: dict[str, Any] = {}
        empty = [name for name, entry in node.entries.items() if name in known and _is_null(entry.node)]
        robbed = {home_of(name, known, empty) for name in node.entries if name not in known} & set(empty)
        for name, entry in node.entries.items():
            key = known.get(name)
            if key is None:
                context.error(entry.place, unknown_key(name, known, empty))
                continue
            if name in robbed:  # its own keys stand beside it, and say so
                nodes[name] = entry.node
                continue
            nodes[name] = entry.node
            context.not_yet(entry.place, f"{self.name}.{name}" if self.name else name)
            values[name] = context.attempt(key.kind.read, entry.node)
        for key in self.keys:
            if key.required and key.name not in nodes:
                what = f"{self.meaning} needs {key.name!r}"
                context.error(node.place, Fault(what, key.meaning, Code.MISSING_KEY))
        return Fields(node.place, nodes, values)

    def schema(self) -> Schema:
        """The JSON Schema of this mapping, with a description for every key."""
        properties = {key.name: described(key.kind.schema, key.meaning) for key in self.keys}
        required = [key.name for key in self.keys if key.required]
        found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**found, "required": required} if required else found

    def _sample(self, node: Node) -> str:
        names = [key.name for key in self.keys]
        if len(names) <= MOST_LISTED:
            return f"keys: {', '.join(names)}"
        return f"like {names[0]}: value{', without a dash' if isinstance(node, Items) else ''}"


def described(schema: Schema, meaning: str) -> Schema:
    """A schema with its description. Beside a $ref it is allowed since draft 2019-09."""
    return {**schema, "description": meaning}


def unknown_key(name: str, known: Mapping[str, object], empty: Collection[str] = ()) -> Fault:
    """The fault of a key that nothing knows. `empty` are those beside it that have no value."""
    return Fault(f"unknown key {quote(name)}", key_meant(name, known, empty), Code.UNKNOWN_KEY)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null and not node.spoilt


def section(table: Section, build: Callable[[Fields, Context], T]) -> Kind[T]:
    """A kind that reads a section and builds something of it."""
    return Kind(lambda node, context: build(table.read(node, context), context), table.schema())


def no_list(node: Node, message: str) -> Fault:
    """The fault of what should be a list; mostly its dash and its first word are one."""
    first = node.text if isinstance(node, Scalar) and not node.quoted else ""
    first = next(iter(node.entries), "") if isinstance(node, Table) else first
    dash = first.startswith("-")
    hint = "a space is missing after the dash" if dash else "one per line, each after a dash"
    return Fault(message, hint, Code.TYPE)


def list_of(kind: Kind[T], what: str, least: int = 0) -> Kind[tuple[T, ...]]:
    """A list; a fault of one item leaves the others."""

    def read(node: Node, context: Context) -> tuple[T, ...]:
        if not isinstance(node, Items):
            raise no_list(node, f"a list of {what} is expected here")
        if len(node.items) < least:
            raise Fault(f"this list of {what} is empty", "", Code.TYPE)
        return _each(node.items, kind, context)

    return Kind(read, {"type": "array", "items": kind.schema, "minItems": least})


def one_or_many(kind: Kind[T], what: str, *, commas: bool = False) -> Kind[tuple[T, ...]]:
    """One value or a list of such; with `commas` also several in one text."""

    def read(node: Node, context: Context) -> tuple[T, ...]:
        if isinstance(node, Items):
            if not node.items:
                raise Fault(f"this list of {what} is empty", "", Code.TYPE)
            return _each(node.items, kind, context)
        if commas and isinstance(node, Scalar):
            context.text(node)
            parts = [Scalar(node.place, part.strip(), quoted=True) for part in node.text.split(",")]
            return _each(tuple(parts), kind, context)
        return (kind.read(node, context),)

    many = {"type": "array", "items": kind.schema, "minItems": 1}
    one = {"type": "string"} if commas else kind.schema
    return Kind(read, {"anyOf": [one, many]})


def mapping_of(name: Kind[str], kind: Kind[T], what: str) -> Kind[Mapping[str, T]]:
    """A mapping whose keys the owner chooses."""

    def read(node: Node, context: Context) -> Mapping[str, T]:
        if not isinstance(node, Table):
            raise Fault(f"{what} are written as a mapping, name: value", "", Code.TYPE)
        found: dict[str, T] = {}
        for key, entry in node.entries.items():
            word = context.attempt(name.read, Scalar(entry.place, key, quoted=True))
            value = context.attempt(kind.read, entry.node)
            if word is not None and value is not None:
                found[word] = value
        return found

    return Kind(read, {"type": "object", "additionalProperties": kind.schema})


def _each(nodes: tuple[Node, ...], kind: Kind[T], context: Context) -> tuple[T, ...]:
    read = (context.attempt(kind.read, node) for node in nodes)
    return tuple(value for value in read if value is not None)
