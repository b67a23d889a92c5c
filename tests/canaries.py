"""Canary secrets through the whole suite: none may be in any output, log, page, journal or database.

Every password and token that a test lets the program have reads like one of CANARY. After each test all that
it printed and logged is searched, all that it took from `capsys` or as text from a process it started, and
every file that changed during it in pytest's temporary folders. What a test itself writes to be read (a
rules file, a credential) is none of these, and goes by its name: GIVEN. What lies outside of pytest's folders
is not seen, nor what a test reads from a pipe as bytes and bit by bit.
"""

import io
import re
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

CANARY = re.compile(r"correct[ -]horse|wrong[ -]battery|canary-(?:of-a|another|password|[a-z]+-[0-9a-f]{4})")
_IN_BYTES = re.compile(CANARY.pattern.encode())
GIVEN = re.compile(r"rules\.yaml|LUXAGENT_PASSWORD")
"""Names of files by which tests hand the program a secret. It writes none of them but in `init`, whose own
tests look into what it wrote."""
_LARGEST = 4 << 20
"""Bytes of a file that are searched."""
_SLACK_S = 0.1
"""By how much a file system's clock may be behind."""

_taken: list[str] = []
"""What the running test took from `capsys` and from its processes."""
_folders: list[Path] = []
"""pytest's temporary folders: the running test's, and those that fixtures of its file hold."""
_told: set[tuple[Path, float]] = set()
"""Files that were found, and when they were changed: no other test is blamed for them."""
_file: list[Path | None] = [None]
"""Where the running test stands."""
_began = [0.0]
"""When the running test began."""


class _Heard(io.TextIOWrapper):
    """A process's output, of which what is read is kept."""

    def readline(self, size: int = -1, /) -> str:
        line = super().readline(size)
        _taken.append(line)
        return line

    def read(self, size: int | None = -1, /) -> str:
        text = super().read(size)
        _taken.append(text)
        return text


def pytest_configure() -> None:
    """For who loads this alone."""
    listen()


def listen() -> None:
    """Hear what tests take away before it is captured for the report, and which folders they get."""
    read, talk = pytest.CaptureFixture.readouterr, subprocess.Popen.communicate
    start, made = subprocess.Popen.__init__, pytest.TempPathFactory.mktemp

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

    def heard_start(self: subprocess.Popen[Any], *args: object, **kwargs: object) -> None:
        start(self, *args, **kwargs)  # type: ignore[arg-type]
        for name in ("stdout", "stderr"):
            pipe = getattr(self, name)
            if type(pipe) is io.TextIOWrapper:
                encoding, errors = pipe.encoding, pipe.errors
                setattr(self, name, _Heard(pipe.detach(), encoding=encoding, errors=errors))

    def heard_made(
        self: pytest.TempPathFactory,
        basename: str,
        numbered: bool = True,
    ) -> Path:
        folder = made(self, basename, numbered)
        _folders.append(folder)
        return folder

    pytest.CaptureFixture.readouterr = heard_read  # type: ignore[method-assign]
    subprocess.Popen.communicate = heard_talk  # type: ignore[method-assign]
    subprocess.Popen.__init__ = heard_start  # type: ignore[method-assign, assignment]
    pytest.TempPathFactory.mktemp = heard_made  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """In another file of tests the fixtures of the last one are gone, and their folders change no more."""
    if item.path != _file[0]:
        _file[0] = item.path
        _folders.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "setup":
        _began[0] = call.start
    if report.when == "teardown":
        if report.passed:
            since = _began[0] - _SLACK_S
            leaks = list(_in_texts([*(text for _, text in report.sections), *_taken]))
            for folder in _folders:
                leaks += _in_files(folder, since)
            if leaks:
                report.outcome = "failed"
                report.longrepr = "A secret got out: " + "; ".join(leaks)
        _taken.clear()
        _forget(item)
    return report


def _forget(item: pytest.Item) -> None:
    """The test's own folder changes no more; one that a fixture of its file made may."""
    own = getattr(item, "funcargs", {}).get("tmp_path")
    _folders[:] = [folder for folder in _folders if folder != own]


def _in_texts(texts: list[str]) -> Iterator[str]:
    for text in texts:
        found = CANARY.search(text)
        if found is not None:
            yield f"{found[0]!r} in ...{text[max(0, found.start() - 80) : found.end() + 20]}..."


def _in_files(folder: Path, since: float) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file() or GIVEN.fullmatch(path.name):
            continue
        changed = path.stat().st_mtime
        if changed >= since and (path, changed) not in _told and _holds_one(path):
            _told.add((path, changed))
            yield f"{path.relative_to(folder)} holds one"


def _holds_one(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _IN_BYTES.search(file.read(_LARGEST)) is not None
    except PermissionError:  # a test took the right away; nobody else can read it either
        return False
