"""Where the state lives: the first of the places that the owner, systemd, the file or custom names."""

from pathlib import Path

import pytest

from luxagent.store.place import resolve

HOME = {"HOME": "/home/ann"}
SYSTEMD = {**HOME, "STATE_DIRECTORY": "/var/lib/luxagent/garage:/var/lib/other"}
FILE = Path("/home/ann/solar/rules.yaml")


def test_the_option_comes_before_everything() -> None:
    assert resolve("/mnt/state", SYSTEMD, "/elsewhere", FILE) == Path("/mnt/state")


def test_systemd_comes_before_the_file_and_its_first_folder_counts() -> None:
    assert resolve(None, SYSTEMD, "/elsewhere", FILE) == Path("/var/lib/luxagent/garage")


@pytest.mark.parametrize(
    ("written", "folder"),
    [
        ("/srv/state", "/srv/state"),
        ("state", "/home/ann/solar/state"),
        ("../state", "/home/ann/state"),
        ("~/state", "/home/ann/state"),
    ],
)
def test_the_file_names_a_folder_from_where_it_lies(written: str, folder: str) -> None:
    assert resolve(None, HOME, written, FILE) == Path(folder)


def test_one_of_several_accounts_keeps_its_state_beside_the_others() -> None:
    assert resolve(None, HOME, None, Path("/etc/luxagent/garage/rules.yaml")) == Path(
        "/var/lib/luxagent-garage"
    )


def test_a_file_under_etc_keeps_its_state_under_var() -> None:
    assert resolve(None, HOME, None, Path("/etc/luxagent/rules.yaml")) == Path("/var/lib/luxagent")
    assert resolve(None, HOME, None, Path("/etc/../home/ann/rules.yaml")) != Path("/var/lib/luxagent")


def test_else_it_is_the_users_own_state_folder() -> None:
    assert resolve(None, {**HOME, "XDG_STATE_HOME": "/x"}, None, FILE) == Path("/x/luxagent")
    assert resolve(None, HOME, None, FILE) == Path("/home/ann/.local/state/luxagent")
    assert resolve(None, HOME) == Path("/home/ann/.local/state/luxagent")


def test_empty_and_relative_variables_count_for_nothing() -> None:
    environ = {**HOME, "STATE_DIRECTORY": "", "XDG_STATE_HOME": "relative"}
    assert resolve("", environ, "", FILE) == Path("/home/ann/.local/state/luxagent")


def test_a_relative_option_is_from_where_the_verb_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve("state", HOME, None, FILE) == tmp_path / "state"
