"""Whether a word that is a secret stands in a sentence of luxagent's own, which says the same whatever it is.

A password like `anything` is a word that luxagent uses. To blot it out of a fixed sentence hides nothing and
gives it away: whoever knows the sentence knows what is missing. Called by `logs` for each place at which a
secret is found, which is next to never.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import luxagent

_A_WORD = re.compile(r"[a-z]+")
"""A secret that is anything else is in no sentence."""
_WORDS = 3
"""So many words on end are nobody's data by chance."""


def is_our_own(text: str, start: int, end: int) -> bool:
    """Whether the words about this part of a text stand in luxagent's source just so."""
    if not _A_WORD.fullmatch(text[start:end]):
        return False
    words = [found.span() for found in re.finditer(r"\S+", text)]
    at = next(n for n, (_, stop) in enumerate(words) if stop >= end)
    if words[at][0] > start:
        return False
    for first in range(max(0, at - _WORDS + 1), at + 1):
        last = first + _WORDS - 1
        if last < len(words) and _is_in_source(text[words[first][0] : words[last][1]].strip(".,;:()")):
            return True
    return False


def _is_in_source(part: str) -> bool:
    """Whether it stands there in whole words: `the password test` is not `the password tested`."""
    return re.search(rf"(?<![\w-]){re.escape(part)}(?![\w-])", _source()) is not None


@cache
def _source() -> str:
    """All texts of luxagent's source; none where it cannot be read, and then everything is blotted out."""
    try:
        paths = sorted(Path(luxagent.__file__).parent.rglob("*.py"))
        return "\n".join(text for path in paths for text in _texts(ast.parse(path.read_bytes())))
    except (OSError, TypeError, ValueError):
        return ""


def _texts(module: ast.Module) -> Iterator[str]:
    """Each text of a module, those in pieces with a gap for what is filled in."""
    pieces: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Expr):
            pieces.add(id(node.value))  # a docstring: nobody is told that
        elif isinstance(node, ast.JoinedStr):
            pieces.update(map(id, node.values))
            yield "\0".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.value
