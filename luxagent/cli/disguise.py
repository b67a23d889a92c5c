"""Takes out of a text who and where its owner is. The same serial is the same alias all through one dump."""

import re
from collections.abc import Iterable

from luxagent.cli.logs import without_secrets
from luxagent.cli.render.values import Json

SERIAL = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*\d[A-Z0-9]*\d[A-Z0-9]*\d)[A-Z0-9]{10}(?![A-Za-z0-9])")
"""What a serial looks like: ten capitals and digits, three digits at least."""
MAIL = re.compile(r"[^\s@\"'<>(),:;]+@[^\s@\"'<>(),:;]+\.[A-Za-z]{2,}")
ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE)


class Disguise:
    """Aliases for what is known, and patterns for what is not."""

    def __init__(self, known_addresses: Iterable[str] = ()) -> None:
        self._aliases: dict[str, str] = {}
        self._addresses = frozenset(known_addresses)

    def alias(self, kind: str, *texts: str) -> None:
        """These are one of a kind each: "serial-1", "name-2"."""
        for text in texts:
            if text and text not in self._aliases:
                count = 1 + sum(alias.startswith(f"{kind}-") for alias in self._aliases.values())
                self._aliases[text] = f"{kind}-{count}"

    def text(self, text: str) -> str:
        """The text, without secrets and with aliases."""
        text = without_secrets(text)
        self.alias("serial", *SERIAL.findall(text))
        text = ADDRESS.sub(lambda found: self._address(found[0]), text)
        for known in sorted(self._aliases, key=len, reverse=True):
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(known)}(?![A-Za-z0-9])", self._aliases[known], text)
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
