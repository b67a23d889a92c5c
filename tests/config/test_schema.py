"""The JSON Schema for editors: well formed, with a text for every key, and of one mind with `check`."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from luxagent.config.load import Level, check, json_schema
from luxagent.config.nodes import Items, Misplaced, Node, Scalar, Table, parse
from luxagent.core.facts.metrics import METRICS, WORD_FACTS
from luxagent.core.facts.settings import SETTINGS

ROOT = Path(__file__).parents[2]
GOOD = sorted(
    [*(ROOT / "luxagent" / "examples").glob("*.yaml"), *(ROOT / "tests/rules/valid").glob("*.yaml")]
)
SCHEMA = json_schema()
ENVIRON = {
    **dict.fromkeys(("PW", "LUXAGENT_PASSWORD", "NTFY_URL", "MAIL_URL"), "json://x"),
    "HEALTHCHECK_URL": "https://x", "USER_NAME": "someone",
}  # fmt: skip
KEYWORDS = {
    *("$schema", "$defs", "$ref", "title", "description", "examples", "type", "properties", "required"),
    *("additionalProperties", "minProperties", "items", "minItems", "maxItems", "enum", "const", "anyOf"),
    *("minimum", "maximum", "minLength", "maxLength", "pattern"),
}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "number": (int, float), "integer": (int,),
    "boolean": (bool,),
}  # fmt: skip


def as_an_editor_reads(node: Node) -> Any:  # noqa: ANN401
    """YAML 1.2 core: the values that a language server checks against the schema."""
    if isinstance(node, Table):
        return {key: as_an_editor_reads(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, Items):
        return [as_an_editor_reads(item) for item in node.items]
    assert isinstance(node, Scalar)
    if node.quoted:
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[-+]?\d+", node.text):
        return int(node.text)
    if re.fullmatch(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", node.text):
        return float(node.text)
    return None if node.is_null else node.text


def has_type(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def accepts(schema: Mapping[str, Any], value: Any) -> bool:  # noqa: ANN401
    """As much of a validator as the schema needs."""
    if "$ref" in schema and not accepts(SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]], value):
        return False
    if "anyOf" in schema and not any(accepts(one, value) for one in schema["anyOf"]):
        return False
    types = schema.get("type", [])
    if types and not any(has_type(value, one) for one in ([types] if isinstance(types, str) else types)):
        return False
    if "enum" in schema and not any(value == one and type(value) is type(one) for one in schema["enum"]):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, list):
        fits = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        return fits and all(accepts(schema.get("items", {}), one) for one in value)
    if isinstance(value, dict):
        return accepts_mapping(schema, value)
    return True


def accepts_mapping(schema: Mapping[str, Any], value: dict[str, Any]) -> bool:
    if any(key not in value for key in schema.get("required", ())) or len(value) < schema.get(
        "minProperties", 0
    ):
        return False
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, inner in value.items():
        if key in known:
            if not accepts(known[key], inner):
                return False
        elif others is False or (others is not True and not accepts(others, inner)):
            return False
    return True


def subschemas(schema: Mapping[str, Any], path: str = "#") -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield path, schema
    for name in ("properties", "$defs"):
        for key, inner in schema.get(name, {}).items():
            yield from subschemas(inner, f"{path}/{name}/{key}")
    for index, inner in enumerate(schema.get("anyOf", ())):
        yield from subschemas(inner, f"{path}/anyOf/{index}")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), Mapping):
            yield from subschemas(schema[name], f"{path}/{name}")


def test_the_schema_uses_known_words_and_its_references_lead_somewhere() -> None:
    for path, schema in subschemas(SCHEMA):
        assert set(schema) <= KEYWORDS, path
        if "$ref" in schema:
            assert schema["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"], path
        re.compile(schema.get("pattern", ""))


def test_every_key_has_a_description() -> None:
    for path, schema in subschemas(SCHEMA):
        for key, inner in schema.get("properties", {}).items():
            assert len(inner.get("description", "")) > 5, f"{path}: {key}"


def test_every_metric_word_and_setting_is_described() -> None:
    condition = SCHEMA["$defs"]["condition"]["anyOf"][1]["properties"]
    sets = SCHEMA["properties"]["rules"]["items"]["properties"]["set"]["properties"]
    assert set(METRICS) | set(WORD_FACTS) <= set(condition)
    assert set(SETTINGS) <= set(sets)
    assert set(SETTINGS) - {"quick_charge"} <= set(SCHEMA["properties"]["baseline"]["properties"])
    assert condition["soc"]["description"].startswith("State of charge")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_schema_takes_every_good_file(path: Path) -> None:
    root, _faults = parse(path.read_bytes())
    assert accepts(SCHEMA, as_an_editor_reads(root))


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
        return
    for inner in node.items if isinstance(node, Items) else [entry.node for entry in node.entries.values()]:
        yield from scalars(inner)


def otherwise_written(scalar: Scalar) -> Iterator[str]:
    """The same value in other forms, of which `check` may take one or the other."""
    text = scalar.text
    for other in (text, text.upper(), text.capitalize(), text.title()):
        yield from (json.dumps(other), other)
    yield from (json.dumps(f" {text} "), json.dumps(text.replace(" ", "  ")), '"${ELSEWHERE}"', "0", "true")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_schema_takes_every_form_of_a_value_that_check_takes(
    path: Path, write: Callable[..., Path]
) -> None:
    lines = path.read_text().split("\n")
    root, _faults = parse(path.read_bytes())
    tried = set()
    for scalar in scalars(root):
        at, start = scalar.place.line - 1, scalar.place.column - 1
        before, after = lines[at][:start], lines[at][start + scalar.place.length :]
        for form in set(otherwise_written(scalar)) - {lines[at][start : start + scalar.place.length]}:
            text = "\n".join([*lines[:at], before + form + after, *lines[at + 1 :]])
            if not fits_an_editor(text) and (before, form) not in tried:
                found = check(write(text.encode()), environ={**ENVIRON, "ELSEWHERE": scalar.text})
                assert any(one.severity is Level.ERROR for one in found), f"{before}{form}{after}"
            tried.add((before, form))


def fits_an_editor(text: str) -> bool:
    try:
        return accepts(SCHEMA, as_an_editor_reads(parse(text.encode())[0]))
    except Misplaced:
        return True  # not YAML, so it does not come to the schema


SEEN_BY_THE_SCHEMA = (
    "unknown-top-key", "unknown-metric", "unknown-setting", "unknown-limit", "missing-version",
    "missing-site", "unknown-region", "no-comparison", "comparison-misspelt", "status-misspelt",
    "grid-word", "switch-word", "mode-word", "rules-as-mapping", "latitude-out-of-range", "empty-when",
    "when-missing", "set-nothing", "builtin-misspelt", "severity-word", "nested-mistake",
    "quick-charge-in-baseline", "future-version",
)  # fmt: skip


@pytest.mark.parametrize("name", SEEN_BY_THE_SCHEMA)
def test_an_editor_underlines_what_a_schema_can_see(name: str) -> None:
    root, _faults = parse((ROOT / "tests" / "rules" / "invalid" / f"{name}.yaml").read_bytes())
    assert not accepts(SCHEMA, as_an_editor_reads(root))
