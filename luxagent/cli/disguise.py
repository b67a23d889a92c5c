"""Takes out of a text who and where its owner is. The same serial is the same alias all through one dump."""

import re
from collections.abc import Iterable

from luxagent.cli.logs import without_secrets
from luxagent.cli.render.values import Json

SERIAL = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d)[A-Z0-9]{10}(?![A-Za-z0-9])")
"""What a serial looks like: ten capitals and digits, three digits at least."""
MAIL = re.compile(r"[^\s@\"'<>(),:;]+@[^\s@\"'<>(),:;]+\.[A-Za-z]{2,}")
ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE)


ANY_CASE = frozenset({"plant"})
"""Kinds that the file may write in other capitals than the portal."""


class Disguise:
    """Aliases for what is known, and patterns for what is not."""

    def __init__(self, known_addresses: Iterable[str] = ()) -> None:
        self._aliases: dict[str, str] = {}
        self._loose: set[str] = set()
        self._addresses = frozenset(known_addresses)

    def alias(self, kind: str, *texts: str) -> None:
        """These are one of a kind each: "serial-1", "name-2"."""
        for text in texts:
            if text and text not in self._aliases and text.lower() not in map(str.lower, self._loose):
                count = 1 + sum(alias.startswith(f"{kind}-") for alias in self._aliases.values())
                self._aliases[text] = f"{kind}-{count}"
                if kind in ANY_CASE:
                    self._loose.add(text)

    def text(self, text: str) -> str:
        """The text, without secrets and with aliases."""
        text = without_secrets(text)
        self.alias("serial", *SERIAL.findall(text))
        text = ADDRESS.sub(lambda found: self._address(found[0]), text)
        known = sorted(self._aliases, key=len, reverse=True)
        if known:  # all at once, so that nothing of an alias is taken for a name
            ways = "|".join(
                f"((?i:{re.escape(one)}))" if one in self._loose else f"({re.escape(one)})" for one in known
            )
            pattern = rf"(?<![A-Za-z0-9])(?:{ways})(?![A-Za-z0-9])"
            text = re.sub(pattern, lambda found: self._aliases[known[(found.lastindex or 1) - 1]], text)
        return MAIL.sub("(mail address)", text)

    def json(self, value: Json) -> Json:
        """The same in every text of a JSON value, its keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.json(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.json(one) for one in value]
        return value

    def _address(self, address: str) -> str:
        known = next((one for one in self._addresses if address.startswith(one)), None)
        return known or f"{address.split('://')[0]}://(address)"
