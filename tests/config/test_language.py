"""What the owner's words become: windows, days, comparisons, settings and limits as core values."""

from datetime import date

import pytest

from luxagent.config.comparisons import comparison, subject
from luxagent.config.context import Context, Known
from luxagent.config.days import DATES, DAYS, MONTHS
from luxagent.config.findings import Fault
from luxagent.config.limits import limit_of
from luxagent.config.nodes import Node, Table, parse
from luxagent.config.secrets import Vault
from luxagent.config.sets import SETS
from luxagent.config.times import window
from luxagent.core.facts.settings import SETTINGS, SettingValue
from luxagent.core.policy.conditions import Between, Bound, Compare, Op
from luxagent.core.policy.rules import GuardRules, Limit
from luxagent.core.values.days import DateSpan, YearlySpan
from luxagent.core.values.sun import SunEvent
from luxagent.core.values.windows import Edge, Window


def context() -> Context:
    known = Known(has_place=True, guards=GuardRules(allow_power_cut=True, allow_raw=True))
    return Context("rules.yaml", Vault({}), known=known)


def node(text: str) -> Node:
    root, _faults = parse(f"key: {text}\n".encode())
    assert isinstance(root, Table)
    return root.entries["key"].node


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("22:00 to 06:00", Edge(1320), Edge(360)),
        ("22:00-06:00", Edge(1320), Edge(360)),
        ("22:00 – 6:00", Edge(1320), Edge(360)),  # noqa: RUF001
        ("0:00 to 24:00", Edge(0), Edge(1440)),
        ("sunset TO 23:00", Edge(event=SunEvent.SUNSET), Edge(1380)),
        ("sunset - 30 min to 23:00", Edge(event=SunEvent.SUNSET, offset_min=-30), Edge(1380)),
        ("dawn to solar  noon + 1.5 h", Edge(event=SunEvent.DAWN), Edge(event=SunEvent.NOON, offset_min=90)),
        ("sunset to sunset + 2 h", Edge(event=SunEvent.SUNSET), Edge(event=SunEvent.SUNSET, offset_min=120)),
    ],
)
def test_a_window_is_read(text: str, start: Edge, end: Edge) -> None:
    assert window(text) == Window(start, end)


@pytest.mark.parametrize(
    "text",
    [
        *("", "22:00", "24:00 to 06:00", "22:60 to 23:00", "22:00 to 22:00", "sunset to sunset", "1 to 2"),
        *("sunset + 30 s to 23:00", "sunset + 13 h to 23:00", "22:00 until 06:00", "22:00-sunset"),
        "\u0662\u0662:00 to 06:00",  # digits, but not ours
    ],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        window(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sat-mon", {5, 6, 0}),
        ("Saturday, sun", {5, 6}),
        ("[tue, thu to fri]", {1, 3, 4}),
        ("mon-sun", set(range(7))),
    ],
)
def test_weekdays_are_read(text: str, days: set[int]) -> None:
    found = DAYS.kind.read(node(text), context())
    assert frozenset().union(*(numbers for (numbers,) in found if numbers is not None)) == days


def test_months_count_from_january_and_wrap() -> None:
    assert MONTHS.kind.read(node("nov-feb, may"), context()) == ({11, 12, 1, 2}, {5})


def test_dates_are_of_one_year_or_of_every_year() -> None:
    found = DATES.kind.read(node("[12-20 to 01-05, 2026-12-24, 02-29]"), context())
    christmas = date(2026, 12, 24)
    assert found == (
        YearlySpan((12, 20), (1, 5)),
        DateSpan(christmas, christmas),
        YearlySpan((2, 29), (2, 29)),
    )


SOC_60 = Bound(60.0)


