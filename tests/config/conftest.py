"""A file made of a head that is always the same and what a test adds to it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from luxagent.config.load import Config, Finding, check, load

ENVIRON: Mapping[str, str] = {"PW": "json://canary", "USER_NAME": "someone"}
HEAD = """\
version: 1
portal: {region: eg4-us, username: you, password: "${PW}"}
site: {timezone: America/Phoenix, latitude: 33.45, longitude: -112.07}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a rules file that only its owner can read."""

    def write(body: str | bytes, *, head: str = HEAD, mode: int = 0o600) -> Path:
        path = tmp_path / "rules.yaml"
        path.write_bytes(body if isinstance(body, bytes) else (head + body).encode())
        path.chmod(mode)
        return path

    return write


@pytest.fixture
def loaded(write: Callable[..., Path]) -> Callable[..., Config]:
    """Loads the head and what is added to it."""

    def loaded(body: str, *, head: str = HEAD) -> Config:
        return load(write(body, head=head), environ=ENVIRON, resolve_secrets=True)

    return loaded


@pytest.fixture
def checked(write: Callable[..., Path]) -> Callable[..., tuple[Finding, ...]]:
    """Checks the head and what is added to it."""

    def checked(body: str | bytes, *, head: str = HEAD, mode: int = 0o600) -> tuple[Finding, ...]:
        return check(write(body, head=head, mode=mode), environ=ENVIRON)

    return checked
