"""What was probably meant: never the opposite of what was written, and a city for a time zone."""

import re
from zoneinfo import available_timezones

import pytest

from luxagent.config.conditions import SECTION as CONDITION
from luxagent.config.findings import Fault
from luxagent.config.meant import did_you_mean, key_meant, near
from luxagent.config.sets import SET as SETS
from luxagent.config.zones import zone
from luxagent.core.facts.metrics import METRICS
from luxagent.core.facts.settings import SETTINGS

SWAPS = (("charge", "discharge"), ("import", "export"), ("export", "import"), ("max", "min"), ("min", "max"))
NAMES = (*SETTINGS, *METRICS)
TURNED = [
    (re.sub(rf"(?<![a-z]){one}(?![a-z])", other, name), name)
    for name in NAMES
    for one, other in (*SWAPS, ("discharge", "charge"))
    if re.search(rf"(?<![a-z]){one}(?![a-z])", name)
]


@pytest.mark.parametrize(("written", "opposite"), TURNED)
def test_no_setting_or_metric_is_offered_for_its_opposite(written: str, opposite: str) -> None:
    assert len(TURNED) > 20
    assert near(written, [opposite]) == ""


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("on", "down"), ("off_peak", "peak"), ("offpeak", "peak"), ("peak", "offpeak"), ("not home", "home"),
        ("dischage_limit", "charge_limit"), ("sunrse", "sunset"), ("disabled", "enabled"), ("below", "above"),
        ("at last", "at most"), ("no export", "export"), ("discharging", "charging"), ("offlin", "online"),
    ],
)  # fmt: skip
def test_a_word_is_not_offered_for_its_opposite(written: str, known: str) -> None:
    assert near(written, [known]) == ""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dischage_floor", "discharge_floor"), ("forced_charg", "forced_charge"),
        ("discharge_limit", "discharge_floor"), ("grid_imprt_power", "grid_import_power"), ("utnil", "until"),
        ("notfy", "notify"), ("sunrse", "sunrise"), ("don", "down"), ("of", "off"), ("abov", "above"),
        ("exprt_limit", "export_limit"),
    ],
)  # fmt: skip
def test_a_slip_of_the_finger_still_finds_its_word(written: str, meant: str) -> None:
    others = ("above", "below", "off", "on", "up", "down", "until", "notify", "sunrise", "sunset")
    assert did_you_mean(written, (*NAMES, *others)) == f"did you mean {meant!r}?"


SET = frozenset(key.name for key in SETS.keys)
ASK = frozenset(key.name for key in CONDITION.keys)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("grid_charge", "ac_charge"), ("charge_from_grid", "ac_charge"), ("ac_charging", "ac_charge"),
        ("soc_limit", "charge_limit"), ("charge_soc", "charge_limit"), ("max_soc", "charge_limit"),
        ("target_soc", "charge_limit"), ("min_soc", "discharge_floor"), ("export_power", "export_limit"),
        ("fast_charge", "quick_charge"), ("charge_rate", "charge_current ac_charge_power"),
        ("limitSoc", "charge_limit"), ("Backup-Reserve", "discharge_floor"), ("grid_export", "export"),
    ],
)  # fmt: skip
def test_a_setting_is_found_by_the_name_that_other_programs_give_it(written: str, meant: str) -> None:
    assert key_meant(written, SET) == f"did you mean {' or '.join(map(repr, meant.split()))}?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("solar_power", "pv_power"), ("battery_soc", "soc"), ("battery_level", "soc"), ("soc_limit", "soc"),
        ("state_of_charge", "soc"), ("batterySoc", "soc"), ("price_import", "price"),
        ("import_price", "price"),
        ("price_export", "export_price"), ("cell_diff", "cell_delta"), ("cell_difference", "cell_delta"),
        ("fast_charge", "quick_charge"), ("grid_power", "grid_import_power grid_export_power"),
        ("export_power", "grid_export_power"), ("house_power", "load_power"),
    ],
)  # fmt: skip
def test_a_reading_is_found_by_the_name_that_other_programs_give_it(written: str, meant: str) -> None:
    assert key_meant(written, ASK) == f"did you mean {' or '.join(map(repr, meant.split()))}?"


def test_what_other_programs_words_stand_for_is_there_and_none_of_them_is_a_name_of_ours() -> None:
    from luxagent.config.elsewhere import _READINGS, _SETTINGS

    for table, here in ((_SETTINGS, SET), (_READINGS, ASK)):
        words = [word for words in table.values() for word in words.split()]
        assert {name for names in table for name in names.split()} <= here
        assert len(set(words)) == len(words) > 40
        assert not here & set(words)


def hint(written: str) -> str:
    with pytest.raises(Fault) as caught:
        zone(written)
    return caught.value.hint


@pytest.mark.parametrize(
    ("written", "city"),
    [
        ("PST", "America/Los_Angeles"), ("pdt", "America/Los_Angeles"), ("BST", "Europe/London"),
        ("AEST", "Australia/Sydney"), ("SAST", "Africa/Johannesburg"), ("Berlin", "Europe/Berlin"),
        ("Los Angeles", "America/Los_Angeles"), ("Eastern Standard Time", "America/New_York"),
        ("Jerusalm", "Asia/Jerusalem"), ("Amerika/New_York", "America/New_York"),
    ],
)  # fmt: skip
def test_a_city_is_offered_for_a_zone(written: str, city: str) -> None:
    assert hint(written) == f"did you mean {city!r}?"


@pytest.mark.parametrize("written", ["XST", "CEDT", "UTC+2", "GMT-7", "+02:00", "America", "Indiana", "E"])
def test_what_names_no_city_is_asked_for_one(written: str) -> None:
    assert hint(written) == "name a city, Area/City, like America/Phoenix"


def test_where_several_zones_share_an_abbreviation_none_is_picked() -> None:
    assert hint("CST") == "several are called that; name a city, Area/City, like America/Chicago"


def test_every_city_that_is_offered_is_a_zone_and_every_abbreviation_is_none() -> None:
    from luxagent.config.zones import _CITY_OF, _SEVERAL

    assert {*_CITY_OF.values(), *_SEVERAL.values()} <= available_timezones()
    assert not {*_CITY_OF, *_SEVERAL} & available_timezones()


def test_a_zone_may_have_a_blank_on_either_side() -> None:
    assert zone(" America/Phoenix ").key == "America/Phoenix"
