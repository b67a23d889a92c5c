"""What the JSON Schema says of single values: never less than `check` takes.

`check` reads texts: in capitals or not, in quotes or not, from `${NAME}`. An editor reads YAML's own types
and underlines what its schema does not have, so each of these forms must be in it. The forms that people
should write stand first, in an enum, since an editor offers those.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Schema = Mapping[str, Any]

REFERENCE = r"\$\{"
TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""A text of any content: 12 and true are texts to `check`, and not to an editor."""


def words_schema(known: Iterable[str | bool]) -> Schema:
    """A few words, in any case and spacing."""
    names = list(known)
    texts = [name for name in names if isinstance(name, str)]
    return {"anyOf": [{"enum": names}, pattern("|".join(map(any_case, texts)))]}


def number_schema(low: float, high: float, *, whole: bool = False) -> Schema:
    """A bare number, in quotes or not."""
    bare = {"type": "integer" if whole else "number", "minimum": low, "maximum": high}
    return {"anyOf": [bare, pattern(r"[+-]?[0-9.]+")]}


def pattern(of: str) -> Schema:
    """A text of a form, or one that comes from elsewhere."""
    return {"type": "string", "pattern": rf"^\s*({of})\s*$|{REFERENCE}"}


def any_case(word: str) -> str:
    """A pattern for a word in any case: schemas have no flag for that."""
    return "".join(
        rf"[{sign.upper()}{sign}]" if sign.isalpha() else r"\s+" if sign == " " else re.escape(sign)
        for sign in word.lower()
    )
