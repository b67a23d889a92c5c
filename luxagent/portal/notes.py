"""What was found out about the portal and must outlive the process: who keeps it, and in which words."""

from collections.abc import Mapping
from typing import Protocol


class Notes(Protocol):
    """Keeps a few plain values, perhaps longer than the process lives. Never raises."""

    def load(self, account: str) -> Mapping[str, object]:
        """What was kept for this account (a digest of its name and host); empty if nothing was."""
        ...

    def save(self, account: str, values: Mapping[str, object]) -> None:
        """Keep these for the account, and nothing else."""
        ...


class Scrap:
    """Remembers within the process."""

    def __init__(self) -> None:
        self._kept: dict[str, Mapping[str, object]] = {}

    def load(self, account: str) -> Mapping[str, object]:
        return self._kept.get(account, {})

    def save(self, account: str, values: Mapping[str, object]) -> None:
        self._kept[account] = dict(values)
