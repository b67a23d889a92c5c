"""Where in a file something stands that is known by its keys: ("rules", "Fill up", "set", "eps").

An item of a list is known by its name or, where names need not differ, by its place: "[0]" is the first.
"""

from collections.abc import Iterator

from luxagent.config.findings import Place
from luxagent.config.nodes import Entry, Items, Node, Scalar, Table, entry_of


class Places:
    """Finds the places in one file that keys lead to."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._named: dict[int, dict[str, Node]] = {}

    def of(self, where: tuple[str, ...], *, at_key: bool = False) -> Place:
        """As far as the keys lead. One that is absent is passed over.

        The place is the last value's; with `at_key` that of its name, where it has one.
        """
        node, place = self._root, self._root.place
        for depth, key in enumerate(where):
            found = self._step(node, key, within_a_condition="when" in where[:depth])
            if found is None:
                continue
            place = found.place if at_key else found.node.place
            if depth == 0 and isinstance(found.node, Scalar):
                break  # the value of a top-level key: on_stop
            node = found.node
        return place

    def _step(self, node: Node, key: str, *, within_a_condition: bool) -> Entry | None:
        if isinstance(node, Items):
            if id(node) not in self._named:
                self._named[id(node)] = {
                    **{f"[{number}]": item for number, item in enumerate(node.items)},
                    **{_name(item): item for item in reversed(node.items)},
                }
            item = self._named[id(node)].get(key)
            return None if item is None else Entry(item.place, item)
        if within_a_condition:
            return next(_found_in(key, node), None)
        return entry_of(node, key)


def _name(item: Node) -> str:
    """What an item of a list is called: a flag by itself, a rule by its `name`."""
    if isinstance(item, Scalar):
        return item.text
    entry = entry_of(item, "name")
    return " ".join(entry.node.text.split()) if entry is not None and isinstance(entry.node, Scalar) else ""


def _found_in(name: str, node: Node) -> Iterator[Entry]:
    """A key anywhere in a condition, in the order of the file."""
    if isinstance(node, Table):
        for key, entry in node.entries.items():
            if key == name:
                yield entry
            else:
                yield from _found_in(name, entry.node)
    elif isinstance(node, Items):
        for item in node.items:
            yield from _found_in(name, item)
