"""Homes that are out of reach, homes nobody knows, and settings owned while nothing is written."""

from dataclasses import replace

import pytest

from luxagent.core.events import Event, Ticked, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Reason
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.conditions import Always
from luxagent.core.sightings import HomeMissed, LeftAlone, WentDry, WentLive
from tests.core.builders import (
    NOON,
    SERIAL,
    after,
    changes_of,
    inverter,
    plant,
    policy,
    reasons_of,
    rule,
    soc_below,
    tick,
)

RULES = policy(rule(when=soc_below(10), charge_limit=80.0))
AT_80 = plant(inverter(settings={"charge_limit": 80.0}))


def write(number: int, minutes: float, outcome: str = "unproven", *, home: bool = True) -> list[Event]:
    rule_name = None if home else "Rule"
    at, value = after(minutes), 100.0 if home else 80.0
    return [
        WriteIntended(at, number, SERIAL, "charge_limit", value, 80.0, rule_name, "", homeward=home),
        WriteClosed(at, number, SERIAL, "charge_limit", outcome, 80.0),  # type: ignore[arg-type]
    ]


def owning() -> Memory:
    intent = WriteIntended(NOON, 1, SERIAL, "charge_limit", 80.0, 100.0, "Rule", "", homeward=False)
    closed = WriteClosed(NOON, 1, SERIAL, "charge_limit", "confirmed", 80.0)
    return fold_all(Memory(), [intent, closed, Ticked(NOON)])


def told(memory: Memory, minutes: float) -> list[HomeMissed]:
    return [e for e in tick(RULES, AT_80, memory, after(minutes))[0].events if isinstance(e, HomeMissed)]


def test_three_misses_on_the_way_home_are_told_once() -> None:
    memory = fold_all(owning(), [e for n in (2, 3) for e in write(n, 12 * n)])
    assert told(memory, 40) == []
    memory = fold_all(memory, write(4, 48))
    [missed] = told(memory, 60)
    assert (missed.setting, missed.misses, missed.value, missed.found) == ("charge_limit", 3, 100.0, 80.0)
    _, memory = tick(RULES, AT_80, memory, after(60))
    assert told(memory, 70) == []


def test_a_home_that_nobody_knows_is_left_alone_and_told_once() -> None:
    memory = owning()
    owned = replace(memory.owned[SERIAL]["charge_limit"], before=None)
    memory = replace(memory, owned={SERIAL: {"charge_limit": owned}})
    decision, memory = tick(RULES, AT_80, memory, after(20))
    assert [type(e) for e in decision.events if isinstance(e, LeftAlone)] == [LeftAlone]
    assert changes_of(decision) == []
    assert memory.owned == {}
    assert not [e for e in tick(RULES, AT_80, memory, after(22))[0].events if isinstance(e, LeftAlone)]


def test_with_a_baseline_an_unknown_before_does_not_matter() -> None:
    memory = owning()
    owned = replace(memory.owned[SERIAL]["charge_limit"], before=None)
    memory = replace(memory, owned={SERIAL: {"charge_limit": owned}})
    rules = policy(rule(when=soc_below(10), charge_limit=80.0), baseline={"charge_limit": 95.0})
    assert changes_of(tick(rules, AT_80, memory, after(20))[0]) == [("charge_limit", 95.0)]


def test_turning_dry_while_settings_are_owned_names_each_and_what_remains_once() -> None:
    dry = policy(rule(when=soc_below(10), charge_limit=80.0), dry_run=True)
    decision, memory = tick(dry, AT_80, owning(), after(20))
    [went] = [event for event in decision.events if isinstance(event, WentDry)]
    assert went.remains == (
        f"{SERIAL}: charge_limit stays 80 % until someone changes it "
        "(it was 100 % before 'Rule' took it).",
    )  # fmt: skip
    assert reasons_of(decision, "charge_limit")[-1] is Reason.DRY_RUN
    assert not [e for e in tick(dry, AT_80, memory, after(22))[0].events if isinstance(e, WentDry)]
    decision, memory = tick(RULES, AT_80, memory, after(24))
    assert [type(e) for e in decision.events if isinstance(e, WentLive)] == [WentLive]
    assert memory.custody.dry_since is None


def test_the_dry_tick_of_a_ledger_that_was_damaged_is_not_called_turning_dry() -> None:
    dry = policy(rule(when=soc_below(10), charge_limit=80.0), dry_run=True)
    recovered = replace(Memory(), owned=owning().owned)
    assert not [e for e in tick(dry, AT_80, recovered)[0].events if isinstance(e, WentDry)]


def test_each_guard_counts_how_often_it_began_to_hold_within_a_day() -> None:
    from luxagent.core.custody import holds_of_last_day

    rules = policy(rule(when=Always(), charge_limit=80.0, eps=False), dry_run=True)
    _, memory = tick(rules, plant())
    _, memory = tick(rules, plant(inverter(online=False)), memory, after(60))
    _, memory = tick(rules, plant(inverter(online=False)), memory, after(62))
    counts = holds_of_last_day(memory.custody, after(70))
    assert counts["dry_run"] == 4
    assert counts["offline"] == 2
    assert holds_of_last_day(memory.custody, after(60 * 26)) == {}


def test_a_home_beyond_what_the_wire_can_say_is_the_most_it_can() -> None:
    """The document's wire says at most 100 % of a limit that read 101 %: to stay at 80 would be worse."""
    memory = fold_all(Memory(), [
        WriteIntended(NOON, 1, SERIAL, "charge_limit", 80.0, 101.0, "Rule", "", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "charge_limit", "confirmed", 80.0),
    ])  # fmt: skip
    at_80 = replace(AT_80, wire="document")
    decision, memory = tick(RULES, at_80, memory, after(5))
    assert changes_of(decision) == [("charge_limit", 100.0)]
    at_100 = plant(inverter(settings={"charge_limit": 100.0}), wire="document")
    _, memory = tick(RULES, at_100, memory, after(10))
    assert memory.owned == {}


@pytest.mark.parametrize("wire", ["document", "live"])
def test_one_that_never_left_there_is_at_home_as_it_is(wire: str) -> None:
    memory = fold_all(Memory(), [
        WriteIntended(NOON, 1, SERIAL, "charge_limit", 80.0, 101.0, "Rule", "", homeward=False),
        WriteClosed(NOON, 1, SERIAL, "charge_limit", "refused", 101.0),
    ])  # fmt: skip
    seen = plant(inverter(settings={"charge_limit": 101.0}), wire=wire)
    decision, memory = tick(RULES, seen, memory, after(5))
    assert changes_of(decision) == []
    _, memory = tick(RULES, seen, memory, after(40))
    assert memory.owned == {}


def test_a_way_home_that_is_proven_ends_what_was_told_also_for_the_next_take() -> None:
    memory = fold_all(owning(), [e for n in (2, 3, 4) for e in write(n, 12 * n)])
    _, memory = tick(RULES, AT_80, memory, after(60))
    assert memory.custody.missed_home[SERIAL] == {"charge_limit": 3}
    memory = fold_all(memory, write(5, 110, "confirmed"))
    assert not memory.custody.missed_home.get(SERIAL)
