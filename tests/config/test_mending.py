"""Several faults in one go, also where some of them keep the file from being YAML."""

from collections.abc import Callable

from luxagent.config.findings import Code
from luxagent.config.load import Finding

Checked = Callable[..., tuple[Finding, ...]]


def places(found: tuple[Finding, ...]) -> list[tuple[int, Code]]:
    return [(one.line, one.code) for one in found if one.code is not Code.NOT_YET]


def test_a_rule_that_is_not_yaml_does_not_hide_the_faults_of_others(checked: Checked) -> None:
    found = checked(
        "rules:\n"
        "  - name: One\n"
        "    when: {soc: > 30%}\n"
        "    set: {eps: on}\n"
        "  - {name: Two, when: {soc: blow 3%}, set: {eps: on}}\n"
        "  - name: Three\n"
        "    when: {time: 22:00 to 06:00\n"
        "    set: {eps: on}\n"
        "alerts:\n"
        "  - {name: Four, when: {grid: don}}\n"
    )
    assert places(found) == [(6, Code.SYNTAX), (8, Code.VALUE), (10, Code.SYNTAX), (13, Code.VALUE)]


def test_a_broken_section_that_others_need_is_told_alone(checked: Checked) -> None:
    found = checked("flags: [storm\nrules:\n  - {name: One, when: {flag: storm}, set: {eps: on}}\n")
    assert [code for _, code in places(found)] == [Code.SYNTAX]


def test_a_list_that_loses_its_only_item_is_not_called_empty(checked: Checked) -> None:
    found = checked('rules:\n  - {name: "One, when: always, set: {eps: on}}\n')
    assert [code for _, code in places(found)] == [Code.SYNTAX]


def test_there_is_an_end_to_reading_on(checked: Checked) -> None:
    found = checked("rules:\n" + '  - {name: "x}\n  - {name: y, when: [}\n' * 40)
    assert 1 <= len(found) <= 8


def test_what_was_meant_for_a_comment_takes_nothing_with_it(checked: Checked) -> None:
    found = checked(
        "// the flags\nflags: [storm]\nalerts:\n"
        "  // the first\n  - {name: One, when: {flag: strom}}\n"
        "  - {name: Two, when: {grid: don}}\n"
    )
    assert places(found) == [
        (4, Code.SYNTAX), (7, Code.SYNTAX), (8, Code.UNKNOWN_NAME), (9, Code.VALUE),
    ]  # fmt: skip


def test_each_typographic_quote_is_told_and_hides_nothing(checked: Checked) -> None:
    found = checked(
        "alerts:\n  - name: \u201cOne\u201d\n    when: {\u201ctime\u201d: \u2018sunst to 23:00\u2019}\n"
        "  - {name: Two, when: {grid: don}}\n"
    )
    assert [(one.line, one.column) for one in found] == [(5, 11), (6, 12), (6, 20), (7, 30)]
