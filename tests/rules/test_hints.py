"""What a finding advises can be followed: the next check has nothing to say of it."""

import re
from pathlib import Path

import pytest

from luxagent.config.load import Level, check

ENVIRON = {"PW": "json://x"}
WARNED = Path(__file__).parent / "warned"
NO_UNTIL = sorted(
    path
    for path in WARNED.glob("no-until-*.yaml")
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


def text_of(path: Path) -> str:
    """A file without its first line, which tells what is found."""
    return path.read_text().split("\n", 1)[1]


def advice(path: Path, after: str) -> str:
    """The lines that the one finding of a file says to write; they follow some word of its hint."""
    (found,) = check(path, environ=ENVIRON)
    return found.hint.rpartition(after)[2]


def is_silent(text: str, tmp_path: Path) -> bool:
    (tmp_path / "rules.yaml").write_text(text)
    return check(tmp_path / "rules.yaml", environ=ENVIRON) == ()


@pytest.mark.parametrize("stem", ["by-a-holiday", "of-two-windows"])
def test_a_window_put_into_the_not_is_no_longer_cut(stem: str, tmp_path: Path) -> None:
    path = WARNED / f"cut-at-midnight-{stem}.yaml"
    mended, count = re.subn(r"not: {[^}]*}", advice(path, "begins: "), text_of(path))
    assert count == 1
    assert is_silent(mended, tmp_path)


BASELINES = sorted(WARNED.glob("no-baseline-*.yaml"))


@pytest.mark.parametrize("path", BASELINES, ids=lambda path: path.stem)
def test_a_baseline_as_it_is_offered_is_accepted(path: Path, tmp_path: Path) -> None:
    line, text = advice(path, "baseline: {").removesuffix("}"), text_of(path)
    if "baseline: {" not in text:
        text += "baseline: {charge_limit: 90%}\n"
    (tmp_path / "rules.yaml").write_text(text.replace("baseline: {", f"baseline: {{{line}, "))
    found = check(tmp_path / "rules.yaml", environ=ENVIRON)
    assert [str(one) for one in found if one.severity is not Level.INFO] == []


def test_an_exception_put_above_is_accepted(tmp_path: Path) -> None:
    *rest, upper, lower = text_of(WARNED / "overlap-of-an-exception-below.yaml").splitlines()
    assert is_silent("\n".join((*rest, lower, upper)) + "\n", tmp_path)


def test_a_period_for_holidays_as_it_is_offered_is_accepted(tmp_path: Path) -> None:
    path = WARNED.parent / "offered" / "holidays-that-nothing-asks-for.yaml"
    mended = text_of(path).replace("periods: [", f"periods: [{advice(path, 'rest: ')}, ")
    assert is_silent(mended, tmp_path)


TOO_LONG = sorted(path for path in WARNED.glob("too-long-*.yaml") if "days:" not in path.read_text())


@pytest.mark.parametrize("path", TOO_LONG, ids=lambda path: path.stem)
def test_a_window_that_is_split_at_midnight_as_it_is_advised_is_accepted(path: Path, tmp_path: Path) -> None:
    windows = advice(path, ": time: ")
    mended, count = re.subn(r"time: [^,}]*", f"time: {windows}", text_of(path))
    assert count == 1
    assert is_silent(mended, tmp_path)
