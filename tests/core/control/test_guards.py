"""Each reason not to write: when it holds, when it does not, and what it lets through on the way home."""

from dataclasses import replace
from datetime import timedelta

import pytest

from luxagent.core.control.changes import BY_HAND
from luxagent.core.control.guards import GUARDS
from luxagent.core.decide import decide_home
from luxagent.core.events import ClockSet, LeaseSet, Resumed, RuleTook, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import REASON_WORDS, Reason
from luxagent.core.facts.settings import Flow, SettingValue
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Device, Plant
from luxagent.core.policy.conditions import Always, FlagOn
from luxagent.core.policy.rules import Limit
from luxagent.core.sightings import OverrideSeen
from tests.core.builders import (
    NOON,
    SERIAL,
    after,
    changes_of,
    guards,
    inverter,
    plant,
    policy,
    reasons_of,
    rule,
    tick,
)


def held(seen: Plant, setting: str, value: SettingValue, **more: object) -> tuple[Reason, ...]:
    """Why a rule that always holds may not write one setting."""
    decision, _ = tick(policy(rule(when=Always(), **{setting: value}), **more), seen)
    return () if decision.changes else reasons_of(decision, setting)


def written(
    number: int, minutes_ago: float, setting: str = "charge_limit", *, homeward: bool = False,
    outcome: str = "confirmed", rule_name: str | None = "Rule",
) -> list[WriteIntended | WriteClosed]:  # fmt: skip
    at = after(-minutes_ago)
    intent = WriteIntended(at, number, SERIAL, setting, 90.0, 100.0, rule_name, "", homeward)
    return [intent, WriteClosed(at, number, SERIAL, setting, outcome, 90.0)]  # type: ignore[arg-type]


def test_a_healthy_plant_lets_a_write_through() -> None:
    assert held(plant(), "charge_limit", 90.0) == ()


def test_a_value_that_the_wire_cannot_say_is_held_and_not_sent_to_be_refused() -> None:
    at_90 = inverter(settings={"charge_limit": 90.0})
    assert held(plant(at_90, wire="document"), "charge_limit", 101.0) == (Reason.UNSUPPORTED,)
    assert held(plant(at_90, wire="document"), "charge_limit", 100.0) == ()
    assert held(plant(at_90, wire="live"), "charge_limit", 101.0) == ()


AT_90 = plant(inverter(settings={"charge_limit": 90.0}))
"""As `written` left it."""

CASES: list[tuple[Reason, Device, dict[str, object]]] = [
    (Reason.READ_ONLY_ACCOUNT, inverter(), {"may_write": False}),
    (Reason.UNSUPPORTED, inverter(able=frozenset({"eps"})), {}),
    (Reason.WIRE_UNSURE, inverter(), {"wire_sure": False}),
    (Reason.CLOCK, inverter(), {"clock_ok": False}),
    (Reason.OFFLINE, inverter(online=False), {}),
    (Reason.OFFLINE, inverter(online=None), {}),
    (Reason.UNREAD, inverter(settings={"charge_limit": None}), {}),
    (Reason.STALE, inverter(values={"data_age_s": 901.0}), {}),
    (Reason.STALE, inverter(values={"data_age_s": None}), {}),
    (Reason.FIRMWARE_UPDATING, inverter(updating=True), {}),
    (Reason.NO_EFFECT, inverter(by_voltage=frozenset({"charge"})), {}),
]


@pytest.mark.parametrize(("reason", "device", "more"), CASES, ids=lambda value: str(value)[:24])
def test_what_is_wrong_with_the_plant_is_the_reason(
    reason: Reason, device: Device, more: dict[str, object]
) -> None:
    assert held(plant(device, **more), "charge_limit", 90.0) == (reason,)


@pytest.mark.parametrize("homeward", [False, True])
def test_nothing_is_written_over_a_write_that_is_still_open(homeward: bool) -> None:
    rules = policy() if homeward else policy(rule(when=Always(), charge_limit=80.0))
    [taken, closed] = written(1, 60)
    memory = fold_all(Memory(), [taken, closed, written(2, 30)[0]])
    decision, _ = tick(rules, AT_90, memory)
    assert Reason.UNREAD in reasons_of(decision, "charge_limit")
    assert decision.changes == []
    memory = fold_all(memory, [written(2, 30)[1]])
    decision, _ = tick(rules, AT_90, memory)
    assert changes_of(decision) == [("charge_limit", 100.0 if homeward else 80.0)]


