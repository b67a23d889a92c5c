"""Per setting, the first rule that holds wins; else the baseline; else what was before; else nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from luxagent.core.decide import Decision
from luxagent.core.facts.reasons import Reason
from luxagent.core.facts.settings import SettingValue
from luxagent.core.memory import Memory
from luxagent.core.plant.reading import Value
from luxagent.core.policy.conditions import Always, FlagOn
from luxagent.core.policy.policy import Policy
from tests.core.builders import (
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
from tests.core.control.test_going_home import Loop


def test_a_rule_that_holds_asks_for_the_difference_only() -> None:
    rules = policy(rule(charge_limit=90.0, eps=True))
    decision, _ = tick(rules, plant())
    assert changes_of(decision) == [("charge_limit", 90.0)]
    assert [want.setting for want in decision.unchanged] == ["eps"]


def test_wanted_equal_to_actual_writes_nothing_and_moves_nothing_the_second_time() -> None:
    rules = policy(rule(charge_limit=100.0))
    _, memory = tick(rules, plant())
    decision, again = tick(rules, plant(), memory)
    assert changes_of(decision) == []
    assert decision.events == []
    assert again is memory


def test_the_upper_of_two_rules_wins_for_the_setting_both_want() -> None:
    rules = policy(rule("Upper", charge_limit=80.0), rule("Lower", charge_limit=70.0, ac_charge_limit=60.0))
    decision, _ = tick(rules, plant())
    assert sorted(changes_of(decision)) == [("ac_charge_limit", 60.0), ("charge_limit", 80.0)]


def test_the_baseline_decides_where_no_rule_holds() -> None:
    rules = policy(rule(when=soc_below(10), charge_limit=80.0), baseline={"charge_limit": 95.0})
    decision, _ = tick(rules, plant())
    assert changes_of(decision) == [("charge_limit", 95.0)]
    assert decision.changes[0].want.rule is None


def test_a_setting_no_rule_wants_and_nobody_owns_is_left_alone() -> None:
    rules = policy(rule(when=soc_below(10), charge_limit=80.0))
    decision, _ = tick(rules, plant())
    assert changes_of(decision) == []
    [want] = decision.unchanged
    assert want.value is None
    assert want.rule is None


def test_a_rule_in_doubt_holds_its_setting_back_with_the_reason() -> None:
    rules = policy(rule(charge_limit=80.0), baseline={"charge_limit": 95.0})
    decision, _ = tick(rules, plant(inverter(values={"soc_pct": None, "data_age_s": 4000.0})))
    [held] = decision.held
    assert held.want.value is None
    assert held.reasons[0] is Reason.STALE
    assert changes_of(decision) == []


def test_an_offline_inverter_is_named_as_the_reason() -> None:
    rules = policy(rule(charge_limit=80.0))
    gone = inverter(values={"soc_pct": None, "online": False}, online=False)
    decision, _ = tick(rules, plant(gone))
    assert decision.held[0].reasons[0] is Reason.OFFLINE


def test_each_member_of_a_group_is_compared_by_itself() -> None:
    rules = policy(rule(charge_limit=90.0))
    done = inverter("A1", unit="A", settings={"charge_limit": 90.0})
    other = inverter("A2", unit="A", primary=False)
    decision, _ = tick(rules, plant(done, other))
    assert [(change.want.serial, change.value) for change in decision.changes] == [("A2", 90.0)]


def test_quick_charge_is_asked_of_the_primary_alone() -> None:
    rules = policy(rule(quick_charge=3600.0))
    decision, _ = tick(rules, plant(inverter("A1", unit="A"), inverter("A2", unit="A", primary=False)))
    assert [change.want.serial for change in decision.changes] == ["A1"]


def test_a_quick_charge_is_the_groups_whichever_member_its_rule_names() -> None:
    narrow = replace(rule(quick_charge=3600.0), devices=frozenset({"A2"}))
    first, second = inverter("A1", unit="A"), inverter("A2", unit="A", primary=False)
    decision, _ = tick(policy(narrow), plant(first, second))
    assert [change.want.serial for change in decision.changes] == ["A1"]
    decision, _ = tick(policy(narrow), plant(first, inverter("B1", unit="B")))
    assert decision.changes == []


def test_a_rule_narrowed_to_a_device_leaves_the_others_alone() -> None:
    narrow = replace(rule(charge_limit=90.0), devices=frozenset({"A2"}))
    decision, _ = tick(policy(narrow), plant(inverter("A1", unit="A"), inverter("A2", unit="A")))
    assert [change.want.serial for change in decision.changes] == ["A2"]


def test_a_flag_that_is_off_keeps_its_rule_silent() -> None:
    rules = policy(rule(when=FlagOn("storm"), charge_limit=90.0), flags=frozenset({"storm"}))
    decision, _ = tick(rules, plant())
    assert changes_of(decision) == []


_levels = st.floats(20, 100).map(round).map(float)


@given(
    st.lists(st.tuples(st.booleans(), _levels), min_size=1, max_size=6),
    st.one_of(st.none(), _levels),
)
def test_the_first_holding_rule_wins_whatever_stands_below(
    levels: list[tuple[bool, float]], base: float | None
) -> None:
    made = [
        rule(f"R{n}", Always() if holds else soc_below(1), charge_limit=value)
        for n, (holds, value) in enumerate(levels)
    ]
    baseline: dict[str, SettingValue] = {} if base is None else {"charge_limit": base}
    decision, _ = tick(policy(*made, baseline=baseline), plant(inverter(settings={"charge_limit": 21.0})))
    wanted = next((value for holds, value in levels if holds), base)
    expected = [] if wanted is None or wanted == 21.0 else [("charge_limit", wanted)]
    assert changes_of(decision) == expected


@given(st.permutations(["charge_limit", "discharge_floor", "ac_charge_limit", "eps", "charge_current"]))
def test_rules_that_share_no_setting_may_stand_in_any_order(order: list[str]) -> None:
    values: dict[str, SettingValue] = {
        "charge_limit": 90.0, "discharge_floor": 30.0, "ac_charge_limit": 80.0, "eps": False,
        "charge_current": 50.0,
    }  # fmt: skip
    seen = plant(inverter(settings={"charge_current": 100.0}))
    made = [rule(f"On {name}", soc_below(60), **{name: values[name]}) for name in order]
    decision, _ = tick(policy(*made), seen)
    assert sorted(changes_of(decision), key=str) == sorted(values.items(), key=str)


@given(st.lists(st.tuples(st.sampled_from([30.0, 50.0, 65.0, None]), st.booleans()), min_size=2, max_size=12))
def test_the_shortcut_of_quiet_ticks_changes_no_decision(steps: list[tuple[float | None, bool]]) -> None:
    """Two agents see the same; one forgets its shortcut before every tick."""

    def made() -> Policy:
        return policy(
            rule("Low", soc_below(60), charge_limit=90.0), baseline={"charge_limit": 100.0, "eps": True}
        )

    quick, plain = made(), made()
    one, other = Memory(), Memory()
    for n, (soc, eps) in enumerate(steps):
        seen = plant(inverter(values={"soc_pct": soc}, settings={"eps": eps}))
        plain.calm.clear()
        a, one = tick(quick, seen, one, after(n))
        b, other = tick(plain, seen, other, after(n))
        assert (a.changes, a.held, a.unchanged, a.events) == (b.changes, b.held, b.unchanged, b.events)
    assert one == other


BUY_AND_SELL = policy(
    rule("Buy", soc_below(30), ac_charge=True, forced_discharge=False),
    rule("Sell", Always(), ac_charge=False, forced_discharge=True),
)


def handed_over(**values: Value) -> Decision:
    """What is decided when `Buy` has let go to `Sell`, on these readings."""
    loop = Loop(BUY_AND_SELL, ac_charge=False, forced_discharge=False)
    loop.tick(50)
    loop.tick(20)
    assert loop.settings == {"ac_charge": True, "forced_discharge": False}
    seen = plant(inverter(values={"soc_pct": 50.0, **values}, settings=loop.settings))
    decision, _ = tick(BUY_AND_SELL, seen, loop.memory, after(loop.minute + 20))
    return decision


def test_a_discharge_by_a_lower_rule_waits_until_the_upper_ones_charge_is_proven_off() -> None:
    off, on = sorted(handed_over().changes, key=lambda change: change.stage)
    assert (off.want.setting, off.want.homeward) == ("ac_charge", True)
    assert (on.want.setting, on.want.homeward, on.needs) == ("forced_discharge", False, ("ac_charge",))
    assert off.stage < on.stage


def test_a_lower_rule_sets_nothing_going_on_readings_that_are_old() -> None:
    decision = handed_over(data_age_s=1700.0)
    assert changes_of(decision) == [("ac_charge", False)]
    assert reasons_of(decision, "forced_discharge")[0] is Reason.STALE
