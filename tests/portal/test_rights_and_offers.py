"""What the account may not do, and what an inverter does not have, is not asked for again and again."""

from datetime import timedelta
from itertools import pairwise

import pytest

from luxagent.core.control.answers import Answer as Outcome
from luxagent.core.facts.settings import same_value
from luxagent.errors import NotPermitted
from luxagent.portal.blocks import BLOCKED_S
from luxagent.portal.hand import PortalHand
from luxagent.portal.notes import Scrap
from luxagent.portal.reader import PortalReader
from tests.portal.bench import SECOND, SERIAL, Answer, Enter, FakeClock, client_of
from tests.portal.test_reader import HOME, NOTHING, ROWS, house

BLOCKED = {"success": False, "msg": "apiBlocked"}
FULL = {"success": True, "FUNC_AC_CHARGE": True, "HOLD_SYSTEM_CHARGE_SOC_LIMIT": "90"}


def test_a_blocked_account_is_left_alone_for_a_day_and_told_of_every_tick(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, read=BLOCKED)
    reader = PortalReader(client_of(clock))
    for _ in range(100):
        plant = reader.read(NOTHING, frozenset({"ac_charge"}))
        assert not plant.may_write
        assert any("apiBlocked" in error for error in plant.errors)
        assert plant.inverters[0].reading.values["soc_pct"] == 64  # looking goes on
        clock.move(600)
    assert fake.count("read") == 1  # 100 ticks over 16 hours and eight logins
    assert fake.count("login") > 5
    clock.move(BLOCKED_S)
    fake.answers["read"] = FULL
    for _ in range(2):
        plant = reader.read(NOTHING, frozenset({"ac_charge"}))
        clock.move(7200)
    assert plant.may_write


def test_a_blocked_account_sends_no_write_either(portal: Enter) -> None:
    fake = house(portal, write=BLOCKED, functionControl={"success": True})
    client = client_of()
    PortalReader(client).read(NOTHING, frozenset())
    hand = PortalHand(client)
    first = hand.send(SERIAL, "charge_limit", 80.0)
    assert (first.answer, first.for_good) == (Outcome.REFUSED, True)
    again = hand.send(SECOND, "ac_charge", value=True)
    assert (again.answer, again.for_good, again.words) == (Outcome.REFUSED, True, "apiBlocked")
    assert fake.count("write") == 1
    assert fake.count("functionControl") == 0


def test_want_of_permission_is_asked_about_again_less_and_less_but_once_an_hour(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, read={"success": False, "message": "noPermission"})
    reader = PortalReader(client_of(clock))
    asked = []
    for _ in range(300):
        before = fake.count("read")
        plant = reader.read(NOTHING, frozenset({"ac_charge"}))
        assert [device.may_write for device in plant.inverters] == [False, False]
        asked.append(fake.count("read") - before)
        clock.move(60)
    ticks = [minute for minute, count in enumerate(asked) if count]
    waits = [later - sooner for sooner, later in pairwise(ticks)]
    assert {count for count in asked if count} == {2}  # once for each inverter
    assert waits[:6] == sorted(waits[:6])
    assert waits[0] == 2
    assert 60 <= max(waits) <= 61
    assert any("It is asked again in" in error for error in plant.errors)


def test_a_right_that_is_back_is_noticed_within_two_ticks_of_the_wait(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, read={"success": False, "message": "noPermission"})
    client = client_of(clock)
    reader = PortalReader(client)
    for _ in range(20):
        reader.read(NOTHING, frozenset({"ac_charge"}))
        clock.move(120)
    fake.answers["read"] = FULL
    assert 0 < client.rights_again_s <= 3600
    clock.move(client.rights_again_s)
    plant = reader.read(NOTHING, frozenset({"ac_charge"}))
    assert plant.inverters[0].settings == {"ac_charge": True}
    assert all(device.may_write for device in plant.inverters)
    assert client.rights_again_s == 0


