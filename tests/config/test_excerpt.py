"""The line that a finding shows: what is meant is underlined, and no secret is on it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from luxagent.cli.render.check_text import findings_json, findings_text
from luxagent.config.load import Finding, check

Checked = Callable[..., tuple[Finding, ...]]


def shown(findings: tuple[Finding, ...]) -> list[str]:
    return [line for line in findings_text(findings) if " | " in line]


@pytest.mark.parametrize(
    ("body", "line", "marks"),
    [
        ("interval: 2 mn\n", "interval: 2 mn", "          ^^^^"),
        ("\nintervall: 2 min\n", "intervall: 2 min", "^^^^^^^^^"),
        ('flags: [a, "b b"]\nrules: "none"\n', 'rules: "none"', "       ^^^^^^"),
        ("flags: {a: 1, b: 2} # x\n", "flags: {a: 1, b: 2} # x", "       ^^^^^^^^^^^^"),
        ("guards:\n  - one\n", "  - one", "  ^^^^^"),
        ("tariff: [1,\n  2]\n", "tariff: [1,", "        ^^^"),
        ("# é\n日本: 1\n", "日本: 1", "^^^^"),
        ("flags:\n\t- storm\n", "        - storm", None),
    ],
)
def test_what_is_meant_is_underlined(body: str, line: str, marks: str | None, checked: Checked) -> None:
    above, below = shown(checked(body))[-2:]
    text = above.partition(" | ")[2]
    assert text.split() == line.split()
    if marks is not None:
        assert below.partition(" | ")[2] == marks


def test_a_long_line_is_cut_about_the_place(checked: Checked) -> None:
    above, below = shown(checked(f"flags: [{'a, ' * 60}{{}}, {'b, ' * 60}]\n"))[-2:]
    assert len(above) < 120
    assert above[below.index("^")] == "{"


SECRETS = (
    "portal: {region: eg4-uss, username: you, password: canary, wire: foo}\n",
    'portal: {region: eu, username: [you], "password": "canary canary", wire: foo}\n',
    "portal:\n  region: eu\n  username: you\n  password: >-\n    can\n    ary: @x\n  wire: foo\n",
    'portal:\n  region: eu\n  username: you\n  password: "\n ary can\n"x\n  wire: foo\n',
    "notify: {phone: {url: ntfys://canary, severity: x}}\n",
    "notify: {phone: {url: 'ntfys://canary\n  canary', severity: x}}\n",
    "heartbeat: http://canary.example\n",
    "web: {listen: 1, token: canary\n",
    "portal: {password: canary\x07}\n",
    "portal: {password: canary, password: canary}\n",
    "password: canary\n",
    "portal: {pwd: canary}\n",
    "portal: {portal_password: canary}\n",
    "portal: {ntfy_tokens: canary}\n",
    "portal: {pswd: canary}\n",
    "notify: {phone: {tokn: canary}}\n",
    "notify: {phone: {topic: canary}}\n",
    "notify: {phone: ntfys://canary}\n",
    "notify: ntfys://canary\n",
    "notify:\n  phone: ntfys://x\n    ntfys: //canary\n",
    'notify:\n  phone: "ntfys://x\n  canary\n"x\n',
    "notify: {phone: {address: ntfys://canary}}\n",
    'notify: {phone: {url: "${PW}", fallback: ntfys://canary, severity: ntfys://canary}}\n',
    "notify: {phone: {\u201curl\u201d: ntfys://canary}}\n",
    "portal:\n  \u201cpassword\u201d: canary\n  password\xa0: canary\n",
)


@pytest.mark.parametrize("text", SECRETS)
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_no_secret_is_on_a_line_that_is_shown(text: str, mode: int, checked: Checked) -> None:
    found = checked(text.encode(), mode=mode)
    assert found
    assert not any("canary" in line or "ary can" in line for line in findings_text(found))


def test_a_reference_is_no_secret_and_is_shown(checked: Checked) -> None:
    (above, _below) = shown(checked('notify: {phone: {url: "${PW}", severity: x}}\n'))
    assert above.endswith('notify: {phone: {url: "${PW}", severity: x}}')


@pytest.mark.parametrize(
    "line",
    ["    then: {ac_charge: off}", '    messag: "battery is at {soc}"', "    repeet: 1 h", "    priority: 5"],
)
def test_the_value_of_an_unknown_key_that_is_no_secret_is_shown(line: str, checked: Checked) -> None:
    above = shown(checked(f"alerts:\n  - name: a\n    when: always\n{line}\n"))[0]
    assert above.endswith(f"| {line}")


def test_json_has_the_keys_that_tools_go_by_and_no_more(checked: Checked) -> None:
    (finding,) = checked("interval: 1\n")
    (told,) = findings_json((finding,))["findings"]  # type: ignore[misc,union-attr]
    assert list(told) == ["file", "line", "column", "severity", "code", "message", "hint"]  # type: ignore[arg-type]


def test_a_file_that_is_not_there_shows_no_line(tmp_path: Path) -> None:
    assert shown(check(tmp_path / "rules.yaml", environ={})) == []
