"""Every good file decides, at the instants that its comments name, what they say."""

from pathlib import Path

import pytest

from luxagent.config.load import load
from tests.rules.days import lines_of, replay

VALID = sorted((Path(__file__).parent / "valid").glob("*.yaml"))
ENVIRON = dict.fromkeys(("PW", "LUXAGENT_PASSWORD", "NTFY_URL", "MAIL_URL"), "json://x") | {
    "HEALTHCHECK_URL": "https://x",
    "USER_NAME": "someone",
}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_file_decides_what_it_says(path: Path) -> None:
    config = load(path, environ=ENVIRON, resolve_secrets=True)
    for expected, came in replay(config, path.read_text()):
        assert came == expected


def test_most_files_say_what_they_decide() -> None:
    silent = [path.stem for path in VALID if len(lines_of(path.read_text())) < 2]
    assert len(VALID) - len(silent) >= 30, silent
