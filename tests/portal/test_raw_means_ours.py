"""What the wires write for our value is, given as a raw name, read as that very value."""

import pytest

from luxagent.core.facts.portal_names import own_name, own_value
from luxagent.core.facts.settings import SETTINGS, SettingKind, SettingValue
from luxagent.portal.document import settings as document
from luxagent.portal.live import settings as live


def values_of(name: str) -> tuple[SettingValue, ...]:
    row = SETTINGS[name]
    if row.kind is SettingKind.NUMBER:
        return (row.low, row.low + row.step, row.high)
    return row.words if row.kind is SettingKind.MODE else (True, False)


@pytest.mark.parametrize("row", live.TABLE, ids=lambda row: row.name)
def test_every_name_of_the_live_wire_means_ours(row: live.Row) -> None:
    raw = f"raw:{row.key}"
    assert own_name(raw) == row.name
    assert [own_value(raw, row.code.write(value)) for value in values_of(row.name)] == list(
        values_of(row.name)
    )


@pytest.mark.parametrize("row", document.TABLE, ids=lambda row: row.name)
def test_every_number_of_the_document_means_ours(row: document.Row) -> None:
    raw = f"parameter:{row.number}"
    told = [row.code.write(value) for value in values_of(row.name)]
    as_numbers = [float({"true": 1, "false": 0}.get(text, text)) for text in told]
    assert own_name(raw) == row.name
    assert [own_value(raw, number) for number in as_numbers] == list(values_of(row.name))
