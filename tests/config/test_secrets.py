"""Secrets: where they are looked up, when they must be there, and that nothing ever shows them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from luxagent.config.findings import Code, Level, PlainFault
from luxagent.config.load import Config, Finding, check, load
from luxagent.config.secrets import SecretText, Vault
from luxagent.errors import BadFile, NeedsPerson

VALID = sorted((Path(__file__).parents[1] / "rules" / "valid").glob("*.yaml"))
CANARY = "c4n4ry"
LITERAL = "version: 1\nportal: {region: eu, username: you, password: hunter2}\nsite: {timezone: UTC}\n"


def test_a_credential_comes_before_the_environment(tmp_path: Path) -> None:
    (tmp_path / "PW").write_text("from the credential\n")
    vault = Vault({"CREDENTIALS_DIRECTORY": str(tmp_path), "PW": "from the environment", "OTHER": "x"})
    assert vault.find("PW") == "from the credential"
    assert vault.find("OTHER") == "x"
    assert vault.find("NEITHER") is None


def test_an_empty_secret_is_a_missing_one() -> None:
    assert Vault({"PW": ""}).find("PW") is None


def test_a_secret_that_is_not_there_and_one_that_is_empty_are_told_apart() -> None:
    for environ, words in (({}, "neither a credential nor in the environment"), ({"PW": ""}, "is empty")):
        with pytest.raises(PlainFault, match=words):
            Vault(environ).resolve("${PW}")


def test_a_reference_may_stand_within_a_text_and_be_escaped() -> None:
    vault = Vault({"USER": "me", "PW": "x"})
    assert vault.resolve("ntfy://${USER}:${PW}@host/$${PW}") == "ntfy://me:x@host/${PW}"


def test_what_a_reference_stands_for_is_not_resolved_again() -> None:
    assert Vault({"A": "${B}", "B": "x"}).resolve("${A}") == "${B}"


def test_nothing_shows_a_secret_by_accident(loaded: Callable[..., Config]) -> None:
    config = loaded("")
    assert config.portal.password.reveal() == "json://canary"
    assert "canary" not in repr(config)
    assert "canary" not in str(config.portal.password)
    assert CANARY not in repr(Vault({"PW": CANARY}))


def test_a_verb_that_needs_no_secret_loads_without_one(write: Callable[..., Path]) -> None:
    config = load(write(""), environ={}, resolve_secrets=False)
    assert config.portal.password.names == ("PW",)
    with pytest.raises(NeedsPerson, match="PW"):
        config.portal.password.reveal()


def test_a_verb_that_needs_it_names_the_line(write: Callable[..., Path]) -> None:
    with pytest.raises(BadFile, match=r"rules.yaml:2:51: error: \$\{PW\} is neither"):
        load(write(""), environ={}, resolve_secrets=True)


def test_a_known_secret_can_be_made_by_hand() -> None:
    assert SecretText.of("x").reveal() == "x"


@pytest.mark.parametrize(
    ("mode", "level"),
    [
        (0o600, Level.WARNING),
        (0o400, Level.WARNING),
        (0o640, Level.ERROR),
        (0o604, Level.ERROR),
        (0o644, Level.ERROR),
    ],
)
def test_a_literal_password_depends_on_who_can_read_the_file(
    checked: Callable[..., tuple[Finding, ...]], mode: int, level: Level
) -> None:
    (finding,) = checked("", head=LITERAL, mode=mode)
    assert (finding.severity, finding.code) == (level, Code.LITERAL_SECRET)
    assert "hunter2" not in str(finding)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("tgram://123:abc/456", True),
        ("ntfys://my-topic", True),
        ("json://me:hunter2@127.0.0.1/", True),
        ("json://127.0.0.1:8080/", False),
        ("${PW}", False),
        ("mailto://me:${PW}@example.com", False),
    ],
)
def test_an_address_that_is_a_secret_is_not_written_out(
    checked: Callable[..., tuple[Finding, ...]], url: str, told: bool
) -> None:
    found = checked(f'notify: {{phone: {{url: "{url}"}}}}\n', mode=0o644)
    assert [finding.code for finding in found] == [Code.LITERAL_SECRET] * told


@pytest.mark.parametrize(("mode", "level"), [(0o600, Level.WARNING), (0o644, Level.ERROR)])
def test_the_address_of_the_heartbeat_is_a_secret(
    checked: Callable[..., tuple[Finding, ...]], mode: int, level: Level
) -> None:
    (finding,) = checked("heartbeat: https://hc-ping.com/hunter2\n", mode=mode)
    assert (finding.severity, finding.code) == (level, Code.LITERAL_SECRET)
    assert "hunter2" not in f"{finding} {finding.source}"


@pytest.mark.parametrize("url", ["${PW}/beat", "http://127.0.0.1:9/beat"])
def test_a_heartbeat_from_elsewhere_or_to_this_machine_is_none(
    checked: Callable[..., tuple[Finding, ...]], url: str
) -> None:
    assert checked(f"heartbeat: {url}\n", mode=0o644) == ()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_no_finding_quotes_a_secret_wherever_it_is_put(path: Path, tmp_path: Path) -> None:
    lines = path.read_text().split("\n")
    target = tmp_path / "rules.yaml"
    for number, line in enumerate(lines):
        for match in re.finditer(r"(?<=[:\[,] )[^\s,{}\[\]\"][^,{}\[\]\"#]*", line):
            changed = line[: match.start()] + '"${CANARY}"' + line[match.end() :]
            target.write_text("\n".join([*lines[:number], changed, *lines[number + 1 :]]))
            for finding in check(target, environ={"CANARY": CANARY, "PW": CANARY}):
                assert CANARY not in f"{finding.message} {finding.hint}"


def test_a_name_without_its_braces_is_told(checked: Callable[..., tuple[Finding, ...]]) -> None:
    found = checked("", head=LITERAL.replace("hunter2", "$LUXAGENT_PASSWORD"), mode=0o600)
    assert any("without braces" in finding.message and "${NAME}" in finding.hint for finding in found)
