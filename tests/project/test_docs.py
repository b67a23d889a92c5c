"""What the pages for people promise: links lead somewhere, verbs and tests exist, the file loads."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from luxagent.cli.group import VERBS
from luxagent.config import load
from luxagent.config.load import Level

ROOT = Path(__file__).resolve().parents[2]
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELLS = pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])


@EVERY_PAGE
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == []


@EVERY_PAGE
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", page.read_text(encoding="utf-8"))
    lost = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or (name and f"def {name}(" not in (ROOT / path).read_text())
    ]
    assert lost == []


@pytest.mark.parametrize("number", [*range(1, 76), *range(81, 87)])
def test_every_class_of_faults_has_a_row_that_names_its_test(number: int) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    [row] = re.findall(rf"^\| (?:\*\*)?{number}(?:\*\*)? \|.*$", page, re.MULTILINE)
    assert re.search(r"`tests/[\w/]+\.py", row) or "as 62" in row


@pytest.mark.parametrize("number", range(1, 9))
def test_every_invariant_has_a_row_that_names_its_test(number: int) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    [row] = re.findall(rf"^\| I{number} \|.*$", page, re.MULTILINE)
    assert re.search(r"`tests/[\w/]+\.py", row)


@EVERY_PAGE
def test_every_verb_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"`(?:sudo )?luxagent ([a-z][a-z-]+)\b", page.read_text(encoding="utf-8"))
    assert sorted(set(named) - VERBS.keys()) == []


def test_the_readme_begins_with_what_it_is_the_risk_and_two_commands() -> None:
    first = README[:1200]
    assert first.index("unofficial") < first.index("make demo") < first.index("make test")


def test_the_readmes_file_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert found is not None
    assert len(found[1].splitlines()) <= 15
    path = tmp_path / "rules.yaml"
    path.write_text(found[1])
    findings = load.check(path, environ={"LUXAGENT_PASSWORD": "x", "NTFY_URL": "ntfy://x"})
    assert [one.message for one in findings if one.severity is Level.ERROR or one.code != "not-yet"] == []


def test_the_readme_puts_everything_where_the_unit_looks_for_it() -> None:
    unit = (ROOT / "systemd" / "luxagent.service").read_text(encoding="utf-8")
    for place in ("/opt/luxagent/bin/luxagent", "/etc/luxagent/rules.yaml", "/etc/luxagent/credentials"):
        assert place in unit
        assert place in README


@SHELLS
def test_the_shells_completion_is_printed_and_completes(shell: str) -> None:
    def ask(what: str, **words: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "_LUXAGENT_COMPLETE": f"{shell}_{what}", **words}
        code = "import sys; sys.argv = ['luxagent']; from luxagent.cli.main import entry; entry()"
        return subprocess.run(
            [sys.executable, "-c", code], env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip

    script = ask("source")
    assert "_LUXAGENT_COMPLETE" in script.stdout
    words = {"COMP_WORDS": "luxagent pau", "COMP_CWORD": "1" if shell != "fish" else "pau"}
    assert "pause" in ask("complete", **words).stdout
