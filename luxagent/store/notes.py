"""portal.json: what was found out about the portal and must outlive the process, a few plain values.

A block for a day, what the portal's time stamps mean. No secret and no name: accounts are kept by a digest.
Fits the portal's `Notes`. What cannot be kept is kept in this process; what cannot be read counts for none.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from luxagent.errors import StateUnusable
from luxagent.store.folder import make_folder, replace_text

NOTES_NAME = "portal.json"
MOST = 8
"""Accounts that are remembered."""

_log = logging.getLogger("luxagent.store")


class PortalNotes:
    """Keeps them in the state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NOTES_NAME

    def load(self, account: str) -> Mapping[str, object]:
        """What was kept for this account; empty if nothing was."""
        return self._rows().get(account, {})

    def save(self, account: str, values: Mapping[str, object]) -> None:
        """Keep these for the account, and nothing else. Never raises."""
        rows = self._rows()
        if rows.get(account, {}) == values:
            return
        rows.pop(account, None)
        if values:
            rows[account] = dict(values)
        try:
            if rows:
                make_folder(self._folder)
                replace_text(self._path, json.dumps(dict(list(rows.items())[-MOST:]), indent=1) + "\n")
            else:
                self._path.unlink(missing_ok=True)
        except (StateUnusable, OSError) as error:
            _log.warning("what was found out about the portal is forgotten when this process ends: %s", error)

    def _rows(self) -> dict[str, dict[str, object]]:
        try:
            whole = json.loads(self._path.read_text(encoding="utf-8"))
            return {account: dict(row) for account, row in whole.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            _log.warning("%s cannot be read and counts for nothing", self._path)
            return {}
