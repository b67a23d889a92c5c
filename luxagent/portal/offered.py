"""Which settings an inverter does not have: those whose key is missing in every read of their block.

A key can be missing once, for the portal drops some now and then; one that has never been there in three
reads is not offered by that model. A key with an unusable value is there.
"""

ABSENT_READS = 3


class Offered:
    """By inverter and setting, how often it has been looked for in vain."""

    def __init__(self) -> None:
        self._missed: dict[tuple[str, str], int] = {}
        self._there: set[tuple[str, str]] = set()
        self._counted: dict[tuple[str, str], int] = {}
        self._reads: dict[tuple[str, str], int] = {}

    def read(self, serial: str, block: str) -> None:
        """A block came from the inverter itself, not from the cache."""
        self._reads[serial, block] = self._reads.get((serial, block), 0) + 1

    def looked(self, serial: str, name: str, blocks: tuple[str, ...], *, there: bool) -> None:
        """A setting was looked for in all of its blocks. Counts once for each time they were read."""
        key = (serial, name)
        if there:
            self._there.add(key)
            self._missed.pop(key, None)
            return
        reads = min((self._reads.get((serial, block), 0) for block in blocks), default=0)
        if key not in self._there and reads > self._counted.get(key, 0):
            self._counted[key] = reads
            self._missed[key] = self._missed.get(key, 0) + 1

    def lacking(self, serial: str) -> frozenset[str]:
        """The settings that this inverter does not have."""
        return frozenset(
            name for (whose, name), times in self._missed.items() if whose == serial and times >= ABSENT_READS
        )
