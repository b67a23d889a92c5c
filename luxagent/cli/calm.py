"""Keeps a trouble that goes on from filling the log: a few lines an hour of each kind, then a count.

A message's kind is its text without numbers. Time comes from the records themselves.
"""

import logging
import re
from collections import OrderedDict
from dataclasses import dataclass

WINDOW_S = 3600.0
AT_MOST = {logging.INFO: 20}
AT_MOST_LOUD = 5
"""Of warnings and errors; decisions, which are INFO, are few by the write budgets."""
KINDS_KEPT = 300

_NUMBER = re.compile(r"\d+(?:[.:,]\d+)*")


@dataclass(slots=True)
class _Kind:
    began: float
    said: int = 0
    kept_back: int = 0


class Calm(logging.Filter):
    """For a handler. Debug lines are what somebody asked to see, all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: OrderedDict[tuple[int, str], _Kind] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is said; one that follows others that were not says how many."""
        if record.levelno < logging.INFO:
            return True
        key = (record.levelno, _NUMBER.sub("#", record.getMessage()))
        kind = self._kinds.get(key)
        if kind is None or not 0 <= record.created - kind.began < WINDOW_S:
            self._tell(record, kind)
            kind = self._kinds[key] = _Kind(record.created)
            self._kinds.move_to_end(key)
            if len(self._kinds) > KINDS_KEPT:
                self._kinds.popitem(last=False)
        if kind.said >= AT_MOST.get(record.levelno, AT_MOST_LOUD):
            kind.kept_back += 1
            return False
        kind.said += 1
        return True

    def _tell(self, record: logging.LogRecord, before: _Kind | None) -> None:
        if before is not None and before.kept_back:
            record.msg = f"{record.getMessage()} (and {before.kept_back} more like it before)"
            record.args = ()
