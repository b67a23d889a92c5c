"""A setting on the command line is read as in the file: same words, same range, same limits, same leave."""

import pytest

from luxagent.config.by_hand import check_setting, setting_value
from luxagent.config.findings import Fault
from luxagent.core.facts.settings import SettingValue
from luxagent.core.policy.rules import GuardRules, Limit, Ruleset, Site
from tests.core.builders import SITE

PLAIN = Ruleset(SITE)
FREE = Ruleset(SITE, guards=GuardRules(allow_power_cut=True, allow_raw=True))


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("charge_limit", "80%", 80.0),
        ("charge_limit", "80", 80.0),
        ("charge_limit", "never", 101.0),
        ("ac_charge_power", "2.5 kW", 2500.0),
        ("ac_charge", "on", True),
        ("ac_charge", "no", False),
        ("ac_charge_type", "Time", "time"),
        ("quick_charge", "45 min", 2700.0),
        ("quick_charge", "on", 3600.0),
        ("quick_charge", "off", False),
        ("ac_charge_windows", "23:30-05:30", ("23:30-05:30",)),
        ("ac_charge_windows", "23:30 to 05:30, 12:00-13:00", ("23:30-05:30", "12:00-13:00")),
        ("ac_charge_windows", "none", ()),
        ("ac_charge_windows", "[]", ()),
        ("charge_current", "50 A", 50.0),
    ],
)
def test_values_are_those_of_the_file(name: str, written: str, value: SettingValue) -> None:
    assert setting_value(name, written, PLAIN) == value


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("raw:HOLD_X", "90", "90"),
        ("raw:FUNC_Y", "true", True),
        ("parameter:99", "90", 90.0),
        ("operating_mode", "standby", "standby"),
        ("eps", "off", False),
        ("discharge_current", "0 A", 0.0),
    ],
)
def test_what_needs_leave_is_taken_where_the_file_gives_it_and_refused_elsewhere(
    name: str, written: str, value: SettingValue
) -> None:
    assert setting_value(name, written, FREE) == value
    with pytest.raises(Fault, match="leave"):
        setting_value(name, written, PLAIN)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("charge_limit", "8 kW"),
        ("charge_limit", "9%"),
        ("charge_limit", ""),
        ("charge_limit", "null"),
        ("charge_limit", "nan"),
        ("charge_limit", "{a: b}"),
        ("ac_charge_power", "4"),
        ("ac_charge_power", "4.05 kW"),
        ("ac_charge", "perhaps"),
        ("ac_charge_type", "later"),
        ("quick_charge", "30 s"),
        ("ac_charge_windows", "23:30"),
        ("ac_charge_windows", "1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00"),
        ("raw:HOLD X", "90"),
        ("parameter:x", "90"),
        ("parameters", "90"),
        ("raw", "90"),
        ("nonsense", "90"),
        ("charge_limit", "${HOME}"),
    ],
)
def test_what_the_file_refuses_is_refused(name: str, written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        setting_value(name, written, FREE)


def test_the_limits_of_the_file_hold_for_a_person_too() -> None:
    tight = Ruleset(Site(SITE.zone), limits={"charge_limit": Limit(50, 90)})
    assert setting_value("charge_limit", "90%", tight) == 90.0
    with pytest.raises(Fault, match="limits"):
        setting_value("charge_limit", "95%", tight)


def test_a_name_that_is_nearly_right_is_hinted_at() -> None:
    with pytest.raises(Fault) as caught:
        check_setting("charge_limt")
    assert "charge_limit" in caught.value.hint