def test_a_read_only_account_is_looked_at_again_without_waiting_for_its_session_to_end(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, login={**HOME, "readonly": True})
    reader = PortalReader(client_of(clock))
    for _ in range(30):
        assert not reader.read(NOTHING, frozenset()).may_write
        clock.move(120)
    assert 4 <= fake.count("login") <= 7  # 0, 2, 6, 12, 24, 48 minutes: less and less
    fake.answers["login"] = HOME
    clock.move(3600)
    assert reader.read(NOTHING, frozenset()).may_write
    logins = fake.count("login")
    for _ in range(30):
        reader.read(NOTHING, frozenset())
        clock.move(120)
    assert fake.count("login") == logins


def test_a_guest_is_looked_up_again_in_the_list_of_devices(portal: Enter) -> None:
    clock = FakeClock()
    guest = {"success": True, "rows": [{**ROWS[0], "endUser": "guest"}, *ROWS[1:]]}
    fake = house(portal, list=guest)
    client = client_of(clock)
    reader = PortalReader(client)
    for _ in range(30):
        assert not reader.read(NOTHING, frozenset()).inverters[0].may_write
        clock.move(120)
    assert 4 <= fake.count("list") <= 10
    fake.answers["list"] = {"success": True, "rows": ROWS}
    clock.move(client.rights_again_s)
    assert all(device.may_write for device in reader.read(NOTHING, frozenset()).inverters)


def test_a_block_outlives_the_process_and_a_login_too(portal: Enter) -> None:
    clock, notes = FakeClock(), Scrap()
    fake = house(portal, read=BLOCKED)
    PortalReader(client_of(clock, notes=notes)).read(NOTHING, frozenset({"ac_charge"}))
    clock.move(3 * 3600)
    again = client_of(clock, notes=notes)
    plant = PortalReader(again).read(NOTHING, frozenset({"ac_charge"}))
    assert fake.count("read") == 1
    assert not plant.may_write
    assert any("in 21 h" in error for error in plant.errors)
    clock.move(again.rights_again_s)
    fake.answers["read"] = FULL
    assert PortalReader(client_of(clock, notes=notes)).read(NOTHING, frozenset({"ac_charge"})).may_write
    assert notes.load(again._digest) == {}


def test_a_clock_set_back_does_not_lengthen_a_block_beyond_a_day(portal: Enter) -> None:
    clock, notes = FakeClock(), Scrap()
    house(portal, read=BLOCKED)
    PortalReader(client_of(clock, notes=notes)).read(NOTHING, frozenset({"ac_charge"}))
    clock.at -= timedelta(days=400)
    again = client_of(clock, notes=notes)
    assert again.blocks.left_s == BLOCKED_S
    clock.move(BLOCKED_S / 2)
    assert again.blocks.left_s == BLOCKED_S / 2
    after_a_restart = client_of(clock, notes=notes)
    clock.move(BLOCKED_S / 2)
    assert not again.blocks.blocked
    assert not after_a_restart.blocks.blocked


def test_the_block_of_one_account_says_nothing_of_another(portal: Enter) -> None:
    clock, notes = FakeClock(), Scrap()
    house(portal, read=BLOCKED)
    PortalReader(client_of(clock, notes=notes)).read(NOTHING, frozenset({"ac_charge"}))
    assert not client_of(clock, notes=notes, account="other@example.org").blocks.blocked


def test_a_login_that_meets_the_block_is_not_tried_again_for_a_day(portal: Enter) -> None:
    clock, notes = FakeClock(), Scrap()
    fake = house(portal, login=BLOCKED)
    for _ in range(12):
        with pytest.raises(NotPermitted, match="apiBlocked"):
            PortalReader(client_of(clock, notes=notes)).read(NOTHING, frozenset())
        clock.move(3600)
    assert fake.count("login") == 1
    clock.move(BLOCKED_S)
    fake.answers["login"] = HOME
    assert PortalReader(client_of(clock, notes=notes)).read(NOTHING, frozenset()).may_write


