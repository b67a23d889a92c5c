"""What the portal's refusals mean: `msg` or `message`, codes or prose, in any case.

Codes seen live, with what public clients do about them; the document's prose beside them. An unknown
refusal is final: asking again would only repeat it.
"""

from collections.abc import Mapping
from enum import Enum, auto

from luxagent.portal.text import clean_text


class Verdict(Enum):
    """What to do about a `success: false`."""

    SESSION = auto()  # log in again, once
    RETRY = auto()  # the device or an inner hop is slow: the request was not carried out
    DOUBTFUL = auto()  # the same for a read; a control request may have been carried out
    AWAY = auto()  # the dongle is not there, or is tired of us: clears in a minute or two, not sooner
    FORBIDDEN = auto()  # the account may not, or is blocked for hours
    FINAL = auto()  # wrong model, wrong value


_FORBIDDEN = ("apiblocked", "nopermission", "permission", "notallowremote", "asaguest")
_FINAL = ("remoteseterror", "remotereaderror", "paramerror", "outrange", "unsupportdevice")
_AWAY = ("deviceoffline",)
DOUBTFUL = ("timeout", "timedout", "communicationerror", "serverhttpexception")
_RETRY = ("dataframeunsend", "busy", "undone", "tryagain", "toofrequent")
_SESSION = ("login", "logon", "loggedin", "signin", "session", "tokenexpired")
_NUMBERS = {"1002": "DATAFRAME_TIMEOUT", "1003": "DEVICE_OFFLINE"}
"""Codes that stand for words (live, public clients)."""


def words_of(answer: Mapping[str, object]) -> str:
    """The portal's own words, cleaned: "failed: DATAFRAME_TIMEOUT". "" when it gives none.

    What counts may stand in `msg`, in `message` or in a code beside either; a number without a meaning is
    told only where there is nothing else.
    """
    found: dict[str, None] = {}
    number = ""
    for key in ("msg", "message", "msgCode", "code", "errorCode"):
        words = clean_text(answer.get(key))
        words = _NUMBERS.get(words, words)
        if words.lstrip("-").isdigit():
            number = number or words
        elif words:
            found[words] = None
    return ": ".join(found) or number


def verdict(words: str) -> Verdict:
    """The meaning of a refusal, from its letters alone: DEVICE_BUSY and deviceBusy are the same."""
    if _letters(words) == "":
        return Verdict.SESSION
    for marks, meaning in (
        (_FORBIDDEN, Verdict.FORBIDDEN),
        (_FINAL, Verdict.FINAL),
        (_SESSION, Verdict.SESSION),
        (_AWAY, Verdict.AWAY),
        (DOUBTFUL, Verdict.DOUBTFUL),
        (_RETRY, Verdict.RETRY),
    ):
        if said_in(words, marks):
            return meaning
    return Verdict.FINAL


def said_in(words: str, marks: tuple[str, ...]) -> bool:
    """Whether any of the marks, bare small letters, is in the words."""
    letters = _letters(words)
    return any(mark in letters for mark in marks)


def _letters(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalnum())


def refused(answer: Mapping[str, object]) -> bool:
    """Whether the answer says no. `success` may be absent, which is not a no."""
    success = answer.get("success")
    return success is False or (isinstance(success, str) and success.strip().lower() == "false")
