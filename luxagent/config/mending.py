"""A file that is not YAML in one place is read on without that place, so that all its faults come in one go.

What is left out is the item of the list, or else the whole top-level section, in which the fault stands;
its lines stay as empty ones, so that every other place keeps its number.
"""

import re
from dataclasses import dataclass, field

from luxagent.config.findings import Code
from luxagent.config.nodes import Misplaced, Node, Table, parse

MOST_FAULTS = 8
LARGEST_BYTES = 256 * 1024
"""A larger file is not read again and again; its first fault is enough."""

_TOP = re.compile(r"^(?![#\-\s%])([^:]*)")
_ITEM = re.compile(r"^( *)- ")


@dataclass(slots=True)
class Read:
    """What could be read of a file."""

    root: Node | None
    faults: list[Misplaced] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """Top-level sections of which something was left out; "" where nobody can tell which."""


def read(data: bytes) -> Read:
    """The tree of a file, as far as it is YAML."""
    found = Read(None)
    while True:
        try:
            root, faults = parse(data)
        except Misplaced as stop:
            found.faults.append(stop)
            rest = None if len(found.faults) >= MOST_FAULTS else _without(data, stop, found)
            if rest is None:
                found.lost.add("")
                return found
            data = rest
            continue
        found.root = root
        found.faults += faults
        return found


def _without(data: bytes, stop: Misplaced, found: Read) -> bytes | None:
    """The file without the part that is at fault; None where no part can be told."""
    if stop.fault.code is not Code.SYNTAX or len(data) > LARGEST_BYTES:
        return None
    lines = data.decode("utf-8-sig", "replace").split("\n")
    at = min(stop.place.line, len(lines)) - 1
    if lines[at].lstrip().startswith("//"):  # meant for a comment: nothing is lost without it
        lines[at] = ""
        return "\n".join(lines).encode("utf-8", "replace")
    tops = [number for number, line in enumerate(lines) if _TOP.match(line) and line.strip()]
    start = max((number for number in tops if number <= at), default=None)
    if start is None:
        return None
    end = min((number for number in tops if number > at), default=len(lines))
    match = _TOP.match(lines[start])
    found.lost.add(match[1].strip() if match else "")
    first, last = _item(lines, start, end, at)
    if not any(line.strip() for line in lines[first:last]):
        return None  # left out already, and still at fault
    lines[first:last] = [""] * (last - first)
    if not any(line.strip() and not line.strip().startswith("#") for line in lines[start + 1 : end]):
        lines[start] = ""
    return "\n".join(lines).encode("utf-8", "replace")


def _item(lines: list[str], start: int, end: int, at: int) -> tuple[int, int]:
    """The lines of the list's item that a line belongs to; the whole section where there is none."""
    heads = [(number, match[1]) for number in range(start + 1, end) if (match := _ITEM.match(lines[number]))]
    outer = [number for number, indent in heads if indent == heads[0][1]]
    begun = [number for number in outer if number <= at]
    if not begun:
        return start, end
    return begun[-1], min((number for number in outer if number > at), default=end)


def is_whole_but_for(found: Read, independent: frozenset[str]) -> bool:
    """Whether what was left out is nothing that other sections depend on."""
    return not found.lost or (isinstance(found.root, Table) and found.lost <= independent)
