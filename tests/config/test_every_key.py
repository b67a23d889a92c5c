"""Each condition of the language, short and long: it loads, and it means what it says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from luxagent.config.load import Config, Finding
from luxagent.core.facts.metrics import METRICS, WORD_FACTS
from luxagent.core.facts.settings import SETTINGS, SettingKind
from luxagent.core.values.units import example
from tests.rules.days import replay

Loaded = Callable[..., Config]
Checked = Callable[..., tuple[Finding, ...]]

AROUND = """\
flags: [storm]
tariff:
  holidays: [2026-12-25]
  periods:
    - {{name: peak, time: 16:00 to 21:00, import: 0.31, export: -0.05}}
    - {{name: rest, import: 0.08, export: 0.02}}
baseline: {{eps: off}}
guards: {{allow_power_cut: on}}
rules: [{{name: One, when: {when}, set: {{eps: on}}}}]
"""
NOON = "2026-06-15 12:00"
EVENING = "2026-06-15 17:00"
NIGHT = "2026-06-15 23:00"

ROWS = [
    ("{time: 22:00 to 06:00}", NIGHT, "", NOON, ""),
    ("{time: 22:00-06:00}", NIGHT, "", NOON, ""),
    ("{time: [10:00 to 13:00, 22:00 to 24:00]}", NOON, "", EVENING, ""),
    ("{time: sunrise to solar noon}", "2026-06-15 07:00", "", EVENING, ""),
    ("{time: sunset - 30 min to dusk + 1 h}", "2026-06-15 19:30", "", NOON, ""),
    ("{time: dawn to sunset}", NOON, "", NIGHT, ""),
    ("{days: mon-fri}", NOON, "", "2026-06-20 12:00", ""),
    ('{days: "sat, sun"}', "2026-06-20 12:00", "", "2026-06-22 12:00", ""),
    ("{days: [mon, holiday]}", "2026-12-25 12:00", "", "2026-12-26 12:00", ""),
    ("{months: may-oct}", NOON, "", "2026-11-01 00:00", ""),
    ("{months: nov-feb}", "2026-01-15 12:00", "", NOON, ""),
    ("{dates: 12-20 to 01-05}", "2026-01-05 23:59", "", NOON, ""),
    ("{dates: 2026-12-24}", "2026-12-24 12:00", "", "2027-12-24 12:00", ""),
    ('{cron: {at: "0 2 * * sun", lasting: 3 h}}', "2026-06-14 04:59", "", "2026-06-14 05:00", ""),
    ("{sun: up}", NOON, "", NIGHT, ""),
    ("{sun: down}", "2026-06-15 02:00", "", NOON, ""),
    ("{tariff: peak}", EVENING, "", NIGHT, ""),
    ("{tariff: [peak, rest]}", EVENING, "", None, ""),
    ("{price: above 0.10}", EVENING, "", NIGHT, ""),
    ("{price: at least 0.31 per kWh}", EVENING, "", NIGHT, ""),
    ("{export_price: below 0}", EVENING, "", NIGHT, ""),
    ("{export_price: {between: [0, 0.1]}}", NOON, "", EVENING, ""),
    ("{flag: storm}", NOON, "flag storm", NIGHT, ""),
    ("{soc: below 60%}", NOON, "soc 59%", NIGHT, "soc 60%"),
    ('{soc: "< 60%"}', NOON, "soc 59%", NIGHT, "soc 60%"),
    ("{soc: {below: 60%}}", NOON, "soc 59%", NIGHT, "soc 60%"),
    ("{soc: at most 60%}", NOON, "soc 60%", NIGHT, "soc 61%"),
    ('{soc: "<= 60"}', NOON, "soc 60%", NIGHT, "soc 61%"),
    ("{soc: {at most: 60%}}", NOON, "soc 60%", NIGHT, "soc 61%"),
    ("{soc: above 60%}", NOON, "soc 61%", NIGHT, "soc 60%"),
    ('{soc: "> 60%"}', NOON, "soc 61%", NIGHT, "soc 60%"),
    ("{soc: {above: 60%}}", NOON, "soc 61%", NIGHT, "soc 60%"),
    ("{soc: at least 60%}", NOON, "soc 60%", NIGHT, "soc 59%"),
    ('{soc: ">= 60%"}', NOON, "soc 60%", NIGHT, "soc 59%"),
    ("{soc: {at least: 60%}}", NOON, "soc 60%", NIGHT, "soc 59%"),
    ("{soc: between 20% and 60%}", NOON, "soc 60%", NIGHT, "soc 61%"),
    ("{soc: {between: 20% and 60%}}", NOON, "soc 20%", NIGHT, "soc 19%"),
    ("{soc: between 20% and 60% margin 5%}", NOON, "soc 60%", NIGHT, "soc 66%"),
    ("{soc: below 60% until 78%}", NOON, "soc 59%", NIGHT, "soc 78%"),
    ("{soc: {below: 60%, until: 78%}}", NOON, "soc 59%", NIGHT, "soc 78%"),
    (
        "{pv_power: above load_power}",
        NOON,
        "pv_power 2 kW, load_power 1900 W",
        NIGHT,
        "pv_power 1 W, load_power 1 kW",
    ),
    (
        "{pv_power: above load_power + 500 W}",
        NOON,
        "pv_power 2 kW, load_power 1.4 kW",
        NIGHT,
        "pv_power 2 kW, load_power 1.6 kW",
    ),
    (
        "{pv_power: {below: load_power - 0.5 kW}}",
        NOON,
        "pv_power 1 kW, load_power 2 kW",
        NIGHT,
        "pv_power 2 kW, load_power 2 kW",
    ),
    ("{battery_power: below -1 kW}", NOON, "battery_power -1200 W", NIGHT, "battery_power 300 W"),
    ("{cell_delta: above 40 mV}", NOON, "cell_delta 41 mV", NIGHT, "cell_delta 0.039 V"),
    ("{data_age: above 10 min}", NOON, "data_age 11 min", NIGHT, "data_age 1 min"),
    ("{pv_energy_today: at least 1.5 kWh}", NOON, "pv_energy_today 1500 Wh", NIGHT, "pv_energy_today 1 kWh"),
    ("{status: charging}", NOON, "status normal+charging", NIGHT, "status normal"),
    ("{grid: down}", NOON, "grid down", NIGHT, "grid up"),
    ("{online: no}", NOON, "online no", NIGHT, "online yes"),
    ("{quick_charge: on}", NOON, "quick_charge on", NIGHT, "quick_charge off"),
    ("{generator: running}", NOON, "generator running", NIGHT, "generator idle"),
    ("{firmware: update available}", NOON, "firmware update available", NIGHT, "firmware current"),
    ("{fault: any}", NOON, "fault E001", NIGHT, ""),
    ("{fault: [E019, W016]}", NOON, "fault W016", NIGHT, "fault E001"),
    ("{any: [{soc: below 20%}, {grid: down}]}", NOON, "soc 50%, grid down", NIGHT, "soc 50%"),
    ("{all: [{soc: below 20%}, {grid: down}]}", NOON, "soc 10%, grid down", NIGHT, "soc 10%"),
    ("{not: {soc: below 20%}}", NOON, "soc 50%", NIGHT, "soc 10%"),
    ("{not: {any: [{grid: down}, {not: {all: [{soc: above 20%}]}}]}}", NOON, "soc 50%", NIGHT, "soc 10%"),
    ("always", NOON, "", None, ""),
]


@pytest.mark.parametrize(("when", "yes", "seen", "no", "other"), ROWS, ids=[row[0] for row in ROWS])
def test_a_condition_holds_and_does_not(
    when: str, yes: str, seen: str, no: str | None, other: str, loaded: Loaded
) -> None:
    told = [f"# at {yes}{f' with {seen}' if seen else ''}: eps on"]
    if no is not None:
        told.append(f"# at {no}{f' with {other}' if other else ''}: eps off")
    told.sort()
    config = loaded(AROUND.format(when=when))
    for expected, came in replay(config, "\n".join(told)):
        assert came == expected


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_compared_in_its_unit(name: str, loaded: Loaded) -> None:
    row = METRICS[name]
    sample = "3.4 V" if name in ("cell_max", "cell_min") else example(row.unit).partition(" or ")[0]
    for written in (
        f"above {sample}",
        f"{{below: {sample}, until: {sample}}}",
        f"between {sample} and {sample}",
    ):
        loaded(f"alerts: [{{name: a, when: {{{name}: {written}}}}}]\n")


@pytest.mark.parametrize("name", WORD_FACTS)
def test_every_word_of_every_fact_is_taken(name: str, loaded: Loaded) -> None:
    for word in WORD_FACTS[name].words:
        loaded(f"alerts: [{{name: a, when: {{{name}: {word}}}}}]\n")


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_taken_by_rules_and_where_it_may_by_baseline_and_limits(
    name: str, loaded: Loaded
) -> None:
    row = SETTINGS[name]
    value = {
        SettingKind.SWITCH: "on", SettingKind.MODE: (*row.words, "")[0], SettingKind.TASK: "30 min",
        SettingKind.WINDOWS: "[22:00 to 06:00]", SettingKind.NUMBER: example(row.unit).partition(" or ")[0],
    }[row.kind]  # fmt: skip
    config = loaded(f"rules: [{{name: a, when: always, set: {{{name}: {value}}}}}]\n")
    assert list(config.ruleset.rules[0].sets) == [name]
    if row.kind is not SettingKind.TASK:
        assert list(loaded(f"baseline: {{{name}: {value}}}\n").ruleset.baseline) == [name]
    if row.kind in (SettingKind.NUMBER, SettingKind.TASK):
        for limit in (f"{value} to {value}", f"at most {value}", f"at least {value}", value):
            assert list(loaded(f"limits: {{{name}: {limit}}}\n").ruleset.limits) == [name]


def test_raw_settings_and_parameters_are_taken_with_leave(loaded: Loaded) -> None:
    config = loaded(
        "guards: {allow_raw: on}\nrules: [{name: a, when: always, set: {parameters: {99: 90}, "
        'raw: {HOLD_X: "90", FUNC_Y: true}}}]\n'
    )
    assert config.ruleset.rules[0].sets == {"parameter:99": 90.0, "raw:HOLD_X": "90", "raw:FUNC_Y": True}


def test_the_page_about_the_language_knows_every_name() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text()
    families = ("pv", "smart_port", "grid_power_l", "ac_charge", "forced_")
    missing = [name for name in (*METRICS, *WORD_FACTS, *SETTINGS) if not re.search(rf"`{name}\b", page)]
    assert [name for name in missing if not name.startswith(families)] == []
