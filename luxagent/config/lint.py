"""What is allowed but probably not meant: the core's remarks become warnings at the lines they speak of."""

from collections.abc import Iterator

from luxagent.config.context import Context
from luxagent.config.findings import Code, Level, Place
from luxagent.config.nodes import Items, Node, Scalar, Table, entry_of
from luxagent.core.policy.lint import lint
from luxagent.core.policy.rules import Ruleset

_MEANING_IS_WHOLE = (Code.MISSING_SECRET, Code.LITERAL_SECRET, Code.LEAVE, Code.LIMIT)
"""Errors that leave the policy as it was written; after any other, lint would only be guessing."""


def warn_of(ruleset: Ruleset, root: Node, context: Context, *, keeps_on_stop: bool) -> None:
    """Warnings about the policy as a whole; none while there are errors that change its meaning."""
    if any(one.severity is Level.ERROR and one.code not in _MEANING_IS_WHOLE for one in context.findings):
        return
    for remark in lint(ruleset, keeps_on_stop=keeps_on_stop):
        context.warn(_place(root, remark.where), Code(remark.sort.value), remark.message, remark.hint)


def _place(root: Node, where: tuple[str, ...]) -> Place:
    """Where a remark's keys lead, as far as they do. A key that is absent is passed over."""
    node, place = root, root.place
    for depth, key in enumerate(where):
        found = _step(node, key, within_a_condition="when" in where[:depth])
        if found is None:
            continue
        place = found.place
        if depth == 0 and isinstance(found, Scalar):
            break  # the value of a top-level key: on_stop
        node = found
    return place


def _step(node: Node, key: str, *, within_a_condition: bool) -> Node | None:
    if isinstance(node, Items):
        return next((item for item in node.items if _is_called(item, key)), None)
    if within_a_condition:
        return next(_found_in(key, node), None)
    entry = entry_of(node, key)
    return None if entry is None else entry.node


def _is_called(item: Node, name: str) -> bool:
    if isinstance(item, Scalar):
        return item.text == name
    entry = entry_of(item, "name")
    return entry is not None and isinstance(entry.node, Scalar) and " ".join(entry.node.text.split()) == name


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
