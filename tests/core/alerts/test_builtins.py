"""What each built-in alert sees, mutes and leaves alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from luxagent.core import events as ev
from luxagent.core import sightings as si
from luxagent.core.alerts.builtin import look, tuned
from luxagent.core.alerts.curious import curious, with_more
from luxagent.core.alerts.life import AlertsOfTick
from luxagent.core.alerts.message import ChannelTrouble
from luxagent.core.alerts.situation import Situation
from luxagent.core.events import Event, Seen, Ticked
from luxagent.core.facts.needs import Need
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Kind, Plant
from luxagent.core.plant.reading import Module, Value
from luxagent.core.policy.conditions import FaultIs, WordIs
from luxagent.core.policy.policy import Policy
from luxagent.core.policy.rules import AlertRule, Severity, Tuning
from tests.core.builders import NOON, SERIAL, after, inverter, plant, policy, rule

LONG = 24 * 60.0
WRITE = ev.WriteIntended(NOON, 1, SERIAL, "charge_limit", 90.0, 100.0, None, "baseline", homeward=False)


def memory_of(*events: Event) -> Memory:
    return fold_all(Memory(), [Ticked(NOON, {SERIAL: Seen(NOON)}), *events])


def see(
    seen: Plant | None,
    memory: Memory | None = None,
    at: datetime = NOON,
    rules: Policy | None = None,
    channels: dict[str, ChannelTrouble] | None = None,
    remains: tuple[str, ...] = (),
) -> AlertsOfTick:
    rules = rules or policy(baseline={"charge_limit": 90.0})
    about = Situation(at, seen, memory or memory_of(), rules, channels or {}, remains)
    return look(about, tuned(rules))


def open_names(found: AlertsOfTick) -> set[tuple[str, str]]:
    return {(view.name, view.state) for view in found.views}


def told(found: AlertsOfTick) -> list[str]:
    return [message.title for message in found.messages]


def follow(steps: Iterable[tuple[float, Plant | None]], rules: Policy | None = None) -> list[list[str]]:
    """The titles of each step, by minute."""
    memory, found = memory_of(), []
    for minute, seen in steps:
        out = see(seen, memory, after(minute), rules)
        memory = fold_all(memory, [*out.events, Ticked(after(minute), {SERIAL: Seen(after(minute))})])
        found.append(told(out))
    return found


def values(**changed: Value) -> Plant:
    return plant(inverter(values=changed))


CASES: list[tuple[str, Plant | None, list[Event]]] = [
    ("portal unreachable", None, [ev.PlantLost(NOON, "unreachable", "no line")]),
    ("credentials refused", None, [ev.PlantLost(NOON, "credentials", "wrong password")]),
    ("account blocked", None, [ev.PlantLost(NOON, "blocked", "apiBlocked")]),
    ("plant not readable", None, [ev.PlantLost(NOON, "stuck", "no inverter")]),
    ("account read-only", plant(may_write=False), []),
    ("account read-only", plant(inverter(may_write=False)), []),
    ("account read-only", plant(), [si.AccountRefused(NOON, "noPermission", "one", SERIAL)]),
    ("wire unsure", plant(wire_sure=False, wire_trouble="The file says `wire: live`, but …"), []),
    ("data stale", values(data_age_s=3600.0), []),
    ("device offline", plant(inverter(online=False)), []),
    ("new device", plant(inverter(), inverter("44300E0002")), []),
    ("vanished device", plant(inverter("44300E0001")), [Ticked(NOON, {"44300E0009": Seen(NOON)})]),
    ("fault code", values(faults=frozenset({"E019"})), []),
    ("warning code", values(faults=frozenset({"W013"})), []),
    ("grid lost", values(grid="down"), []),
    ("low reserve in outage", values(grid="down", soc_pct=12.0), []),
    ("clock off", plant(clock_ok=False), []),
    ("clock off", plant(inverter(clock_error_s=-1800.0)), []),
    ("firmware available", values(firmware="update available"), []),
    ("firmware updating", plant(inverter(updating=True)), []),
    ("firmware done", plant(), [si.FirmwareUpdate(after(LONG), SERIAL, running=False)]),
    ("write refused", plant(), [WRITE, ev.WriteClosed(NOON, 1, SERIAL, "charge_limit", "refused")]),
    ("write unproven", plant(), [WRITE, ev.WriteClosed(NOON, 1, SERIAL, "charge_limit", "unproven", 95.0)]),
    (
        "setting jammed",
        plant(),
        [e for n in (1, 2, 3) for e in (
            replace(WRITE, number=n), ev.WriteClosed(NOON, n, SERIAL, "charge_limit", "refused"),
        )],
    ),
    ("no effect", plant(), [si.EffectSeen(NOON, SERIAL, "ac_charge", "no effect", "0 W")]),
    (
        "setting unsupported",
        plant(),
        [ev.HeldBack(NOON, SERIAL, "charge_limit", 90.0, 100.0, None, "", ("unsupported",))],
    ),
    (
        "settings in conflict",
        plant(),
        [ev.HeldBack(NOON, SERIAL, "charge_limit", 50.0, 100.0, None, "", ("conflict",))],
    ),
    (
        "budget reached",
        plant(),
        [ev.HeldBack(NOON, SERIAL, "charge_limit", 90.0, 100.0, None, "", ("daily_budget",))],
    ),
    (
        "going home not proven",
        plant(),
        [
            replace(WRITE, rule="Fill up"),
            *(e for n in (2, 3, 4) for e in (
                replace(WRITE, number=n, homeward=True),
                ev.WriteClosed(NOON, n, SERIAL, "charge_limit", "unproven", 95.0),
            )),
        ],
    ),
    ("home unknown", plant(), [si.LeftAlone(after(LONG), SERIAL, "export", value=True)]),
    ("override seen", plant(), [si.OverrideSeen(after(LONG), SERIAL, "export", True, found=False)]),
    ("group split", plant(), [si.GroupSplit(NOON, SERIAL, "export", lasting=True)]),
    ("file refused", plant(), [ev.FileRefused(NOON, "rules.yaml:3:1: unknown key")]),
    (
        "restarted after a crash",
        plant(),
        [ev.Started(NOON, "1", dry_run=True), ev.Started(after(LONG), "1", dry_run=True)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "seen", "events"), CASES, ids=[case[0] for case in CASES])
def test_it_is_told_of_what_it_is_for_and_of_nothing_else(
    name: str, seen: Plant | None, events: list[Event]
) -> None:
    memory = memory_of(*events)
    late = after(LONG)
    pending = see(seen, memory, late)
    memory = fold_all(memory, pending.events)
    ticks = [Ticked(after(LONG + minute), {SERIAL: Seen(late)}) for minute in (14, 28)]
    memory = fold_all(memory, ticks if name != "new device" else [])
    first = told(pending)
    again = told(see(seen, memory, after(LONG + 31)))
    title = name[0].upper() + name[1:]
    assert title in [*first, *again]
    assert set(first) | set(again) <= {title, "Grid lost"}


def test_a_healthy_plant_has_nothing_to_tell() -> None:
    found = see(plant())
    assert (found.views, found.messages) == ([], [])


def test_readings_that_have_not_moved_for_an_hour_of_daylight_are_frozen() -> None:
    still = Ticked(NOON, {SERIAL: Seen(after(70), fingerprint="7", same_since=NOON)})
    assert told(see(plant(), fold_all(Memory(), [still]), after(71))) == ["Data frozen"]


def test_the_message_of_an_outage_says_where_what_since_when_and_what_to_do() -> None:
    seen = plant(inverter(values={"grid": "down"}, name="garage", plant="Orchard House"))
    memory = fold_all(memory_of(), see(seen).events)
    (message,) = see(seen, memory, after(3)).messages
    assert (
        message.body
        == "Orchard House, garage: the grid is down. The battery is at 50 %. The house takes 0.9 kW."
    )
    assert [line.partition(" ")[0] for line in message.more] == ["Since", "luxagent:", "To"]
    assert message.more[0] == "Since 2026-06-10 12:00, for 3 min."
    assert message.severity is Severity.CRITICAL


def test_the_grid_is_lost_once_for_a_group_however_many_inverters_see_it() -> None:
    pair = plant(
        inverter("A1", unit="A", values={"grid": "down"}),
        inverter("A2", unit="A", values={"grid": "down"}, primary=False),
    )
    memory = fold_all(memory_of(), see(pair).events)
    assert told(see(pair, memory, after(3))).count("Grid lost") == 1


def test_codes_that_only_say_that_the_mains_are_gone_are_left_to_the_outage() -> None:
    out = values(grid="down", faults=frozenset({"W016", "W018"}))
    assert ("warning code", "pending") not in open_names(see(out))
    assert ("warning code", "pending") in open_names(see(values(faults=frozenset({"W018"}))))


def test_an_event_list_that_was_not_asked_neither_ends_nor_begins_a_code() -> None:
    fault, silent, well = values(faults=frozenset({"E019"})), values(), values(faults=frozenset())
    assert follow([(0, fault), (10, silent), (20, silent), (30, well)]) == [
        ["Fault code"], [], [], ["Over: fault code"],
    ]  # fmt: skip


def test_the_portals_silence_leaves_everything_about_the_plant_as_it_was() -> None:
    fault = values(faults=frozenset({"E019"}))
    assert follow([(0, fault), (10, None), (20, fault)]) == [["Fault code"], [], []]


def test_an_inverter_that_is_offline_is_not_also_stale() -> None:
    gone = plant(inverter(online=False, values={"data_age_s": 7200.0}))
    assert follow([(minute, gone) for minute in range(0, 70, 10)])[1:] == [
        ["Device offline"], [], [], [], [], [],
    ]  # fmt: skip


def test_an_inverter_that_is_offline_is_told_however_rare_the_ticks_are() -> None:
    rarely = policy(baseline={"charge_limit": 90.0}, interval_s=1800.0)
    gone = plant(inverter(online=False))
    assert follow([(30, gone), (60, gone), (90, gone)], rarely) == [[], ["Device offline"], []]


def test_a_firmware_update_mutes_the_silence_that_it_causes() -> None:
    updating = plant(inverter(updating=True, online=False))
    assert follow([(minute, updating) for minute in range(0, 60, 10)]) == [
        ["Firmware updating"], [], [], [], [], [],
    ]  # fmt: skip


def test_a_conflict_is_told_with_what_is_wanted_beside_it_or_is_there_already() -> None:
    rules = policy(rule("Sell", forced_discharge=True), rule("Fill", ac_charge=True))
    both = [
        ev.HeldBack(NOON, SERIAL, name, True, False, None, "", ("conflict",))
        for name in ("ac_charge", "forced_discharge")
    ]

    def bodies(seen: Plant, holds: list[ev.HeldBack]) -> list[str]:
        memory = fold_all(memory_of(), holds)
        ticked = Ticked(after(14), {SERIAL: Seen(after(14))})
        memory = fold_all(memory, [*see(seen, memory, rules=rules).events, ticked])
        said = see(seen, memory, after(16), rules).messages
        return [message.body.removeprefix(f"{SERIAL}: ").partition(": it")[0] for message in said]

    charge = "ac_charge should be on beside forced_discharge: on"
    drain = "forced_discharge should be on beside ac_charge: on"
    assert bodies(plant(), both) == [charge]  # once for the pair
    assert bodies(plant(inverter(settings={"ac_charge": True})), both[1:]) == [drain]


def test_a_setting_that_is_jammed_is_not_also_refused() -> None:
    events = [e for n in (1, 2, 3) for e in (
        replace(WRITE, number=n), ev.WriteClosed(NOON, n, SERIAL, "charge_limit", "refused"),
    )]  # fmt: skip
    assert told(see(plant(), memory_of(*events))) == ["Setting jammed"]


def test_a_write_that_reads_right_after_all_is_no_failure_any_more() -> None:
    refused = memory_of(WRITE, ev.WriteClosed(NOON, 1, SERIAL, "charge_limit", "refused"))
    refused = fold_all(refused, see(plant(), refused).events)
    right = fold_all(refused, [ev.ReadsRight(after(2), SERIAL, "charge_limit")])
    assert told(see(plant(), right, after(2))) == ["Over: write refused"]


def test_dry_while_owning_says_what_goes_on_and_only_in_a_dry_run() -> None:
    remains = ("garage: it charges until 05:30.", "shed: export stays off.")
    since = memory_of(si.WentDry(NOON))
    (message,) = see(plant(), since, after(6), policy(dry_run=True), remains=remains).messages
    assert message.severity is Severity.CRITICAL
    assert message.body.endswith("this: garage: it charges until 05:30. shed: export stays off.")
    assert not see(plant(), since, after(6), policy(dry_run=True)).messages
    assert not see(plant(), since, after(6), policy(), remains=remains).messages


def test_what_is_pending_has_its_words_already() -> None:
    (view,) = see(None, memory_of(ev.PlantLost(NOON, "unreachable", "no line")), after(1)).views
    assert (view.state, "no line" in view.message) == ("pending", True)


def test_a_failing_channel_is_told_on_the_others() -> None:
    trouble = {"phone": ChannelTrouble(NOON, "the service answered 403", 3)}
    (message,) = see(plant(), None, after(11), channels=trouble).messages
    assert message.besides == ("phone",)
    assert message.body == "messages do not get through on phone: the service answered 403. 3 messages wait."


def test_modules_that_go_missing_or_lose_health_are_told() -> None:
    def bank(*modules: Module) -> Plant:
        return plant(inverter(modules=modules))

    one, two = Module("B1", soh_pct=99), Module("B2", soh_pct=98)
    steps = [
        (0, bank(one, two)),
        (10, bank(one)),
        (25, bank(one)),
        (39, bank(one)),
        (41, bank(one)),
        (50, plant()),
    ]
    assert follow([*steps, (60, bank(one, two))]) == [
        [], [], [], [], ["Module missing"], [], ["Over: module missing"],
    ]  # fmt: skip
    aged = [(0, bank(one)), (10, bank(Module("B1", soh_pct=97))), (20, bank(Module("B1", soh_pct=95)))]
    assert follow([*aged, (30, bank(Module("B1", soh_pct=95)))]) == [[], [], ["Health dropped"], []]


def test_a_device_that_vanished_a_week_ago_is_forgotten_without_another_word() -> None:
    two = {SERIAL: Seen(NOON), "44300E0009": Seen(NOON)}
    memory = memory_of(Ticked(NOON, two))
    titles = []
    for minute in (*range(0, 60, 10), *range(60, 60 * 24 * 9, 60)):
        at = after(float(minute))
        out = see(plant(), memory, at)
        memory = fold_all(memory, [*out.events, Ticked(at, {SERIAL: Seen(at)})])
        titles += told(out)
    assert titles == ["Vanished device"]
    assert memory.watch.alerts == {}
    back = see(plant(inverter(), inverter("44300E0009")), memory, after(24 * 60 * 9))
    assert told(back) == ["New device"]


def test_the_file_tunes_severity_reminders_channels_and_whether_it_lives_at_all() -> None:
    down = values(grid="down")

    def lived(*tunings: Tuning) -> list[tuple[str, str, tuple[str, ...]]]:
        rules, memory, found = policy(tunings=tunings), memory_of(), []
        for minute in (0.0, 3.0, 243.0):
            out = see(down, memory, after(minute), rules)
            memory = fold_all(memory, [*out.events, Ticked(after(minute))])
            found += [(one.title, one.severity.value, one.channels) for one in out.messages]
        return found

    assert lived() == [("Grid lost", "critical", ()), ("Still: grid lost", "critical", ())]
    assert lived(Tuning("grid lost", Severity.INFO, notify=("phone",))) == [("Grid lost", "info", ("phone",))]
    assert lived(Tuning("grid lost", never_repeat=True)) == [("Grid lost", "critical", ())]
    assert lived(Tuning("grid lost", enabled=False)) == []


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        (WordIs("grid", "down"), "grid lost"),
        (FaultIs(), "fault code"),
        (WordIs("online", "no"), "device offline"),
    ],
)
def test_an_own_alert_that_asks_the_same_stands_in_the_place_of_the_built_in_one(
    condition: WordIs | FaultIs, name: str
) -> None:
    own = AlertRule("Mine", condition)
    assert name not in {alarm.name for _, alarm in tuned(policy(alerts=(own,)))}
    narrow = replace(own, devices=frozenset({SERIAL}))
    assert name in {alarm.name for _, alarm in tuned(policy(alerts=(narrow,)))}
    assert name in {alarm.name for _, alarm in tuned(policy(alerts=(own,), tunings=(Tuning(name),)))}


def test_an_alert_that_left_the_file_ends_without_a_word() -> None:
    fired = ev.AlertFired(NOON, "Old", SERIAL, "warning", "x", NOON)
    found = see(plant(), memory_of(fired))
    assert [event.kind for event in found.events] == ["alert_ended"]
    assert found.messages == []


def test_events_are_asked_for_every_quarter_of_an_hour_and_at_once_for_a_fault() -> None:
    on = {"fault code", "firmware available"}
    memory = memory_of()
    assert curious(on, frozenset(), plant(), Memory(), NOON) == frozenset()
    assert curious(on, frozenset(), plant(), memory, after(14)) == frozenset()
    assert curious(on, frozenset(), plant(), memory, after(15)) == {Need.EVENTS}
    assert curious(on, frozenset({Need.EVENTS}), plant(), memory, after(15)) == frozenset()
    assert curious(on, frozenset(), values(status=frozenset({"fault"})), memory, after(2)) == {Need.EVENTS}
    assert curious(set(), frozenset(), values(status=frozenset({"fault"})), memory, after(400)) == frozenset()
    assert curious(on, frozenset(), plant(), memory, after(360)) == {Need.EVENTS, Need.FIRMWARE}


def test_what_was_asked_out_of_curiosity_adds_only_that() -> None:
    asked = values(faults=frozenset({"E019"}), firmware="current", soc_pct=1.0)
    more = with_more(plant(), asked).devices[0].reading
    assert more.get("faults") == frozenset({"E019"})
    assert (more.get("firmware"), more.get("soc_pct")) == ("current", 50.0)


def test_a_gridboss_that_was_not_read_raises_nothing() -> None:
    boss = replace(inverter("B1", unit="A"), kind=Kind.GRIDBOSS, online=None)
    assert (
        see(
            plant(boss, inverter("A1", unit="A")), memory_of(Ticked(NOON, {"A1": Seen(), "B1": Seen()}))
        ).messages
        == []
    )


def test_news_is_old_after_an_hour_and_never_ends_aloud() -> None:
    memory = memory_of(si.OverrideSeen(NOON, SERIAL, "export", True, found=False))
    first = see(plant(), memory, after(1))
    assert told(first) == ["Override seen"]
    memory = fold_all(memory, first.events)
    late = see(plant(), memory, NOON + timedelta(hours=2))
    assert (told(late), [event.kind for event in late.events]) == ([], ["alert_ended"])


def test_an_agent_that_has_started_since_has_no_refused_file() -> None:
    refused = fold_all(Memory(), [ev.FileRefused(NOON, "rules.yaml:3:1: unknown key")])
    assert refused.watch.refused_file is not None
    assert fold_all(refused, [ev.Started(NOON, "1", dry_run=False)]).watch.refused_file is None


def test_what_cannot_be_switched_off_is_named_where_nobody_may_write_or_is_heard() -> None:
    intent = ev.WriteIntended(NOON, 1, SERIAL, "forced_discharge", True, False, "Peak", "", homeward=False)
    took = [intent, ev.WriteClosed(NOON, 1, SERIAL, "forced_discharge", "confirmed", found=True)]
    rules = policy(rule(forced_discharge=True))
    words = "forced_discharge is on there, and luxagent cannot end it meanwhile"
    for seen in (plant(inverter(), may_write=False), plant(inverter(online=False))):
        for events, named in ((took, True), ([], False)):
            out = see(seen, memory_of(*events), after(30), rules)
            assert any(words in view.message for view in out.views) is named


def test_a_clock_that_is_off_is_told_with_how_far_and_which_way() -> None:
    for ahead_s, words in (
        (7200.0, "the clock of this computer is 2 h ahead of the portal's"),
        (-600.0, "the clock of this computer is 10 min behind the portal's"),
        (None, "the clock of this computer and the portal's disagree, or it was set just now"),
    ):
        out = see(plant(inverter(), clock_ok=False, clock_ahead_s=ahead_s), memory_of(), NOON)
        assert any(words in view.message for view in out.views)


def test_another_hand_is_told_with_until_when_it_is_left_alone() -> None:
    seen = si.OverrideSeen(NOON, SERIAL, "charge_limit", before=80.0, found=61.0, rule="Rule")
    out = see(plant(inverter()), memory_of(seen), NOON, policy(rule(charge_limit=80.0)))
    words = "leaves it alone for a while, until 14:00 or until `luxagent resume`"
    assert any(words in view.message for view in out.views)


def test_a_lost_grid_is_told_while_another_inverter_of_the_group_still_says_that_it_is_up() -> None:
    first = inverter(SERIAL, values={"grid": "down", "soc_pct": 12.0}, unit="A")
    other = inverter("44300E0002", values={"grid": "up", "soc_pct": 12.0}, unit="A", primary=False)
    seen = plant(first, other)
    out = see(seen, memory_of(), NOON)
    assert {"grid lost", "low reserve in outage"} <= {name for name, _ in open_names(out)}
