"""Whatever JSON the portal sends, a decoder gives believable values or unknown ones, or an error of ours."""

import json
import math
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luxagent.core.facts.metrics import METRICS_BY_KEY, WORD_FACTS
from luxagent.core.facts.settings import SETTINGS
from luxagent.errors import LuxagentError
from luxagent.portal import account, firmware
from luxagent.portal.records import Report
from luxagent.portal.strict_json import parse_object
from luxagent.portal.text import clean_text
from luxagent.portal.wire import DOCUMENT, LIVE, devices_in
from luxagent.portal.words import refused, verdict, words_of
from tests.portal.bench import SERIAL, live_battery, live_lost_runtime, live_midbox, live_runtime
from tests.portal.test_every_endpoint import CASES

Decode = Callable[[Mapping[str, object]], object]
OFFSET = timedelta()


def _decoders(wire: Any) -> dict[str, Decode]:  # noqa: ANN401 (a Wire)
    answers, table = wire.answers, wire.settings
    return {
        "runtime": lambda a: answers.runtime(a, {}, OFFSET),
        "energy": lambda a: answers.energy(a, {}),
        "battery": lambda a: answers.battery(a, {}, SERIAL),
        "gridboss": lambda a: answers.gridboss(a, {}, OFFSET),
        "groups": answers.groups,
        "quick charge": answers.quick_charge,
        "events": answers.events,
        "devices": answers.device_rows,
        "block": lambda a: {name: table.value(name, table.decode_block(a)) for name in SETTINGS},
        "voltage control": lambda a: table.by_voltage([table.decode_block(a)]),
    }


DECODERS: dict[str, Decode] = {
    **{
        f"{name}, {wire.name}": decode
        for wire in (LIVE, DOCUMENT)
        for name, decode in _decoders(wire).items()
    },
    "login": account.decode_login,
    "plants": account.decode_plants,
    "device list": devices_in,
    "firmware check": firmware.decode_check,
    "firmware progress": firmware.decode_progress,
    "firmware eligibility": firmware.decode_eligibility,
    "words": lambda a: (refused(a), verdict(words_of(a))),
}

SEEDS = [
    live_runtime(),
    live_lost_runtime(),
    live_battery(),
    live_midbox(),
    *(case.answer for case in CASES.values() if isinstance(case.answer, dict)),
]
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["--", "-.00", "", "NaN", "71 %", "٣", "1e5", "0x10", "\ud800", "\x1b[2J", "-", "9" * 40]
    ),
)
_any_json = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, object]:
    """A real answer in which some values were replaced or left out, at any depth."""
    answer: dict[str, object] = deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        place: Any = answer
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inner = place[key]
            if isinstance(inner, dict | list) and inner and draw(st.booleans()):
                place = inner
                continue
            if draw(st.booleans()):
                place[key] = draw(_any_json)
            else:
                del place[key]
            break
    return answer


def _believable(found: object) -> None:
    """Every number lies in the catalogue's range, every word is in it, and every unknown says why."""
    if not isinstance(found, Report):
        return
    for key, value in found.values.items():
        metric = METRICS_BY_KEY.get(key)
        assert metric is not None or key in WORD_FACTS, key
        if value is None:
            assert key in found.why, key
            continue
        assert key not in found.why, key
        if metric is not None:
            assert isinstance(value, float | int)
            assert not isinstance(value, bool)
            assert metric.low <= value <= metric.high
        else:
            words = value if isinstance(value, frozenset) else {value}
            assert words <= set(WORD_FACTS[key].words)
    for extra in found.more.values():
        assert extra is None or math.isfinite(extra)
    assert found.uploaded_at is None or found.uploaded_at.tzinfo is UTC
    for module in found.modules:
        assert module.soc_pct is None or 0 <= module.soc_pct <= 100
        assert module.cell_delta_mv is None or 0 <= module.cell_delta_mv <= 4500
        assert module.key == clean_text(module.key)


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
@settings(max_examples=15, deadline=None)
@given(answer=mutated())
def test_a_mutated_answer_is_believable_or_unknown(decode: Decode, answer: dict[str, object]) -> None:
    _believable(decode(answer))


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
@settings(max_examples=6, deadline=None)
@given(answer=st.dictionaries(st.text(max_size=10), _any_json, max_size=4))
def test_any_object_is_believable_or_unknown(decode: Decode, answer: dict[str, object]) -> None:
    _believable(decode(answer))


@settings(max_examples=100, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace")))
)
def test_any_bytes_are_an_object_or_unreadable(body: bytes) -> None:
    try:
        assert isinstance(parse_object(body, "thing"), dict)
    except LuxagentError as error:
        assert "thing" in str(error)


@pytest.mark.parametrize("seed", SEEDS[:4], ids=["runtime", "lost", "battery", "midbox"])
def test_every_prefix_of_an_answer_is_unreadable(seed: dict[str, object]) -> None:
    body = json.dumps(seed).encode()
    for end in range(0, len(body), 7):
        with pytest.raises(LuxagentError):
            parse_object(body[:end], "thing")


@pytest.mark.parametrize("key", sorted(live_runtime()))
def test_leaving_out_or_renaming_one_field_leaves_the_others(key: str) -> None:
    whole = LIVE.answers.runtime(live_runtime(), {}, OFFSET)
    left = {k: v for k, v in live_runtime().items() if k != key}
    for answer in (left, {**left, f"{key}X": 1}, {**left, key: None}):
        report = LIVE.answers.runtime(answer, {}, OFFSET)
        changed = {k for k, v in whole.values.items() if report.values.get(k) != v}
        assert len(changed) <= 2
        if key != "lost":
            assert all(report.values.get(k) is None for k in changed - {"status", "load_power_w"}) or key in (
                "batPower",
                "tradiator2",
            )
