"""Settings of the document's wire: six numbered parameters, three of which are changed by a named function.

The numbers mean nothing but what the document says: on a live portal the same ones are other registers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from luxagent.core.facts.portal_names import NUMBER_WORDS, NUMBERS
from luxagent.core.facts.settings import PARAMETER_PREFIX, Flow, SettingValue
from luxagent.portal.codes import PERCENT, SWITCH, WATTS, Code, Words, as_number, as_switch, checked, unfit
from luxagent.portal.document import forms
from luxagent.portal.fields import number, rows, whole
from luxagent.portal.line import Request


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: how it is told, and the function that changes it if one does."""

    name: str
    code: Code
    evidence: str
    function: str = ""
    most: float | None = None
    """The wire's own ceiling where it is below the catalogue's."""

    @property
    def number(self) -> str:
        """Its parameter."""
        return NUMBERS[self.name]


_MODES = Words(NUMBER_WORDS["operating_mode"])

TABLE: tuple[Row, ...] = (
    Row("charge_limit", PERCENT, "document: 0-100 %, hence no top balance", most=100),
    Row("ac_charge_power", WATTS, "document: W"),
    Row("pv_charge_power", WATTS, "document: W"),
    Row("operating_mode", _MODES, "document: 1 is standby", "operatingMode"),
    Row("eps", SWITCH, "document: function batteryBackup is the EPS mode", "batteryBackup"),
)
_ROWS = {row.name: row for row in TABLE}
_LIMITS, _MODES_BLOCK = "21,22,23", "64,65,66"
"""The documented parameters in two reads: the first is the document's own example."""
_BLOCK_OF = {one: block for block in (_LIMITS, _MODES_BLOCK) for one in block.split(",")}

NAMES = frozenset(_ROWS) | {"quick_charge"}


def supports(name: str) -> bool:
    """Whether this wire has the setting."""
    return name in NAMES or _raw_number(name) is not None


def blocks(name: str) -> tuple[str, ...]:
    """The reads that show a setting. A raw number is asked alone: an unknown one spoils its whole read."""
    raw = _raw_number(name)
    if raw is not None:
        return (_BLOCK_OF.get(raw, raw),)
    row = _ROWS.get(name)
    return (_BLOCK_OF[row.number],) if row is not None else ()


def decode_block(answer: Mapping[str, object]) -> dict[str, object]:
    """`parameters` as number -> value. A number told twice with two values is not believed."""
    found: dict[str, object] = {}
    for row in rows(answer.get("parameters")):
        key = whole(row.get("paramId"), 0, 65_535)
        if key is not None:
            twice = str(key) in found and found[str(key)] != row.get("value")
            found[str(key)] = None if twice else row.get("value")
    return found


def value(name: str, block: Mapping[str, object]) -> SettingValue | None:
    """A setting out of a block, None if it is not there or cannot be believed."""
    raw = _raw_number(name)
    if raw is not None:
        return number(block.get(raw))
    row = _ROWS.get(name)
    return row.code.read(block.get(row.number)) if row else None


def shows(name: str, block: Mapping[str, object]) -> bool:
    """Whether the setting is there at all, with whatever value."""
    raw = _raw_number(name)
    return (_ROWS[name].number if raw is None else raw) in block


def lacks(_: Mapping[str, object]) -> frozenset[str] | None:
    """This wire tells no model beside the settings."""
    return None


def speaks(block: Mapping[str, object]) -> bool:
    """Whether the block shows any setting that we know: one that does not says nothing of what is lacking."""
    return any(row.number in block for row in TABLE)


def encode(serial: str, name: str, wanted: SettingValue) -> Request:
    """The request that sets it. Raises PortalRefused for what this wire cannot hold; nothing is sent then."""
    raw = _raw_number(name)
    if raw is not None:
        told = as_number(wanted)
        if told != int(told):
            raise unfit(f"{name}: {told} is not a whole number")
        return forms.write(serial, raw, str(int(told)))
    row = _ROWS.get(name)
    if row is None:
        raise unfit(f"this portal has no setting {name}")
    checked(name, wanted, row.most)
    text = row.code.write(wanted)
    if row.function:
        return forms.function(serial, row.function, on=as_switch(text))
    return forms.write(serial, row.number, text)


def by_voltage(_: Iterable[Mapping[str, object]]) -> frozenset[Flow] | None:
    """This wire does not tell."""
    return None


def _raw_number(name: str) -> str | None:
    told = name.removeprefix(PARAMETER_PREFIX)
    return str(int(told)) if told != name and told.isascii() and told.isdigit() and len(told) < 6 else None
