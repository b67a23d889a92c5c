"""What is allowed but probably not meant: the core's remarks become findings at the lines they speak of."""

from collections.abc import Iterator

from luxagent.config.context import Context
from luxagent.config.findings import Code, Level, Place
from luxagent.config.nodes import Items, Node, Scalar, Table, entry_of
from luxagent.core.policy.lint import OFFERS, lint
from luxagent.core.policy.rules import Ruleset

_MEANING_IS_WHOLE = (Code.MISSING_SECRET, Code.LITERAL_SECRET, Code.LEAVE, Code.LIMIT)
"""Errors that leave the policy as it was written; after any other, lint would only be guessing."""


def warn_of(ruleset: Ruleset, root: Node, context: Context, *, keeps_on_stop: bool) -> None:
    """Warnings and offers about the whole policy; none while there are errors that change its meaning."""
    if any(one.severity is Level.ERROR and one.code not in _MEANING_IS_WHOLE for one in context.findings):
        return
    places = _Places(root)
    for remark in lint(ruleset, keeps_on_stop=keeps_on_stop):
        tell = context.offer if remark.sort in OFFERS else context.warn
        tell(places.of(remark.where), Code(remark.sort.value), remark.message, remark.hint)


class _Places:
    """Finds the place in one file that a remark's keys lead to."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._named: dict[int, dict[str, Node]] = {}

    def of(self, where: tuple[str, ...]) -> Place:
        """As far as the keys lead. One that is absent is passed over."""
        node, place = self._root, self._root.place
        for depth, key in enumerate(where):
            found = self._step(node, key, within_a_condition="when" in where[:depth])
            if found is None:
                continue
            place = found.place
            if depth == 0 and isinstance(found, Scalar):
                break  # the value of a top-level key: on_stop
            node = found
        return place

    def _step(self, node: Node, key: str, *, within_a_condition: bool) -> Node | None:
        if isinstance(node, Items):
            if id(node) not in self._named:
                self._named[id(node)] = {_name(item): item for item in reversed(node.items)}
            return self._named[id(node)].get(key)
        if within_a_condition:
            return next(_found_in(key, node), None)
        entry = entry_of(node, key)
        return None if entry is None else entry.node


def _name(item: Node) -> str:
    """What an item of a list is called: a flag by itself, a rule by its `name`."""
    if isinstance(item, Scalar):
        return item.text
    entry = entry_of(item, "name")
    return " ".join(entry.node.text.split()) if entry is not None and isinstance(entry.node, Scalar) else ""


def _found_in(name: str, node: Node) -> Iterator[Node]:
    """The values of a key anywhere in a condition, in the order of the file."""
    if isinstance(node, Table):
        for key, entry in node.entries.items():
            if key == name:
                yield entry.node
            else:
                yield from _found_in(name, entry.node)
    elif isinstance(node, Items):
        for item in node.items:
            yield from _found_in(name, item)
