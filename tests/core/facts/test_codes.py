"""Fault and warning codes have a meaning each, and one that nobody knows is told as it is."""

import pytest

from luxagent.core.facts.codes import BMS_CODES, is_fault, meaning, spoken

NOBODY_KNOWS_E = {4, 5, 6, 7, 30}
NOBODY_KNOWS_W = {19, 24}


@pytest.mark.parametrize("number", range(32))
def test_every_bit_of_both_words_has_the_meaning_that_is_known(number: int) -> None:
    assert bool(meaning(f"E{number:03d}")) is (number not in NOBODY_KNOWS_E)
    assert bool(meaning(f"W{number:03d}")) is (number not in NOBODY_KNOWS_W)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("E019", "E019 (DC bus voltage too high)"),
        ("W016", "W016 (no grid)"),
        ("E000", "E000 (internal communication)"),
        ("E099", "E099"),
        ("X1", "X1"),
        ("", ""),
        ("E", "E"),
        ("W٣", "W٣"),
    ],
)
def test_a_code_is_spoken_with_its_meaning(code: str, said: str) -> None:
    assert spoken(code) == said


def test_faults_and_warnings_are_told_apart() -> None:
    assert is_fault("E001")
    assert not is_fault("W001")


def test_the_batterys_own_codes_are_numbered_without_a_gap() -> None:
    assert list(BMS_CODES) == list(range(15))
