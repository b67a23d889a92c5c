"""The catalogue of built-in alerts and its page in the docs say the same."""

from pathlib import Path

import pytest

from luxagent.core.alerts.builtin import SAME_AS, SIGHTS
from luxagent.core.alerts.catalogue import BUILTINS, ORDER, Builtin
from luxagent.core.facts.codes import meaning, spoken

DOCS = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    return DOCS.split(f"\n### {name}\n", 1)[1].split("\n##", 1)[0]


@pytest.mark.parametrize("row", ORDER, ids=lambda row: row.name)
def test_the_docs_tell_of_every_alert_what_the_catalogue_does(row: Builtin) -> None:
    told = section(row.name)
    assert told.strip().startswith(row.severity.value)
    for word, text in (("Meaning", row.meaning), ("Cause", row.cause), ("To do", row.todo)):
        assert f"- {word}: {text}\n" in told + "\n"
    assert (f"- luxagent: {row.doing}" in told) == bool(row.doing)


def test_the_docs_tell_of_no_alert_that_does_not_exist() -> None:
    named = [line[4:] for line in DOCS.splitlines() if line.startswith("### ")]
    assert sorted(named) == sorted(BUILTINS)


def test_every_row_has_eyes_and_every_name_in_the_table_of_silence_exists() -> None:
    assert SIGHTS.keys() == BUILTINS.keys()
    assert len(ORDER) == len(BUILTINS) == 39
    assert SAME_AS.keys() <= BUILTINS.keys()
    for row in ORDER:
        assert set(row.mutes) <= BUILTINS.keys()


def test_what_mutes_another_is_looked_at_before_it() -> None:
    place = {row.name: index for index, row in enumerate(ORDER)}
    late = [(row.name, muted) for row in ORDER for muted in row.mutes if place[muted] < place[row.name]]
    assert late == []


def test_codes_have_their_meaning_and_strange_ones_are_told_as_they_are() -> None:
    assert spoken("E019") == "E019 (DC bus voltage too high)"
    assert spoken("W016") == "W016 (no grid)"
    assert meaning("E004") == meaning("X1") == meaning("E") == meaning("W²") == ""
    assert spoken("MID-7") == "MID-7"
