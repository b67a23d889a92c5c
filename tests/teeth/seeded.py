"""What a seeded bug is: a sentence, a place in the source, and the tests that must notice.

A bug changes one file of luxagent while it is imported; nothing on the disk is touched. `nursery` runs the
tests with it, `test_the_list` sees to it that every row still fits the source.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Bug:
    """One row."""

    sentence: str
    """What the agent then does."""
    module: str
    """Below luxagent, with dots: "core.control.writes"."""
    text: str
    """What stands in its source now, exactly once."""
    instead: str
    caught_by: tuple[str, ...]
    """Ordinary tests, each as pytest names it; every one of them must fail."""

    @property
    def path(self) -> Path:
        return ROOT.joinpath("luxagent", *self.module.split(".")).with_suffix(".py")

    def source(self) -> str:
        """The source with the bug in it."""
        source = self.path.read_text(encoding="utf-8")
        found = source.count(self.text)
        assert found == 1, (
            f"the bug {self.sentence!r} fits {found} places of {self.path.relative_to(ROOT)}: the code has "
            "changed; bring `text` and `instead` of its row in tests/teeth up to date"
        )
        return source.replace(self.text, self.instead)