def test_reasons_are_told_in_their_order_and_dry_run_comes_last() -> None:
    seen = plant(inverter(online=False, updating=True), may_write=False)
    found = held(seen, "charge_limit", 90.0, dry_run=True)
    assert found == (
        Reason.READ_ONLY_ACCOUNT, Reason.OFFLINE, Reason.FIRMWARE_UPDATING, Reason.DRY_RUN,
    )  # fmt: skip
    assert list(GUARDS) == [reason for reason in Reason if reason in GUARDS]
    assert set(REASON_WORDS) == set(Reason)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("eps", False),
        ("operating_mode", "standby"),
        ("discharge_floor", 50.0),
        ("discharge_current", 10.0),
        ("ac_charge", True),
        ("quick_charge", 3600.0),
    ],
)
@pytest.mark.parametrize("grid", ["down", None])
def test_an_outage_holds_what_would_leave_the_house_worse_off(
    setting: str, value: SettingValue, grid: str | None
) -> None:
    assert held(plant(inverter(values={"grid": grid})), setting, value) == (Reason.OUTAGE,)


@pytest.mark.parametrize(
    ("setting", "value"), [("discharge_floor", 10.0), ("discharge_current", 150.0), ("charge_limit", 90.0)]
)
def test_an_outage_lets_through_what_frees_the_battery(setting: str, value: SettingValue) -> None:
    assert held(plant(inverter(values={"grid": "down"})), setting, value) == ()


def test_nothing_outside_the_limits_goes_out() -> None:
    limits = {"charge_limit": Limit(50, 80)}
    assert held(plant(), "charge_limit", 90.0, limits=limits) == (Reason.LIMIT,)
    assert held(plant(), "charge_limit", 80.0, limits=limits) == ()


RAW_OURS: list[tuple[str, SettingValue]] = [
    ("raw:HOLD_SYSTEM_CHARGE_SOC_LIMIT", "80"),
    ("raw:func_eps_en", True),
    ("raw:FUNC_SET_TO_STANDBY", False),
    ("raw:HOLD_AC_CHARGE_START_HOUR", "7"),
    ("raw:BIT_MIDBOX_SP_MODE_1", "0"),
    ("raw:HOLD_DISCHG_POWER_PERCENT_CMD", "0"),
    ("parameter:21", 90.0),
    ("parameter:65", 1.0),
]


@pytest.mark.parametrize(("name", "value"), RAW_OURS)
def test_a_raw_name_of_ours_is_never_taken_even_where_the_file_let_it_through(
    name: str, value: SettingValue
) -> None:
    seen = plant(inverter(settings={name: 50.0}, able=frozenset({name})))
    assert held(seen, name, value) == (Reason.LIMIT,)


def test_a_raw_name_of_nobody_is_taken_and_the_share_of_discharge_with_leave() -> None:
    share = "raw:HOLD_DISCHG_POWER_PERCENT_CMD"
    for name, value, rules in (
        ("raw:HOLD_X", "80", guards()),
        (share, "50", guards()),
        (share, "0", guards(allow_power_cut=True)),
    ):
        seen = plant(inverter(settings={name: "100"}, able=frozenset({name})))
        assert held(seen, name, value, guards=rules) == ()


def test_an_outage_holds_a_smaller_share_of_discharge_and_not_a_larger_one() -> None:
    share = "raw:HOLD_DISCHG_POWER_PERCENT_CMD"
    seen = plant(inverter(settings={share: "50"}, able=frozenset({share}), values={"grid": "down"}))
    assert held(seen, share, "40") == (Reason.OUTAGE,)
    assert held(seen, share, "60") == ()


