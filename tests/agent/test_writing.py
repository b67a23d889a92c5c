"""The agent on the built-in portal: what it does when disk, account, device or a person says no."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from luxagent.core.alerts.message import Message
from luxagent.core.events import AlertFired, Event, Paused, Resumed, WriteAnswered, WriteClosed, WriteIntended
from luxagent.core.facts.reasons import Outcome, Reason
from luxagent.core.policy.conditions import Always, TimeIn
from luxagent.core.policy.policy import Policy, build
from luxagent.core.policy.rules import Rule, Ruleset
from luxagent.core.policy.rules import Site as Place
from luxagent.core.sightings import AccountRefused, EffectSeen, FirmwareTrusted, GroupSplit, OverrideSeen
from luxagent.core.values.windows import Edge, Window
from luxagent.errors import LuxagentError, StateUnusable
from luxagent.sim.mains import Span
from luxagent.sim.scenario import pair_house
from tests.agent.bench import ZONE, Site, Steps

LIMIT = Rule("Limit", Always(), {"charge_limit": 80.0})
NOON = TimeIn((Window(Edge(12 * 60 + 15), Edge(12 * 60 + 45)),))


class Heard:
    """Notes each message among the other steps."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def put(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._steps.step(message.title)


def policy(*rules: Rule) -> Policy:
    return build(Ruleset(Place(ZONE), rules=rules, dry_run=False))


def of(site: Site, kind: type) -> list[Event]:
    return [event for event in site.told() if isinstance(event, kind)]


