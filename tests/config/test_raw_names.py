"""A raw name of a setting that has a name of its own is that setting: one master, one range, one leave."""

from collections.abc import Callable

import pytest

from luxagent.config.by_hand import setting_value
from luxagent.config.file import Config
from luxagent.config.findings import Code, Fault, Finding, Level
from luxagent.core.facts.portal_names import LIVE_KEYS, LIVE_WINDOWS, NUMBERS
from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy.rules import GuardRules, Ruleset
from tests.config.conftest import HEAD
from tests.core.builders import SITE

Loaded = Callable[..., Config]
Checked = Callable[[str], tuple[Finding, ...]]
FREE = "guards: {allow_raw: on, allow_power_cut: on}\n"


def of(loaded: Loaded, inner: str, head: str = FREE) -> dict[str, SettingValue]:
    return dict(loaded(f"{head}rules: [{{name: a, when: always, set: {{{inner}}}}}]\n").ruleset.rules[0].sets)


@pytest.mark.parametrize(
    ("inner", "sets"),
    [
        ("parameters: {21: 90}", {"charge_limit": 90.0}),
        ("parameters: {22: 4000, 23: 500}", {"ac_charge_power": 4000.0, "pv_charge_power": 500.0}),
        ("parameters: {64: 1}", {"operating_mode": "standby"}),
        ("parameters: {064: 0}", {"operating_mode": "normal"}),
        ("parameters: {66: 0}", {"eps": False}),
        ("parameters: {99: 7}", {"parameter:99": 7.0}),
        ('raw: {HOLD_SYSTEM_CHARGE_SOC_LIMIT: "101"}', {"charge_limit": 101.0}),
        ('raw: {hold_system_charge_soc_limit: "90"}', {"charge_limit": 90.0}),
        ('raw: {HOLD_AC_CHARGE_POWER_CMD: "4.5"}', {"ac_charge_power": 4500.0}),
        ('raw: {HOLD_FEED_IN_GRID_POWER_PERCENT: "5"}', {"export_limit": 5000.0}),
        ("raw: {FUNC_SET_TO_STANDBY: true}", {"operating_mode": "normal"}),
        ('raw: {FUNC_SET_TO_STANDBY: "0"}', {"operating_mode": "standby"}),
        ("raw: {FUNC_EPS_EN: false}", {"eps": False}),
        ("raw: {BIT_AC_CHARGE_TYPE: 2}", {"ac_charge_type": "both"}),
        ("raw: {FUNC_GREEN_EN: true, HOLD_X: 5}", {"raw:FUNC_GREEN_EN": True, "raw:HOLD_X": "5"}),
        ("raw: {HOLD_DISCHG_POWER_PERCENT_CMD: 80}", {"raw:HOLD_DISCHG_POWER_PERCENT_CMD": "80"}),
        ("raw: {HOLD_AC_FIRST_END_HOUR: 5}", {"raw:HOLD_AC_FIRST_END_HOUR": "5"}),
        ("raw: {HOLD_CONNECT_TIME: 60}", {"raw:HOLD_CONNECT_TIME": "60"}),
        ("charge_limit: never, parameters: {21: 90}", {"charge_limit": 101.0}),
        ("raw: {FUNC_SET_TO_STANDBY: false}, parameters: {64: 0}", {"operating_mode": "normal"}),
    ],
)
def test_a_raw_name_of_ours_is_taken_as_ours(
    loaded: Loaded, inner: str, sets: dict[str, SettingValue]
) -> None:
    assert of(loaded, inner) == sets


def test_a_live_portal_has_no_numbers_so_one_is_left_as_it_is(loaded: Loaded) -> None:
    """Under the same number stands another register there; the wire does not support any."""
    head = HEAD.replace('"${PW}"', '"${PW}", wire: live')
    told = loaded(FREE + "baseline: {parameters: {21: 90}}\n", head=head)
    assert dict(told.ruleset.baseline) == {"parameter:21": 90.0}


