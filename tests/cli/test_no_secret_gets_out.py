"""Canaries: secrets that can be told anywhere are put through every verb, and looked for in all that is left.

Secrets are found by their type, so that a new one needs no line here or in any list.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from luxagent.cli import logs
from luxagent.cli.group import VERBS
from luxagent.cli.secrets import secrets_in, texts_to_hide
from luxagent.config import load
from luxagent.store.db import DB_NAME
from tests.cli.bench import Desk, StillClock, new_portal
from tests.processes import Process

ROOT = Path(__file__).resolve().parents[2]

CANARIES = {
    "LUXAGENT_PASSWORD": "canary-password-1b7e",
    "NTFY_URL": "json://127.0.0.1:9/canary-token-9d42",
    "MAIL_URL": "mailto://me:canary-mail-77aa@127.0.0.1:9?to=canary-person-30c1@x.example",
    "HEALTHCHECK_URL": "http://127.0.0.1:9/canary-beat-51fe",
    "WEB_TOKEN": "canary-web-c0de",
}
RULES = """\
flags: [away]
baseline: {charge_limit: 90%}
rules: [{name: Always, when: always, set: {discharge_floor: 25%}, notify: [phone]}]
alerts: [{name: Told, when: {soc: at least 0%}, severity: critical, message: "It is {soc}"}]
notify: {phone: {url: "${NTFY_URL}"}, mail: {url: "${MAIL_URL}"}}
heartbeat: ${HEALTHCHECK_URL}
web: {listen: 127.0.0.1:0, token: "${WEB_TOKEN}"}
"""
ASKED = (
    "check", "check --json", "plan", "plan --json", "why", "why --json", "once --json", "once -vv", "status",
    "status --json --fresh", "log", "log --json", "health", "dump", "doctor", "doctor --json", "firmware",
    "pause", "resume", "set charge_limit=85%", "flag away on", "silence Told 1h", "notify-test --json",
    "restore", "schema",
    "init --yes --force --no-login --region eu --username owner --timezone America/Phoenix",
)  # fmt: skip
ASKED_ELSEWHERE = {
    "run": "a daemon: below, as a process of its own",
    "demo": "reads no file and no environment: it has a house, a portal and a password of its own",
    "portal": "reads no file either; its password is one that it asks of others, and on its command line",
}
"""Verbs that are not put to the desk, and why."""


@pytest.fixture
def canary_desk(tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with new_portal(clock, password=CANARIES["LUXAGENT_PASSWORD"]) as portal:
        desk = Desk(tmp_path, portal, clock, capsys)
        desk.environ |= CANARIES
        yield desk


def found_in(text: str) -> list[str]:
    return [word for word in text.split() if "canary" in word.lower()]


def test_every_verb_is_asked_or_said_why_not() -> None:
    asked = {line.split()[0] for line in ASKED}
    assert asked | ASKED_ELSEWHERE.keys() == VERBS.keys()
    assert not asked & ASKED_ELSEWHERE.keys()


def test_no_verb_tells_a_secret_and_none_is_kept(canary_desk: Desk) -> None:
    desk = canary_desk
    desk.write(RULES)
    told = ""
    for line in ASKED:
        said = desk.say(*line.split())
        assert said.code in (0, 1), (line, said.err)
        told += said.out + said.err
    assert found_in(told) == []
    assert found_in(desk.file.read_text()) == []  # init wrote it anew
    kept = [path for path in desk.state.rglob("*") if path.is_file()]
    assert len(kept) >= 3
    assert [path.name for path in kept if b"canary" in path.read_bytes()] == []


def test_a_daemon_tells_no_secret_and_keeps_none(canary_desk: Desk) -> None:
    desk = canary_desk
    desk.write(RULES)
    environ = {**os.environ, **desk.environ, "PYTHONPATH": str(ROOT)}
    where = ("-c", str(desk.file), "--state", str(desk.state))
    with Process(environ, "run", "-vv", *where) as process:
        assert process.stderr is not None
        told = ""
        for line in process.stderr:
            told += line
            if "logged in" in line:
                break
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert found_in(told + out + err) == []
    kept = [path for path in desk.state.rglob("*") if path.is_file()]
    assert DB_NAME in {path.name for path in kept}
    assert [path.name for path in kept if b"canary" in path.read_bytes()] == []


def test_a_refused_password_and_a_broken_file_tell_no_secret(canary_desk: Desk) -> None:
    desk = canary_desk
    desk.write(RULES)
    desk.environ["LUXAGENT_PASSWORD"] = "canary-wrong-0f0f"
    told = "".join(
        said.out + said.err for said in (desk.say("once", "--json", "-vv"), desk.say("once", "-vv"))
    )
    for broken in ("portal: [", "heartbet: canary-literal-8a8a\n", "password: canary-literal-8a8a\n"):
        desk.write(RULES + broken)
        told += "".join(said.out + said.err for said in (desk.say("check"), desk.say("dump", "-vv")))
    assert found_in(told) == []


def test_every_secret_of_a_file_is_found_by_its_type(canary_desk: Desk) -> None:
    desk = canary_desk
    desk.write(RULES)
    config = load.load(desk.file, environ=desk.environ, resolve_secrets=True)
    assert {name for secret in secrets_in(config) for name in secret.names} == set(CANARIES)
    hidden = set(texts_to_hide(config))
    assert set(CANARIES.values()) <= hidden
    assert {"canary-token-9d42", "canary-mail-77aa", "canary-beat-51fe"} <= hidden


def test_whatever_is_hidden_leaves_no_log_line_and_no_trace(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(logs.TALKATIVE, 2)
    logs.hide("canary-in-a-trace")
    log = logs.logging.getLogger("luxagent")
    try:
        int("canary-in-a-trace")
    except ValueError:
        log.exception("failed with %s", "canary-in-a-trace")
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert found_in(err) == []