@pytest.mark.parametrize("refused", [WriteIntended, WriteAnswered, WriteClosed])
def test_a_disk_that_takes_one_event_not_leaves_a_state_that_reading_settles(refused: type) -> None:
    rules = policy(Rule("Both", Always(), {"charge_limit": 80.0, "discharge_floor": 30.0}))
    with Site(None, rules, "live") as site:
        append, full = site.ledger.append, [True]

        def takes(events: Sequence[Event]) -> None:
            if full[0] and any(isinstance(event, refused) for event in events):
                full[0] = False
                raise StateUnusable("The disk is full.")
            append(events)

        site.ledger.append = takes  # type: ignore[method-assign]
        with pytest.raises(StateUnusable):
            site.tick_at(0)
        site.tick_at(2)
        site.tick_at(14)
        assert len(site.sent) == len(set(site.sent)) == 2
        assert site.memory.open == {}
        there = site.registers()
        assert there["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] == 80
        assert there["HOLD_DISCHG_CUT_OFF_SOC_EOD"] == 30


def test_people_are_told_once_it_is_on_disk_and_before_the_writes_are_waited_for() -> None:
    loud = replace(LIMIT, notify=("phone",))
    with Site(None, policy(loud), "live") as site:
        site.agent._messenger = Heard(site.steps)
        site.tick_at(0)
        names = site.steps.names
        assert names.index("append") < names.index("Limit") < names.index("send")
        assert names.count("Limit") == 1


def test_an_account_that_may_not_write_is_asked_again_after_a_while_even_over_a_restart() -> None:
    with Site(None, policy(LIMIT), "live") as site:
        site.agent._reader.read(frozenset(), frozenset())  # logged in before the rights were taken
        site.portal.faults.on("read-only")
        site.tick_at(0)
        assert len(of(site, AccountRefused)) == len(site.sent) == 1
        site.begin()
        site.agent._reader.read(frozenset(), frozenset())
        site.tick_at(14)
        assert len(site.sent) == 1
        site.portal.faults.off("read-only")
        site.begin()
        site.tick_at(16)
        assert site.registers()["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] == 80
        assert site.memory.custody.no_rights == {}


def test_a_person_who_says_resume_need_not_wait_for_a_right_to_be_tried() -> None:
    with Site(None, policy(LIMIT), "live") as site:
        site.agent._reader.read(frozenset(), frozenset())
        site.portal.faults.on("read-only")
        site.tick_at(0)
        site.portal.faults.off("read-only")
        site.agent.state.record([Resumed(site.clock.now())])
        site.tick_at(11)  # after same_setting_every, before the right would be tried again
        assert site.registers()["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] == 80


def test_what_an_inverter_had_beyond_what_a_file_may_say_goes_home_all_the_same() -> None:
    with Site(None, policy(Rule("Noon", NOON, {"ac_charge_limit": 80.0})), "live") as site:
        serial = next(iter(site.portal.house.inverters))
        site.portal.by_another_hand(serial, "HOLD_AC_CHARGE_SOC_LIMIT", 101)
        site.tick_at(0)
        site.tick_at(10)
        assert site.registers()["HOLD_AC_CHARGE_SOC_LIMIT"] == 80
        site.tick_at(40)
        assert site.registers()["HOLD_AC_CHARGE_SOC_LIMIT"] == 101
        assert site.memory.owned == {}


def test_a_hand_in_the_app_while_the_agent_was_stopped_is_seen_and_left_alone() -> None:
    with Site(None, policy(LIMIT), "live") as site:
        site.tick_at(0)
        serial = next(iter(site.portal.house.inverters))
        site.portal.by_another_hand(serial, "HOLD_SYSTEM_CHARGE_SOC_LIMIT", 95)
        site.begin()
        site.tick_at(30)
        [seen] = of(site, OverrideSeen)
        assert (seen.before, seen.found) == (80.0, 95.0)  # type: ignore[attr-defined]
        site.tick_at(140)
        assert site.registers()["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] == 95
        site.tick_at(152)
        assert site.registers()["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] == 80


@pytest.mark.parametrize(
    ("fault", "most"), [("write-ignored", 3), ("write-clamped", 3), ("write-reverts", 13)]
)
def test_a_device_that_never_does_as_told_costs_a_bounded_number_of_writes_a_day(
    fault: str, most: int
) -> None:
    """Three that are not confirmed jam the setting; what reverts is another hand, every two hours."""
    with Site(None, policy(LIMIT), "live") as site:
        site.portal.faults.on(fault)
        for minute in range(0, 1440, 10):
            site.tick_at(minute)
        assert 0 < len(site.sent) <= most


def test_late_writes_are_never_taken_for_another_hand() -> None:
    with Site(None, policy(LIMIT), "live") as site:
        site.portal.faults.on("write-late")
        for minute in range(0, 60, 4):
            site.tick_at(minute)
        assert of(site, OverrideSeen) == []
        assert site.registers()["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] == 80


def test_the_windows_of_a_charge_are_in_place_before_its_switch_and_power_flows() -> None:
    sets = {"ac_charge": True, "ac_charge_windows": ("12:00-14:00",), "ac_charge_limit": 95.0}
    with Site(None, policy(Rule("Charge", Always(), sets)), "live") as site:
        for minute in range(0, 30, 2):
            site.tick_at(minute)
        names = [write.name for write in site.portal.writes]
        assert names[-1] == "FUNC_AC_CHARGE"
        assert {"HOLD_AC_CHARGE_START_TIME", "HOLD_AC_CHARGE_END_TIME"} <= set(names)
        assert [event.effect for event in of(site, EffectSeen)] == ["effective"]  # type: ignore[attr-defined]


def test_half_a_group_that_refuses_is_said_and_made_whole_later() -> None:
    with Site(None, policy(LIMIT), "live", pair_house) as site:
        _, second = site.portal.house.inverters
        site.portal.faults.on("write-refused", second)
        site.tick_at(0)
        site.tick_at(2)
        assert [event.lasting for event in of(site, GroupSplit)] == [False]  # type: ignore[attr-defined]
        site.portal.faults.off("write-refused")
        site.tick_at(14)
        values = [
            one.registers["HOLD_SYSTEM_CHARGE_SOC_LIMIT"] for one in site.portal.house.inverters.values()
        ]
        assert values == [80, 80]


def test_on_a_real_disk_a_restart_knows_the_refusal_the_hand_and_the_firmware(tmp_path: Path) -> None:
    with Site(tmp_path, policy(LIMIT), "live") as site:
        site.tick_at(0)
        before = site.memory.custody
        site.begin()
        assert site.memory.custody == before
        assert before.known
        assert before.firmware
        assert of(site, FirmwareTrusted) == []


def test_a_forced_discharge_that_no_rule_speaks_of_keeps_a_charge_from_beginning() -> None:
    with Site(None, policy(Rule("Charge", Always(), {"ac_charge": True})), "live") as site:
        serial = next(iter(site.portal.house.inverters))
        site.portal.by_another_hand(serial, "FUNC_FORCED_DISCHG_EN", 1)
        report = site.tick_at(0)
        assert report is not None
        [held] = report.decision.held
        assert (held.want.setting, held.reasons) == ("ac_charge", (Reason.CONFLICT,))
        site.portal.by_another_hand(serial, "FUNC_FORCED_DISCHG_EN", 0)
        site.tick_at(12)
        assert len(site.sent) == 1


def test_a_shaving_power_waits_for_a_switch_that_no_rule_speaks_of() -> None:
    with Site(None, policy(Rule("Shave", Always(), {"peak_shaving_power": 3000.0})), "live") as site:
        serial = next(iter(site.portal.house.inverters))
        report = site.tick_at(0)
        assert report is not None
        [held] = report.decision.held
        assert (held.want.setting, held.reasons) == ("peak_shaving_power", (Reason.WAITS,))
        site.portal.by_another_hand(serial, "FUNC_GRID_PEAK_SHAVING", 1)
        report = site.tick_at(12)  # settings that no rule speaks of are read every ten minutes
        assert report is not None
        assert [result.outcome for result in report.results.values()] == [Outcome.CONFIRMED]
        site.portal.by_another_hand(serial, "FUNC_GRID_PEAK_SHAVING", 0)
        site.tick_at(24)
        assert len(site.sent) == 1  # the firmware zeroed it, and would refuse it


class Ear:
    """Hears the titles of what people are told."""

    def __init__(self, site: Site) -> None:
        self.titles: list[str] = []
        site.agent._messenger = site.agent._alarms._messenger = self

    def put(self, messages: Sequence[Message]) -> None:
        self.titles.extend(message.title for message in messages)


@contextmanager
def full_disk(site: Site) -> Iterator[None]:
    append = site.ledger.append

    def full(_: Sequence[Event]) -> None:
        raise StateUnusable("The disk is full.")

    site.ledger.append = full  # type: ignore[method-assign]
    yield
    site.ledger.append = append  # type: ignore[method-assign]


def loses_the_grid(site: Site) -> None:
    """For an hour from now."""
    span = Span(site.clock.now(), site.clock.now() + timedelta(hours=1))
    site.portal.house.mains = replace(site.portal.house.mains, outages=(span,))


@pytest.mark.parametrize("begins", [4, 40])
def test_an_outage_is_told_once_though_the_disk_takes_nothing_and_that_it_takes_again(begins: int) -> None:
    with Site(None, policy(LIMIT), "live") as site:
        ear = Ear(site)
        site.tick_at(0)
        with full_disk(site):
            for minute in range(2, begins + 40, 2):
                if minute == begins:
                    loses_the_grid(site)
                with pytest.raises(StateUnusable):
                    site.tick_at(minute)
            assert ear.titles.count("The state cannot be kept") == ear.titles.count("Grid lost") == 1
        for minute in range(begins + 40, begins + 80, 2):
            site.tick_at(minute)
        assert ear.titles.count("Grid lost") == ear.titles.count("The state cannot be kept") == 1
        assert ear.titles.count("Over: grid lost") == 1
        assert ear.titles.count("Over: the state cannot be kept") == 1
        assert ear.titles.index("Over: the state cannot be kept") < ear.titles.index("Over: grid lost")


def test_a_portal_that_goes_away_and_comes_back_while_the_disk_is_full_is_told_once_each() -> None:
    with Site(None, policy(LIMIT), "live") as site:
        ear = Ear(site)
        site.tick_at(0)
        with full_disk(site):
            site.portal.faults.on("http-503")
            for minute in range(2, 60, 2):
                with pytest.raises(LuxagentError):
                    site.tick_at(minute)
            site.portal.faults.off("http-503")
            for minute in range(60, 90, 2):
                with pytest.raises(StateUnusable):
                    site.tick_at(minute)
        for minute in range(90, 110, 2):
            site.tick_at(minute)
        assert ear.titles.count("Portal unreachable") == ear.titles.count("Over: portal unreachable") == 1


def test_what_the_ledger_took_while_owned_json_could_not_be_written_is_recorded_and_told_once(
    tmp_path: Path,
) -> None:
    draft = tmp_path / ".owned.json.new"
    with Site(tmp_path, policy(), "live") as site:
        ear = Ear(site)
        site.tick_at(0)
        draft.mkdir()
        with pytest.raises(StateUnusable):
            site.agent.state.record([Paused(site.clock.now())])  # kept twice
        loses_the_grid(site)
        for minute in range(2, 40, 2):
            with pytest.raises(StateUnusable):
                site.tick_at(minute)
        assert ear.titles.count("Grid lost") == 1
        draft.rmdir()
        for minute in range(40, 60, 2):
            site.tick_at(minute)
        fired = [e for e in of(site, AlertFired) if e.name == "grid lost"]  # type: ignore[attr-defined]
        assert len(fired) == ear.titles.count("Grid lost") == 1