@pytest.mark.parametrize(
    ("grid", "before", "goes"), [("up", False, True), ("down", False, False), ("down", True, True)]
)
def test_a_raw_name_of_ours_goes_home_as_the_own_name_would(grid: str, before: bool, goes: bool) -> None:
    """An older state may still own one."""
    name = "raw:FUNC_EPS_EN"
    intent = WriteIntended(after(-60), 1, SERIAL, name, not before, before, "Old", "", False)
    memory = fold_all(Memory(), [intent, WriteClosed(after(-60), 1, SERIAL, name, "confirmed", not before)])
    seen = plant(inverter(settings={name: not before}, able=frozenset({name}), values={"grid": grid}))
    decision, _ = tick(policy(), seen, memory)
    assert changes_of(decision) == ([(name, before)] if goes else [])
    assert goes or reasons_of(decision, name) == (Reason.OUTAGE,)


@pytest.mark.parametrize(("before", "next_rule", "goes"), [(95.0, None, True), (100.0, 95.0, False)])
def test_a_setting_may_go_back_beyond_the_limits_but_no_rule_may_lead_it_there(
    before: float, next_rule: float | None, goes: bool
) -> None:
    """It was taken at 70 % by a rule that has let go. One below it that wants 95 % is beyond the limit."""
    rules = [rule("Upper", when=FlagOn("up"), charge_limit=70.0)]
    rules += [] if next_rule is None else [rule("Lower", when=Always(), charge_limit=next_rule)]
    intent = WriteIntended(after(-60), 1, SERIAL, "charge_limit", 70.0, before, "Upper", "", False)
    closed = WriteClosed(after(-60), 1, SERIAL, "charge_limit", "confirmed", 70.0)
    memory = fold_all(Memory(), [RuleTook(after(-60), SERIAL, "Upper", ""), intent, closed])
    limits = {"charge_limit": Limit(50, 90)}
    seen = plant(inverter(settings={"charge_limit": 70.0}))
    decision, _ = tick(policy(*rules, limits=limits), seen, memory)
    assert changes_of(decision) == ([("charge_limit", 95.0)] if goes else [])
    assert goes or reasons_of(decision, "charge_limit") == (Reason.LIMIT,)


def test_charge_and_discharge_are_never_forced_together() -> None:
    discharging = plant(inverter(settings={"forced_discharge": True}))
    assert held(discharging, "ac_charge", True) == (Reason.CONFLICT,)
    both, _ = tick(policy(rule(when=Always(), ac_charge=True, forced_discharge=True)), plant())
    assert both.changes == []


def test_a_charge_begins_only_after_the_discharge_that_gives_way_to_it() -> None:
    rules = policy(rule(when=Always(), ac_charge=True, forced_discharge=False))
    discharging = plant(inverter(settings={"forced_discharge": True}))
    decision, _ = tick(rules, discharging)
    off, on = sorted(decision.changes, key=lambda change: change.stage)
    assert (off.want.setting, on.want.setting) == ("forced_discharge", "ac_charge")
    assert on.stage > off.stage
    assert on.needs == ("forced_discharge",)
    dry = policy(rule(when=Always(), ac_charge=True, forced_discharge=False), dry_run=True)
    assert {held.reasons for held in tick(dry, discharging)[0].held} == {(Reason.DRY_RUN,)}
    memory = fold_all(Memory(), [OverrideSeen(after(-5), SERIAL, "forced_discharge", False, True)])
    decision, _ = tick(rules, discharging, memory)
    assert reasons_of(decision, "forced_discharge") == (Reason.OVERRIDE,)
    assert reasons_of(decision, "ac_charge") == (Reason.CONFLICT,)


