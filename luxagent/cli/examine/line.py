"""One finding of `doctor`, or one line of the checklist before a firmware update."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """What a line comes to."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


MARKS = {Health.OK: "ok", Health.WARNING: "WARNING", Health.FAILURE: "FAILURE"}
"""As a person reads it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at, how it is, and what to do about it."""

    about: str
    health: Health
    words: str
    todo: str = ""


def ok(about: str, words: str, todo: str = "") -> Line:
    """All is well; `todo` may still hold a hint."""
    return Line(about, Health.OK, words, todo)


def warning(about: str, words: str, todo: str = "") -> Line:
    """It works, but."""
    return Line(about, Health.WARNING, words, todo)


def failure(about: str, words: str, todo: str = "") -> Line:
    """It does not work."""
    return Line(about, Health.FAILURE, words, todo)
