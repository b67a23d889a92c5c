"""Canary secrets through the whole suite: none may be in any output, log, page, journal or database.

Every password and token that a test lets the program have reads like one of CANARY. After each test all that
it printed and logged is searched, all that it took from `capsys` or from a process it started, and every
file of every state folder that it left. What a test itself writes to be read (a rules file, a credential) is
none of these.
"""

import re
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

CANARY = re.compile(r"correct[ -]horse|wrong[ -]battery|canary-(?:of-a|another|password|[a-z]+-[0-9a-f]{4})")
_IN_BYTES = re.compile(CANARY.pattern.encode())
_STATE = ("agent.lock", "ledger.db")
"""A folder with one of these is a state folder."""

_taken: list[str] = []
"""What the running test took from `capsys` and from its processes."""


def pytest_configure() -> None:
    """For who loads this alone."""
    listen()


def listen() -> None:
    """Hear what tests take away before it is captured for the report."""
    read, talk = pytest.CaptureFixture.readouterr, subprocess.Popen.communicate

    def heard_read(self: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401 - a private type of pytest
        found = read(self)
        _taken.extend(text for text in found if isinstance(text, str))
        return found

    def heard_talk(
        self: subprocess.Popen[Any], sent: object = None, timeout: float | None = None
    ) -> tuple[Any, Any]:
        found: tuple[Any, Any] = talk(self, sent, timeout)
        _taken.extend(one if isinstance(one, str) else one.decode(errors="replace") for one in found if one)
        return found

    pytest.CaptureFixture.readouterr = heard_read  # type: ignore[method-assign]
    subprocess.Popen.communicate = heard_talk  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown" and report.passed:
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        told = [text for _, text in report.sections]
        leaks = [*_in_texts([*told, *_taken]), *(_in_files(folder) if isinstance(folder, Path) else ())]
        if leaks:
            report.outcome = "failed"
            report.longrepr = "A secret got out: " + "; ".join(leaks)
    if report.when == "teardown":
        _taken.clear()
    return report


def _in_texts(texts: list[str]) -> Iterator[str]:
    for text in texts:
        found = CANARY.search(text)
        if found is not None:
            yield f"{found[0]!r} in ...{text[max(0, found.start() - 80) : found.end() + 20]}..."


def _in_files(folder: Path) -> Iterator[str]:
    for state in {path.parent for name in _STATE for path in folder.rglob(name)}:
        for path in state.rglob("*"):
            if path.is_file() and _IN_BYTES.search(path.read_bytes()):
                yield f"{path.relative_to(folder)} holds one"
