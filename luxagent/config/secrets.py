"""`${NAME}`: texts that stand in a systemd credential or the environment instead of in the file.

A SecretText is kept as it was written and resolved only by the verbs that need it (`check` asks whether it
could be). What it resolves to has no repr, and no message quotes it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from luxagent.config.findings import Code, PlainFault
from luxagent.errors import NeedsPerson

_REFERENCE: Final = re.compile(r"\$(\$\{)|\$\{([^{}]*)\}?")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_BARE_NAME: Final = re.compile(r"\$[A-Z][A-Z0-9_]{3,}")
_LARGEST_CREDENTIAL: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class SecretText:
    """A text of the file that is, or may hold, a secret. `reveal` is the only way to it."""

    names: tuple[str, ...] = ()
    """The `${NAME}`s in it; empty where the file holds the secret itself."""
    _value: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, text: str) -> "SecretText":
        """A secret that is known already."""
        return cls((), text)

    @property
    def is_bare_name(self) -> bool:
        """Whether the braces were probably forgotten: $NAME."""
        return self._value is not None and _BARE_NAME.fullmatch(self._value) is not None

    def reveal(self) -> str:
        """The text itself. Raises NeedsPerson where the file was loaded without its secrets."""
        if self._value is None:
            raise NeedsPerson(f"The secret {', '.join(self.names)} was not asked for when the file was read.")
        return self._value


@dataclass(frozen=True, slots=True)
class Vault:
    """Where `${NAME}` is looked up: $CREDENTIALS_DIRECTORY/NAME first, else the environment."""

    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    def find(self, name: str) -> str | None:
        """The secret of that name, or None where it is nowhere (or empty)."""
        folder = self.environ.get("CREDENTIALS_DIRECTORY")
        if folder:
            try:
                with Path(folder, name).open(encoding="utf-8") as file:
                    return file.read(_LARGEST_CREDENTIAL).rstrip("\r\n") or None
            except (OSError, ValueError):
                pass  # not among the credentials: the environment may have it
        return self.environ.get(name) or None

    def resolve(self, text: str) -> str:
        """The text with every `${NAME}` replaced. Raises PlainFault for a missing one, naming it."""

        def one(match: re.Match[str]) -> str:
            if match[1]:
                return match[1]
            found = self.find(match[2])
            if found is None:
                where = "empty" if match[2] in self.environ else "neither a credential nor in the environment"
                message = f"${{{match[2]}}} is {where}"
                raise PlainFault(
                    message, f"export {match[2]}=… or use systemd's LoadCredential", Code.MISSING_SECRET
                )
            return found

        references(text)
        return _REFERENCE.sub(one, text)


def references(text: str) -> tuple[str, ...]:
    """The names that a text refers to. Raises PlainFault for a `${` that is not closed or names nothing."""
    names = []
    for match in _REFERENCE.finditer(text):
        if match[1]:
            continue
        if not match[0].endswith("}") or not _NAME.fullmatch(match[2]):
            raise PlainFault("a ${ without a name and its }", "write ${NAME}; a literal ${ is written $${")
        names.append(match[2])
    return tuple(names)


def has_credentials(url: str) -> bool:
    """Whether a URL carries a password or a token before its host."""
    try:
        return "@" in urlsplit(url).netloc
    except ValueError:
        return "@" in url
