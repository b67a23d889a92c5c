"""A battery module counts once, however many inverters list it."""

from dataclasses import replace

from luxagent.core.plant.bank import modules_of
from luxagent.core.plant.reading import Module
from tests.core.builders import inverter, plant

ONE = Module("Battery_ID_01", soc_pct=50, cell_max_mv=3300, cell_min_mv=3290, cycles=160)
TWO = Module("Battery_ID_02", soc_pct=51, cell_max_mv=3301, cell_min_mv=3292, cycles=170)


def keys(*banks: tuple[Module, ...], unit: str | None = "A") -> dict[str, list[str]]:
    devices = [inverter(f"44300E000{n}", unit=unit or f"U{n}", modules=bank) for n, bank in enumerate(banks)]
    return {serial: [one.key for one in found] for serial, found in modules_of(plant(*devices)).items()}


def test_a_shared_bank_that_both_inverters_list_is_one_battery() -> None:
    assert keys((ONE, TWO), (ONE, TWO)) == {
        "44300E0000": ["Battery_ID_01", "Battery_ID_02"],
        "44300E0001": [],
    }


def test_two_banks_with_the_same_names_are_two() -> None:
    other = replace(ONE, cycles=400)
    assert keys((ONE,), (other,)) == {"44300E0000": ["Battery_ID_01"], "44300E0001": ["Battery_ID_01"]}
    assert keys((ONE,), (ONE,), unit=None) == {
        "44300E0000": ["Battery_ID_01"],
        "44300E0001": ["Battery_ID_01"],
    }


def test_a_module_that_bears_the_other_inverters_serial_is_that_ones() -> None:
    borrowed = replace(ONE, key="44300E0000_Battery_ID_01", cell_max_mv=3305)
    assert keys((ONE,), (borrowed, TWO)) == {
        "44300E0000": ["Battery_ID_01"],
        "44300E0001": ["Battery_ID_02"],
    }
    assert keys((), (borrowed,))["44300E0001"] == ["44300E0000_Battery_ID_01"]
