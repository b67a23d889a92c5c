"""What a finding advises can be followed: the next check has nothing to say of it."""

import re
from pathlib import Path

import pytest

from luxagent.config.load import check

ENVIRON = {"PW": "json://x"}
NO_UNTIL = sorted(
    path
    for path in (Path(__file__).parent / "warned").glob("no-until-*.yaml")
    if "not:" not in path.read_text() and path.stem != "no-until-at-the-stop"  # there it takes two changes
)


@pytest.mark.parametrize("path", NO_UNTIL, ids=lambda path: path.stem)
def test_where_to_let_go_as_it_is_advised_is_accepted(path: Path, tmp_path: Path) -> None:
    (found,) = check(path, environ=ENVIRON)
    metric = re.findall(r"moves (\w+) ", found.message)[0]
    advice = re.findall(r"(?:like|leaving:) (.*)", found.hint)[0]
    mended, count = re.subn(rf"{metric}: [^,}}]*", f"{metric}: {advice}", path.read_text().split("\n", 1)[1])
    assert count == 1
    (tmp_path / "rules.yaml").write_text(mended)
    assert check(tmp_path / "rules.yaml", environ=ENVIRON) == ()


def test_there_is_advice_to_follow() -> None:
    assert len(NO_UNTIL) >= 7
