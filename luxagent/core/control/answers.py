"""What comes back from a control request, before anything has been proven."""

from dataclasses import dataclass
from enum import Enum, auto


class Answer(Enum):
    """What came back from a control request. Only a read-back proves anything."""

    ACCEPTED = auto()
    REFUSED = auto()
    LOST = auto()
    """No answer, or one that may mean either (DATAFRAME_TIMEOUT): read before anything else."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with the portal's words, already cleaned."""

    answer: Answer
    words: str = ""
    for_good: bool = False
    """Refused because the account may not write at all."""