def test_a_conflict_says_what_stands_against_it_and_whose_it_is() -> None:
    both = policy(rule("Sell", Always(), forced_discharge=True), rule("Fill", Always(), ac_charge=True))
    decision, _ = tick(both, plant(inverter(settings={"forced_discharge": False, "ac_charge": False})))
    assert [(one.want.setting, one.reasons) for one in decision.held] == [
        ("ac_charge", (Reason.CONFLICT,)), ("forced_discharge", (Reason.CONFLICT,)),
    ]  # fmt: skip
    fill, sell = (one.want.because for one in decision.held)
    assert fill.endswith("against it stands forced_discharge, which 'Sell' wants on")
    assert sell.endswith("against it stands ac_charge, which 'Fill' wants on")
    alone = policy(rule("Fill", Always(), ac_charge=True))
    (one,) = tick(alone, plant(inverter(settings={"forced_discharge": True})))[0].held
    assert one.want.because.endswith("against it stands forced_discharge, which is on")
    decision, _ = tick(both, plant(inverter(settings={"forced_discharge": True, "ac_charge": False})))
    assert decision.held[0].want.because.endswith("against it stands forced_discharge, which 'Sell' keeps on")


def owned_pair(**values: bool) -> Memory:
    """A rule has moved these, and lets go."""
    events = [
        event
        for number, (name, value) in enumerate(values.items(), 1)
        for event in (
            WriteIntended(after(-60), number, SERIAL, name, value, not value, "Rule", "", homeward=False),
            WriteClosed(after(-60), number, SERIAL, name, "confirmed", value),
        )
    ]
    return fold_all(Memory(), events)


def test_what_was_moved_waits_on_the_way_home_for_the_other_that_was() -> None:
    memory = owned_pair(ac_charge=True, forced_discharge=False)
    seen = plant(inverter(settings={"ac_charge": True, "forced_discharge": False}))
    decision, _ = tick(policy(), seen, memory)
    off, on = sorted(decision.changes, key=lambda change: change.stage)
    assert (off.want.setting, on.want.setting, on.needs) == ("ac_charge", "forced_discharge", ("ac_charge",))
    missed = [
        WriteIntended(NOON, 9, SERIAL, "ac_charge", False, True, None, "", homeward=True),
        WriteClosed(NOON, 9, SERIAL, "ac_charge", "unproven", found=True),
    ]
    decision, _ = tick(policy(), seen, fold_all(memory, missed), after(2))
    assert reasons_of(decision, "forced_discharge") == (Reason.CONFLICT,)


def test_what_an_owner_had_on_together_goes_home_together() -> None:
    seen = plant(inverter(settings={"ac_charge": False, "forced_discharge": True}))
    assert changes_of(tick(policy(), seen, owned_pair(ac_charge=False))[0]) == [("ac_charge", True)]


def test_two_that_were_moved_go_home_together_where_both_were_on() -> None:
    memory = owned_pair(ac_charge=False, forced_discharge=False)
    seen = plant(inverter(settings={"ac_charge": False, "forced_discharge": False}))
    both = [("ac_charge", True), ("forced_discharge", True)]
    assert sorted(changes_of(tick(policy(), seen, memory)[0])) == both
    assert sorted(changes_of(decide_home(policy().calendar.moment(NOON), seen, memory, policy()))) == both


def test_a_floor_goes_home_to_no_rule_above_the_stop_that_a_person_has_set() -> None:
    rules = policy(rule("Storm", Always(), discharge_floor=70.0))
    events = [
        WriteIntended(after(-60), 1, SERIAL, "charge_limit", 65.0, 95.0, BY_HAND, "", homeward=False),
        WriteClosed(after(-60), 1, SERIAL, "charge_limit", "confirmed", 65.0),
        WriteIntended(after(-60), 2, SERIAL, "discharge_floor", 60.0, 20.0, BY_HAND, "", homeward=False),
        WriteClosed(after(-60), 2, SERIAL, "discharge_floor", "confirmed", 60.0),
        LeaseSet(after(-60), "charge_limit", 65.0),
    ]
    seen = plant(inverter(settings={"charge_limit": 65.0, "discharge_floor": 60.0}))
    decision, _ = tick(rules, seen, fold_all(Memory(), events))
    assert reasons_of(decision, "discharge_floor") == (Reason.CONFLICT,)


def test_a_floor_above_the_stop_is_a_conflict_but_holding_the_battery_is_not() -> None:
    low_stop = plant(inverter(settings={"charge_limit": 60.0}))
    assert held(low_stop, "discharge_floor", 70.0) == (Reason.CONFLICT,)
    assert held(low_stop, "discharge_floor", 100.0) == ()


