"""What the agent saw last, as JSON text, for `status` beside a running agent.

The text is `status --json`'s business; this keeps it whole. Not synced: the next tick writes it anew.
"""

import json
from pathlib import Path

from luxagent.store.folder import make_folder, replace_text

SNAPSHOT_NAME = "snapshot.json"


class Snapshot:
    """One text beside the ledger."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SNAPSHOT_NAME

    def save(self, text: str) -> None:
        """Replace the text. A reader sees the old one or the new one. Raises StateUnusable."""
        make_folder(self._path.parent)
        replace_text(self._path, text, durable=False)

    def load(self) -> str | None:
        """The text; None if there is none or it cannot be read."""
        try:
            return self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def read(self) -> dict[str, object] | None:
        """The JSON object that the text is; None if it is none, or there is none."""
        try:
            found = json.loads(self.load() or "")
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None
