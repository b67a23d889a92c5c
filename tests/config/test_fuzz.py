"""Whatever a file holds, `check` answers with findings and never with an exception."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.config.load import Level, check, load
from luxagent.errors import BadFile

CANARY = "c4n4ry"
ENVIRON = {"PW": CANARY, "LUXAGENT_PASSWORD": CANARY, "HOME": "/home/me"}
FOLDERS = (Path(__file__).parents[1] / "rules" / "valid", Path(__file__).parents[2] / "luxagent" / "examples")
SAMPLES = tuple(path.read_text() for folder in FOLDERS for path in sorted(folder.glob("*.yaml")))
CORPUS = tuple(
    path.read_text()
    for kind in ("invalid", "warned", "valid")
    for path in sorted((Path(__file__).parents[1] / "rules" / kind).glob("*.yaml"))
)

PIECES = st.sampled_from(
    [
        *(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "- ",
            "\n",
            "\t",
            " ",
            '"',
            "'",
            "#",
            "&a ",
            "*a",
            "!t ",
            "? ",
            "| ",
            "> ",
        ),
        *("%", "@", "---\n", "...\n", "${PW}", "${", "$${", "null", "~", "on", "1e999", "9" * 400, "-", "\\"),
        *(
            "\u202e",
            "\x1b",
            "é",
            "\U0001f600",
            "below ",
            " until ",
            " to ",
            "sunset",
            "never",
            "0777",
            "24:00",
        ),
        *("nan", "inf", "\xb2", "\u0663", "\ud7ff", "a" * 3000),
    ]
)


def told(data: bytes) -> None:
    """`check` and `load` agree, and nobody is told the secret."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "rules.yaml")
        path.write_bytes(data)
        found = check(path, environ=ENVIRON)
        errors = [finding for finding in found if finding.severity is Level.ERROR]
        try:
            load(path, environ=ENVIRON, resolve_secrets=True)
            assert errors == []
        except BadFile as bad:
            assert bad.findings == found
            assert errors != []
            assert CANARY not in str(bad)
        lines = data.count(b"\n") + data.count(b"\r") + data.count(b"\x85") + 2
        for finding in found:
            assert 1 <= finding.line <= lines
            assert finding.column >= 1
            assert len(finding.message) < 400
            assert finding.message.isprintable()
            assert CANARY not in f"{finding.message}{finding.hint}"


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    told(data)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    told(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_good_file_with_pieces_cut_out_and_put_in(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(PIECES | st.just("")) + text[at + gone :]
    told(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_good_file_with_one_value_replaced(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(SAMPLES)).split("\n")
    values = [index for index, line in enumerate(lines) if ": " in line and not line.startswith("#")]
    index = data.draw(st.sampled_from(values))
    key, _, rest = lines[index].partition(": ")
    words = rest.split(" ")
    spot = data.draw(st.integers(0, len(words) - 1))
    words[spot] = data.draw(PIECES | st.text(max_size=12).map(lambda word: word.replace("\n", " ")))
    lines[index] = f"{key}: {' '.join(words)}"
    told("\n".join(lines).encode("utf-8", "surrogatepass"))


LINES = tuple(line for text in CORPUS for line in text.split("\n") if ":" in line)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_files_of_the_corpus_with_lines_dropped_doubled_swapped_and_borrowed(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(CORPUS)).split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        how = data.draw(st.sampled_from(["drop", "double", "swap", "borrow", "indent"]))
        if how == "drop" and len(lines) > 1:
            del lines[at]
        elif how == "double":
            lines.insert(other, lines[at])
        elif how == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "borrow":
            lines.insert(at, data.draw(st.sampled_from(LINES)))
        else:
            lines[at] = " " * data.draw(st.integers(0, 8)) + lines[at].lstrip()
    told("\n".join(lines).encode("utf-8", "surrogatepass"))
