"""What the journal says of a condition."""

from datetime import date, datetime
from typing import Any

import pytest

from luxagent.core.policy.conditions import (
    All,
    Always,
    AnyOf,
    Between,
    Bound,
    Compare,
    Condition,
    CronIn,
    DayIs,
    FaultIs,
    FlagOn,
    Held,
    Not,
    Op,
    SunIs,
    TariffIs,
    TimeIn,
    WordIs,
)
from luxagent.core.policy.words import days_text, wanted
from luxagent.core.values.days import DateSpan, Days, YearlySpan
from luxagent.core.values.sun import SunEvent
from luxagent.core.values.windows import Edge, Window
from tests.core.policy.scenes import PEAK, Life, at, scene, soc

NIGHT = TimeIn((Window(Edge(23 * 60 + 30), Edge(5 * 60 + 30)),))
CHEAP = All((soc(Op.BELOW, 60, 78), NIGHT))
IMBALANCE = Held(
    All((Compare("cell_delta_mv", Op.ABOVE, Bound(50), Bound(40)), Between("soc_pct", Bound(20), Bound(90)))),
    1800,
)


NIGHT_TIME = at(2)


def text(condition: Condition, now: datetime = NIGHT_TIME, **values: Any) -> str:  # noqa: ANN401
    life = Life(condition)
    life.now = now
    return life.explain(life.scene(values)).text()


def test_a_rule_that_holds_tells_all_that_made_it_so() -> None:
    assert text(CHEAP, soc_pct=31) == "soc 31 % below 60 % until 78 %, 23:30 to 05:30"


def test_a_rule_that_does_not_hold_tells_the_first_thing_that_fails() -> None:
    assert text(CHEAP, soc_pct=80) == "soc 80 % not below 60 % until 78 %"
    assert text(CHEAP, at(12), soc_pct=31) == "not 23:30 to 05:30"


def test_an_unknown_rule_tells_what_is_unknown() -> None:
    assert text(CHEAP) == "soc unknown, wanted below 60 % until 78 %"


def test_any_tells_the_first_that_holds_and_not_any_tells_all_that_fail() -> None:
    either = AnyOf((WordIs("grid", "down"), soc(Op.BELOW, 20)))
    assert text(either, grid="up", soc_pct=10) == "soc 10 % below 20 %"
    assert text(either, grid="up", soc_pct=30) == "grid up, not down"
    assert text(Not(either), grid="up", soc_pct=30) == "grid up, not down, soc 30 % not below 20 %"
    assert text(Not(CHEAP), at(12), soc_pct=31) == "not 23:30 to 05:30"


def test_for_tells_how_far_it_has_come() -> None:
    life = Life(IMBALANCE)
    values = {"cell_delta_mv": 53, "soc_pct": 71}
    life.tick(**values)
    for _ in range(6):
        life.tick(2, **values)
    said = life.explain(life.scene(values)).text()
    assert said == (
        "cell_delta 53 mV above 50 mV until 40 mV, soc 71 % between 20 % and 90 % for 12 min of 30 min"
    )
    for _ in range(9):
        life.tick(2, **values)
    assert life.explain(life.scene(values)).text().endswith("90 % for 30 min")


@pytest.mark.parametrize(
    ("condition", "values", "said"),
    [
        (Always(), {}, "always"),
        (All(()), {}, "always"),
        (FlagOn("storm"), {}, "flag storm off"),
        (SunIs(up=False), {}, "sun down"),
        (SunIs(up=True), {}, "not sun up"),
        (TariffIs(frozenset({"off-peak"})), {}, "tariff off-peak"),
        (TariffIs(frozenset({"peak"})), {}, "tariff off-peak, not peak"),
        (Compare("price", Op.AT_MOST, Bound(0.1)), {}, "price 0.08 per kWh at most 0.1 per kWh"),
        (FaultIs(), {"faults": frozenset()}, "fault none, not any"),
        (FaultIs(), {"faults": frozenset({"E019"})}, "fault any"),
        (FaultIs(), {}, "fault unknown, wanted any"),
        (WordIs("status", "fault"), {"status": frozenset({"normal", "charging"})},
         "status charging and normal, not fault"),
        (WordIs("online", "no"), {"online": True}, "online yes, not no"),
        (CronIn("0 2 * * sun", 10800), {}, 'not within 3 h of "0 2 * * sun"'),
        (Compare("pv_power_w", Op.ABOVE, Bound(500, "load_power_w")),
         {"pv_power_w": 3200, "load_power_w": 1100}, "pv_power 3.2 kW above load_power + 500 W (1.6 kW)"),
    ],
)  # fmt: skip
def test_every_leaf_has_its_words(condition: Condition, values: dict[str, Any], said: str) -> None:
    assert text(condition, **values) == said


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (IMBALANCE, "cell_delta above 50 mV until 40 mV, soc between 20 % and 90 % for 30 min"),
        (Not(AnyOf((FlagOn("storm"), SunIs(up=True)))), "not (any of (flag storm; sun up))"),
        (TimeIn((PEAK,), Days(weekdays=frozenset(range(5)))), "16:00 to 21:00 mon-fri"),
        (TimeIn((Window(Edge(event=SunEvent.SUNSET, offset_min=-30), Edge(1380)),)),
         "sunset - 30 min to 23:00"),
        (DayIs(Days(holiday=True)), "holiday"),
        (Compare("grid_import_power_w", Op.BELOW, Bound(-500, "load_power_w")),
         "grid_import_power below load_power - 500 W"),
    ],
)  # fmt: skip
def test_what_is_wanted_reads_like_the_file(condition: Condition, words: str) -> None:
    assert wanted(condition) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (Days(weekdays=frozenset({5, 6, 0})), "sat-mon"),
        (Days(months=frozenset({11, 12, 1, 2})), "nov-feb"),
        (Days(weekdays=frozenset({1, 3}), holiday=True), "tue, thu, holiday"),
        (Days(dates=(YearlySpan((12, 20), (1, 5)),)), "12-20 to 01-05"),
        (Days(dates=(DateSpan(date(2026, 12, 24), date(2026, 12, 24)),)), "2026-12-24"),
        (Days(), "every day"),
    ],
)
def test_days_read_like_the_file(days: Days, words: str) -> None:
    assert days_text(days) == words


def test_leaves_carry_what_was_wanted_and_seen() -> None:
    because = Life(CHEAP).explain(scene(at(2), soc_pct=31))
    assert [(leaf.wanted(), leaf.observed(), leaf.truth) for leaf in because.leaves()] == [
        ("soc below 60 % until 78 %", "31 %", True),
        ("23:30 to 05:30", "", True),
    ]
