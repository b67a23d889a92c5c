"""Settings as they are read: block by block, and by our names. The desk that the client's methods stand on.

A block is one live round trip to the inverter, so only those are read that show what was asked for.
"""

from collections.abc import Iterable, Mapping

from luxagent.core.facts.settings import SettingValue
from luxagent.errors import CredentialsRefused, LuxagentError, NotPermitted
from luxagent.portal import cache
from luxagent.portal.desk import Desk
from luxagent.portal.records import Parameters, WorkedOut

_ENDPOINT = "settings"


class Shelf(Desk):
    """Where settings are fetched from."""

    def parameters(
        self, serial: str, names: Iterable[str], longest_s: float = cache.PARAMETERS_S
    ) -> Parameters:
        """Settings by our names, reading only the blocks that show them. None could not be read.

        A block that fails leaves the others standing; if all fail, the first error is raised.
        """
        asked = (self.wire.name, frozenset(names))
        told = self._worked_out.get(serial)
        if told is not None and told.asked == asked and self._are_kept(serial, told.read, longest_s):
            return told.parameters
        read: dict[str, dict[str, object]] = {}
        failed: dict[str, LuxagentError] = {}
        values = {name: self._value(serial, name, read, failed, longest_s) for name in sorted(asked[1])}
        if failed and not read:
            raise next(iter(failed.values()))
        errors = tuple(str(error) for error in failed.values())
        parameters = Parameters(values, self.wire.settings.by_voltage(read.values()), errors)
        if not failed:
            self._worked_out[serial] = WorkedOut(asked, read, parameters)
        return parameters

    def _value(
        self,
        serial: str,
        name: str,
        read: dict[str, dict[str, object]],
        failed: dict[str, LuxagentError],
        longest_s: float,
    ) -> SettingValue | None:
        """One setting, from the blocks that were read already or are read for it."""
        settings = self.wire.settings
        learned = self._raw_blocks.get((serial, name))
        value: SettingValue | None = None
        for block in (learned,) if learned is not None else settings.blocks(name):
            if block not in read and block not in failed:
                try:
                    read[block] = self.block(serial, block, longest_s)
                except (CredentialsRefused, NotPermitted):
                    raise
                except LuxagentError as error:
                    failed[block] = error
            value = settings.value(name, read.get(block, {}))
            if value is not None:
                self._raw_blocks[serial, name] = block
                break
        self._note_offer(serial, name, read)
        return None if name in self.offered.by_model(serial) else value  # this read may not tell the model

    def _are_kept(self, serial: str, read: Mapping[str, object], longest_s: float) -> bool:
        """Whether each of these blocks would be given again without asking, as in most ticks."""
        return all(
            self.cache.peek(_ENDPOINT, serial, name, longest_s) is block for name, block in read.items()
        )

    def _note_offer(self, serial: str, name: str, read: Mapping[str, Mapping[str, object]]) -> None:
        """Count in vain looks for a setting, if all blocks were read that could show it."""
        settings = self.wire.settings
        blocks = settings.blocks(name)
        found = [read[block] for block in blocks if block in read and settings.speaks(read[block])]
        there = any(settings.shows(name, block) for block in found)
        if there or (blocks and len(found) == len(blocks)):
            self.offered.looked(serial, name, blocks, there=there)

    def block(self, serial: str, block: str, longest_s: float) -> dict[str, object]:
        """One read of settings, as the wire shows them."""
        request = self.wire.forms.parameters(serial, block)

        def fetch() -> dict[str, object]:
            found = self.wire.settings.decode_block(self.of(serial, request))
            self.offered.read(serial, block)
            lacks = self.wire.settings.lacks(found)
            if lacks is not None:
                self.offered.modelled(serial, lacks)
            return found

        return self.cache.take(_ENDPOINT, serial, block, longest_s, fetch)