@pytest.mark.parametrize(
    ("by_voltage", "holds"),
    [
        (None, ()),
        ((), ()),
        (("charge",), ("charge_limit", "ac_charge_start")),
        (("discharge",), ("discharge_floor", "outage_floor")),
        (("charge", "discharge"), ("charge_limit", "ac_charge_start", "discharge_floor", "outage_floor")),
    ],
)
def test_voltage_control_holds_the_soc_settings_of_what_goes_by_voltage_only(
    by_voltage: tuple[Flow, ...] | None, holds: tuple[str, ...]
) -> None:
    device = inverter(by_voltage=None if by_voltage is None else frozenset(by_voltage))
    values = {"charge_limit": 80.0, "ac_charge_start": 40.0, "discharge_floor": 15.0, "outage_floor": 15.0}
    found = {name: held(plant(device), name, value) for name, value in values.items()}
    assert {name for name, reasons in found.items() if Reason.NO_EFFECT in reasons} == set(holds)
    assert held(plant(device), "ac_charge_power", 5000.0) == ()


def test_the_same_setting_is_not_taken_twice_within_ten_minutes() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0))
    soon = fold_all(Memory(), written(1, 9.9))
    decision, _ = tick(rules, AT_90, soon)
    assert reasons_of(decision, "charge_limit") == (Reason.TOO_SOON,)
    later = fold_all(Memory(), written(1, 10))
    assert changes_of(tick(rules, AT_90, later)[0]) == [("charge_limit", 80.0)]


@pytest.mark.parametrize("setting", ["quick_charge", "ac_charge", "forced_charge", "forced_discharge"])
def test_a_person_stops_at_once_what_a_rule_has_just_begun(setting: str) -> None:
    begun = WriteIntended(after(-1), 1, SERIAL, setting, True, False, "Rule", "", homeward=False)
    took = fold_all(Memory(), [begun, WriteClosed(after(-1), 1, SERIAL, setting, "confirmed", found=True)])
    rules, seen = policy(rule(when=Always(), **{setting: True})), plant(inverter(settings={setting: True}))
    by_hand = fold_all(took, [LeaseSet(NOON, setting, value=False)])
    assert changes_of(tick(rules, seen, by_hand)[0]) == [(setting, False)]
    seen = plant(inverter(settings={setting: False}))
    begins = fold_all(took, [LeaseSet(NOON, setting, value=True)])
    if setting != "quick_charge":  # which is started once
        assert Reason.TOO_SOON in reasons_of(tick(rules, seen, begins)[0], setting)


def test_a_write_that_lapsed_does_not_count_as_taken() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0))
    memory = fold_all(Memory(), written(1, 1, outcome="lapsed"))
    assert changes_of(tick(rules, AT_90, memory)[0]) == [("charge_limit", 80.0)]


def test_three_writes_in_a_row_that_were_not_confirmed_jam_the_setting_until_it_reads_right() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0))
    memory = fold_all(Memory(), [e for n in (1, 2, 3) for e in written(n, 60 * n, outcome="unproven")])
    decision, _ = tick(rules, AT_90, memory)
    assert reasons_of(decision, "charge_limit") == (Reason.JAMMED,)
    _, memory = tick(rules, plant(inverter(settings={"charge_limit": 80.0})), memory)
    assert memory.misses == {}


def test_the_hours_writes_run_out() -> None:
    rules = policy(rule(when=Always(), eps=False), guards=guards(writes_per_hour=2))
    memory = fold_all(Memory(), [*written(1, 59), *written(2, 30)])
    assert reasons_of(tick(rules, plant(), memory)[0], "eps") == (Reason.HOURLY_BUDGET,)
    assert changes_of(tick(rules, plant(), memory, after(1.5))[0]) == [("eps", False)]


