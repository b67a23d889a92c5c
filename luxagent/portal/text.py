"""Text that came from the portal, made fit for a terminal, a log line and a message."""

import unicodedata

LONGEST = 200
"""Characters of portal text worth keeping: names and refusals are short."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control, formatting (bidi overrides), lone surrogates, private, unassigned; separators of lines."""


def clean_text(value: object, longest: int = LONGEST) -> str:
    """The text without anything a terminal would obey, on one line, cut to `longest`. Not text: ""."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = value if isinstance(value, str) else str(value)
    text = "".join(" " if unicodedata.category(c) in _HIDDEN else c for c in text[: 4 * longest])
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def identifier(value: object) -> str:
    """A serial number or an id as text: letters, digits, "_", "-" and "." only, else "".

    Ids come as numbers or text; leading zeros of text are kept.
    """
    text = clean_text(value, 64)
    return text if text and all(c.isascii() and (c.isalnum() or c in "_-.") for c in text) else ""
