"""The table of what can go wrong names a test for each class, and the tests that have no better home."""

import ast
import re
from pathlib import Path

from luxagent.sim.faults import CATALOGUE

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"


def test_every_class_from_transport_to_time_names_a_test_that_exists() -> None:
    rows = re.findall(r"^\| (\d+) \|.* `(\S+)::(\w+)` \|$", OPERATIONS.read_text(), re.M)
    assert [int(number) for number, _, _ in rows] == list(range(1, 62))
    for _, file, name in rows:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name


def test_the_manual_counts_the_faults() -> None:
    assert f"names {len(CATALOGUE)} ways" in (ROOT / "docs" / "portal.md").read_text()
