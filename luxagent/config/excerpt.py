"""The line of the file that a finding speaks of, fit to be shown: its secrets are blotted out.

They are known by their keys, since a file that is not YAML has no nodes to go by. What follows such a key
on its line is blotted out unless it is a `${NAME}`; where it may go on below, those lines are not shown.
"""

import re
from difflib import get_close_matches

from luxagent.config.findings import Place, fit_for_a_terminal
from luxagent.config.meant import is_from_elsewhere

SECRET_KEYS = ("password", "proxy", "url", "heartbeat", "token")
_OTHER_SECRETS = (
    *("pass", "passphrase", "pwd", "pw", "pin", "secret", "auth", "key", "api_key", "apikey", "topic"),
    *(
        "webhook",
        "address",
        "passwd",
        "pasword",
        "passwrd",
        "passwort",
        "pswd",
        "tokn",
        "toke",
        "tokens",
        "uri",
    ),
)
"""What other programs call theirs, or fingers that slip: other findings may show its line."""
_QUOTES = "\"'\u2018\u2019\u201c\u201d\u201e"
"""Typographic ones too: who writes those means the same key."""
_WITHIN = ("password", "passwort", "token", "secret")
"""A key with one of these in it, like `portal_password`, is one as well."""
_NAMES = rf"""{"|".join((*SECRET_KEYS, *_OTHER_SECRETS))}|\w*(?:{"|".join(_WITHIN)})\w*"""
_KEY = rf"""[{_QUOTES}]?\b(?:{_NAMES})[{_QUOTES}]?[\s\xa0]*+:\s*+"""
_SECRET = re.compile(rf"""{_KEY}(?!["']?\$\{{[\w.-]+\}}["']?\s*(?:[,}}#]|$))""", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z0-9+.-]++://(?=[^\s$])")
"""An address wherever it stands: a channel's holds a token, and may stand behind a key of any name."""
_BEGINS_WITH_ADDRESS = re.compile(rf"(?:^|[:,\[{{]|- )\s*[{_QUOTES}]?{_ADDRESS.pattern}")
_BLOT = "•••"
_CLOSE = 0.69
"""`prio` and `priority` are less like `proxy`, and `heart` is more like `heartbeat`."""
_LOOK_BACK = 20


LONGEST_SHOWN = 10_000
"""Characters. Nobody writes such a line, and looking for secrets in it would take longer than refusing it."""


class Source:
    """The lines of one file."""

    def __init__(self, text: str = "") -> None:
        self._text = text
        self._lines: list[str] | None = None

    def line(self, place: Place) -> str:
        """A place's line for a terminal; empty where there is none, or it had better not be shown."""
        if self._lines is None:
            lines = re.split(r"\r\n|[\n\r\x85]", self._text)
            self._lines = [line if len(line) <= LONGEST_SHOWN else "" for line in lines]
        if place.line > len(self._lines) or _within_a_secret(self._lines, place.line - 1):
            return ""
        line = self._lines[place.line - 1]
        match = min(
            (found for secret in (_SECRET, _ADDRESS) if (found := secret.search(line))),
            key=re.Match.end,
            default=None,
        )
        if match is not None:
            if place.column > match.end() + 1:
                return ""
            line = line[: match.end()] + (_BLOT if match.end() < len(line) else "")
        return fit_for_a_terminal(line.replace("\t", " "))


def without_value(line: str, place: Place, hint: str) -> str:
    """The line of an unknown key, with a blot for its value where the key may be a secret's.

    A slip of the finger in another key, as the finding's hint has it, and another program's word are none.
    """
    colon = line.find(":", place.column - 1)
    key = line[place.column - 1 : colon].strip("\"' ").lower()
    harmless = hint.startswith("did you mean") and not any(f"'{one}'" in hint for one in SECRET_KEYS)
    likely = any(one in key for one in _WITHIN) or get_close_matches(key, SECRET_KEYS, cutoff=_CLOSE)
    if colon < 0 or harmless or is_from_elsewhere(key) or not likely:
        return line
    return f"{line[: colon + 1]} {_BLOT}"


def _within_a_secret(lines: list[str], index: int) -> bool:
    """Whether a line goes on with what a key above it began: it is indented further, or in its quotes."""
    indent = _indent(lines[index])
    for at in range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1):
        above = lines[at]
        if not above.strip():
            continue
        opens = above.count('"') % 2 == 1 or above.count("'") % 2 == 1
        secret = _SECRET.search(above) or _BEGINS_WITH_ADDRESS.search(above)
        if secret and (_indent(above) < indent or opens):
            return True
        if _indent(above) < indent:
            return False
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
