"""Which settings an inverter does not have: those whose key is missing in every read of their block.

A key can be missing once, for the portal drops some now and then; one that has never been there in three
reads is not offered by that model. A key with an unusable value is there. What a model lacks although the key
is there, as it means something else by it, is known from its first read on.
"""

ABSENT_READS = 3


class Offered:
    """By inverter and setting, how often it has been looked for in vain."""

    def __init__(self) -> None:
        self._missed: dict[tuple[str, str], int] = {}
        self._there: set[tuple[str, str]] = set()
        self._counted: dict[tuple[str, str], int] = {}
        self._reads: dict[tuple[str, str], int] = {}
        self._by_model: dict[str, frozenset[str]] = {}

    def modelled(self, serial: str, lacks: frozenset[str]) -> None:
        """The inverter's model was read, and these it does not have."""
        self._by_model[serial] = lacks

    def by_model(self, serial: str) -> frozenset[str]:
        """What it does not have by its model, however often the key is there."""
        return self._by_model.get(serial, frozenset())

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
        return self.by_model(serial).union(
            name for (whose, name), times in self._missed.items() if whose == serial and times >= ABSENT_READS
        )
