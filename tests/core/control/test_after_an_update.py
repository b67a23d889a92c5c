"""After new firmware nothing is written until every managed setting was read again."""

from luxagent.core.decide import Decision
from luxagent.core.events import Event
from luxagent.core.facts.reasons import Reason
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.sightings import (
    FirmwareSeen,
    FirmwareTrusted,
    FirmwareUpdate,
    OverrideSeen,
    SettingBack,
    SettingGone,
)
from tests.core.builders import SERIAL, after, changes_of, inverter, plant, policy, reasons_of, rule, tick

RULES = policy(rule(charge_limit=80.0, eps=True))
OLD, NEW = "fAAB-2525", "fAAB-2626"
NEWS = FirmwareSeen | FirmwareTrusted | FirmwareUpdate | SettingGone


def runs(code: str, **more: object) -> Plant:
    return plant(inverter(firmware=code, **more))  # type: ignore[arg-type]


def kinds(events: list[Event]) -> list[type]:
    return [type(e) for e in events if isinstance(e, NEWS)]


def known(code: str = OLD) -> Memory:
    return tick(RULES, runs(code))[1]


def test_the_first_sight_of_a_firmware_holds_nothing() -> None:
    decision, memory = tick(RULES, runs(OLD))
    assert changes_of(decision) == [("charge_limit", 80.0)]
    assert memory.custody.firmware["44300E0001"].code == OLD


def test_another_version_holds_every_write_from_the_tick_that_sees_it() -> None:
    decision, memory = tick(RULES, runs(NEW), known(), after(2))
    assert reasons_of(decision, "charge_limit") == (Reason.FIRMWARE_UPDATING,)
    decision, _ = tick(RULES, runs(NEW), memory, after(16))
    assert reasons_of(decision, "charge_limit") == (Reason.FIRMWARE_UPDATING,)


def test_when_every_managed_setting_was_read_again_writes_go_on_and_that_is_said() -> None:
    _, memory = tick(RULES, runs(NEW), known(), after(2))
    decision, memory = tick(RULES, runs(NEW), memory, after(17))
    [trusted] = [event for event in decision.events if isinstance(event, FirmwareTrusted)]
    assert (trusted.code, trusted.settings) == (NEW, ("charge_limit", "eps"))
    assert changes_of(decision) == [("charge_limit", 80.0)]
    assert kinds(tick(RULES, runs(NEW), memory, after(19))[0].events) == []


WITHOUT_EPS = {"eps": None}


def test_a_setting_that_is_missing_keeps_all_writes_off_for_half_an_hour() -> None:
    _, memory = tick(RULES, runs(NEW), known(), after(2))
    for minutes in (17, 20, 31):
        decision, memory = tick(RULES, runs(NEW, settings=WITHOUT_EPS), memory, after(minutes))
        assert Reason.FIRMWARE_UPDATING in reasons_of(decision, "charge_limit")
        assert kinds(decision.events) == []
    decision, _ = tick(RULES, runs(NEW), memory, after(31.5))  # it was only away
    assert kinds(decision.events) == [FirmwareTrusted]


def gone() -> tuple[Decision, Memory]:
    _, memory = tick(RULES, runs(NEW), known(), after(2))
    return tick(RULES, runs(NEW, settings=WITHOUT_EPS), memory, after(32))


def test_a_setting_that_stays_away_is_told_gone_and_the_others_go_on() -> None:
    decision, memory = gone()
    assert SettingGone(after(32), SERIAL, "eps", NEW) in decision.events
    [trusted] = [event for event in decision.events if isinstance(event, FirmwareTrusted)]
    assert trusted.settings == ("charge_limit",)
    assert changes_of(decision) == [("charge_limit", 80.0)]
    for minutes in (34, 600):
        decision, memory = tick(RULES, runs(NEW, settings=WITHOUT_EPS), memory, after(minutes))
        assert reasons_of(decision, "eps") == (Reason.UNREAD,)
        assert kinds(decision.events) == []


def test_a_setting_that_is_back_is_written_again_and_was_moved_by_nobody() -> None:
    decision, memory = tick(RULES, runs(NEW, settings={"eps": False}), gone()[1], after(40))
    assert [event for event in decision.events if isinstance(event, SettingBack | OverrideSeen)] == [
        SettingBack(after(40), SERIAL, "eps")
    ]
    assert ("eps", True) in changes_of(decision)
    assert memory.custody.gone == {}


def test_a_gone_setting_that_the_file_speaks_of_no_more_is_forgotten() -> None:
    fewer = policy(rule(charge_limit=80.0))
    _, memory = tick(fewer, runs(NEW, settings=WITHOUT_EPS), gone()[1], after(40))
    assert memory.custody.gone == {}


def test_while_nothing_at_all_can_be_read_nothing_is_called_gone() -> None:
    _, memory = tick(RULES, runs(NEW), known(), after(2))
    blind = runs(NEW, settings={"eps": None, "charge_limit": None})
    decision, memory = tick(RULES, blind, memory, after(600))
    assert kinds(decision.events) == []
    assert memory.custody.gone == {}


def test_an_update_that_changes_no_version_is_waited_out_as_well() -> None:
    decision, memory = tick(RULES, runs(OLD, updating=True), known(), after(2))
    assert kinds(decision.events) == [FirmwareUpdate]
    _, memory = tick(RULES, runs(OLD, updating=True), memory, after(30))
    decision, memory = tick(RULES, runs(OLD), memory, after(32))
    assert kinds(decision.events) == [FirmwareUpdate]
    assert reasons_of(decision, "charge_limit") == (Reason.FIRMWARE_UPDATING,)
    decision, _ = tick(RULES, runs(OLD), memory, after(47))
    assert changes_of(decision) == [("charge_limit", 80.0)]


def test_an_update_anywhere_in_the_account_holds_everything() -> None:
    decision, _ = tick(RULES, plant(inverter(), updating=True))
    assert reasons_of(decision, "charge_limit") == (Reason.FIRMWARE_UPDATING,)
    decision, _ = tick(RULES, plant(inverter(), inverter("44300E0002", updating=True)))
    assert decision.changes == []
    assert {held.reasons for held in decision.held} == {(Reason.FIRMWARE_UPDATING,)}


def test_a_wire_that_tells_no_version_holds_nothing() -> None:
    _, memory = tick(RULES, runs(OLD))
    decision, _ = tick(RULES, runs(""), memory, after(2))
    assert changes_of(decision) == [("charge_limit", 80.0)]