@pytest.mark.parametrize(
    ("inner", "head", "code"),
    [
        ('raw: {HOLD_SYSTEM_CHARGE_SOC_LIMIT: "20"}', "limits: {charge_limit: 50% to 101%}\n", Code.LIMIT),
        ("parameters: {21: 20}", "limits: {charge_limit: 50% to 101%}\n", Code.LIMIT),
        ("raw: {FUNC_SET_TO_STANDBY: false}", "", Code.LEAVE),
        ("raw: {FUNC_EPS_EN: false}", "", Code.LEAVE),
        ("raw: {func_eps_en: off}", "", Code.LEAVE),
        ('raw: {HOLD_LEAD_ACID_DISCHARGE_RATE: "0"}', "", Code.LEAVE),
        ("raw: {HOLD_DISCHG_POWER_PERCENT_CMD: 0}", "", Code.LEAVE),
        ('raw: {HOLD_DISCHG_POWER_PERCENT_CMD: "0.4"}', "", Code.LEAVE),
        ('raw: {hold_dischg_power_percent_cmd: "none"}', "", Code.LEAVE),
        ("parameters: {64: 1}", "", Code.LEAVE),
        ("parameters: {66: 0}", "", Code.LEAVE),
        ("parameters: {21: 5}", "", Code.RANGE),
        ("parameters: {22: 4050}", "", Code.RANGE),
        ('raw: {HOLD_AC_CHARGE_POWER_CMD: "2500"}', "", Code.RANGE),
        ("parameters: {64: 2}", "", Code.OWN_NAME),
        ("parameters: {65: 1}", "", Code.OWN_NAME),
        ("raw: {FUNC_AC_CHARGE: perhaps}", "", Code.OWN_NAME),
        ('raw: {HOLD_AC_CHARGE_SOC_LIMIT: "80 %"}', "", Code.OWN_NAME),
        *((f"raw: {{{one}_END_TIME_2: '05:30'}}", "", Code.OWN_NAME) for one in LIVE_WINDOWS.values()),
        ("raw: {HOLD_FORCED_CHARGE_START_MINUTE: 0}", "", Code.OWN_NAME),
        ("raw: {BIT_MIDBOX_SP_MODE_1: 0}", "", Code.HAZARD),
        ("raw: {HOLD_PV_INPUT_MODE: 0}", "", Code.HAZARD),
        ("raw: {hold_start_pv_volt: 140}", "", Code.HAZARD),
        ("raw: {HOLD_CHG_POWER_PERCENT_CMD: 1}", "", Code.HAZARD),
        ('raw: {HOLD_PEAK_SHAVING_START_TIME_1: "23:30"}', "", Code.HAZARD),
        ("raw: {hold_gen_end_time_2: 90}", "", Code.HAZARD),
        ('raw: {HOLD_OFF_GRID_START_TIME_3: "05:30"}', "", Code.HAZARD),
        ('raw: {HOLD_AC_FIRST_END_TIME: "05:30"}', "", Code.HAZARD),
    ],
)
@pytest.mark.parametrize("place", ["rule", "baseline"])
def test_what_the_own_name_may_not_the_raw_one_may_not_either(
    checked: Checked, inner: str, head: str, code: Code, place: str
) -> None:
    where = "rules: [{name: a, when: always, set: {%s}}]\n" if place == "rule" else "baseline: {%s}\n"
    findings = checked(f"guards: {{allow_raw: on}}\n{head}{where % inner}")
    assert [one.code for one in findings if one.severity is Level.ERROR] == [code]


def test_the_warning_says_what_to_write(checked: Checked) -> None:
    [found] = checked(FREE + "baseline: {raw: {HOLD_SYSTEM_CHARGE_SOC_LIMIT: 80}}\n")
    assert (found.code, found.severity, found.hint) == (
        Code.OWN_NAME, Level.WARNING, "write charge_limit: 80 %",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "own"),
    [
        *((f"raw:{key}", own) for own, key in LIVE_KEYS.items()),
        *((f"parameter:{number}", own) for own, number in NUMBERS.items()),
        ("raw:HOLD_AC_CHARGE_START_HOUR", "ac_charge_windows"),
        ("parameter:65", "quick_charge"),
    ],
)
def test_by_hand_the_own_name_is_asked_for(name: str, own: str) -> None:
    ruleset = Ruleset(SITE, guards=GuardRules(allow_power_cut=True, allow_raw=True))
    with pytest.raises(Fault, match=own) as caught:
        setting_value(name, "1", ruleset)
    assert f"write {own}: " in caught.value.hint


def test_an_edge_that_cannot_be_read_back_is_not_set_by_hand_either() -> None:
    ruleset = Ruleset(SITE, guards=GuardRules(allow_power_cut=True, allow_raw=True))
    with pytest.raises(Fault, match="nobody could see whether it holds"):
        setting_value("raw:HOLD_PEAK_SHAVING_START_TIME_1", "23:30", ruleset)
