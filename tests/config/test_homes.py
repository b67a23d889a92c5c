"""A key in the wrong place is told where it belongs."""

import pytest

from luxagent.config.conditions import SECTION as CONDITION
from luxagent.config.file import FILE
from luxagent.config.guards import GUARDS_SECTION, SITE_SECTION
from luxagent.config.meant import key_meant
from luxagent.config.portal import SECTION as PORTAL
from luxagent.config.rules import SECTION as RULE
from luxagent.config.sets import SET
from luxagent.config.shape import Section
from luxagent.config.tariff import SECTION as TARIFF
from luxagent.core.facts.metrics import METRICS, TARIFF_METRICS, WORD_FACTS


def names(section: Section) -> set[str]:
    return {key.name for key in section.keys}


AT_THE_TOP, IN_A_RULE, IN_WHEN, IN_SET = map(names, (FILE, RULE, CONDITION, SET))


@pytest.mark.parametrize(
    ("word", "place", "said"),
    [
        ("timezone", AT_THE_TOP, "it belongs under `site`"),
        ("latitude", AT_THE_TOP, "it belongs under `site`"),
        ("username", AT_THE_TOP, "it belongs under `portal`"),
        ("when", AT_THE_TOP, "it belongs to a rule, an item of the list `rules`"),
        ("rule", AT_THE_TOP, "rules are a list under `rules`"),
        ("devices", AT_THE_TOP, "names: {garage: 44300E0585} gives them names; `devices` belongs to a rule"),
        ("ac_charge", AT_THE_TOP, "it belongs under `baseline`, or a rule's `set`"),
        ("solar_power", AT_THE_TOP, "it belongs under the `when` of a rule, and is called `pv_power` there"),
        ("soc", IN_A_RULE, "it belongs under `when`"),
        ("time", IN_A_RULE, "it belongs under `when`"),
        ("battery_level", IN_A_RULE, "it belongs under `when`, and is called `soc` there"),
        ("ac_charge", IN_A_RULE, "it belongs under `set`"),
        ("grid_charge", IN_A_RULE, "it belongs under `set`, and is called `ac_charge` there"),
        ("dry_run", IN_A_RULE, "it belongs at the top of the file, where `version` is"),
        ("eps", IN_WHEN, "a setting belongs under `set`, beside `when`"),
        ("soc", IN_SET, "it belongs under the `when` of a rule"),
        ("hodl", IN_A_RULE, "did you mean 'hold'?"),
        ("intervall", AT_THE_TOP, "did you mean 'interval'?"),
    ],
)
def test_a_key_in_the_wrong_place_is_told_the_right_one(word: str, place: set[str], said: str) -> None:
    assert key_meant(word, place) == said


def test_a_key_beside_an_empty_one_is_told_to_be_indented() -> None:
    assert key_meant("quick_charge", IN_A_RULE, ["when"]) == "indent it under `when:`"
    assert key_meant("quick_charge", IN_A_RULE, ["set"]) == "indent it under `set:`"
    assert key_meant("timezone", AT_THE_TOP, ["site"]) == "indent it under `site:`"
    assert key_meant("timezone", AT_THE_TOP, ["rules"]) == "it belongs under `site`"


def test_the_table_of_homes_names_the_keys_that_the_sections_have() -> None:
    from luxagent.config.homes import _ASKED, _OF_A_RULE, _ONLY_AT_THE_TOP, _SECTIONS

    told = {name: set(keys.split()) for name, keys in _SECTIONS.items()}
    assert told == {
        "site": names(SITE_SECTION),
        "portal": names(PORTAL),
        "guards": names(GUARDS_SECTION),
        "tariff": names(TARIFF),
    }
    assert set(_ASKED) == IN_WHEN - {*METRICS, *WORD_FACTS, *TARIFF_METRICS, "tariff"}
    assert set(_OF_A_RULE) == IN_A_RULE - {"name", "devices", "notify"}
    elsewhere = {"keep", "web", "notify", "tariff"}
    assert set(_ONLY_AT_THE_TOP) == AT_THE_TOP - elsewhere
