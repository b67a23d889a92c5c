"""YAML as we take it: texts stay texts, every node knows its place, bombs do not go off."""

import time

import pytest
import yaml

from luxagent.config import nodes
from luxagent.config.findings import Code, Place
from luxagent.config.nodes import Items, Misplaced, Node, Scalar, Table, parse


def root(text: str) -> Node:
    found, faults = parse(text.encode())
    assert faults == ()
    return found


def value(text: str) -> Scalar:
    table = root(f"key: {text}\n")
    assert isinstance(table, Table)
    node = table.entries["key"].node
    assert isinstance(node, Scalar)
    return node


@pytest.mark.parametrize(
    "text", ["23:00", "1:30", "no", "on", "0777", "0o17", "44300E0585", "2026-03-08", "1e3"]
)
def test_a_scalar_stays_the_text_that_was_written(text: str) -> None:
    assert value(text).text == text
    assert not value(text).is_null


@pytest.mark.parametrize("text", ["", "~", "null", "NULL"])
def test_only_nothing_tilde_and_null_are_null(text: str) -> None:
    assert value(text).is_null


def test_a_quoted_null_is_a_text() -> None:
    assert not value('"null"').is_null
    assert not value('""').is_null


@pytest.mark.parametrize(
    "text",
    ["call Ann // or Bo", "it\u2019s \u201cfull\u201d", "20\xa0%", '"\u201cLow\u201d"', '"\xa0x"', "//b"],
)
def test_what_is_odd_only_at_the_edge_of_a_plain_text_may_stand_elsewhere(text: str) -> None:
    assert value(text).text == text.strip('"')


def test_keys_and_values_know_their_line_and_column() -> None:
    table = root("# a comment\nfirst:\n  second: [x,  yy]\n")
    assert isinstance(table, Table)
    inner = table.entries["first"].node
    assert isinstance(inner, Table)
    assert inner.entries["second"].place == Place(3, 3)
    items = inner.entries["second"].node
    assert isinstance(items, Items)
    assert [item.place for item in items.items] == [Place(3, 12), Place(3, 16)]


def test_keys_stay_texts_even_where_yaml_1_1_saw_a_switch() -> None:
    table = root("on: 1\n21: 2\n")
    assert isinstance(table, Table)
    assert list(table.entries) == ["on", "21"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    table, faults = parse("\ufeffa: 1\r\nb: 2\r\n".encode())
    assert isinstance(table, Table)
    assert faults == ()
    assert table.entries["b"].place == Place(2, 1)


def test_an_empty_file_is_an_empty_mapping() -> None:
    for text in ("", "\n", "# only a comment\n", "---\n", "null\n"):
        assert root(text) == Table(Place(1, 1))


def test_several_duplicates_and_aliases_are_told_in_one_go() -> None:
    _table, faults = parse(b"a: 1\na: 2\nb: &x 1\nc: *x\na: 3\n")
    assert [(one.place.line, one.fault.code) for one in faults] == [
        (2, Code.DUPLICATE_KEY),
        (3, Code.EXTRA),
        (4, Code.EXTRA),
        (5, Code.DUPLICATE_KEY),
    ]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"a: 1\nb: \xff\n", 2, 4),
        ("a: 1\n".encode("utf-16"), 1, 1),
        (b"a: x\x1b[2Jy\n", 1, 5),
        (b"a: 1\n\x00", 2, 1),
        ("a: x\u202ey".encode(), 1, 5),
        (b'a: 1\nb: "x\\ey"\n', 2, 4),
    ],
)
def test_bytes_that_are_no_text_and_signs_that_nobody_sees_are_refused(
    data: bytes, line: int, column: int
) -> None:
    with pytest.raises(Misplaced) as caught:
        parse(data)
    assert caught.value.place == Place(line, column)


BOMBS = {
    "brackets": b"[" * 100_000,
    "braces": b"{a: " * 100_000,
    "dashes": b"- " * 100_000,
    "keys": b"? " * 100_000,
    "too large": b"a" * 50_000_000,
    "aliases": b"a: &a [x]\n" + b"".join(b"k%d: &b%d [*a, *a]\n" % (n, n) for n in range(200)),
}


def cpu_s(data: bytes) -> float:
    """What it takes to refuse a file."""
    began = time.process_time()
    try:
        _root, faults = parse(data)
        assert faults
    except Misplaced:
        pass
    return time.process_time() - began


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str) -> None:
    parse(b"a: 1")
    assert min(cpu_s(BOMBS[name]) for _ in range(3)) < 0.05  # on a busy machine one of three is its own


def test_as_many_values_as_fit_into_a_file_are_refused_by_count() -> None:
    with pytest.raises(Misplaced) as caught:
        parse(b"[" + b"a," * 70_000 + b"]")
    assert caught.value.fault.code is Code.TOO_DEEP


def test_nesting_as_deep_as_a_policy_needs_is_fine() -> None:
    root("when: " + "{any: [" * 10 + "x" + "]}" * 10)


@pytest.mark.parametrize(
    "text",
    [
        "a: [1, {b: c}]\n",
        "a: 1\na: 2\n",
        "a: 'x\n",
        "\ta: 1\n",
        "a: *b\n",
        "a: !b c\n",
        "a: b: c\n",
        'a: "\\x"\n',
    ],
)
def test_the_pure_loader_says_much_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> object:
        try:
            found, faults = parse(text.encode())
        except Misplaced as stop:
            return stop.place.line
        return found, [(one.place, str(one.fault)) for one in faults]

    fast = told()
    monkeypatch.setattr(nodes, "_LOADER", yaml.SafeLoader)
    assert told() == fast