@pytest.mark.parametrize(
    ("metric", "text", "expected"),
    [
        ("soc", "below 60%", Compare("soc_pct", Op.BELOW, SOC_60)),
        ("soc", "at  most 60 percent", Compare("soc_pct", Op.AT_MOST, SOC_60)),
        ("soc", '">60"', Compare("soc_pct", Op.ABOVE, SOC_60)),
        ("soc", '">= 60%"', Compare("soc_pct", Op.AT_LEAST, SOC_60)),
        ("soc", "below 60% until 78%", Compare("soc_pct", Op.BELOW, SOC_60, Bound(78.0))),
        ("soc", "{at least: 60, until: 50}", Compare("soc_pct", Op.AT_LEAST, SOC_60, Bound(50.0))),
        ("soc", "between 60% and 90% margin 2%", Between("soc_pct", SOC_60, Bound(90.0), 2.0)),
        ("soc", "{between: 60% and 90%}", Between("soc_pct", SOC_60, Bound(90.0))),
        ("soc", "{between: [60%, 90%]}", Between("soc_pct", SOC_60, Bound(90.0))),
        ("cell_max", "above 3.55 V", Compare("cell_max_mv", Op.ABOVE, Bound(3550.0))),
        ("battery_power", "below -1 kW", Compare("battery_power_w", Op.BELOW, Bound(-1000.0))),
        ("data_age", "above 1 h 30 min", Compare("data_age_s", Op.ABOVE, Bound(5400.0))),
        ("price", "below -0.01", Compare("price", Op.BELOW, Bound(-0.01))),
        ("pv_power", "above load_power", Compare("pv_power_w", Op.ABOVE, Bound(0.0, "load_power_w"))),
        (
            "pv_power",
            "above load_power+500 W until load_power - 0.2 kW",
            Compare("pv_power_w", Op.ABOVE, Bound(500.0, "load_power_w"), Bound(-200.0, "load_power_w")),
        ),
    ],
)
def test_a_comparison_is_read(metric: str, text: str, expected: Compare | Between) -> None:
    assert comparison(subject(metric)).read(node(text), context()) == expected


@pytest.mark.parametrize("op", ["below", "at most"])
def test_until_may_equal_its_bound_but_not_fall_short_of_it(op: str) -> None:
    comparison(subject("soc")).read(node(f"{op} 60% until 60%"), context())
    with pytest.raises(Fault, match="let go"):
        comparison(subject("soc")).read(node(f"{op} 60% until 59%"), context())


@pytest.mark.parametrize(
    ("setting", "text", "expected"),
    [
        ("charge_limit", "never", 101.0),
        ("charge_limit", "90", 90.0),
        ("ac_charge_power", "2.5 kW", 2500.0),
        ("ac_charge", "off", False),
        ("ac_charge", "Yes", True),
        ("operating_mode", "Standby", "standby"),
        ("quick_charge", "on", 3600.0),
        ("quick_charge", "1.5 h", 5400.0),
        ("quick_charge", "off", False),
        ("ac_charge_windows", "[]", ()),
        ("ac_charge_windows", "[23:30 to 5:30]", ("23:30-05:30",)),
        ("ac_charge_windows", "23:30-05:30", ("23:30-05:30",)),
        ("raw", "{HOLD_X: 5}", "5"),
        ("raw", "{FUNC_X: true}", True),
    ],
)
def test_a_setting_takes_its_own_words(setting: str, text: str, expected: SettingValue) -> None:
    (value,) = SETS.read(node(f"{{{setting}: {text}}}"), context()).values()
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("setting", "text", "expected"),
    [
        ("charge_limit", "50% to 101%", Limit(50.0, 101.0)),
        ("charge_limit", "50% to never", Limit(50.0, 101.0)),
        ("ac_charge_power", "at most 6 kW", Limit(None, 6000.0)),
        ("discharge_floor", "At least 10%", Limit(10.0, None)),
        ("discharge_floor", "15%", Limit(15.0, 15.0)),
    ],
)
def test_a_limit_is_read(setting: str, text: str, expected: Limit) -> None:
    assert limit_of(SETTINGS[setting], text) == expected
