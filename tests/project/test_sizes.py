"""A file of luxagent is one idea, and a function one thing: CONTRIBUTING.md says how long they may be."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TASTE = r"below (\d+) lines, better below \d+\. A function is below (\d+)\."


def bounds() -> tuple[int, int]:
    """Lines of a file, and of a function, that are too many."""
    found = re.search(TASTE, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]), int(found[2])


def too_long(name: str, text: str, file_lines: int, function_lines: int) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines >= file_lines:
        yield f"{name}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines >= function_lines:
                yield f"{name}: {node.name} has {lines} lines"


def test_no_file_and_no_function_is_longer_than_contributing_says() -> None:
    files = sorted((ROOT / "luxagent").rglob("*.py"))
    assert len(files) > 100
    found = [
        row
        for path in files
        for row in too_long(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"), *bounds())
    ]
    assert found == []


def test_what_is_too_long_is_found() -> None:
    file_lines, function_lines = bounds()
    text = "def f() -> None:\n" + "    f()\n" * (function_lines - 1)
    assert list(too_long("a.py", text, file_lines, function_lines)) == [f"a.py: f has {function_lines} lines"]
    text = "\n" * file_lines
    assert list(too_long("a.py", text, file_lines, function_lines)) == [f"a.py: {file_lines} lines"]
