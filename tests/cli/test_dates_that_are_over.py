"""`check` knows what day it is, and tells of dates that never come again. The clock stands in June 2026."""

import pytest

from tests.cli.bench import Desk

RULES = "rules:\n  - {{name: A, when: {when}, set: {{charge_limit: 90%}}}}\n"


def told(desk: Desk, when: str, more: str = "") -> list[str]:
    desk.write(f"baseline: {{charge_limit: 95%}}\n{more}" + RULES.format(when=when))
    findings = desk.say("check", "--json").json["findings"]
    return [one["code"] for one in findings if one["code"] in ("over", "never-holds")]


@pytest.mark.parametrize(
    "when",
    [
        "{dates: 2025-12-24}",
        "{time: 22:00 to 06:00, dates: 2025-12-24 to 2026-01-02}",
        "{dates: 2026-05-01, soc: below 50% until 60%}",
        "{any: [{dates: 2025-12-24}, {dates: 2024-12-24}]}",
        "{all: [{dates: 2025-12-24, for: 5 min}]}",
    ],
)
def test_a_rule_whose_dates_are_all_over_is_told(desk: Desk, when: str) -> None:
    assert told(desk, when) == ["over"]


@pytest.mark.parametrize(
    "when",
    [
        "{dates: 12-24}",
        "{dates: 2031-12-24}",
        "{dates: [2025-12-24, 2031-12-24]}",
        "{dates: [2025-12-24, 12-25]}",
        "{any: [{dates: 2025-12-24}, {soc: below 20% until 30%}]}",
        "{not: {dates: 2025-12-24}}",
        "{soc: below 20% until 30%}",
    ],
)
def test_what_can_come_again_is_not(desk: Desk, when: str) -> None:
    assert told(desk, when) == []


def test_holidays_that_are_all_over_are_told_where_something_asks_for_them(desk: Desk) -> None:
    tariff = "tariff: {{holidays: [2025-12-25{more}], periods: [{{name: all, import: 0.1}}]}}\n"
    assert told(desk, "{days: holiday}", tariff.format(more="")) == ["over"]
    assert told(desk, "{days: holiday}", tariff.format(more=", 2031-12-25")) == []
    assert told(desk, "{days: mon}", tariff.format(more="")) == []


def test_it_is_a_warning_with_its_last_day(desk: Desk) -> None:
    told(desk, "{dates: 2025-12-24}")
    said = desk.say("check", "--strict")
    assert said.code == 1
    assert "warning: its dates are over: the last was 2025-12-24 (write 12-24 for every year)" in said.out
