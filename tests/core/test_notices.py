"""A rule with `notify` tells what is true when it takes and lets go."""

from luxagent.core.control.changes import Change
from luxagent.core.decide import Decision
from luxagent.core.events import WriteClosed, WriteIntended
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import Rule, Scope
from tests.core.builders import NOON, SERIAL, after, inverter, plant, policy, soc_below, tick

NIGHT = Rule("Night", soc_below(60), {"charge_limit": 80.0}, notify=("phone",))
OTHER = "44300E0002"
FULL = plant(inverter(values={"soc_pct": 90.0}))


def told(decision: Decision) -> list[tuple[str, ...]]:
    return [(message.body, *message.more) for message in decision.messages]


def written(memory: Memory, change: Change, number: int = 1) -> Memory:
    """The memory after a change was sent and proven."""
    want = change.want
    rule = want.rule or "baseline"
    return fold_all(
        memory,
        [
            WriteIntended(
                NOON, number, want.serial, want.setting, change.value, want.have, rule, "", homeward=False
            ),
            WriteClosed(NOON, number, want.serial, want.setting, "confirmed"),
        ],
    )


def test_what_is_written_took_over_and_lets_go() -> None:
    rules = policy(NIGHT)
    decision, memory = tick(rules, plant())
    assert told(decision) == [("Night took over: soc 50 % below 60 %",)]
    memory = written(memory, decision.changes[0])
    there = plant(inverter(values={"soc_pct": 90.0}, settings={"charge_limit": 80.0}))
    decision, _ = tick(rules, there, memory, after(30))
    assert told(decision) == [("Night let go: soc 90 % not below 60 %",)]


def test_a_dry_run_neither_takes_over_nor_lets_go() -> None:
    rules = policy(NIGHT, dry_run=True)
    decision, memory = tick(rules, plant())
    assert told(decision) == [("Night holds, but nothing is written (dry run): soc 50 % below 60 %",)]
    decision, memory = tick(rules, plant(), memory, after(2))
    assert told(decision) == []
    decision, _ = tick(rules, FULL, memory, after(4))
    assert told(decision) == [
        ("Night no longer holds; nothing of it had been written: soc 90 % not below 60 %",)
    ]


def test_a_guard_is_named_and_the_take_is_told_once_when_it_can_be_written() -> None:
    rules = policy(NIGHT)
    decision, memory = tick(rules, plant(clock_ok=False))
    words = "the clocks of this computer and the portal disagree"
    assert told(decision) == [(f"Night holds, but nothing is written ({words}): soc 50 % below 60 %",)]
    decision, memory = tick(rules, plant(), memory, after(2))
    assert told(decision) == [
        ("Night took over: soc 50 % below 60 %", "It had been held back until now."),
    ]
    memory = written(memory, decision.changes[0])
    decision, _ = tick(rules, plant(inverter(settings={"charge_limit": 80.0})), memory, after(4))
    assert told(decision) == []


def test_a_write_that_is_tried_again_is_not_told_as_another_take() -> None:
    rules = policy(NIGHT)
    decision, memory = tick(rules, plant(clock_ok=False))
    decision, memory = tick(rules, plant(), memory, after(2))
    memory = fold_all(
        memory,
        [
            WriteIntended(after(2), 1, SERIAL, "charge_limit", 80.0, 100.0, "Night", "", homeward=False),
            WriteClosed(after(2), 1, SERIAL, "charge_limit", "refused"),
        ],
    )
    decision, memory = tick(rules, plant(), memory, after(4))
    assert (decision.changes, told(decision)) == ([], [])  # too soon
    decision, _ = tick(rules, plant(), memory, after(15))
    assert (len(decision.changes), told(decision)) == (1, [])


def test_what_is_held_of_a_take_is_named_beside_it() -> None:
    both = Rule("Night", soc_below(60), {"charge_limit": 80.0, "ac_charge_power": 9000.0}, notify=("phone",))
    seen = plant(inverter(able=frozenset({"charge_limit"})))
    (message,) = told(tick(policy(both), seen)[0])
    assert message[0] == "Night took over: soc 50 % below 60 %"
    assert message[1].startswith("Not written yet: ac_charge_power (this inverter or portal does not have")


def test_what_is_decided_above_it_is_not_taken_over() -> None:
    above = Rule("Storm", soc_below(70), {"charge_limit": 95.0})
    decision, _ = tick(policy(above, NIGHT), plant())
    assert told(decision) == [("Night holds, but what stands above it decides: soc 50 % below 60 %",)]


def test_each_inverter_speaks_for_itself_where_the_rule_does() -> None:
    def of(scope: Scope) -> Policy:
        return policy(Rule("Night", soc_below(60), {"charge_limit": 80.0}, notify=("phone",), scope=scope))

    pair = plant(inverter(unit="A", values={"soc_pct": 40.0}), inverter(OTHER, unit="A", able=frozenset()))
    own = told(tick(of(Scope.INVERTER), pair)[0])
    assert own[0] == ("Night took over: soc 40 % below 60 %",)
    assert own[1][0].startswith("Night holds, but nothing is written (this inverter or portal does not")
    (whole,) = told(tick(of(Scope.UNIT), pair)[0])
    assert whole[0].startswith("Night took over")
    assert whole[1].startswith("Not written yet: charge_limit")
