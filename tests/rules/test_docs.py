"""Every example of the README, rules.md and alerts.md loads without a finding, and decides what it says."""

import re
from pathlib import Path

import pytest

from luxagent.config.findings import Code
from luxagent.config.load import check, load
from tests.rules.days import replay

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
README = Path(__file__).parents[2] / "README.md"
ALERTS = Path(__file__).parents[2] / "docs" / "alerts.md"
_FENCED = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [block for page in (README, PAGE) for block in _FENCED.findall(page.read_text())]
ENVIRON = {"LUXAGENT_PASSWORD": "x", "NTFY_URL": "ntfy://topic"}
HEAD = """\
version: 1
portal: {region: eg4-us, username: you, password: "${LUXAGENT_PASSWORD}"}
site: {timezone: America/Phoenix, latitude: 33.45, longitude: -112.07}
"""
AROUND_A_CONDITION = """\
flags: [storm]
tariff: {holidays: [2026-12-25], periods: [{name: rest, import: 0.1}]}
baseline: {discharge_floor: 20%}
rules:
  - name: Example
    set: {discharge_floor: 80%}
"""
TITLES = [block.split("\n", 1)[0].strip()[:60] for block in BLOCKS]


def whole(block: str) -> str:
    """A block of the page as a whole file; a condition alone becomes a rule."""
    if block.startswith("version:"):
        return block
    if not block.startswith("when:"):
        return HEAD + block
    indented = "".join(f"    {line}\n" for line in block.splitlines() if not line.startswith("#"))
    told = "".join(f"{line}\n" for line in block.splitlines() if line.startswith("#"))
    told = told.replace(": does not hold", ": discharge_floor 20%").replace(
        ": holds", ": discharge_floor 80%"
    )
    return HEAD + AROUND_A_CONDITION + indented + told


@pytest.mark.parametrize("block", BLOCKS, ids=TITLES)
def test_an_example_does_what_the_page_says(block: str, tmp_path: Path) -> None:
    text = whole(block)
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    path.chmod(0o600)
    beside = {Code.NOT_YET, Code.NO_CHANNEL, Code.UNUSED if block.startswith("when:") else Code.NOT_YET}
    assert [str(one) for one in check(path, environ=ENVIRON) if one.code not in beside] == []
    for expected, came in replay(load(path, environ=ENVIRON, resolve_secrets=True), text):
        assert came == expected


@pytest.mark.parametrize("block", _FENCED.findall(ALERTS.read_text()))
def test_an_example_of_the_page_about_alerts_is_a_good_file_by_itself(block: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(HEAD + block)
    urls = {"MAIL_URL": "mailto://me", "HEALTHCHECK_URL": "https://example.com/beat"}
    found = check(path, environ={**ENVIRON, **urls})
    assert [str(one) for one in found if one.code is not Code.NO_CHANNEL] == []


def test_the_page_is_full_of_examples() -> None:
    assert len(BLOCKS) > 25
    silent = [title for title, block in zip(TITLES, BLOCKS, strict=True) if "# at " not in block]
    assert len(silent) <= 3, silent


@pytest.mark.parametrize(
    "recipe",
    ["time of use", "below a peak", "storm", "once a week", "winter", "costs money", "generator's weekly"],
)
def test_the_cookbook_has_a_recipe(recipe: str) -> None:
    assert recipe in PAGE.read_text().partition("## Cookbook")[2]