@pytest.mark.parametrize(
    "kept",
    [
        {"stamps_ahead_min": "480"},
        {"stamps_ahead_min": 7},
        {"stamps_ahead_min": True},
        {"stamps_ahead_min": 10_000},
        {"blocked": {"settings": 3}},
        {"blocked": {"settings": {"until": "soon", "sentence": "x", "words": "y"}}},
        {"blocked": {"settings": {"until": "2026-03-10T12:00:00", "sentence": "x", "words": "y"}}},
        {"blocked": {"settings": {"until": "2026-03-10T12:00:00+00:00"}}},
        {"blocked": "all"},
    ],
)
def test_notes_that_make_no_sense_count_for_nothing(portal: Enter, kept: dict[str, object]) -> None:
    house(portal, read=FULL)
    notes = Scrap()
    notes.save(client_of()._digest, kept)
    client = client_of(notes=notes)
    assert client.offset == timedelta()
    assert PortalReader(client).read(NOTHING, frozenset({"ac_charge"})).may_write


def test_a_block_of_telemetry_ends_the_asking_too(portal: Enter) -> None:
    clock = FakeClock()
    fake = house(portal, getInverterRuntime=BLOCKED)
    reader = PortalReader(client_of(clock))
    for _ in range(10):
        with pytest.raises(NotPermitted, match="apiBlocked"):
            reader.read(NOTHING, frozenset())
        clock.move(60)
    assert fake.count("getInverterRuntime") == 1


def test_a_403_may_pass_and_closes_nothing(portal: Enter) -> None:
    fake = house(portal, read=(403, b""))
    reader = PortalReader(client_of())
    reader.read(NOTHING, frozenset({"ac_charge"}))
    fake.answers["read"] = FULL
    assert reader.read(NOTHING, frozenset({"ac_charge"})).inverters[0].settings == {"ac_charge": True}


def test_a_setting_that_is_missing_in_every_read_is_not_offered(portal: Enter) -> None:
    clock = FakeClock()
    house(portal, read={"success": True, "FUNC_AC_CHARGE": True})
    reader = PortalReader(client_of(clock))
    able = []
    for _ in range(5):
        plant = reader.read(NOTHING, frozenset({"ac_charge", "forced_charge"}))
        able.append("forced_charge" in plant.inverters[0].able)
        assert "ac_charge" in plant.inverters[0].able
        clock.move(301)
    assert able == [True, True, False, False, False]


def test_an_answer_from_the_cache_is_not_another_read(portal: Enter) -> None:
    clock = FakeClock()
    house(portal, read={"success": True, "FUNC_AC_CHARGE": True})
    reader = PortalReader(client_of(clock))
    for _ in range(10):
        plant = reader.read(NOTHING, frozenset({"ac_charge", "forced_charge"}))
        clock.move(20)
    assert "forced_charge" in plant.inverters[0].able


def test_a_setting_that_was_there_once_is_offered_for_ever(portal: Enter) -> None:
    clock = FakeClock()
    answers: list[Answer] = [{**FULL, "FUNC_FORCED_CHG_EN": True}] * 2 + [
        {"success": True, "FUNC_AC_CHARGE": True}
    ]
    house(portal, read=answers)
    reader = PortalReader(client_of(clock))
    for _ in range(8):
        plant = reader.read(NOTHING, frozenset({"forced_charge"}))
        clock.move(301)
    assert "forced_charge" in plant.inverters[0].able
    assert plant.inverters[0].settings == {"forced_charge": None}


@pytest.mark.parametrize(
    "answer", [{"success": True}, {"success": True, "FUNC_AC_CHARGE": True, "FUNC_FORCED_CHG_EN": None}]
)
def test_an_empty_answer_or_an_empty_value_says_nothing_of_what_is_lacking(
    portal: Enter, answer: Answer
) -> None:
    clock = FakeClock()
    house(portal, read=answer)
    reader = PortalReader(client_of(clock))
    for _ in range(8):
        plant = reader.read(NOTHING, frozenset({"forced_charge"}))
        clock.move(301)
    assert "forced_charge" in plant.inverters[0].able


