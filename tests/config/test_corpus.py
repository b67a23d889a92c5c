"""Files with one mistake each, whose first line tells what is said of it and where; and files without any."""

import re
from pathlib import Path

import pytest

from luxagent.config.findings import Code
from luxagent.config.load import Level, check, json_schema, load
from luxagent.core.policy.lint import Sort
from luxagent.errors import BadFile

RULES = Path(__file__).parents[1] / "rules"
EXAMPLES = Path(__file__).parents[2] / "luxagent" / "examples"
ENVIRON = {
    "PW": "json://canary",
    "USER_NAME": "someone",
    "LUXAGENT_PASSWORD": "canary",
    "NTFY_URL": "ntfy://canary",
    "MAIL_URL": "mailto://canary",
    "HEALTHCHECK_URL": "https://canary",
}
INVALID = sorted((RULES / "invalid").glob("*.yaml"))
WARNED = sorted((RULES / "warned").glob("*.yaml"))
OFFERED = sorted((RULES / "offered").glob("*.yaml"))
SENSIBLE = sorted((RULES / "sensible").glob("*.yaml"))
VALID = sorted((RULES / "valid").glob("*.yaml"))


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_the_one_mistake_is_found_where_it_stands(path: Path) -> None:
    expected = path.read_text().split("\n", 1)[0].removeprefix("# ")
    errors = [finding for finding in check(path, environ=ENVIRON) if finding.severity is Level.ERROR]
    told = [str(finding).removeprefix(f"{path}:").replace(" error:", "", 1) for finding in errors]
    assert told == [expected]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_file_with_a_mistake_is_not_loaded(path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        load(path, environ=ENVIRON, resolve_secrets=True)
    assert caught.value.findings == check(path, environ=ENVIRON)


@pytest.mark.parametrize("path", WARNED, ids=lambda path: path.stem)
def test_the_one_doubt_is_told_where_it_stands_and_the_file_is_used(path: Path) -> None:
    assert severity_of_the_one(path) is Level.WARNING
    assert load(path, environ=ENVIRON, resolve_secrets=True).warnings[-1] in check(path, environ=ENVIRON)


@pytest.mark.parametrize("path", OFFERED, ids=lambda path: path.stem)
def test_the_one_offer_is_told_where_it_stands_and_is_no_warning(path: Path) -> None:
    assert severity_of_the_one(path) is Level.INFO
    assert load(path, environ=ENVIRON, resolve_secrets=True).warnings == ()


def severity_of_the_one(path: Path) -> Level:
    """How grave the one finding is that the file's first line tells word by word."""
    expected = path.read_text().split("\n", 1)[0].removeprefix("# ")
    (found,) = [one for one in check(path, environ=ENVIRON) if one.code is not Code.NOT_YET]
    tail = f" ({found.hint})" if found.hint else ""
    assert f"{found.line}:{found.column}: {found.code}: {found.message}{tail}" == expected
    return found.severity


ELSEWHERE = {
    Code.TOO_DEEP: "tests/config/test_bombs.py",
    Code.NOT_YET: "tests/config/test_file.py",  # what it is said of changes
    Code.OVER: "tests/cli/test_dates_that_are_over.py",  # said by the date
    **dict.fromkeys(
        (Code.NO_PLANT, Code.NO_DEVICE, Code.NO_SOC, Code.LOOK_ONLY, Code.WIRE, Code.UNREAD),
        "tests/cli/test_check_live.py",  # no file says it by itself
    ),
}


def test_every_code_has_a_file_that_shows_it() -> None:
    shown = {one.code for path in (*INVALID, *WARNED, *OFFERED) for one in check(path, environ=ENVIRON)}
    assert set(Code) - shown - {Code.NOT_YET} == set(ELSEWHERE) - {Code.NOT_YET}


def test_every_code_is_explained() -> None:
    text = (Path(__file__).parents[2] / "docs" / "findings.md").read_text()
    explained = re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)
    assert sorted(explained) == sorted(Code)


def test_the_sorts_of_lint_are_codes() -> None:
    assert {sort.value for sort in Sort} <= {code.value for code in Code}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_file_without_mistakes_loads(path: Path) -> None:
    assert [str(one) for one in check(path, environ=ENVIRON) if one.severity is Level.ERROR] == []
    assert load(path, environ=ENVIRON, resolve_secrets=True).path == path
    assert load(path, environ={}, resolve_secrets=False).path == path


@pytest.mark.parametrize("path", SENSIBLE, ids=lambda path: path.stem)
def test_what_a_sensible_owner_writes_gives_no_warning(path: Path) -> None:
    assert [str(one) for one in check(path, environ=ENVIRON) if one.severity is not Level.INFO] == []


@pytest.mark.parametrize("name", ["rules.example.yaml", "document.example.yaml"])
def test_the_shipped_examples_leave_nothing_to_say_but_that_a_channel_is_the_owners(name: str) -> None:
    (told,) = check(EXAMPLES / name, environ={"LUXAGENT_PASSWORD": "x"})
    assert (told.code, told.severity) == (Code.NO_CHANNEL, Level.INFO)


def test_the_example_tells_editors_of_the_schema() -> None:
    first = (EXAMPLES / "rules.example.yaml").read_text().split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert json_schema()["$schema"].endswith("2020-12/schema")


def test_there_are_enough_mistakes_and_samples() -> None:
    assert len(INVALID) >= 60
    assert len(WARNED) >= 40
    assert len(VALID) >= 30
