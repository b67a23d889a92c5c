"""What the project's own files promise: to installers, to the machine that tests them, and to each other."""

import importlib.resources
import itertools
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import luxagent

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "requirements-run.lock")
}
EITHER_LOCK = pytest.mark.parametrize("lock", LOCKS)

PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[0-9][0-9a-z.+!]*)(?: ; [^\\#@/]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
NOTE = re.compile(r"    # .*")


def locked(lock: str = "requirements.lock") -> dict[str, str]:
    """Each package of a lock with its version."""
    lines = map(PIN.fullmatch, LOCKS[lock].splitlines())
    return {found["name"]: found["version"] for found in lines if found}


def to_run() -> list[Requirement]:
    """What an owner's environment needs: to run, to serve the page, to be built."""
    project, groups = PYPROJECT["project"], PYPROJECT["dependency-groups"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["web"], *groups["build"]]
    return [Requirement(line) for line in lines]


def wanted() -> list[Requirement]:
    """All that the project file asks for: to run, to build, to develop."""
    lines = [line for line in PYPROJECT["dependency-groups"]["dev"] if isinstance(line, str)]
    return [*to_run(), *map(Requirement, PYPROJECT["build-system"]["requires"] + lines)]


def text_files() -> Iterator[tuple[Path, str]]:
    """Every text file of the project. Git may be absent, so what it ignores is left out by name."""
    made = re.compile(
        r"\.venv.*|\.git|\.make|\..*_cache|\.hypothesis|__pycache__|build|dist|rules\.yaml|.*\.egg-info"
    )
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not made.fullmatch(name)]
        for path in (Path(folder, name) for name in files if not made.fullmatch(name)):
            try:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


# --- the lock ---


@EITHER_LOCK
def test_the_lock_holds_pins_and_hashes_and_nothing_else(lock: str) -> None:
    lines = LOCKS[lock].splitlines()
    strange = [line for line in lines if not any(p.fullmatch(line) for p in (PIN, HASH, NOTE))]
    assert strange == []


@EITHER_LOCK
def test_the_lock_names_no_address_and_no_file(lock: str) -> None:
    assert re.findall(r"\S*(?://| @ |--(?:index|extra|find|trusted)|file:)\S*", LOCKS[lock]) == []


@EITHER_LOCK
def test_every_pin_in_the_lock_has_a_hash(lock: str) -> None:
    pairs = [
        (line, after) for line, after in itertools.pairwise(LOCKS[lock].splitlines()) if PIN.fullmatch(line)
    ]
    assert len(pairs) > len(PYPROJECT["project"]["dependencies"])
    assert [line for line, after in pairs if not HASH.fullmatch(after)] == []


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_the_lock_holds_a_version_that_the_project_file_accepts(requirement: Requirement) -> None:
    assert requirement.specifier.contains(locked()[canonicalize_name(requirement.name)])


def test_what_an_owner_installs_is_what_the_tests_ran_with() -> None:
    tested, installed = locked(), locked("requirements-run.lock")
    assert {name: tested.get(name) for name in installed} == installed
    assert {canonicalize_name(requirement.name) for requirement in to_run()} <= installed.keys()
    assert PYPROJECT["dependency-groups"]["build"] == PYPROJECT["build-system"]["requires"]


# --- what is shipped ---


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, really built."""
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(path)


def test_the_wheel_carries_the_example_that_lies_at_the_root(wheel: zipfile.ZipFile) -> None:
    assert wheel.read("luxagent/examples/rules.example.yaml") == (ROOT / "rules.example.yaml").read_bytes()


def test_the_wheel_carries_the_package_its_licence_and_no_tests(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    metadata = f"luxagent-{luxagent.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"luxagent", metadata}
    assert "luxagent/py.typed" in names
    assert f"{metadata}/licenses/LICENSE" in names


def test_a_checkout_finds_the_example_as_an_installed_program_does() -> None:
    found = importlib.resources.files("luxagent.examples").joinpath("rules.example.yaml")
    assert found.read_bytes() == (ROOT / "rules.example.yaml").read_bytes()


def test_the_version_is_the_same_wherever_it_is_written() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert newest is not None
    assert PYPROJECT["project"]["version"] == luxagent.__version__ == newest[1]


def test_the_pythons_are_the_same_wherever_they_are_named() -> None:
    prefix = "Programming Language :: Python :: 3."
    minors = [c.removeprefix(prefix) for c in PYPROJECT["project"]["classifiers"] if c.startswith(prefix)]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"for minor in {' '.join(reversed(minors))}; do" in makefile
    assert f"(3, {minors[0]}) <= sys.version_info[:2] <= (3, {minors[-1]})" in makefile
    assert PYPROJECT["project"]["requires-python"] == f">=3.{minors[0]},<3.{int(minors[-1]) + 1}"


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    elsewhere = re.compile(r"(?<![\w.>])/(?:work|root|opt/wheels|opt/pypi)/")
    files = list(text_files())
    assert len(files) > 20
    assert [str(path) for path, text in files if elsewhere.search(text)] == []


# --- the commands that everybody types ---


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder for PATH with what any system has, and no Python at all."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("bash", "cat", "cksum", "dirname", "env", "head", "rm", "sh"):
        found = shutil.which(tool)
        assert found is not None, f"this test needs {tool}"
        (folder / tool).symlink_to(found)
    return folder


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def run(command: list[str], path: Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run it with a clean environment in which `path` is all of PATH."""
    clean = {"PATH": str(path), "HOME": str(path.parent), "PYENV_ROOT": str(path.parent / "pyenv")}
    return subprocess.run(
        command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=60, check=False
    )


def make_env(path: Path, *settings: str) -> subprocess.CompletedProcess[str]:
    """`make env`, with the virtual environment that it may make beside `path` instead of in the checkout."""
    command = shutil.which("make")
    assert command is not None, "this test needs make"
    return run([command, "env", f"VENV={path.parent / 'venv'}", *settings], path)


def test_ci_calls_make_test_at_the_root_and_nothing_else(tmp_path: Path, bare_path: Path) -> None:
    script(bare_path / "make", 'echo "make $* in $(pwd -P)"; exit 3')
    outcome = run([str(ROOT / ".ci" / "run")], bare_path, cwd=tmp_path)
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (3, f"make test in {ROOT}\n", "")


def test_without_a_python_make_says_in_one_sentence_what_is_needed(bare_path: Path) -> None:
    outcome = make_env(bare_path)
    complaint = outcome.stderr.splitlines()[0]
    assert outcome.returncode != 0
    assert complaint.startswith("luxagent needs Python 3.11, 3.12, 3.13 or 3.14 with venv")
    assert outcome.stdout.count("virtual environment") == 0


def test_make_takes_the_newest_python_that_really_runs(bare_path: Path) -> None:
    script(bare_path / "python3.14", 'echo "3.14 is not active" >&2; exit 127')
    script(bare_path / "python3.12", 'case "$*" in *"-m venv"*) echo "asked 3.12" >&2; exit 9;; esac')
    script(bare_path / "python3.11", 'case "$*" in *"-m venv"*) echo "asked 3.11" >&2; exit 9;; esac')
    outcome = make_env(bare_path)
    assert outcome.returncode != 0
    assert "asked 3.12" in outcome.stderr
    assert "3.11" not in outcome.stderr + outcome.stdout


def test_make_refuses_a_chosen_python_that_does_not_do(bare_path: Path) -> None:
    script(bare_path / "python3.12", "exit 0")
    script(bare_path / "mine", "exit 1")
    outcome = make_env(bare_path, "PYTHON=mine")
    assert outcome.returncode != 0
    assert outcome.stderr.startswith("PYTHON=mine will not do")
