"""A raw name is no way around limits, leave, outages or another rule: seen at the portal's door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from luxagent.store import journal
from tests.cli.bench import PASSWORD, Desk, StillClock, decision, new_portal
from tests.cli.test_acting_verbs import sent

SERIAL = "52710E0417"


@pytest.fixture
def document_desk(tmp_path: Path, clock: StillClock, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with new_portal(clock, wire="document", password=PASSWORD) as portal:
        yield Desk(tmp_path, portal, clock, capsys)


def raw(inner: str, head: str = "") -> str:
    return f"guards: {{allow_raw: true}}\n{head}rules: [{{name: Raw, when: always, set: {{{inner}}}}}]\n"


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ('raw: {FUNC_SET_TO_STANDBY: false, HOLD_SYSTEM_CHARGE_SOC_LIMIT: "60"}', "allow_power_cut"),
        ('raw: {HOLD_SYSTEM_CHARGE_SOC_LIMIT: "20"}', "`limits` forbid this value of charge_limit"),
        ("raw: {FUNC_EPS_EN: false}", "allow_power_cut"),
        ('raw: {HOLD_LEAD_ACID_DISCHARGE_RATE: "0"}', "allow_power_cut"),
        ("parameters: {64: 1}", "allow_power_cut"),
        ("raw: {BIT_MIDBOX_SP_MODE_1: 0}", "not for rules"),
    ],
)
def test_a_raw_name_around_limits_or_leave_is_an_error_and_nothing_is_sent(
    desk: Desk, inner: str, words: str
) -> None:
    desk.write(raw(inner, "limits: {charge_limit: 50% to 101%}\n"))
    checked = desk.say("check")
    assert checked.code == 78
    assert words in checked.out + checked.err
    assert desk.say("once").code == 78
    assert sent(desk) == []


def test_two_rules_that_mean_one_setting_by_two_names_write_it_once(desk: Desk) -> None:
    desk.write(
        "guards: {allow_raw: true}\nrules:\n"
        "  - {name: Own, when: always, set: {charge_limit: 80%}}\n"
        '  - {name: Raw, when: always, set: {raw: {HOLD_SYSTEM_CHARGE_SOC_LIMIT: "60"}}}\n'
    )
    assert desk.say("once").code == 0
    assert sent(desk) == [("HOLD_SYSTEM_CHARGE_SOC_LIMIT", "80")]


def test_a_parameter_of_ours_is_written_and_proven_as_ours(document_desk: Desk) -> None:
    document_desk.write(raw("parameters: {21: 90}"))
    said = document_desk.say("once", "--json")
    assert said.code == 0
    assert decision(said, SERIAL, "charge_limit")["rule"] == "Raw"
    assert sent(document_desk) == [("21", "90")]
    assert list(journal.look(document_desk.state).owned[SERIAL]) == ["charge_limit"]


def test_by_hand_a_raw_name_of_ours_is_not_taken(desk: Desk) -> None:
    desk.write("guards: {allow_raw: true}\n")
    said = desk.say("set", "raw:HOLD_SYSTEM_CHARGE_SOC_LIMIT=20")
    assert said.code == 2
    assert "charge_limit" in said.err
    assert sent(desk) == []
