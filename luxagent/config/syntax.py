"""What is wrong with a file that is not YAML, in words for an owner, with the mend for the usual mistakes.

The parser tells where it could not go on, which is often the line below the slip. So the line that it names
and the last one above are searched for what people mistype; only then its own complaint is put into words.
"""

import re
from collections.abc import Iterable

from luxagent.config.findings import Code, Fault, Place, PlainFault

NO_BREAK = "\xa0"
_COMMENT = re.compile(r"(?<!\S)//")
TYPOGRAPHIC = "\u2018\u2019\u201a\u201c\u201d\u201e"


def explain(problem: str, last: Place, first: Place, text: str) -> tuple[Place, Fault]:
    """The place and the fault of what the parser complains of.

    `last` is where it could not go on, `first` where that began: a bracket that is never closed.
    """
    lines = text.split("\n")
    place = first if _NEVER_CLOSED.search(problem) else last
    slip = _slip(lines, (place.line, last.line))
    if slip is not None:
        return slip
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    for trigger, message, hint in _IN_THE_LINE:
        if re.search(trigger, line):
            return place, Fault(message, hint, Code.SYNTAX)
    joined = _joined_above(lines, place.line) if _MAY_BE_JOINED.search(problem) else None
    if joined is not None:
        return joined
    for trigger, message, hint in _IN_THE_PROBLEM:
        if re.search(trigger, problem):
            return place, Fault(message, hint, Code.SYNTAX)
    return place, Fault("this is not YAML", "look for a missing colon, quote or bracket", Code.SYNTAX)


def mistyped(plain: str) -> Fault | None:
    """What is wrong with a text without quotes that YAML takes, and that nobody can have meant."""
    if plain[:1] == NO_BREAK or plain[-1:] == NO_BREAK:
        return _no_break_space()
    return _typographic(plain[0]) if plain and plain[0] in TYPOGRAPHIC else None


def is_comment(plain: str) -> bool:
    """Whether a text without quotes is what other languages call a comment."""
    return plain.startswith("//")


def holds_comment(plain: str) -> bool:
    """Whether such a one stands within a text: only worth a word where the text is at fault."""
    return _COMMENT.search(plain) is not None


def _no_break_space(_found: str = "") -> Fault:
    message = "there is a no-break space here, U+00A0, which only looks like a space"
    return Fault(message, "type a plain one in its place", Code.SYNTAX)


def _typographic(sign: str) -> Fault:
    message = f"this begins with a typographic quote, {sign}, which is none to YAML"
    return Fault(message, "type a straight one, \" or '", Code.SYNTAX)


def comment(_found: str = "") -> Fault:
    return PlainFault("// begins no comment", "a comment begins with #", Code.SYNTAX)


def _dash(_found: str) -> Fault:
    return Fault("a space is missing after this dash", "write it like - name: value", Code.SYNTAX)


def _brace(found: str) -> Fault:
    return Fault("a text that begins with { needs quotes", f'like "{found} …"', Code.SYNTAX)


def _slip(lines: list[str], numbers: Iterable[int]) -> tuple[Place, Fault] | None:
    """The first slip on one of these lines, or on the last line with content above it."""
    for number in numbers:
        for at in (min(number, len(lines)), _above(lines, number)):
            for trigger, fault in _SLIPS:
                found = trigger.search(lines[at - 1]) if at else None
                if found is not None:
                    return Place(at, found.start(1) + 1, len(found[1])), fault(found[1])
    return None


def _above(lines: list[str], number: int) -> int:
    """The last line with content above that one; 0 where there is none."""
    above = range(min(number, len(lines)) - 1, 0, -1)
    return next((at for at in above if lines[at - 1].split("#")[0].strip(" \t\r")), 0)


def _joined_above(lines: list[str], number: int) -> tuple[Place, Fault] | None:
    """That line, or the last one with content above it, if its key and value are one word: `dry_run:on`."""
    for at in (min(number, len(lines)), _above(lines, number)):
        found = _JOINED.match(lines[at - 1]) if at else None
        if found is not None:
            hint = f"write it like {found[1]}: value"
            place = Place(at, found.start(1) + 1, len(found[1]) + 1)
            return place, Fault("a space is missing after this colon", hint, Code.SYNTAX)
    return None


_JOINED = re.compile(r"^ *(?:- +)?\{? *([A-Za-z_]\w*):(?=[^\s:/])")
_MAY_BE_JOINED = re.compile(r"could not find expected ':'|mapping values are not allowed")
_NEVER_CLOSED = re.compile(r"quoted scalar|flow (mapping|sequence)")

_SLIPS = tuple(
    (re.compile(trigger), fault)
    for trigger, fault in (
        (rf"^[ \t]*(?:- *)?({NO_BREAK})", _no_break_space),
        (rf"^[^\"'#]*?[:-]({NO_BREAK})", _no_break_space),
        (rf"^[^\"'#]*?({NO_BREAK}) *:", _no_break_space),
        (rf"^(?:[^\"'#]*?[:\[{{,-])? *([{TYPOGRAPHIC}])", _typographic),
        (r"^[^\"'#]*?(?<!\S)(//)", comment),
        (r"^ *(-)(?=[A-Za-z_]\w*:(?:\s|$))", _dash),
        (r":\s+(\{\w+\})\s*[^\s,}\]#]", _brace),
    )
)
"""What is mistyped in a line, wherever the parser stumbles over it: its first group is the place."""

_IN_THE_LINE = (
    (r"^ *\t", "a tab indents this line", "indent with spaces"),
    (r":\s*>=?\s*[\d.]", "a comparison that begins with > needs quotes", '"> 30%", or: above 30%'),
    (r"[\[{].*(?<![\"'$])\$\{", "${NAME} inside { } or [ ] needs quotes", 'like "${NAME}"'),
    (
        r""":\s+("[^"]*"|'[^']*')[ ]*[^\s#,}\]]""",
        "a text goes on after its closing quote",
        "put all of it in quotes",
    ),
    (r":\s+(?:below|above|at most|at least)\s+\[", "a comparison takes one value, and no list",
     "write it like between 20% and 30%"),
    (r":\s+between\s+\[", "`between` in a sentence takes no list", "write it like between 20% and 30%"),
    (r":\s+[A-Za-z][^\[\]{},\"'#]*\[", "a text with a bracket needs quotes", ""),
    (r":\s+[@`%]", "a text that begins with a special character needs quotes", ""),
)  # fmt: skip
_IN_THE_PROBLEM = (
    (r"mapping values are not allowed", "a colon stands where none belongs",
     "is this line indented too far, or does a text with a colon need quotes?"),
    (r"could not find expected ':'", "a key without its colon", "write it like name: value"),
    (r"escape", "a backslash in double quotes begins an escape, and this is none", "use single quotes"),
    (r"quoted scalar", "a quote is opened and never closed", ""),
    (r"flow (mapping|sequence)", "this bracket is never closed, or a comma is missing", ""),
    (r"block (mapping|collection|sequence)", "this line is not indented like its neighbours",
     "the keys of one mapping begin in the same column"),
    (r"block scalar", "a text that begins with > or | needs quotes", ""),
    (r"alias|anchor", "aliases (*name) are not used in this file", "quote a text that begins with * or &"),
    (r"tag", "tags (!name) are not used in this file", 'quote a text that begins with "!"'),
    (r"cannot start any token", "a text that begins with a special character needs quotes", ""),
)  # fmt: skip
