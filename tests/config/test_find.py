"""Which file is used when none, or one, is named."""

from pathlib import Path

import pytest

from luxagent.config.load import check, find, load
from luxagent.errors import BadFile


def make(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("version: 1\n")
    return path


def test_the_order_is_named_then_variable_then_here_then_the_users(tmp_path: Path) -> None:
    here, user = tmp_path / "here", tmp_path / "config"
    here.mkdir()
    environ = {"LUXAGENT_CONFIG": "/elsewhere/rules.yaml", "XDG_CONFIG_HOME": str(user), "HOME": "/nowhere"}
    users = make(user / "luxagent" / "rules.yaml")
    local = make(here / "rules.yaml")
    assert find("my.yaml", environ, here) == here / "my.yaml"
    assert find(None, environ, here) == Path("/elsewhere/rules.yaml")
    del environ["LUXAGENT_CONFIG"]
    assert find(None, environ, here) == local
    local.unlink()
    assert find(None, environ, here) == users


def test_without_xdg_the_users_folder_is_in_the_home(tmp_path: Path) -> None:
    users = make(tmp_path / ".config" / "luxagent" / "rules.yaml")
    assert find(None, {"HOME": str(tmp_path)}, tmp_path) == users


def test_where_there_is_none_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"rules\.yaml, .*luxagent/rules\.yaml, /etc/luxagent/rules\.yaml"):
        find(None, {"HOME": str(tmp_path)}, tmp_path)


@pytest.mark.parametrize("name", ["missing.yaml", ".", "nul\0.yaml"])
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    (finding,) = check(path, environ={})
    assert finding.code == "unreadable"
    with pytest.raises(BadFile, match="cannot read the file"):
        load(path, environ={}, resolve_secrets=False)
