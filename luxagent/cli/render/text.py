"""Text made fit for a terminal: whatever the portal or the file says cannot move the cursor or paint."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, formatting (bidi overrides too), lone surrogates, private, unassigned; separators of lines."""


def printable(text: str, keep: str = "") -> str:
    """The text with a blank for everything a terminal might obey, but for the characters of `keep`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep or unicodedata.category(c) not in _HIDDEN else " " for c in text)


def one_line(text: str) -> str:
    """The same, on one line, without double blanks."""
    return " ".join(printable(text).split())