def test_a_raw_setting_is_lacking_only_where_all_blocks_were_read(portal: Enter) -> None:
    clock = FakeClock()
    house(portal, read=lambda form: FULL if form["startRegister"] != "240" else {"success": True, **FULL})
    reader = PortalReader(client_of(clock))
    for _ in range(5):
        plant = reader.read(NOTHING, frozenset({"raw:HOLD_NOT_THERE"}))
        clock.move(301)
    assert "raw:HOLD_NOT_THERE" not in plant.inverters[0].able


OFF_GRID: Answer = {
    "success": True,
    "FUNC_AC_CHARGE": True,
    "HOLD_AC_CHARGE_POWER_CMD": "10",
    "HOLD_DEVICE_TYPE_CODE": "54",
}
POWER = frozenset({"ac_charge_power", "ac_charge"})


@pytest.mark.parametrize("model", ["54", 54, "38"])
def test_an_off_grid_model_has_no_charge_power_in_kilowatts_from_its_first_read_on(
    portal: Enter, model: object
) -> None:
    house(portal, read={**OFF_GRID, "HOLD_DEVICE_TYPE_CODE": model})
    inverter = PortalReader(client_of()).read(NOTHING, POWER).inverters[0]
    assert POWER - inverter.able == {"ac_charge_power"}
    assert inverter.settings == {"ac_charge_power": None, "ac_charge": True}


@pytest.mark.parametrize("model", ["2092", "10284", "", None])
def test_any_other_model_has_its_charge_power(portal: Enter, model: object) -> None:
    house(portal, read={**OFF_GRID, "HOLD_DEVICE_TYPE_CODE": model})
    inverter = PortalReader(client_of()).read(NOTHING, POWER).inverters[0]
    assert inverter.able >= POWER
    assert inverter.settings == {"ac_charge_power": 10_000, "ac_charge": True}


def test_what_a_model_lacks_is_not_written_nor_read_once_the_portal_drops_the_model(portal: Enter) -> None:
    bare = {key: value for key, value in OFF_GRID.items() if key != "HOLD_DEVICE_TYPE_CODE"}
    fake = house(portal, read=[OFF_GRID, bare], write={"success": True})
    client = client_of()
    reader = PortalReader(client)
    reader.read(NOTHING, POWER)
    assert reader.read_settings(SERIAL, POWER) == {"ac_charge_power": None, "ac_charge": True}
    reply = PortalHand(client).send(SERIAL, "ac_charge_power", 4000.0)
    assert (reply.answer, reply.words) == (
        Outcome.REFUSED, "not sent: this model means something else by ac_charge_power",
    )  # fmt: skip
    assert fake.count("write") == 0


@pytest.mark.parametrize(("told", "watts"), [("25.5", 25_500), ("25.6", None), ("100", None)])
def test_more_kilowatts_than_any_setting_takes_are_not_believed(
    portal: Enter, told: str, watts: float | None
) -> None:
    house(portal, read={"success": True, "HOLD_FEED_IN_GRID_POWER_PERCENT": told})
    plant = PortalReader(client_of()).read(NOTHING, frozenset({"export_limit"}))
    assert plant.inverters[0].settings == {"export_limit": watts}


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("90", "90.0", True),
        ("7", "07", True),
        ("0", "00", True),
        ("90", "91", False),
        ("TIME", "TIME", True),
        ("90", "ninety", False),
        (90.0, "90", True),
    ],
)
def test_raw_values_are_compared_as_numbers_where_they_are_numbers(
    wanted: str | float, found: str, same: bool
) -> None:
    assert same_value("raw:HOLD_X", wanted, found) is same
