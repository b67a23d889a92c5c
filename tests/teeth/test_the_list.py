"""The list of seeded bugs: long enough, each once, fitting the source, and naming tests that exist."""

from tests.teeth import guards, language, thinking, writes
from tests.teeth.seeded import ROOT

BUGS = (*writes.BUGS, *guards.BUGS, *thinking.BUGS, *language.BUGS)


def test_there_are_enough_of_them_and_no_two_are_the_same() -> None:
    assert len(BUGS) >= 50
    assert len({bug.sentence for bug in BUGS}) == len(BUGS)
    assert len({(bug.module, bug.text, bug.instead) for bug in BUGS}) == len(BUGS)


def test_each_fits_one_place_of_the_source_and_still_compiles() -> None:
    for bug in BUGS:
        assert compile(bug.source(), str(bug.path), "exec")
        assert bug.text != bug.instead


def test_each_names_tests_that_are_there() -> None:
    named = {test.partition("[")[0] for bug in BUGS for test in bug.caught_by}
    lost = [
        test
        for test in sorted(named)
        if f"def {test.partition('::')[2]}(" not in (ROOT / test.partition("::")[0]).read_text()
    ]
    assert lost == []