@pytest.mark.parametrize("hours", [-30, 25])
def test_no_clock_that_is_set_refills_a_budget(hours: float) -> None:
    """The writes were 59 and 30 minutes ago, whatever the clock says of them now."""
    rules = policy(rule(when=Always(), eps=False), guards=guards(writes_per_hour=2))
    now = after(60 * hours)
    moved = ClockSet(now, hours * 3600.0, hours * 3600.0)
    memory = fold_all(Memory(), [*written(1, 59), *written(2, 30), moved])
    assert reasons_of(tick(rules, plant(), memory, now)[0], "eps") == (Reason.HOURLY_BUDGET,)
    assert changes_of(tick(rules, plant(), memory, now + timedelta(minutes=1.5))[0]) == [("eps", False)]


def test_takes_may_not_touch_the_fifth_of_the_day_that_belongs_to_going_home() -> None:
    rules = policy(rule(when=Always(), eps=False), guards=guards(writes_per_day=10, writes_per_hour=99))
    memory = fold_all(Memory(), [e for n in range(1, 9) for e in written(n, 60 + n)])
    assert reasons_of(tick(rules, plant(), memory)[0], "eps") == (Reason.DAILY_BUDGET,)


def test_changes_granted_in_this_tick_count_as_well() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0, eps=False), guards=guards(writes_per_hour=1))
    decision, _ = tick(rules, plant())
    assert len(decision.changes) == 1
    assert decision.held[0].reasons == (Reason.HOURLY_BUDGET,)


def test_a_switch_waits_for_the_limit_that_is_held() -> None:
    rules = policy(
        rule(when=Always(), ac_charge=True, ac_charge_power=9000.0),
        limits={"ac_charge_power": Limit(None, 6000)},
    )
    decision, _ = tick(rules, plant())
    assert reasons_of(decision, "ac_charge_power") == (Reason.LIMIT,)
    assert reasons_of(decision, "ac_charge") == (Reason.WAITS,)


def owning(minutes_ago: float = 60) -> Memory:
    """A rule took the charge limit from 100 % to 90 %, and has let go since."""
    took = RuleTook(after(-minutes_ago), SERIAL, "Rule", "")
    return fold_all(Memory(), [took, *written(1, minutes_ago)])


@pytest.mark.parametrize(
    "seen",
    [
        plant(inverter(values={"data_age_s": 5000.0}, settings={"charge_limit": 90.0})),
        plant(inverter(settings={"charge_limit": 90.0}), clock_ok=False),
    ],
    ids=["stale", "clock"],
)
def test_going_home_is_not_held_by_old_telemetry_or_a_wrong_clock(seen: Plant) -> None:
    rules = policy(rule(when=Always(), eps=True))
    decision, _ = tick(rules, seen, owning())
    assert changes_of(decision) == [("charge_limit", 100.0)]
    assert decision.changes[0].want.homeward


@pytest.mark.parametrize(
    ("device", "more", "reason"),
    [
        (inverter(online=False, settings={"charge_limit": 90.0}), {}, Reason.OFFLINE),
        (inverter(settings={"charge_limit": None}), {}, Reason.UNREAD),
        (inverter(settings={"charge_limit": 90.0}, updating=True), {}, Reason.FIRMWARE_UPDATING),
        (inverter(settings={"charge_limit": 90.0}), {"may_write": False}, Reason.READ_ONLY_ACCOUNT),
    ],
    ids=lambda value: str(value)[:20],
)
def test_going_home_is_held_by_what_makes_it_impossible(
    device: Device, more: dict[str, object], reason: Reason
) -> None:
    decision, _ = tick(policy(rule(when=Always(), eps=True)), plant(device, **more), owning())
    assert reasons_of(decision, "charge_limit") == (reason,)


def test_going_home_may_exceed_the_hourly_budget_by_two_and_use_the_days_last_fifth() -> None:
    rules = policy(rule(when=Always(), eps=True), guards=guards(writes_per_hour=1, writes_per_day=5))
    memory = fold_all(owning(), [e for n in (2, 3) for e in written(n, 5, "ac_charge_limit")])
    memory = replace(memory, owned={SERIAL: {"charge_limit": memory.owned[SERIAL]["charge_limit"]}})
    seen = plant(inverter(settings={"charge_limit": 90.0}))
    assert changes_of(tick(rules, seen, memory)[0]) == [("charge_limit", 100.0)]


