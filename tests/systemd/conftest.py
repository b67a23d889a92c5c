"""A service that was installed by the README's steps."""

from pathlib import Path

import pytest

from tests.systemd.readme import Prefix, steps


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Prefix:
    """As far as the README's first block leads: nothing of this checkout is on the program's path."""
    prefix = Prefix(tmp_path_factory.mktemp("clean"))
    prefix.prepare()
    for line in steps()[0]:
        prefix.step(line)
    return prefix


@pytest.fixture(scope="session")
def program(installed: Prefix) -> Path:
    """The console script."""
    return installed.program
