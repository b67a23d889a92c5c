"""What an inverter goes on doing if the agent ends this second, and until when."""

import pytest

from luxagent.core.control.residual import asked_for, residual
from luxagent.core.events import WriteIntended
from luxagent.core.facts.settings import SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory, Owned
from tests.core.builders import NOON, SERIAL, after

NIGHT = {"ac_charge_type": "time", "ac_charge_windows": ("23:30-05:30",), "ac_charge_limit": 80.0}


def says(
    setting: str, value: SettingValue, settings: dict[str, SettingValue | None] | None = None, *,
    wire: str = "live", minute: int = 720, since: float = 0, taken: SettingValue | None = None,
) -> tuple[str, object]:  # fmt: skip
    owned = Owned(None, "Rule", after(-since), value if taken is None else taken)
    rest = residual(setting, value, settings or {}, wire=wire, owned=owned, minute=minute, now=NOON)
    return rest.words, rest.until


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("charge_limit", 80.0, "charge_limit stays 80 % until someone changes it"),
        ("ac_charge", False, "ac_charge stays off until someone changes it"),
        ("eps", True, "eps stays on until someone changes it"),
    ],
)
def test_a_setting_stays_until_someone_changes_it(setting: str, value: SettingValue, words: str) -> None:
    assert says(setting, value) == (words, None)


def test_a_charge_by_time_ends_with_its_window_and_comes_back_with_it() -> None:
    words, until = says("ac_charge", True, NIGHT, minute=60)
    assert words == (
        "it charges from the grid up to 80 % until 05:30, and again from 23:30-05:30, "
        "every day until someone changes it"
    )
    assert until == after(270)


def test_outside_of_its_window_a_charge_waits_for_the_next() -> None:
    words, until = says("ac_charge", True, NIGHT)
    assert "from 23:30-05:30" in words
    assert until is None


def test_a_charge_by_soc_has_no_end() -> None:
    words, until = says("ac_charge", True, {**NIGHT, "ac_charge_type": "soc"})
    assert "at any hour every day until someone changes it" in words
    assert until is None


def test_a_charge_by_time_without_windows_does_nothing() -> None:
    assert "does nothing" in says("ac_charge", True, {**NIGHT, "ac_charge_windows": ()})[0]


def test_a_charge_whose_windows_could_not_be_read_is_told_with_care() -> None:
    assert "in the inverter's own windows" in says("forced_charge", True)[0]
    assert says("ac_charge", True)[0] == "it charges from the grid every day until someone changes it"


def test_forced_discharge_stops_at_its_floor() -> None:
    settings = {"forced_discharge_windows": ("17:00-21:00",), "forced_discharge_floor": 25.0}
    words, until = says("forced_discharge", True, settings, minute=18 * 60)
    assert "discharges by force down to 25 % until 21:00" in words
    assert until == after(180)


def test_a_quick_charge_ends_by_itself_on_the_live_portal_only() -> None:
    words, until = says("quick_charge", True, taken=3600.0, since=20)
    assert words == "the quick charge ends by itself in 40 min"
    assert until == after(40)
    words, until = says("quick_charge", True, taken=3600.0, since=20, wire="document")
    assert "until someone stops it" in words
    assert until is None
    words, until = says("quick_charge", True, taken=3600.0, since=20, wire="")
    assert "until its time is over or someone stops it" in words
    assert until is None
    assert "is over" in says("quick_charge", True, taken=3600.0, since=90)[0]


def test_windows_and_limits_are_asked_for_beside_an_owned_switch_and_nothing_else() -> None:
    assert asked_for(Memory()) == frozenset()
    intent = WriteIntended(NOON, 1, SERIAL, "ac_charge", True, False, "Rule", "", homeward=False)
    assert asked_for(fold_all(Memory(), [intent])) == {
        "ac_charge_type", "ac_charge_windows", "ac_charge_limit",
    }  # fmt: skip