def test_going_home_that_was_not_proven_is_tried_once_in_ten_minutes() -> None:
    rules = policy(rule(when=Always(), eps=True))
    memory = fold_all(owning(), written(2, 1, homeward=True, outcome="unproven", rule_name=None))
    seen = plant(inverter(settings={"charge_limit": 90.0}))
    assert reasons_of(tick(rules, seen, memory)[0], "charge_limit") == (Reason.TOO_SOON,)
    assert changes_of(tick(rules, seen, memory, after(9.1))[0]) == [("charge_limit", 100.0)]


def missed_home(times: int, last_minutes_ago: float = 0, **more: object) -> Memory:
    """Owned since long ago; so many ways home, an hour and a minute apart, were not proven."""
    tries = [
        event
        for n in range(times)
        for event in written(
            2 + n, last_minutes_ago + 61 * (times - 1 - n), homeward=True, outcome="unproven", rule_name=None
        )
    ]
    return fold_all(owning(), tries)


def test_going_home_that_failed_three_times_is_tried_on_once_an_hour() -> None:
    rules = policy(rule(when=Always(), eps=True))
    memory, seen = missed_home(3), plant(inverter(settings={"charge_limit": 90.0}))
    assert reasons_of(tick(rules, seen, memory, after(59))[0], "charge_limit") == (Reason.JAMMED,)
    assert changes_of(tick(rules, seen, memory, after(61))[0]) == [("charge_limit", 100.0)]


def test_going_home_that_fails_on_and_on_leaves_the_rest_of_the_day_to_others() -> None:
    """Twelve a day of sixty: takes keep their share, and so does the way home of other settings."""
    rules = policy(rule(when=Always(), eps=True))
    seen = plant(inverter(settings={"charge_limit": 90.0}))
    assert changes_of(tick(rules, seen, missed_home(11), after(61))[0]) == [("charge_limit", 100.0)]
    assert reasons_of(tick(rules, seen, missed_home(12), after(61))[0], "charge_limit") == (Reason.JAMMED,)


def test_takes_that_failed_do_not_hold_going_home() -> None:
    rules = policy(rule(when=Always(), eps=True))
    failed = [event for n in (2, 3, 4) for event in written(n, 60, outcome="unproven")]
    seen = plant(inverter(settings={"charge_limit": 90.0}))
    assert changes_of(tick(rules, seen, fold_all(owning(), failed))[0]) == [("charge_limit", 100.0)]


def test_a_person_who_says_resume_lets_a_jammed_way_home_be_tried_anew() -> None:
    rules = policy(rule(when=Always(), eps=True))
    memory = fold_all(missed_home(3, 15), [Resumed(NOON)])
    seen = plant(inverter(settings={"charge_limit": 90.0}))
    assert changes_of(tick(rules, seen, memory)[0]) == [("charge_limit", 100.0)]


def test_a_clock_set_back_refills_no_budget_and_starves_none_for_ever() -> None:
    from luxagent.core.events import Ticked

    rules = policy(rule(when=Always(), eps=False), guards=guards(writes_per_hour=1))
    memory = fold_all(Memory(), written(1, 0))
    earlier = NOON - timedelta(days=400)
    assert reasons_of(tick(rules, plant(), memory, earlier)[0], "eps") == (Reason.HOURLY_BUDGET,)
    memory = fold_all(memory, [Ticked(earlier)])
    soon = earlier + timedelta(minutes=59)
    assert reasons_of(tick(rules, plant(), memory, soon)[0], "eps") == (Reason.HOURLY_BUDGET,)
    later = earlier + timedelta(hours=1, seconds=1)
    assert changes_of(tick(rules, plant(), memory, later)[0]) == [("eps", False)]


def test_a_clock_set_back_does_not_free_a_setting_to_be_taken_again() -> None:
    rules = policy(rule(when=Always(), charge_limit=80.0))
    memory = fold_all(Memory(), written(1, 1))
    earlier = NOON - timedelta(hours=3)
    assert reasons_of(tick(rules, AT_90, memory, earlier)[0], "charge_limit") == (Reason.TOO_SOON,)
