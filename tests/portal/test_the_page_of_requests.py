"""docs/portal.md says how many requests an hour come of three files, as `check` counts them."""

import re
from pathlib import Path

import pytest

from luxagent.config.load import load
from luxagent.core.policy.policy import build
from luxagent.portal.budget import requests_an_hour

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "portal.md").read_text(encoding="utf-8")
EMPTY = "version: 1\nportal: {region: eu, username: me, password: '${P}'}\nsite: {timezone: Europe/Berlin}\n"


def readmes_file() -> str:
    found = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("no rule, no alert", EMPTY),
        ("the README's file", readmes_file()),
        ("`rules.example.yaml`", (ROOT / "rules.example.yaml").read_text(encoding="utf-8")),
    ],
)
def test_the_page_tells_the_requests_that_check_counts(row: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    config = load(path, environ={}, resolve_secrets=False)
    policy = build(config.ruleset)
    alone = requests_an_hour(policy.needs, policy.managed, config.interval_s)
    pair = requests_an_hour(policy.needs, policy.managed, config.interval_s, inverters=2, gridbosses=1)
    assert f"| {row} | {alone} | {pair} |\n" in PAGE
