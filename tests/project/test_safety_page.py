"""docs/safety.md says of every guard what it does, word by word as the journal has it."""

import re
from pathlib import Path

import pytest

from luxagent.cli.stopping import FOR_GOOD
from luxagent.core.control import guards
from luxagent.core.control.firmware import DOUBT
from luxagent.core.facts.reasons import REASON_WORDS, Reason
from luxagent.core.facts.settings import POWER_CUTS
from luxagent.core.policy.rules import GuardRules

PAGE = (Path(__file__).parents[2] / "docs" / "safety.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^#)", PAGE, re.MULTILINE | re.DOTALL))


def line_of(reason: Reason, label: str) -> str:
    """One line of a guard's section, without its line breaks."""
    found = re.search(rf"^- {label}: (.*?)(?=^- |\Z)", SECTIONS[reason.value], re.MULTILINE | re.DOTALL)
    assert found is not None, f"{reason} has no {label!r}"
    return " ".join(found[1].split())


def test_every_guard_has_a_section_in_the_order_in_which_they_count() -> None:
    assert list(SECTIONS) == [reason.value for reason in Reason]


@pytest.mark.parametrize("reason", Reason)
def test_a_guards_section_has_its_rule_its_journal_line_and_how_to_lift_it(reason: Reason) -> None:
    assert line_of(reason, "Journal") == f"`{REASON_WORDS[reason]}`"
    assert len(line_of(reason, "Rule")) > 20
    assert len(line_of(reason, "Lift it")) > 5


@pytest.mark.parametrize("reason", Reason)
def test_whether_going_home_is_held_is_told_as_it_is(reason: Reason) -> None:
    line = line_of(reason, "Going home")
    assert line.startswith("held") is (reason in guards.HOLDS_GOING_HOME)
    if reason in guards.HOLDS_GOING_HOME:
        assert bool(re.search(r"not by `restore`", line)) is (reason in guards.LIFTED_BY_RESTORE)


def test_the_numbers_are_those_of_the_guards() -> None:
    rules = GuardRules()
    assert f"`guards.stale_after` ({rules.stale_after_s / 60:g} min)" in PAGE
    assert f"`guards.same_setting_every` ({rules.same_setting_every_s / 60:g} min)" in PAGE
    assert f"`guards.writes_per_hour` ({rules.writes_per_hour})" in PAGE
    assert f"`guards.writes_per_day` ({rules.writes_per_day})" in PAGE
    assert f"`guards.on_override` ({(rules.on_override_s or 0) / 3600:g} h)" in PAGE
    assert (guards.JAMMED_AFTER, guards.HOMEWARD_OVER_HOUR, guards.HOMEWARD_SHARE) == (3, 2, 5)
    assert (guards.HOMEWARD_RETRY.total_seconds(), DOUBT.total_seconds()) == (600, 900)
    assert guards.HOMEWARD_RETRY_JAMMED.total_seconds() == 3600
    assert f"`writes_per_day` ({rules.writes_per_day // guards.HOMEWARD_SHARE}) went home" in PAGE


def test_what_can_cut_power_is_named() -> None:
    for name, _ in POWER_CUTS:
        assert name in PAGE


def test_the_results_that_count_as_a_stop_are_named() -> None:
    assert all(f"`{word}`" in PAGE for word in FOR_GOOD)
