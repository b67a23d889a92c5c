"""After new firmware nothing is written until every managed setting was read again."""

from luxagent.core.events import Event
from luxagent.core.facts.reasons import Reason
from luxagent.core.memory import Memory
from luxagent.core.plant.device import Plant
from luxagent.core.sightings import FirmwareSeen, FirmwareTrusted, FirmwareUpdate
from tests.core.builders import after, changes_of, inverter, plant, policy, reasons_of, rule, tick

RULES = policy(rule(charge_limit=80.0, eps=True))
OLD, NEW = "fAAB-2525", "fAAB-2626"


def runs(code: str, **more: object) -> Plant:
    return plant(inverter(firmware=code, **more))  # type: ignore[arg-type]


def kinds(events: list[Event]) -> list[type]:
    return [type(e) for e in events if isinstance(e, FirmwareSeen | FirmwareTrusted | FirmwareUpdate)]


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


def test_a_setting_whose_key_is_gone_keeps_writes_off() -> None:
    _, memory = tick(RULES, runs(NEW), known(), after(2))
    for minutes in (20, 60, 600):
        seen = runs(NEW, settings={"eps": None})
        decision, memory = tick(RULES, seen, memory, after(minutes))
        assert Reason.FIRMWARE_UPDATING in reasons_of(decision, "charge_limit")
        assert kinds(decision.events) == []


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


def test_a_wire_that_tells_no_version_holds_nothing() -> None:
    _, memory = tick(RULES, runs(OLD))
    decision, _ = tick(RULES, runs(""), memory, after(2))
    assert changes_of(decision) == [("charge_limit", 80.0)]
