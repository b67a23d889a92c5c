"""The table of what can go wrong names a test for each class, and the tests that have no better home."""

import ast
import re
from pathlib import Path

from luxagent.core.facts.needs import Need
from luxagent.portal.reader import PortalReader
from luxagent.sim.faults import CATALOGUE
from tests.portal.bench import SERIAL, Enter, FakeClock, client_of
from tests.portal.test_reader import NO_SETTINGS, house

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"


def test_every_class_of_transport_and_payload_names_a_test_that_exists() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\| `(\S+)::(\w+)` \|$", OPERATIONS.read_text(), re.M)
    assert [int(number) for number, _, _ in rows] == list(range(1, 32))
    for _, file, name in rows:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name


def test_the_manual_counts_the_faults() -> None:
    assert f"names {len(CATALOGUE)} ways" in (ROOT / "docs" / "portal.md").read_text()


def test_counters_that_start_anew_at_noon_are_never_negative(portal: Enter) -> None:
    clock = FakeClock()
    counts = iter([191, 192, 0, 3])

    def energy(form: dict[str, str]) -> object:
        return {
            "success": True,
            "serialNum": form["serialNum"],
            "todayImport": next(counts),
            "totalImport": 4,
        }

    house(
        portal,
        list={"success": True, "rows": [{"serialNum": SERIAL, "deviceType": 6}]},
        getInverterEnergyInfo=energy,
    )
    reader = PortalReader(client_of(clock))
    seen = []
    for _ in range(4):
        plant = reader.read(frozenset({Need.ENERGY}), NO_SETTINGS)
        seen.append(plant.inverters[0].reading.values["import_energy_today_kwh"])
        clock.move(61)
    assert seen == [19.1, 19.2, 0.0, 0.3]
